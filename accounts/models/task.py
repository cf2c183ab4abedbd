"""Work that somebody owes by a working day."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import within_reach
from accounts.enums import OPEN_TASK_STATES, TaskOrigin, TaskState
from upsell_crm.core.models import RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action


class TaskQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "TaskQuerySet":
        """Own tasks, and the tasks of companies whose card this person may open."""
        return self.filter(
            Q(assignee=user)
            | Q(receiver=user)
            | Q(company__isnull=False) & within_reach(user, Action.SEE_COMPANY, "company__")
        )

    def open(self) -> "TaskQuerySet":
        """Not done, accepted or cancelled."""
        return self.filter(state__in=OPEN_TASK_STATES)

    def awaiting(self, receiver: User) -> "TaskQuerySet":
        """Done by others for this person, who has neither accepted nor returned the result."""
        return self.filter(state=TaskState.DONE, receiver=receiver).exclude(assignee=receiver)

    def overdue_on(self, day: date) -> "TaskQuerySet":
        """Open with the due day before `day`."""
        return self.open().filter(due_on__lt=day)


class Task(RecordedModel):
    """A task; from an agreement, a question of the lead, a released feature and so on (§2.3)."""

    HISTORY: ClassVar = frozenset({"state", "assignee", "due_on", "title"})

    company = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    title = models.CharField(_("what to do"), max_length=300)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tasks", verbose_name=_("assignee")
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=9, choices=TaskState.choices, default=TaskState.TODO)
    expected_result = models.TextField(_("expected result"), blank=True)
    actual_result = models.TextField(_("actual result"), blank=True)
    origin = models.CharField(
        _("origin"), max_length=9, choices=TaskOrigin.choices, default=TaskOrigin.AGREEMENT
    )
    dedupe_key = models.CharField(max_length=150, null=True, blank=True, unique=True)
    done_at = models.DateTimeField(null=True, blank=True)
    state_reason = models.CharField(_("why it is in this state"), max_length=300, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[TaskState.DONE, TaskState.ACCEPTED]) | ~Q(actual_result=""),
                name="task_done_has_result",
                violation_error_message=_("Write what was achieved before closing the task."),
            ),
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_state_known"),
        ]
        indexes = [
            models.Index(fields=["assignee", "state", "due_on"], name="task_by_assignee"),
            models.Index(fields=["company", "state", "due_on"], name="task_of_company"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Somebody still owes it."""
        return self.state in OPEN_TASK_STATES
