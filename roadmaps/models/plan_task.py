"""A task of a plan: the task itself stands in accounts, its place in the chain here (R44, R49, R50)."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import OPEN_TASK_STATES, Fact, TaskState
from deals.access import deals_within_reach
from deals.enums import DEAL_ROLES
from roadmaps.access import OfPlanQuerySet
from roadmaps.enums import TASK_ITEM, Phase
from upsell_crm.core.models import RecordedModel, User
from upsell_crm.core.roles import Action


def check_facts(codes: list[str]) -> None:
    """Only facts that people confirm; raises ValidationError."""
    if not isinstance(codes, list) or set(codes) - set(Fact.values):
        raise ValidationError(_("There is no such fact."))


class PlanTaskQuerySet(OfPlanQuerySet):
    def reach(self, user: User) -> Q:
        """Of the plans whose deal one may open; an own task always."""
        return deals_within_reach(user, Action.SEE_DEAL, "plan__deal__") | Q(task__assignee=user)

    def standing(self) -> "PlanTaskQuerySet":
        """Not cancelled: what the plan consists of."""
        return self.exclude(task__state=TaskState.CANCELLED)

    def open(self) -> "PlanTaskQuerySet":
        """Still owed by somebody."""
        return self.filter(task__state__in=OPEN_TASK_STATES)

    def in_order(self) -> "PlanTaskQuerySet":
        """As the plan is read: by start, then by the due day."""
        return self.order_by("starts_on", "task__due_on", "pk")


class PlanTask(RecordedModel):
    """The place of a task in its plan. Its state is that of the task (decision 0049).

    `built_on` = codes of the facts on which it rests: when one of them has gone stale it is held back, when one has
    changed it is marked for a second look (R46–R48). `starts_on` and the due day are working days, both included.
    """

    HISTORY: ClassVar = frozenset({"starts_on", "phase", "role"})

    plan = models.ForeignKey("roadmaps.Plan", models.CASCADE, related_name="tasks")
    task = models.OneToOneField("accounts.Task", models.CASCADE, related_name="plan_link")
    role = models.CharField(
        _("role in the deal"), max_length=12, choices=[(role.value, role.label) for role in DEAL_ROLES], blank=True
    )  # fmt: skip
    phase = models.CharField(_("phase"), max_length=12, choices=Phase.choices, default=Phase.OTHER)
    starts_on = models.DateField(_("starts on"))
    depends_on = models.ManyToManyField(
        "self", symmetrical=False, related_name="followers", blank=True, verbose_name=_("after")
    )
    built_on = models.JSONField(_("rests on the facts"), default=list, blank=True, validators=[check_facts])

    objects = PlanTaskQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "starts_on", "id"]
        verbose_name = _("task of a plan")
        verbose_name_plural = _("tasks of a plan")
        constraints = [
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="plan_task_phase_known"),
        ]
        indexes = [models.Index(fields=["plan", "starts_on"], name="plan_task_in_order")]

    def __str__(self) -> str:
        return self.task.title

    @property
    def company_id(self) -> int:
        """Under whose history the task stands."""
        return self.task.company_id or self.plan.company_id

    @property
    def item(self) -> str:
        """How a comment of the lead names it."""
        return f"{TASK_ITEM}{self.task.public_id}"
