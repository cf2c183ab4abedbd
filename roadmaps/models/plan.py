"""A strategy for one client: short action plan or roadmap across teams (R40–R45, domain.md §2.3)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from deals.access import deals_within_reach
from roadmaps.enums import (
    ENDED_STATES,
    OPEN_PLAN_STATES,
    REWORK_STATES,
    WORKING_STATES,
    Metric,
    PlanState,
    PlanType,
)
from upsell_crm.core.models import RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action

BEGUN = [PlanState.REVIEW, *WORKING_STATES, PlanState.COMPLETED]  # beyond these a plan is no sketch any more


class PlanQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "PlanQuerySet":
        """Plans of the deals that this person may open."""
        return self.filter(deals_within_reach(user, Action.SEE_DEAL, "deal__"))

    def allowing(self, user: User, action: Action) -> "PlanQuerySet":
        """Plans on whose deal this person may do `action`."""
        return self.filter(deals_within_reach(user, action, "deal__"))

    def open(self) -> "PlanQuerySet":
        """Neither completed nor cancelled; a deal has one at most."""
        return self.filter(state__in=OPEN_PLAN_STATES)

    def open_first(self) -> "PlanQuerySet":
        """Of one deal: the open one, then those that have ended, the latest first."""
        return self.order_by(Case(When(state__in=OPEN_PLAN_STATES, then=0), default=1), "-pk")

    def working(self) -> "PlanQuerySet":
        """Tasks are being done: in work, or preparing the presentation."""
        return self.filter(state__in=WORKING_STATES)

    def in_review(self) -> "PlanQuerySet":
        """Wait for the lead."""
        return self.filter(state=PlanState.REVIEW)


class Plan(RecordedModel):
    """The strategy of a deal: what it is to reach, how that is measured, by when, and the chain of tasks.

    `content` is the plan as it stands (`plan_content.content_of`); `revision` counts from its first start. Reasons of
    the suggested type are codes with numbers (`type_reasons`), so that each reader has them in his language.
    """

    HISTORY: ClassVar = frozenset(
        {"type", "goal", "success_metric", "success_value", "deadline", "presentation_on", "state", "revision",
         "stage1_override_reason", "tasks_override_reason", "presentation_override_reason", "needs_review",
         "success_fact"}
    )  # fmt: skip

    deal = models.ForeignKey("deals.Deal", models.PROTECT, related_name="plans", verbose_name=_("deal"))
    type = models.CharField(_("type"), max_length=11, choices=PlanType.choices)
    type_suggested = models.CharField(
        _("suggested type"), max_length=11, choices=PlanType.choices, blank=True
    )
    type_reasons = models.JSONField(_("why this type"), default=list, blank=True)
    override_comment = models.CharField(_("why another type"), max_length=300, blank=True)
    goal = models.CharField(_("goal"), max_length=300, blank=True)
    success_metric = models.CharField(
        _("success criterion"), max_length=9, choices=Metric.choices, blank=True
    )
    success_value = models.DecimalField(
        _("value of the criterion"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    success_fact = models.DecimalField(
        _("what was reached"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    presentation_on = models.DateField(_("final presentation on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=PlanState.choices, default=PlanState.DRAFT)
    state_since = models.DateTimeField(_("in this state since"))
    state_reason = models.CharField(_("why it is in this state"), max_length=300, blank=True)
    revision = models.PositiveSmallIntegerField(_("revision"), default=0, editable=False)
    content = models.JSONField(default=dict, blank=True, editable=False)
    needs_review = models.BooleanField(_("the lead checks this plan"), default=False)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    validated_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    approved_deadline = models.DateField(null=True, blank=True, editable=False)
    approved_amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, editable=False
    )
    stage1_override_reason = models.CharField(_("why without fresh facts"), max_length=300, blank=True)
    tasks_override_reason = models.CharField(_("why members without a task"), max_length=300, blank=True)
    presentation_override_reason = models.CharField(
        _("why without a presentation"), max_length=300, blank=True
    )
    template_code = models.SlugField(_("made from"), max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        constraints = [
            models.CheckConstraint(condition=Q(type__in=PlanType.values), name="plan_type_known"),
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_state_known"),
            models.UniqueConstraint(
                fields=["deal"], condition=~Q(state__in=ENDED_STATES), name="plan_one_open_per_deal",
                violation_error_message=_("This deal has a strategy already."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=BEGUN)
                | ~Q(goal="") & Q(deadline__isnull=False)
                & (Q(success_metric=Metric.SIGNED_BY) | Q(success_value__isnull=False) & ~Q(success_metric="")),
                name="plan_begun_has_criterion",
                violation_error_message=_("A plan needs its goal, a measurable criterion and a deadline."),
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.COMPLETED) | Q(success_fact__isnull=False),
                name="plan_completed_has_fact",
                violation_error_message=_("Write what was reached before completing the plan."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED_STATES, ended_at__isnull=False)
                | ~Q(state__in=ENDED_STATES) & Q(ended_at=None),
                name="plan_ended_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(type=PlanType.ROADMAP)
                | ~Q(state__in=[PlanState.INFO, PlanState.PLANNING, PlanState.PRESENTATION]),
                name="plan_action_plan_has_no_stages",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WORKING_STATES) | Q(revision__gte=1), name="plan_working_has_revision"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "state_since", "id"], name="plan_by_state")]

    def __str__(self) -> str:
        return self.goal or f"{self.get_type_display()}: {self.deal}"

    def get_absolute_url(self) -> str:
        return f"/plans/{self.public_id}/"

    @property
    def company_id(self) -> int:
        """Under whose history the plan stands."""
        return self.deal.company_id

    @property
    def is_roadmap(self) -> bool:
        """Across teams, with stages; otherwise a short action plan."""
        return self.type == PlanType.ROADMAP

    @property
    def is_open(self) -> bool:
        """Neither completed nor cancelled."""
        return self.state not in ENDED_STATES

    @property
    def is_working(self) -> bool:
        """Its tasks are being done; each change of it is a numbered revision (R52)."""
        return self.state in WORKING_STATES

    @property
    def is_being_written(self) -> bool:
        """A draft that may be changed freely."""
        return self.state in REWORK_STATES

    @property
    def needs_lead(self) -> bool:
        """Cannot start without the lead's approval: a key client, or the lead has asked for it (R79)."""
        return self.needs_review or self.deal.company.is_key
