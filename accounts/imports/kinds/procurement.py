"""How clients buy: one profile per company."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Fact, FactResult, OfferPolicy
from accounts.imports import values
from accounts.imports.base import Field, Kind, Row, RowProblem, Settings
from accounts.imports.companies_index import COMPANY_FIELDS, CompanyIndex, Reference, chunks
from accounts.models import FactCheck, ProcurementProfile, ProcurementType
from accounts.models.importing import ImportKind
from accounts.models.procurement import MAX_WORKING_DAYS
from accounts.services.procurement import without_old_terms
from upsell_crm.core import clock
from upsell_crm.core.roles import Action
from upsell_crm.core.text import normalise

POLICIES = {"да": OfferPolicy.ALLOWED, "можно": OfferPolicy.ALLOWED, "нет": OfferPolicy.FORBIDDEN, "нельзя": OfferPolicy.FORBIDDEN,
            "до лимита": OfferPolicy.UP_TO_LIMIT, "неизвестно": OfferPolicy.UNKNOWN}  # fmt: skip
PLAIN = ("approval_bd_override", "lead_bd_override", "invoice_offer_policy", "invoice_offer_limit", "small_purchase_limit",
         "annual_small_left", "etp", "edo_operator", "needs_tz", "own_contract_form", "budget_month", "notes")  # fmt: skip


class Procurement(Kind):
    """Matched by the company. Own terms count in the act-by only while somebody's confirmation is fresh (§4.10.1)."""

    code = ImportKind.PROCUREMENT
    action = Action.IMPORT_BOOKS
    fields = (
        *COMPANY_FIELDS,
        Field("default_type", _("Usual procedure"), values.text(150),
              ("процедура", "вид закупки", "способ закупки", "тип закупки", "procedure", "procurement type"), hint=_("Code or name from the reference."), example="rfq_223"),
        Field("approval_bd_override", _("Approval, working days"), values.whole(0, MAX_WORKING_DAYS),
              ("согласование", "согласование раб дн", "согласование дней", "срок согласования", "approval days", "approval"), example="15"),
        Field("lead_bd_override", _("Procurement, working days"), values.whole(0, MAX_WORKING_DAYS),
              ("закупка раб дн", "срок закупки", "закупка дней", "procurement days", "lead time"), example="25"),
        Field("invoice_offer_policy", _("Pays by invoice-offer"), values.choice(OfferPolicy, POLICIES), ("счет оферта", "платит по счету оферте", "invoice offer")),
        Field("invoice_offer_limit", _("Limit of an invoice-offer, ₽"), values.money, ("лимит счета оферты", "invoice offer limit")),
        Field("small_purchase_limit", _("Limit of a small purchase (223-FZ), ₽"), values.money, ("лимит малой закупки", "small purchase limit")),
        Field("annual_small_left", _("Rest of the year's small purchases (44-FZ), ₽"), values.money, ("остаток малых закупок", "annual small left")),
        Field("etp", _("Procurement platform"), values.text(100), ("этп", "площадка", "etp", "platform")),
        Field("edo_operator", _("E-document operator"), values.text(100), ("эдо", "оператор эдо", "edo", "edo operator")),
        Field("needs_tz", _("Needs a statement of work"), values.yes_no, ("нужно тз", "тз", "needs tz")),
        Field("own_contract_form", _("Contract in the client's form"), values.yes_no, ("форма заказчика", "договор по форме заказчика", "own contract form")),
        Field("budget_month", _("Month of budgeting"), values.whole(1, 12), ("месяц бюджета", "месяц бюджетирования", "budget month")),
        Field("notes", _("Notes"), values.long_text, ("примечание", "комментарий", "notes", "comment")),
        Field("confirmed_on", _("Confirmed on"), values.past_day, ("подтверждено", "дата подтверждения", "проверено", "confirmed on", "verified on"),
              hint=_("When a person confirmed it with the client; the importer answers for it.")),
    )  # fmt: skip
    required_together = (("company_inn", "company", "company_external_id"),)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies = CompanyIndex(settings)
        self.profiles: dict[int, ProcurementProfile] = {}
        self.checks: set[tuple[int, str]] = set()
        self.types: dict[str, ProcurementType] = {}

    def load(self, rows: list[Row]) -> None:
        """Companies, their profiles and confirmations, the reference of procedures."""
        self.companies.load(Reference.of(row) for row in rows)
        for chunk in chunks(self.companies.ids()):
            related = ProcurementProfile.objects.filter(company_id__in=chunk).select_related("default_type")
            self.profiles |= {one.company_id: one for one in related}
            checks = FactCheck.objects.filter(company_id__in=chunk, fact=Fact.PROCUREMENT).values_list(
                "company_id", "checked_at"
            )
            self.checks |= {(pk, timezone.localtime(at).date().isoformat()) for pk, at in checks}
        for one in ProcurementType.objects.order_by("-pk"):
            self.types |= {normalise(word): one for word in (one.name_en, one.name_ru, one.code)}

    def plan(self, row: Row) -> None:
        """The profile; another procedure clears own terms of the old one, as on the card."""
        company = self.companies.get(row)
        found = self.profiles.get(company.pk)
        given = row.pick(*PLAIN)
        if "default_type" in row.values:
            given["default_type"] = self._type(row)
        if found is not None:
            given = without_old_terms(found, given)
        self.work.put(
            row, ProcurementProfile, found, given, defaults={"company": company}, single=True,
            index=lambda made: self.profiles.__setitem__(company.pk, made),
        )  # fmt: skip
        if "confirmed_on" in row.values:
            self._confirm(row, company.pk)

    def _type(self, row: Row) -> ProcurementType:
        try:
            return self.types[normalise(row.values["default_type"])]
        except KeyError as problem:
            known = ", ".join(sorted({one.code for one in self.types.values()}))
            raise RowProblem(
                "default_type", _("Unknown procedure. Known ones: %(known)s.") % {"known": known}
            ) from problem

    def _confirm(self, row: Row, company_id: int) -> None:
        """Only a person confirms (§2.8.15), so a run without a login may not."""
        day = row.values["confirmed_on"]
        if (company_id, day.isoformat()) in self.checks:
            return
        if self.settings.by is None:
            raise RowProblem(
                "confirmed_on", _("Only a person confirms facts: say as whom you import (--as LOGIN).")
            )
        moment = datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())
        given = {"company_id": company_id, "fact": Fact.PROCUREMENT, "result": FactResult.CONFIRMED,
                 "checked_by": self.settings.by, "checked_at": min(moment, clock.now())}  # fmt: skip
        self.work.put(row, FactCheck, None, given)
