"""What holds a task of a plan back: the plan has not begun, what it waits for, facts that have gone stale (R44, R46–R49)."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from accounts.enums import Fact, TaskState
from accounts.fact_states import by_fact, fact_states
from accounts.models import Task
from roadmaps.models import Plan, PlanTask
from roadmaps.queries import open_predecessors
from roadmaps.stage1 import is_settled, unknown_on
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User


def hold_back(*, task: Task, by: User | None, was: str) -> None:
    """Reaction to `task_changed`: a task of a plan is begun when nothing holds it back. Raises DomainError `held_back`."""
    if task.state != TaskState.DOING or was not in (TaskState.TODO, TaskState.BLOCKED):
        return
    link = PlanTask.objects.filter(task=task).select_related("plan__deal__company", "task").first()
    if link is None:
        return
    reasons = held_by(link, clock.today())
    if reasons:
        raise DomainError("held_back", "; ".join(reasons), {"": reasons})


def held_by(link: PlanTask, today: date) -> list[str]:
    """Why this task cannot begin now, in words; [] when it can."""
    plan = link.plan
    reasons = [] if plan.is_working or not plan.is_open else [_("the plan has not been started")]
    if before := open_predecessors(link):
        reasons.append(_("waits for «%s»") % "», «".join(str(one) for one in before))
    if link.built_on and plan.is_open and not plan.stage1_override_reason:
        reasons += [_("the fact is out of date: %s") % text for text in stale_of(plan, link.built_on, today)]
    return reasons


def stale_of(plan: Plan, facts: Iterable[str], today: date) -> list[str]:
    """Which of these facts of the client do not hold now, in words."""
    wanted = set(facts)
    states = by_fact(fact_states(plan.company_id, today))
    answered = unknown_on(plan.company_id, today)
    return [
        str(Fact(code).label)
        for code, state in states.items()
        if code in wanted and not is_settled(state, answered)
    ]
