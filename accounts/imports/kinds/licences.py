"""Licence lines of contracts that exist already."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import LineKind
from accounts.imports import values
from accounts.imports.base import Field, Kind, Row, RowProblem, Settings, Upsert
from accounts.imports.companies_index import COMPANY_FIELDS, CompanyIndex, Reference
from accounts.imports.contracts_index import CONTRACT_FIELDS, ContractIndex
from accounts.imports.products_index import PRODUCT_FIELD, ProductIndex
from accounts.models import Company, Contract, LicenceLine
from accounts.models.importing import ImportKind
from accounts.services.contract_links import company_group_ids
from upsell_crm.core import clock
from upsell_crm.core.roles import Action

KINDS = {"платная": LineKind.PAID, "оплачено": LineKind.PAID, "пилот": LineKind.TRIAL, "тест": LineKind.TRIAL,
         "тестовая": LineKind.TRIAL, "подарок": LineKind.GIFT, "бонус": LineKind.GIFT, "бесплатная": LineKind.GIFT}  # fmt: skip
PLAIN = ("seats", "price_per_unit", "start_date", "end_date", "kind", "external_id")


class Licences(Kind):
    """Matched by contract and external id, else by contract, product, end user, kind and start."""

    code = ImportKind.LICENCES
    action = Action.IMPORT_BOOKS
    fields = (
        *CONTRACT_FIELDS,
        *COMPANY_FIELDS,
        PRODUCT_FIELD,
        Field("seats", _("Seats"), values.whole(1, 1_000_000),
              ("количество", "кол во", "лицензий", "количество лицензий", "пользователей", "мест", "seats", "quantity", "users", "licences"), required=True, example="25"),
        Field("price_per_unit", _("Price per unit, ₽"), values.money, ("цена", "цена за единицу", "стоимость лицензии", "price", "unit price"), example="36 000,00"),
        Field("amount", _("Amount, ₽"), values.money, ("сумма", "стоимость", "итого", "amount", "total"), hint=_("By default seats × price."), example="900 000,00"),
        Field("start_date", _("Start"), values.day, ("начало", "дата начала", "действует с", "start", "start date"), hint=_("By default the dates of the contract.")),
        Field("end_date", _("End"), values.end_day, ("окончание", "дата окончания", "действует по", "end", "end date")),
        Field("kind", _("Kind"), values.choice(LineKind, KINDS), ("вид", "тип лицензии", "вид лицензии", "kind", "licence type"), example="платная"),
        Field("end_user", _("End user"), values.text(300),
              ("конечный пользователь", "пользователь дзо", "дзо", "end user", "end user company"), hint=_("INN or name of the subsidiary that uses it.")),
        Field("external_id", _("External id"), values.text(100), ("внешний id", "id", "id лицензии", "external id", "licence id")),
    )  # fmt: skip
    required_together = (("contract", "contract_external_id"),)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies = CompanyIndex(settings)
        self.contracts = ContractIndex(settings)
        self.products = ProductIndex()
        self.groups: dict[int, set[int]] = {}
        self.new_lines: dict[tuple[Any, ...], LicenceLine] = {}

    def load(self, rows: list[Row]) -> None:
        """Contracts with their lines, payers and end users."""
        self.companies.load(
            [Reference.of(row) for row in rows]
            + [Reference.of_text(row.values["end_user"]) for row in rows if "end_user" in row.values]
        )
        self.contracts.load(
            [row.values["contract"] for row in rows if "contract" in row.values],
            [row.values["contract_external_id"] for row in rows if "contract_external_id" in row.values],
        )

    def plan(self, row: Row) -> None:
        """One line."""
        contract = self.contracts.get(row, self.companies)
        product = self.products.get(row)
        end_user = self._end_user(row, contract)
        given = row.pick(*PLAIN)
        if "amount" in row.values:
            given["amount"] = row.values["amount"]
        elif "price_per_unit" in row.values:
            given["amount"] = (row.values["price_per_unit"] * row.values["seats"]).quantize(Decimal("0.01"))
        key = (
            contract.pk,
            product.pk,
            end_user.pk if end_user else None,
            given.get("kind", LineKind.PAID),
            given.get("start_date", contract.start_date),
        )
        found = self._find(contract, key, given.get("external_id", ""))
        defaults = {"contract": contract, "start_date": contract.start_date, "end_date": contract.end_date}
        defaults = {name: value for name, value in defaults.items() if name not in given}
        line = self.work.put(
            row, LicenceLine, found, given | {"product": product, "end_user_company": end_user}, defaults=defaults, single=True,
            index=lambda made: self.new_lines.__setitem__((*key, made.external_id), made),
        )  # fmt: skip
        line.contract = contract

    def _find(self, contract: Contract, key: tuple[Any, ...], external_id: str) -> LicenceLine | None:
        if (made := self.new_lines.get((*key, external_id))) is not None:
            return made
        lines = list(contract.lines.all())
        if external_id:
            return next((line for line in lines if line.external_id == external_id), None)
        return next((line for line in lines if key == (
            line.contract_id, line.product_id, line.end_user_company_id, line.kind, line.start_date)), None)  # fmt: skip

    def _end_user(self, row: Row, contract: Contract) -> Company | None:
        """A company of the payer's group; the payer itself is the default and is stored as empty."""
        if "end_user" not in row.values:
            return None
        found = self.companies.find(Reference.of_text(row.values["end_user"]), "end_user")
        if found is None:
            raise RowProblem("end_user", _("There is no such company. Import the companies first."))
        if found.pk == contract.company_id:
            return None
        group = self.groups.get(contract.company_id) or self.groups.setdefault(
            contract.company_id, company_group_ids(contract.company_id)
        )
        if found.pk not in group:
            raise RowProblem("end_user", _("The end user must belong to the same group of companies."))
        return found

    def touched(self, obj: models.Model) -> set[int]:
        """The payer and the end user."""
        assert isinstance(obj, LicenceLine)
        return {obj.contract.company_id, obj.end_user_company_id or 0} - {0}

    def after_write(self, written: list[Upsert]) -> list[Upsert]:
        """A change of a line is a change of its contract's version (faults B1)."""
        ids = {upsert.obj.contract_id for upsert in written if isinstance(upsert.obj, LicenceLine)}
        for start in range(0, len(ids), 400):
            some = Contract.objects.filter(pk__in=sorted(ids)[start : start + 400])
            some.update(version=models.F("version") + 1, updated_by=self.settings.by, updated_at=clock.now())
        return []
