"""The built report on existing clients: its runs and rows."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import within_reach
from upsell_crm.core.models import PublicModel, User
from upsell_crm.core.roles import Action


class ReportRun(PublicModel):
    """A built report: its parameters, the date of its data and the moment it was built (R37)."""

    class Kind(models.TextChoices):
        EXISTING_CLIENTS = "existing_clients", _("Existing clients")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    as_of = models.DateField(_("data as of"))
    started_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(default=0)
    rows_count = models.PositiveIntegerField(default=0)
    parameters = models.JSONField(default=dict)
    weights_version = models.PositiveIntegerField(null=True)
    error = models.TextField(blank=True)
    is_current = models.BooleanField(default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("report run")
        verbose_name_plural = _("report runs")
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(is_current=True), name="report_one_current"),
            models.UniqueConstraint(fields=["kind"], condition=Q(state="running"), name="report_one_running"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.as_of}"


class OfferAnswer(models.TextChoices):
    """Whether a client can pay by invoice-offer, from worst to best (§5.3)."""

    NO = "no", _("no")
    UNKNOWN = "unknown", _("no data")
    LIMIT = "limit", _("yes, up to a limit")
    YES = "yes", _("yes")


class ClientRowQuerySet(models.QuerySet["ClientRow"]):
    def visible_to(self, user: User) -> "ClientRowQuerySet":
        """Rows of the companies in this person's reach of the report."""
        return self.filter(within_reach(user, Action.SEE_REPORT, "company__"))

    def exportable_by(self, user: User) -> "ClientRowQuerySet":
        """Rows that may leave the product in this person's file (R95)."""
        return self.filter(within_reach(user, Action.EXPORT, "company__"))

    def current(self) -> "ClientRowQuerySet":
        """Rows of the report that pages show."""
        return self.filter(run__kind=ReportRun.Kind.EXISTING_CLIENTS, run__is_current=True)


class ClientRow(models.Model):
    """One line of the existing-clients report (§5.2): what filters and order need is a column, the rest `data`."""

    class Standing(models.TextChoices):
        """Why a company stands in the report (§5.1)."""

        ACTIVE = "active", _("existing client")
        EXPIRED = "expired", _("contract expired")  # at most 60 working days ago: a switch shows it
        IN_HEAD = "in_head", _("in the head organisation's contract")  # uses seats, pays nothing itself

    run = models.ForeignKey(ReportRun, models.CASCADE, related_name="rows")
    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="client_rows")
    head = models.ForeignKey("accounts.Company", models.CASCADE, related_name="+")  # its holding's, or itself
    contract = models.ForeignKey("accounts.Contract", models.SET_NULL, null=True, related_name="+")
    standing = models.CharField(max_length=7, choices=Standing.choices, default=Standing.ACTIVE)
    sort_name = models.CharField(max_length=300)
    end_date = models.DateField(null=True)
    act_by = models.DateField(null=True)
    slack = models.SmallIntegerField(null=True)
    seats_total = models.PositiveIntegerField(default=0)
    active_users = models.PositiveIntegerField(null=True)
    usage_seats = models.PositiveIntegerField(default=0)  # seats of the products that have a snapshot
    offer = models.CharField(max_length=7, choices=OfferAnswer.choices)
    offer_limit = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    offer_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)  # X of §5.3
    annual_amount = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    potential = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    score = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    band = models.CharField(max_length=1, blank=True)
    confidence = models.PositiveSmallIntegerField(null=True)
    is_stale = models.BooleanField(default=False)
    deal_stage = models.CharField(max_length=12, blank=True, default="")  # of the open deal; empty = none
    data = models.JSONField(default=dict)

    objects = ClientRowQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "id"]
        verbose_name = _("existing client")
        verbose_name_plural = _("existing clients")
        constraints = [
            models.UniqueConstraint(fields=["run", "company"], name="client_row_once_per_run"),
            models.CheckConstraint(condition=Q(offer__in=OfferAnswer.values), name="client_row_offer_known"),
        ]
        indexes = [
            models.Index(fields=["run", "sort_name", "id"], name="client_row_by_name"),
            models.Index(fields=["run", "head"], name="client_row_by_head"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}"

    @property
    def utilisation(self) -> Decimal | None:
        """Active users per hundred seats of the products that have a snapshot; None without a snapshot."""
        if self.active_users is None or not self.usage_seats:
            return None
        return Decimal(self.active_users * 100) / self.usage_seats


class ClientSeats(models.Model):
    """Seats of one product in one line of the report: a new product is a new column, not a migration (R2)."""

    row = models.ForeignKey(ClientRow, models.CASCADE, related_name="seats")
    product = models.ForeignKey("accounts.Product", models.CASCADE, related_name="+")
    seats = models.PositiveIntegerField()

    class Meta:
        ordering = ["product_id"]
        constraints = [
            models.UniqueConstraint(fields=["row", "product"], name="client_seats_once_per_product")
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.product_id} {self.seats}"
