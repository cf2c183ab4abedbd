"""What a strategy says of its tasks wherever they are listed: whose plan, and why a task cannot begin (R44, R49)."""

from collections.abc import Sequence
from datetime import date

from accounts.enums import TaskOrigin
from accounts.models import Task
from accounts.task_notes import TaskNote
from roadmaps.models import Plan, PlanTask
from roadmaps.task_gates import NOTHING, holds_of
from upsell_crm.core.models import User


def notes_of(user: User, tasks: Sequence[Task], today: date) -> dict[int, TaskNote]:
    """Task → its plan with what holds it back; seven statements whatever the number of tasks and plans, else none."""
    of_plans = [task.pk for task in tasks if task.origin == TaskOrigin.PLAN]
    if not of_plans:
        return {}
    found = PlanTask.objects.filter(task__in=of_plans).select_related("task", "plan__deal__company")
    links = list(found.order_by("pk"))
    if not links:
        return {}
    holds = holds_of([link for link in links if link.task.is_open], today)
    seen = set(
        Plan.objects.visible_to(user)
        .filter(pk__in={link.plan_id for link in links})
        .values_list("pk", flat=True)
    )
    return {
        link.task_id: TaskNote(
            str(link.plan), link.plan.get_absolute_url() if link.plan_id in seen else "",
            holds.get(link.pk, NOTHING).reasons,
        )
        for link in links
    }  # fmt: skip
