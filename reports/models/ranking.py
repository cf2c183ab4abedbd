"""Runs of the ranking and their rows."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import within_reach
from reports.models.weights import Weights
from upsell_crm.core.models import PublicModel, User
from upsell_crm.core.roles import Action


class Band(models.TextChoices):
    A = "A", _("Act now")
    B = "B", _("Plan")
    C = "C", _("Develop")
    D = "D", _("Watch")


class RankRun(PublicModel):
    """One calculation of the ranking: date, weights version, counts, duration, error (R27, R96)."""

    class Kind(models.TextChoices):
        NIGHTLY = "nightly", _("nightly")
        MANUAL = "manual", _("on demand")
        SINGLE = "single", _("one company")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=7, choices=Kind.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    as_of = models.DateField(_("as of"))
    weights = models.ForeignKey(Weights, models.PROTECT, related_name="runs")
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(default=0)
    companies = models.PositiveIntegerField(default=0)  # looked at
    ranked = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=dict)  # band and list counts: {"all": {...}, "team:3": {...}}
    error = models.TextField(blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("ranking run")
        verbose_name_plural = _("ranking runs")
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running") & ~Q(kind="single"), name="rank_one_full_run"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.as_of}"


class RankRowQuerySet(models.QuerySet["RankRow"]):
    BEST_FIRST = (F("score").desc(), "act_by", F("delta").desc(), "company_id")

    def visible_to(self, user: User) -> "RankRowQuerySet":
        """Rows of the companies in whose ranking this person takes part."""
        return self.filter(within_reach(user, Action.SEE_RANKING, "company__"))

    def current(self) -> "RankRowQuerySet":
        """What pages show: one row per company."""
        return self.filter(is_current=True)

    def ranked(self) -> "RankRowQuerySet":
        """Rows with a score, best first (§4.5): score, then act-by, then Δ, then company."""
        return self.filter(listed="").order_by(*self.BEST_FIRST)

    def ranked_of_few(self) -> "RankRowQuerySet":
        """The same for a few companies: asked by the score, or SQLite would walk the order of all."""
        return self.filter(score__isnull=False).order_by(*self.BEST_FIRST)


class RankRow(models.Model):
    """The score of one company in one run, with its reasons; append-only but for the current flag."""

    class Listed(models.TextChoices):
        """Why a company has no score (§4.10.15)."""

        RANKED = "", _("ranked")
        NO_CONTRACT = "no_contract", _("Without a contract")
        FORMER = "former", _("Former clients")
        PILOTS = "pilots", _("Pilots")
        IN_HEAD = "in_head_contract", _("In the head organisation's contract")

    run = models.ForeignKey(RankRun, models.CASCADE, related_name="rows")
    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="rank_rows")
    is_current = models.BooleanField(default=False)
    listed = models.CharField(max_length=16, choices=Listed.choices, blank=True, default="")
    contract = models.ForeignKey("accounts.Contract", models.SET_NULL, null=True, related_name="+")
    deal = models.ForeignKey(  # the open one that covers the contract or the whole holding
        "deals.Deal", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    is_damped = models.BooleanField(default=False)
    has_stuck_documents = models.BooleanField(default=False)
    position = models.PositiveIntegerField(null=True)  # place in the run, 1 = best
    previous_position = models.PositiveIntegerField(null=True)
    score = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    band = models.CharField(max_length=1, choices=Band.choices, blank=True)
    act_by = models.DateField(null=True)
    slack = models.SmallIntegerField(null=True)  # working days
    delta = models.DecimalField(max_digits=14, decimal_places=2, default=0)  # Δ, ₽ a year
    confidence = models.PositiveSmallIntegerField(null=True)  # per cent
    contributions = models.JSONField(default=dict)  # factor code → "35.0"; `damp` included
    factors = models.JSONField(default=dict)  # factor code → f as text, for the back-test
    missing = models.JSONField(default=list)
    stale = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    evidence = models.JSONField(default=dict)  # the raw numbers of the explanation lines
    change = models.JSONField(default=dict)  # the largest change of a line since the previous run

    objects = RankRowQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("ranking row")
        verbose_name_plural = _("ranking rows")
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(is_current=True), name="rank_one_current"
            ),
            models.UniqueConstraint(fields=["run", "company"], name="rank_company_once_per_run"),
        ]
        indexes = [
            # `listed` is a column and not a condition: SQLite cannot match a bound value with a partial index.
            models.Index(
                "listed", F("score").desc(), "act_by", F("delta").desc(), "company",
                condition=Q(is_current=True), name="rank_order",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.company_id} {self.score}"
