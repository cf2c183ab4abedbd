"""Contracts of any state, with frameworks and predecessors named by number in any row."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import ContractForm, ContractStatus, RenewalKind, Vat
from accounts.imports import values
from accounts.imports.base import Field, Kind, Row, RowProblem, Settings, parents_first
from accounts.imports.companies_index import COMPANY_FIELDS, CompanyIndex, Reference
from accounts.imports.contracts_index import ContractIndex, same_number
from accounts.models import Company, Contract, LicenceLine, ProcurementType
from accounts.models.importing import ImportKind
from accounts.services.contract_links import check_links
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.roles import Action
from upsell_crm.core.text import normalise

FORMS = {"договор": ContractForm.CONTRACT, "лицензионный": ContractForm.CONTRACT, "гк": ContractForm.STATE_CONTRACT,
         "контракт": ContractForm.STATE_CONTRACT, "рамочный": ContractForm.FRAMEWORK, "рамка": ContractForm.FRAMEWORK,
         "спецификация": ContractForm.ORDER, "заказ": ContractForm.ORDER, "дс": ContractForm.ADDENDUM,
         "дополнительное соглашение": ContractForm.ADDENDUM, "оферта": ContractForm.INVOICE_OFFER,
         "счет оферта": ContractForm.INVOICE_OFFER, "счет": ContractForm.INVOICE_OFFER}  # fmt: skip
STATUSES = {"действующий": ContractStatus.ACTIVE, "действует": ContractStatus.ACTIVE, "подписан": ContractStatus.ACTIVE,
            "исполнен": ContractStatus.EXPIRED, "завершен": ContractStatus.EXPIRED, "закончился": ContractStatus.EXPIRED,
            "расторгнут": ContractStatus.TERMINATED, "аннулирован": ContractStatus.VOID, "продлен": ContractStatus.RENEWED,
            "проект": ContractStatus.DRAFT}  # fmt: skip
RENEWALS = {"авто": RenewalKind.AUTO, "автопролонгация": RenewalKind.AUTO, "автоматически": RenewalKind.AUTO, "auto": RenewalKind.AUTO,
            "ручное": RenewalKind.MANUAL, "новый договор": RenewalKind.MANUAL, "нет": RenewalKind.NONE}  # fmt: skip
VATS = {
    "без ндс": Vat.NONE,
    "ндс не облагается": Vat.NONE,
    "нет": Vat.NONE,
    "ндс 22": Vat.V22,
    "ндс 20": Vat.V20,
    "ндс 10": Vat.V10,
}
PLAIN = ("number", "form", "start_date", "end_date", "amount", "vat", "renewal_kind", "auto_renew_notice_days",
         "renewal_refused_on", "signed_on", "paid_on", "valid_until", "terminated_on", "termination_reason")  # fmt: skip


class Contracts(Kind):
    """Matched by external id, else by company and number; an open-ended contract is sent back (§4.9)."""

    code = ImportKind.CONTRACTS
    action = Action.IMPORT_BOOKS
    fields = (
        *COMPANY_FIELDS,
        Field("number", _("Contract number"), values.text(60),
              ("номер", "номер договора", "договор", "no договора", "number", "contract number", "contract", "contract no"), required=True, example="Д-2026/117"),
        Field("form", _("Form"), values.choice(ContractForm, FORMS), ("форма", "тип договора", "вид договора", "вид", "form", "contract type"), example="Лицензионный договор"),
        Field("parent_contract", _("Framework or contract"), values.text(60),
              ("рамочный договор", "основной договор", "к договору", "framework", "parent contract", "framework contract"),
              hint=_("Its number, for an order or an addendum; any row of the same file.")),
        Field("start_date", _("Start"), values.day, ("начало", "дата начала", "действует с", "с", "start", "start date", "valid from"), example="01.02.2026"),
        Field("end_date", _("End (last covered day)"), values.end_day,
              ("окончание", "дата окончания", "действует по", "по", "срок действия", "конец", "end", "end date", "valid to", "expires"), example="31.01.2027"),
        Field("amount", _("Amount, ₽"), values.money, ("сумма", "сумма договора", "стоимость", "цена", "amount", "value", "total"), example="360 000,00"),
        Field("vat", _("VAT"), values.choice(Vat, VATS), ("ндс", "ставка ндс", "vat"), example="без НДС"),
        Field("status", _("Status"), values.choice(ContractStatus, STATUSES), ("статус", "состояние", "статус договора", "status", "state"),
              hint=_("Any state of a new contract; an existing one moves on its own page."), example="Действует"),
        Field("signed_on", _("Signed on"), values.past_day, ("дата подписания", "подписан", "дата договора", "signed", "signed on", "signature date"), example="20.01.2026"),
        Field("paid_on", _("Paid on"), values.past_day, ("дата оплаты", "оплачен", "paid", "paid on", "payment date")),
        Field("renewal_kind", _("Renewal"), values.choice(RenewalKind, RENEWALS), ("продление", "пролонгация", "renewal", "renewal kind")),
        Field("auto_renew_notice_days", _("Notice, calendar days"), values.whole(0, 730),
              ("уведомление дней", "срок уведомления", "notice days", "notice")),
        Field("renewal_refused_on", _("Renewal refused on"), values.past_day, ("отказ от продления", "renewal refused on")),
        Field("procurement_type", _("Procurement type"), values.text(150),
              ("процедура", "вид закупки", "способ закупки", "procurement", "procurement type"), hint=_("Code or name of the procedure.")),
        Field("renews", _("Renews contract"), values.text(60),
              ("продлевает", "предыдущий договор", "взамен договора", "renews", "previous contract"), hint=_("The number of the previous contract.")),
        Field("valid_until", _("Offer valid until"), values.day, ("счет действителен до", "оплатить до", "valid until")),
        Field("terminated_on", _("Terminated on"), values.past_day, ("дата расторжения", "расторгнут", "terminated on")),
        Field("termination_reason", _("Reason of termination"), values.long_text, ("причина расторжения", "termination reason")),
        Field("external_id", _("External id"), values.text(100), ("внешний id", "id", "id договора", "external id", "contract id")),
    )  # fmt: skip
    required_together = (("company_inn", "company", "company_external_id"),)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies = CompanyIndex(settings)
        self.contracts = ContractIndex(settings)
        self.types: dict[str, ProcurementType] = {}
        self.renewed: dict[Any, int] = {}

    def load(self, rows: list[Row]) -> None:
        """Companies, the contracts themselves, the ones they hang on, the procedures."""
        self.companies.load(Reference.of(row) for row in rows)
        named = [
            row.values[code]
            for row in rows
            for code in ("number", "parent_contract", "renews")
            if code in row.values
        ]
        self.contracts.load(named, [row.values["external_id"] for row in rows if "external_id" in row.values])
        for one in ProcurementType.objects.order_by("-pk"):
            self.types |= {normalise(word): one for word in (one.name_en, one.name_ru, one.code)}

    def order(self, rows: list[Row]) -> list[Row]:
        """Frameworks and predecessors first."""
        return parents_first(
            rows,
            lambda row: [same_number(row.values["number"])],
            lambda row: [same_number(row.values[code]) for code in ("parent_contract", "renews") if code in row.values],
        )  # fmt: skip

    def plan(self, row: Row) -> None:
        """The contract; licences that ran over its whole old period follow new dates."""
        company = self.companies.get(row)
        parent = self._related(row, "parent_contract", company)
        found = self.contracts.find(
            row.values["number"],
            external_id=row.values.get("external_id", ""),
            company=company,
            parent=parent,
            column="number",
        )
        given = row.pick(*PLAIN) | ({"parent_contract": parent} if parent else {})
        if "external_id" in row.values:
            given |= {"external_id": row.values["external_id"], "source": self.settings.source}
        if "procurement_type" in row.values:
            given["procurement_type"] = self._type(row)
        if "renews" in row.values:
            given["renews"] = self._related(row, "renews", company)
        self._status(row, found, given)
        if found is None:
            self._complete(row, given)
        period = (found.start_date, found.end_date) if found is not None else None
        contract = self.work.put(
            row, Contract, found, given, defaults={"company": company}, index=self.contracts.add, single=True
        )
        self._check_links(row, contract, given)
        if found is not None and period != (contract.start_date, contract.end_date):
            self._shift_lines(row, found, contract)

    def _related(self, row: Row, column: str, company: Company) -> Contract | None:
        """The framework or predecessor: of the same company first, then of its group."""
        number = row.values.get(column)
        if number is None:
            return None
        found = self.contracts.find(number, company=company, column=column) or self.contracts.find(
            number, column=column
        )
        if found is None:
            raise RowProblem(
                column, _("There is no such contract: neither here nor in a good row of the file.")
            )
        return self.work.current(found)

    def _type(self, row: Row) -> ProcurementType:
        try:
            return self.types[normalise(row.values["procurement_type"])]
        except KeyError as problem:
            known = ", ".join(sorted({one.code for one in self.types.values()}))
            raise RowProblem(
                "procurement_type", _("Unknown procedure. Known ones: %(known)s.") % {"known": known}
            ) from problem

    @staticmethod
    def _status(row: Row, found: Contract | None, given: dict[str, Any]) -> None:
        """States move along §2.9 by their own service, never by a list."""
        status = row.values.get("status")
        if status is None:
            return
        if found is None:
            given |= {"status": status, "status_changed_at": clock.now()}
        elif status != found.status:
            raise RowProblem(
                "status",
                _("The contract is “%(state)s” here: move its state on its page.")
                % {"state": found.get_status_display()},
            )

    def _complete(self, row: Row, given: dict[str, Any]) -> None:
        """What a new contract cannot do without."""
        for code in ("start_date", "end_date"):
            if code not in given:
                text = (
                    _("An open-ended contract cannot be kept: enter the last covered day.")
                    if code == "end_date"
                    else _("This column must be filled.")
                )
                row.refuse(code, text)
        if row.problems:
            raise RowProblem("", "")
        if given["end_date"] < self.settings.today and given.get("status") == ContractStatus.ACTIVE:
            row.warn("status", _("The contract has ended: the daily job will close it."))

    def _check_links(self, row: Row, contract: Contract, given: dict[str, Any]) -> None:
        if not {"form", "parent_contract", "renews"} & given.keys() and contract.pk:
            return
        if (
            contract.form in (ContractForm.ORDER, ContractForm.ADDENDUM)
            or contract.parent_contract
            or contract.renews
        ):
            try:
                check_links(contract)
            except DomainError as problem:
                column = next(iter(problem.errors), "")
                raise RowProblem(column, str(problem.message)) from problem
        if contract.renews is not None and contract.status == ContractStatus.ACTIVE:
            key = contract.renews.pk or id(contract.renews)
            rival = self.renewed.setdefault(key, row.number)
            if rival != row.number:
                raise RowProblem("renews", _("Another active contract renews the same one."))

    def _shift_lines(self, row: Row, found: Contract, contract: Contract) -> None:
        for line in found.lines.all():
            line.contract = contract
            moved = {
                name: getattr(contract, name)
                for name in ("start_date", "end_date")
                if getattr(line, name) == getattr(found, name)
            }
            self.work.put(row, LicenceLine, line, moved)
