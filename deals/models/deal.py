"""A deal: what we sell next to a client, by whom, how far it has come, and how it ended (domain.md §2.2, §2.9)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Vat
from deals.access import deals_within_reach
from deals.enums import CLOSED_STAGES, CloseReason, DealKind, DealStage, Forecast
from upsell_crm.core.models import PublicModel, RecordedModel, RecordedQuerySet, Team, User
from upsell_crm.core.roles import Action

HOLD_DAYS_MAX = 180
KOPECK = Decimal("0.01")


class DealQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "DealQuerySet":
        """Deals that this person may open."""
        return self.filter(deals_within_reach(user, Action.SEE_DEAL))

    def allowing(self, user: User, action: Action) -> "DealQuerySet":
        """Deals on which this person may do `action`."""
        return self.filter(deals_within_reach(user, action))

    def open(self) -> "DealQuerySet":
        """Neither won nor lost; a paused deal is open."""
        return self.filter(
            closed_at=None
        )  # the same by `deal_closed_has_moment`; partial indexes know this one

    def moving(self) -> "DealQuerySet":
        """Open and not paused."""
        return self.open().exclude(stage=DealStage.HOLD)

    def about(self, contract: Any) -> "DealQuerySet":
        """Open deals that renew this contract or have brought it about, the newest first."""
        about = Q(renewals__contract=contract) | Q(made_contracts__contract=contract)
        return self.open().filter(about).order_by("-opened_on", "-pk")

    def renewing(self, contract_ids: Any) -> "DealQuerySet":
        """Open deals that cover one of these contracts."""
        return self.open().filter(renewals__contract__in=contract_ids).distinct()


class Deal(RecordedModel):
    """One deal with a client, or with the head organisation of a holding.

    Exactly one person is responsible (R91), as the column cannot be null; `needs_kam` marks the lead who stands in.
    `amount` and `current_amount` (₽, without VAT) are kept equal to the lines by the service.
    """

    HISTORY: ClassVar = frozenset(
        {"stage", "responsible_kam", "lead_communicator", "team", "target_date", "next_step", "next_step_on",
         "hold_until", "amount", "main_reason", "needs_kam", "kind"}
    )  # fmt: skip

    title = models.CharField(_("title"), max_length=200)
    company = models.ForeignKey(
        "accounts.Company", models.PROTECT, related_name="deals", verbose_name=_("company")
    )
    kind = models.CharField(_("kind"), max_length=14, choices=DealKind.choices)
    stage = models.CharField(_("stage"), max_length=12, choices=DealStage.choices, default=DealStage.RESEARCH)
    return_stage = models.CharField(max_length=12, choices=DealStage.choices, blank=True, editable=False)
    stage_since = models.DateTimeField(_("in this stage since"))
    opened_on = models.DateField(_("opened on"))
    act_by_at_opening = models.DateField(_("act by, when it was opened"), null=True, blank=True)
    amount = models.DecimalField(_("amount, ₽"), max_digits=14, decimal_places=2, default=0)
    current_amount = models.DecimalField(_("renewed amount, ₽"), max_digits=14, decimal_places=2, default=0)
    target_date = models.DateField(_("to be signed by"))
    responsible_kam = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="responsible_deals", verbose_name=_("responsible KAM")
    )  # fmt: skip
    needs_kam = models.BooleanField(_("without a responsible KAM: the lead stands in"), default=False)
    lead_communicator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="led_deals",
        verbose_name=_("lead communicator"),
    )  # fmt: skip
    lead_override_reason = models.CharField(_("why not the best contact"), max_length=300, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="deals", verbose_name=_("team"))
    lead_at_close = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    last_contact_at = models.DateTimeField(null=True, blank=True, editable=False)  # last held one of the deal
    hold_until = models.DateField(_("on hold until"), null=True, blank=True)
    forecast = models.CharField(
        _("forecast"), max_length=8, choices=Forecast.choices, default=Forecast.PIPELINE
    )
    quality_pct = models.PositiveSmallIntegerField(_("quality, %"), default=0, editable=False)
    procurement_type = models.ForeignKey(
        "accounts.ProcurementType", models.PROTECT, null=True, blank=True, related_name="deals",
        verbose_name=_("procurement type"),
    )  # fmt: skip
    loss_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    main_reason = models.CharField(_("main reason"), max_length=18, choices=CloseReason.choices, blank=True)
    other_reasons = models.JSONField(_("other reasons"), default=list, blank=True)
    close_comment = models.TextField(_("how it ended, in words"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    objects = DealQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DealKind.values), name="deal_kind_known"),
            models.CheckConstraint(condition=Q(stage__in=DealStage.values), name="deal_stage_known"),
            models.CheckConstraint(
                condition=Q(stage__in=[DealStage.HOLD, *CLOSED_STAGES]) | ~Q(next_step="") & Q(next_step_on__isnull=False),
                name="deal_has_next_step",
                violation_error_message=_("An open deal needs a next step with a date."),
            ),
            models.CheckConstraint(
                condition=Q(stage=DealStage.HOLD, hold_until__isnull=False) | ~Q(stage=DealStage.HOLD) & Q(hold_until=None),
                name="deal_hold_has_return_date",
                violation_error_message=_("A paused deal needs the date of its return."),
            ),
            models.CheckConstraint(
                condition=Q(stage__in=CLOSED_STAGES, closed_at__isnull=False)
                | ~Q(stage__in=CLOSED_STAGES) & Q(closed_at=None),
                name="deal_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=CLOSED_STAGES) | ~Q(main_reason=""),
                name="deal_closed_has_reason",
                violation_error_message=_("A closed deal needs its main reason."),
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[DealStage.HOLD, *CLOSED_STAGES]) | ~Q(return_stage=""),
                name="deal_aside_knows_its_stage",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0, current_amount__gte=0), name="deal_amounts_not_negative"),
            models.CheckConstraint(condition=Q(quality_pct__lte=100), name="deal_quality_percent"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["team", "stage", "next_step_on", "id"], name="deal_by_team"),
            models.Index(fields=["stage", "next_step_on", "id"], name="deal_by_stage"),
            models.Index(
                fields=["next_step_on", "id"], condition=Q(closed_at=None), name="deal_open_by_step"
            ),
            models.Index(
                fields=["target_date", "id"], condition=Q(closed_at=None), name="deal_open_by_target"
            ),
            models.Index(fields=["amount", "id"], condition=Q(closed_at=None), name="deal_open_by_amount"),
            models.Index(fields=["responsible_kam", "stage"], name="deal_by_kam"),
            models.Index(fields=["company", "stage"], name="deal_of_company"),
            models.Index(fields=["updated_at", "id"], name="deal_by_change"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/deals/{self.public_id}/"

    @property
    def is_open(self) -> bool:
        """Neither won nor lost."""
        return self.stage not in CLOSED_STAGES

    @property
    def is_holding(self) -> bool:
        """A project over the whole holding."""
        return self.kind == DealKind.HOLDING

    @property
    def expansion(self) -> Decimal:
        """What comes on top of the renewed amount, ₽; negative when the client shrinks."""
        return self.amount - self.current_amount


class DealLine(PublicModel):
    """Seats of one product now and in the new contract; the amount follows from seats, price and discount."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        "accounts.Product", models.PROTECT, related_name="deal_lines", verbose_name=_("product")
    )
    seats_current = models.PositiveIntegerField(_("seats now"), default=0)
    seats_new = models.PositiveIntegerField(_("seats in the new contract"))
    price = models.DecimalField(_("price per seat a year, ₽"), max_digits=14, decimal_places=2)
    discount_pct = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2, default=0)
    vat = models.CharField(_("VAT"), max_length=4, choices=Vat.choices, default=Vat.NONE)
    current_amount = models.DecimalField(_("amount now, ₽"), max_digits=14, decimal_places=2, default=0)
    amount = models.DecimalField(_("amount, ₽"), max_digits=14, decimal_places=2, default=0)
    end_user_company = models.ForeignKey(
        "accounts.Company",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("end user"),
    )

    class Meta:
        ordering = ["deal_id", "product_id", "id"]
        verbose_name = _("line of a deal")
        verbose_name_plural = _("lines of a deal")
        constraints = [
            models.CheckConstraint(
                condition=Q(discount_pct__gte=0, discount_pct__lte=100), name="deal_line_discount_0_100",
                violation_error_message=_("A discount is between 0 and 100 %%."),
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, amount__gte=0, current_amount__gte=0), name="deal_line_money_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(seats_new__gt=0) | Q(seats_current__gt=0), name="deal_line_says_something",
                violation_error_message=_("Enter seats now or in the new contract."),
            ),
            models.UniqueConstraint(
                fields=["deal", "product"], condition=Q(end_user_company=None), name="deal_line_once"
            ),
            models.UniqueConstraint(
                fields=["deal", "product", "end_user_company"], condition=Q(end_user_company__isnull=False),
                name="deal_line_once_per_user",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.product_id} {self.seats_current} → {self.seats_new}"

    def computed_amount(self) -> Decimal:
        """seats × price × (1 − discount), rounded half up to the kopeck."""
        whole = self.seats_new * self.price * (100 - self.discount_pct) / 100
        return Decimal(whole).quantize(KOPECK, ROUND_HALF_UP)


