"""Open tasks and planned meetings per person and week (R74); overdue ones only for himself and the lead (R94)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.enums import InteractionState
from accounts.models import InteractionUser, Task
from deals.models import Deal, DealMember
from upsell_crm.core import clock
from upsell_crm.core.models import Team, User
from upsell_crm.core.roles import Action, Scope

WEEKS = 4


@dataclass(frozen=True, slots=True)
class Week:
    """A week of one person."""

    tasks: int
    meetings: int

    @property
    def total(self) -> int:
        return self.tasks + self.meetings


@dataclass(frozen=True, slots=True)
class Load:
    """One person; `overdue` is None where the viewer is neither he nor his lead."""

    user: User
    overdue: int | None
    weeks: list[Week]
    may_open: bool  # his list of tasks


def week_starts(today: date, weeks: int = WEEKS) -> list[date]:
    """Mondays of this week and of the next ones, four together unless said."""
    monday = clock.monday_of(today)
    return [monday + timedelta(weeks=number) for number in range(weeks)]


def people_to_plan(viewer: User, team: Team | None, today: date) -> QuerySet[User]:
    """The team for its lead and for the head; for a KAM himself and the members of his own open deals."""
    people = User.objects.filter(is_active=True)
    if {Scope.TEAM, Scope.ALL} & viewer.scopes(Action.SEE_WORKLOAD):
        people = people.filter(team=team) if team else people.filter(pk=viewer.pk)
    else:
        own = Deal.objects.open().allowing(viewer, Action.SEE_WORKLOAD).order_by().values("pk")
        members = DealMember.objects.active_on(today).filter(deal__in=own).order_by().values("user")
        people = people.filter(Q(pk=viewer.pk) | Q(pk__in=members))
    return people.order_by("last_name", "first_name", "pk")


def workload(viewer: User, people: Sequence[User], today: date, ahead: int = WEEKS) -> list[Load]:
    """A line per person over so many weeks; two statements, whatever the number of people."""
    mondays = week_starts(today, ahead)
    tasks = _tasks(people, mondays[-1] + timedelta(days=6))
    meetings = _meetings(people, today, mondays[-1] + timedelta(days=6))
    leads = bool({Scope.TEAM, Scope.ALL} & viewer.scopes(Action.SEE_WORKLOAD))
    loads = []
    for user in people:
        is_open = leads or user == viewer
        weeks = [
            Week(_sum(tasks[user.pk], today, monday), _sum(meetings[user.pk], today, monday))
            for monday in mondays
        ]
        overdue = sum(n for day, n in tasks[user.pk] if day < today) if is_open else None
        loads.append(Load(user, overdue, weeks, is_open))
    return loads


def totals(loads: Sequence[Load]) -> list[Week]:
    """All people of each week; a meeting of two counts for both, since it takes the time of both."""
    return [
        Week(sum(load.weeks[n].tasks for load in loads), sum(load.weeks[n].meetings for load in loads))
        for n in range(WEEKS)
    ]


Counts = dict[int, list[tuple[date, int]]]


def _tasks(people: Sequence[User], until: date) -> Counts:
    rows = Task.objects.open().filter(assignee__in=people, due_on__lte=until).order_by()
    found: Counts = defaultdict(list)
    for user_id, day, n in rows.values_list("assignee", "due_on").annotate(n=Count("pk")):
        found[user_id].append((day, n))
    return found


def _meetings(people: Sequence[User], today: date, until: date) -> Counts:
    begins, ends = clock.bounds(today)[0], clock.bounds(until)[1]
    rows = InteractionUser.objects.filter(
        user__in=people, interaction__state=InteractionState.PLANNED, interaction__retracted_at=None,
        interaction__starts_at__range=(begins, ends),
    ).order_by()  # fmt: skip
    days = rows.annotate(day=TruncDate("interaction__starts_at")).values_list("user", "day")
    found: Counts = defaultdict(list)
    for user_id, day, n in days.annotate(n=Count("pk")):
        found[user_id].append((day, n))
    return found


def _sum(counts: list[tuple[date, int]], today: date, monday: date) -> int:
    """What is due from today on in this week."""
    return sum(n for day, n in counts if max(monday, today) <= day <= monday + timedelta(days=6))
