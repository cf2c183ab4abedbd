"""Reasons to call a client, found by rules."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import within_reach
from upsell_crm.core.models import PublicModel, User
from upsell_crm.core.roles import Action


class SignalRule(models.TextChoices):
    """Reasons to call, each a rule of reports/signals/ with thresholds in the parameter `signal_thresholds`."""

    LICENCES_FULL = "licences_full", _("licences are used up")
    TRAINED_OVER = "trained_over", _("more people trained than licences")
    TRAINED_IDLE = "trained_idle", _("trained, but do not use it")
    CASES_UP = "cases_up", _("court load has grown")
    FEATURE_SHIPPED = "feature_shipped", _("an awaited feature is out")
    DM_CHANGED = "dm_changed", _("a decision-maker has changed")
    DM_SILENT = "dm_silent", _("no contact with a key decision-maker")
    SINGLE_THREAD = "single_thread", _("everything hangs on one person")
    BUDGET_MONTH = "budget_month", _("the client plans his budget soon")


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, user: User) -> "SignalQuerySet":
        """Signals about the clients whose ranking this person may see."""
        return self.filter(within_reach(user, Action.SEE_RANKING, "company__"))

    def open(self) -> "SignalQuerySet":
        """What the rule still finds."""
        return self.filter(closed_on=None)

    def put_aside(self, day: date) -> "SignalQuerySet":
        """Open, and put aside until a later day."""
        return self.open().filter(snoozed_until__gt=day)

    def to_act_on(self, day: date) -> "SignalQuerySet":
        """Open and not put aside until later."""
        return self.open().filter(Q(snoozed_until=None) | Q(snoozed_until__lte=day))


class Signal(PublicModel):
    """A reason to call a client: which rule found what, since when, and until when it was put aside.

    `subject` tells findings of one rule about one client apart (a product's code, a contact's id); `evidence` holds
    the numbers, dates and ids of the text, and no name of a person. A rule that finds nothing any more closes the
    signal itself. `severity` grows when the facts grow worse, never because days pass: a snoozed signal whose severity
    rises above that of the snooze comes back before its date.
    """

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="signals")
    rule = models.CharField(_("rule"), max_length=15, choices=SignalRule.choices)
    subject = models.CharField(max_length=60, blank=True)
    evidence = models.JSONField(default=dict)
    severity = models.PositiveIntegerField(default=0)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)
    snoozed_severity = models.PositiveIntegerField(null=True, blank=True)
    snooze_reason = models.CharField(_("why not now"), max_length=300, blank=True)
    snoozed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-id"]
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "rule", "subject"], condition=Q(closed_on=None), name="signal_open_once"
            ),
            models.CheckConstraint(condition=Q(rule__in=SignalRule.values), name="signal_rule_known"),
            models.CheckConstraint(
                condition=Q(snoozed_until=None) | ~Q(snooze_reason=""),
                name="signal_snoozed_with_reason",
                violation_error_message=_("Write why it is put aside."),
            ),
        ]
        indexes = [
            models.Index(fields=["company"], condition=Q(closed_on=None), name="signal_open_of_company"),
            models.Index(fields=["rule", "company"], name="signal_by_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.company_id}"
