"""Money that came for contracts; the last rouble of an invoice-offer accepts it (§2.9)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from accounts.imports import values
from accounts.imports.base import Field, Kind, Row, RowProblem, Settings, Upsert
from accounts.imports.companies_index import COMPANY_FIELDS, CompanyIndex, Reference, chunks
from accounts.imports.contracts_index import CONTRACT_FIELDS, ContractIndex
from accounts.models import Contract, Payment
from accounts.models.importing import ImportKind
from accounts.services.contracts import accept_payment
from upsell_crm.core.roles import Action


class Payments(Kind):
    """Matched by the external id of the payment; a booked payment is never changed by a list."""

    code = ImportKind.PAYMENTS
    action = Action.IMPORT_BOOKS
    fields = (
        Field("external_id", _("External id"), values.text(100),
              ("внешний id", "id", "id платежа", "номер платежа", "номер платежного поручения", "п п", "external id", "payment id"), required=True, example="ПП-2026-000511"),
        *CONTRACT_FIELDS,
        *COMPANY_FIELDS,
        Field("amount", _("Amount, ₽"), values.money, ("сумма", "сумма платежа", "оплачено", "amount", "sum"), required=True, example="360 000,00"),
        Field("paid_on", _("Paid on"), values.past_day, ("дата", "дата оплаты", "дата платежа", "paid on", "payment date", "date"), required=True, example="20.11.2026"),
    )  # fmt: skip
    required_together = (("contract", "contract_external_id"),)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies = CompanyIndex(settings)
        self.contracts = ContractIndex(settings)
        self.payments: dict[str, Payment] = {}

    def load(self, rows: list[Row]) -> None:
        """Contracts and the payments that are booked already."""
        self.companies.load(Reference.of(row) for row in rows)
        self.contracts.load(
            [row.values["contract"] for row in rows if "contract" in row.values],
            [row.values["contract_external_id"] for row in rows if "contract_external_id" in row.values],
        )
        for chunk in chunks({row.values["external_id"] for row in rows}):
            self.payments |= {one.external_id: one for one in Payment.objects.filter(external_id__in=chunk)}

    def plan(self, row: Row) -> None:
        """One payment."""
        contract = self.contracts.get(row, self.companies)
        given: dict[str, Any] = {
            "contract": contract,
            "amount": row.values["amount"],
            "paid_on": row.values["paid_on"],
        }
        found = self.payments.get(row.values["external_id"])
        if found is not None and any(
            getattr(found, name) != value for name, value in given.items() if name != "contract"
        ):
            raise RowProblem("external_id", _("Another payment has this external id already."))
        if found is not None and found.contract_id != contract.pk:
            raise RowProblem("contract", _("Another payment has this external id already."))
        self.work.put(
            row, Payment, found, {} if found is not None else given, defaults={"external_id": row.values["external_id"]},
            single=True, index=lambda made: self.payments.__setitem__(made.external_id, made),
        )  # fmt: skip

    def touched(self, obj: models.Model) -> set[int]:
        """The payer."""
        contract = obj if isinstance(obj, Contract) else obj.contract
        return {contract.company_id}

    def after_write(self, written: list[Upsert]) -> list[Upsert]:
        """Contracts that are paid in full now: an issued offer becomes active, others get their date of payment."""
        last: dict[int, Upsert] = {}
        for upsert in written:
            assert isinstance(upsert.obj, Payment)
            known = last.get(upsert.obj.contract_id)
            if known is None or upsert.obj.paid_on >= known.obj.paid_on:
                last[upsert.obj.contract_id] = upsert
        return [effect for upsert in last.values() if (effect := self._accept(upsert))]

    def _accept(self, upsert: Upsert) -> Upsert | None:
        contract = Contract.objects.select_related("company").get(pk=upsert.obj.contract_id)
        before = {"status": contract.status, "paid_on": contract.paid_on}
        if self.settings.by is None or not may(self.settings.by, Action.BOOK_CONTRACT, contract.company):
            return None
        accept_payment(contract, upsert.obj.paid_on, self.settings.by)
        changes = {
            name: (old, getattr(contract, name))
            for name, old in before.items()
            if old != getattr(contract, name)
        }
        return Upsert(contract, upsert.row, False, changes) if changes else None
