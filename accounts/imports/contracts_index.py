"""Finding the contract that a row means: external id, else its number and company."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.imports import values
from accounts.imports.base import Field, Row, RowProblem, Settings
from accounts.imports.companies_index import CompanyIndex, Reference, chunks
from accounts.models import Company, Contract

CONTRACT_FIELDS = (
    Field("contract", gettext_lazy("Contract number"), values.text(60),
          ("договор", "номер договора", "договор номер", "no договора", "contract", "contract number", "contract no"), example="Д-2026/117"),
    Field("contract_external_id", gettext_lazy("External id of the contract"), values.text(100),
          ("id договора", "внешний id договора", "contract id", "contract external id")),
)  # fmt: skip


def same_number(number: str) -> str:
    """«№ Д-117» and «д-117» are one number; dashes count."""
    return number.lower().removeprefix("№").removeprefix("no.").replace(" ", "")


class ContractIndex:
    """Contracts by external id and by number."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._by_external: dict[str, Contract] = {}
        self._by_number: dict[str, list[Contract]] = defaultdict(list)

    def load(self, numbers: Iterable[str], external_ids: Iterable[str]) -> None:
        """Read what has one of these numbers or external ids."""
        wanted = {same_number(number) for number in numbers}
        found = Contract.objects.order_by().values_list("pk", "number")
        ids = {pk for pk, number in found if same_number(number) in wanted} if wanted else set()
        for chunk in chunks(ids):
            for contract in self._all().filter(pk__in=chunk):
                self.add(contract)
        for chunk in chunks(set(external_ids)):
            for contract in self._all().filter(source=self.settings.source, external_id__in=chunk):
                self.add(contract)

    @staticmethod
    def _all() -> "Iterable[Contract]":
        related = ("company", "parent_contract", "renews", "procurement_type")
        return Contract.objects.select_related(*related).prefetch_related("lines__product").order_by("pk")

    def add(self, contract: Contract) -> None:
        """Make a contract findable, or replace it by its changed self."""
        if contract.external_id and contract.source == self.settings.source:
            self._by_external[contract.external_id] = contract
        same = self._by_number[same_number(contract.number)]
        for place, one in enumerate(same):
            if one is contract or (one.pk is not None and one.pk == contract.pk):
                same[place] = contract
                return
        same.append(contract)

    def find(
        self, number: str, *, external_id: str = "", company: Company | None = None, parent: Contract | None = None, column: str = "contract",
    ) -> Contract | None:  # fmt: skip
        """The contract, or None; raises RowProblem when several have the number."""
        if found := self._by_external.get(external_id):
            return found
        fitting = [
            one for one in self._by_number.get(same_number(number), [])
            if (company is None or one.company_id == company.pk) and (parent is None or one.parent_contract in (parent, None))
        ]  # fmt: skip
        if len(fitting) > 1:
            raise RowProblem(column, _("Several contracts have this number: give the INN of the company."))
        return fitting[0] if fitting else None

    def get(self, row: Row, companies: CompanyIndex) -> Contract:
        """The existing contract of a row; raises RowProblem."""
        number, external_id = row.values.get("contract", ""), row.values.get("contract_external_id", "")
        if not number and not external_id:
            raise RowProblem("contract", _("Name the contract: its number or its external id."))
        company = companies.get(row) if Reference.of(row) else None
        found = self.find(number, external_id=external_id, company=company)
        if found is None:
            column = "contract" if number else "contract_external_id"
            raise RowProblem(column, _("There is no such contract. Import the contracts first."))
        return found
