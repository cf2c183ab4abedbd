"""People × weeks of one strategy: its open tasks beside everything that the person has to do (R49, R74)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from deals.models import DealMember
from deals.workload import week_starts, workload
from roadmaps.models import Plan, PlanTask
from upsell_crm.core import clock
from upsell_crm.core.models import User
from upsell_crm.core.parameters import parameter

WEEKS = 6


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """A week of one person: open tasks of the plan due in it; all tasks and meetings where the reader may know them."""

    of_plan: int
    tasks: int | None
    meetings: int | None
    is_over: bool  # more tasks than the parameter allows


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """One person of the plan; `late` = open tasks of the plan past their day."""

    user: User
    total: int
    late: int
    weeks: Sequence[WeekLoad]


def plan_load(
    plan: Plan, viewer: User, today: date, *, sees_all: bool
) -> tuple[list[date], list[PersonLoad]]:
    """Mondays, and the members with whoever has an open task, by name; five statements, whatever their number.

    `sees_all`: the reader may know the workload of these people beyond the plan (SEE_WORKLOAD on the deal).
    """
    mondays, most = week_starts(today, WEEKS), parameter("overload_tasks_week")
    owed = list(
        PlanTask.objects.filter(plan=plan).open().order_by().values_list("task__assignee", "task__due_on")
    )
    members = DealMember.objects.active_on(today).filter(deal=plan.deal_id).order_by().values("user")
    people = User.objects.filter(pk__in=members) | User.objects.filter(
        pk__in={user_id for user_id, _due in owed}
    )
    found = list(people.distinct().order_by("last_name", "first_name", "pk"))
    of_all = {load.user.pk: load.weeks for load in workload(viewer, found, today, WEEKS)} if sees_all else {}
    counts = Counter((user_id, clock.monday_of(due)) for user_id, due in owed if due >= today)
    late = Counter(user_id for user_id, due in owed if due < today)
    totals = Counter(user_id for user_id, _due in owed)
    loads = []
    for user in found:
        weeks = []
        for number, monday in enumerate(mondays):
            of_plan, known = counts[user.pk, monday], of_all.get(user.pk)
            tasks = known[number].tasks if known else None
            meetings = known[number].meetings if known else None
            weeks.append(WeekLoad(of_plan, tasks, meetings, (of_plan if tasks is None else tasks) > most))
        loads.append(PersonLoad(user, totals[user.pk], late[user.pk], weeks))
    return mondays, loads
