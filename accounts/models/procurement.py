"""How a client buys: the reference of procedures, the client's profile, measured lead times."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import LeadTimeKind, OfferPolicy, Regime
from upsell_crm.core.models import RecordedModel

MAX_WORKING_DAYS = 250  # more is refused at entry (domain.md §4.9)


class ProcurementType(models.Model):
    """A procedure with planning assumptions in working days; editable, with its legal reference (§4.4)."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=150)
    name_en = models.CharField(_("name in English"), max_length=150)
    regime = models.CharField(_("regime"), max_length=10, choices=Regime.choices, blank=True)  # '' = any
    approval_bd = models.PositiveSmallIntegerField(_("approval, working days"))
    lead_bd = models.PositiveSmallIntegerField(_("procurement, working days"))
    ease = models.DecimalField(_("ease, 0–1"), max_digits=3, decimal_places=2, null=True, blank=True)
    max_amount = models.DecimalField(_("limit, ₽"), max_digits=14, decimal_places=2, null=True, blank=True)
    next_type = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    legal_ref = models.CharField(_("legal reference"), max_length=300, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("procurement type")
        verbose_name_plural = _("procurement types")
        constraints = [
            models.CheckConstraint(
                condition=Q(approval_bd__lte=MAX_WORKING_DAYS, lead_bd__lte=MAX_WORKING_DAYS),
                name="procurement_type_days_within_250",
            ),
            models.CheckConstraint(
                condition=Q(ease=None) | Q(ease__gte=0, ease__lte=1), name="procurement_type_ease_0_1"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "ru").startswith("en") else self.name_ru


class ProcurementProfile(RecordedModel):
    """How this client buys (R10); who confirmed it and when stands in FactCheck."""

    HISTORY: ClassVar = frozenset(
        {"default_type", "lead_bd_override", "approval_bd_override", "invoice_offer_policy", "invoice_offer_limit",
         "small_purchase_limit", "annual_small_left", "needs_tz", "own_contract_form", "budget_month"}
    )  # fmt: skip

    company = models.OneToOneField("accounts.Company", models.CASCADE, related_name="procurement")
    default_type = models.ForeignKey(
        ProcurementType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("usual procedure"),
    )
    approval_bd_override = models.PositiveSmallIntegerField(
        _("approval, working days"), null=True, blank=True
    )
    lead_bd_override = models.PositiveSmallIntegerField(_("procurement, working days"), null=True, blank=True)
    invoice_offer_policy = models.CharField(
        _("pays by invoice-offer"), max_length=11, choices=OfferPolicy.choices, default=OfferPolicy.UNKNOWN
    )
    invoice_offer_limit = models.DecimalField(
        _("limit of an invoice-offer, ₽"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    small_purchase_limit = models.DecimalField(
        _("limit of a small purchase (223-FZ), ₽"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    annual_small_left = models.DecimalField(
        _("rest of the year's small purchases (44-FZ), ₽"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
    )
    etp = models.CharField(_("procurement platform"), max_length=100, blank=True)
    edo_operator = models.CharField(_("e-document operator"), max_length=100, blank=True)
    needs_tz = models.BooleanField(_("needs a statement of work"), default=False)
    own_contract_form = models.BooleanField(_("contract in the client's form"), default=False)
    budget_month = models.PositiveSmallIntegerField(_("month of budgeting"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        ordering = ["company_id"]
        verbose_name = _("procurement profile")
        verbose_name_plural = _("procurement profiles")
        constraints = [
            models.CheckConstraint(
                condition=(Q(approval_bd_override=None) | Q(approval_bd_override__lte=MAX_WORKING_DAYS))
                & (Q(lead_bd_override=None) | Q(lead_bd_override__lte=MAX_WORKING_DAYS)),
                name="procurement_days_within_250",
                violation_error_message=_("A lead time is between 0 and 250 working days."),
            ),
            models.CheckConstraint(
                condition=Q(budget_month=None) | Q(budget_month__gte=1, budget_month__lte=12),
                name="procurement_budget_month_1_12",
            ),
            models.CheckConstraint(
                condition=Q(invoice_offer_policy__in=OfferPolicy.values), name="procurement_policy_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.default_type_id}"


class LeadTime(models.Model):
    """One measured approval or procurement of a client, in working days; feeds the medians of §4.2."""

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="lead_times")
    type = models.ForeignKey(ProcurementType, models.PROTECT, related_name="lead_times")
    kind = models.CharField(_("kind"), max_length=11, choices=LeadTimeKind.choices)
    started_on = models.DateField(_("started"))
    finished_on = models.DateField(_("finished"))
    working_days = models.PositiveSmallIntegerField(_("working days"))

    class Meta:
        ordering = ["-finished_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_on__gte=F("started_on")), name="lead_time_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["company", "kind", "-finished_on"], name="lead_time_of_company")]

    def __str__(self) -> str:
        return f"{self.company_id} {self.kind} {self.working_days}"


class LeadMedian(models.Model):
    """Level 3 of §4.2 as counted for a day: the median of a type, regime, segment and kind over all clients.

    Kept, since every measurement of the base stands behind it and every change of a contract asks for it.
    """

    as_of = models.DateField(_("as of"))
    type = models.ForeignKey(ProcurementType, models.CASCADE, related_name="+")
    regime = models.CharField(max_length=10, choices=Regime.choices)
    segment = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=11, choices=LeadTimeKind.choices)
    working_days = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["as_of", "type_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["as_of", "type", "regime", "segment", "kind"], name="lead_median_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.type_id} {self.regime} {self.segment} {self.kind} {self.working_days}"