class DealRenewal(models.Model):
    """A contract that the deal renews (§4.9: a contract in an open renewal deal)."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="renewals")
    contract = models.ForeignKey("accounts.Contract", models.PROTECT, related_name="deal_renewals")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["deal", "contract"], name="deal_renewal_once")]

    def __str__(self) -> str:
        return f"{self.deal_id} renews {self.contract_id}"


class DealContract(models.Model):
    """A contract that the deal brings about; once one is in force, the deal may be won."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="made_contracts")
    contract = models.OneToOneField("accounts.Contract", models.PROTECT, related_name="made_by_deal")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.deal_id} makes {self.contract_id}"


class DealInteraction(models.Model):
    """A communication that belongs to a deal; the link stands here, since accounts does not know deals."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="interaction_links")
    interaction = models.ForeignKey("accounts.Interaction", models.CASCADE, related_name="deal_links")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["deal", "interaction"], name="deal_interaction_once")]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.interaction_id}"


class DealTask(models.Model):
    """A task of a deal; of a holding project, the function of the mechanics that it came from."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="task_links")
    task = models.OneToOneField("accounts.Task", models.CASCADE, related_name="deal_link")
    mechanics = models.ForeignKey(
        "deals.Mechanics", models.SET_NULL, null=True, blank=True, related_name="task_links"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.task_id}"
