"""«Как команда работает по планам»: per KAM what the lead has to ask about (R76); a KAM sees his own line only (R94)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Task
from reports.models import Band, RankRow
from reports.ranking_filters import focus_condition
from roadmaps.enums import WORKING_STATES, PlanState
from roadmaps.models import Plan, PlanTask
from upsell_crm.core.models import Team, User
from upsell_crm.core.roles import Action, Role, Scope

COUNTS = (
    "approved",
    "working",
    "review",
    "returned",
    "late_in_plans",
    "overdue",
    "no_strategy",
    "no_contact",
    "stale",
)


@dataclass(frozen=True, slots=True)
class Adherence:
    """One KAM: his open plans by state, late tasks, and clients of band A that need a word."""

    user: User
    approved: int = 0  # in work and approved by the lead
    working: int = 0  # in work, approved or not
    review: int = 0
    returned: int = 0
    late_in_plans: int = 0  # overdue tasks of his plans, whoever does them
    overdue: int = 0  # his own overdue tasks
    no_strategy: int = 0  # clients of band A without a plan
    no_contact: int = 0  # clients of band A without a word for 14 days
    stale: int = 0  # clients of band A with facts out of date


def kams_to_ask(viewer: User, team: Team | None) -> QuerySet[User]:
    """KAMs of the team for its lead and for the head; for anybody else himself alone."""
    people = User.objects.filter(is_active=True)
    if not {Scope.TEAM, Scope.ALL} & viewer.scopes(Action.VALIDATE_PLAN):
        return people.filter(pk=viewer.pk)
    if team is None:
        return people.none()
    kams = people.filter(team=team, roles__role=Role.KAM).distinct()
    return kams.order_by("last_name", "first_name", "pk")


def adherence(people: Sequence[User], today: date) -> list[Adherence]:
    """A line per person; four statements, whatever their number."""
    numbers: dict[int, dict[str, int]] = {user.pk: {} for user in people}
    for rows in (_plans(people), _late_in_plans(people, today), _overdue(people, today), _clients(people)):
        for row in rows:
            numbers[row.pop("person")].update(row)
    return [Adherence(user, **numbers[user.pk]) for user in people]


def totals(lines: Sequence[Adherence]) -> dict[str, int]:
    """The team together."""
    return {name: sum(getattr(line, name) for line in lines) for name in COUNTS}


def _plans(people: Sequence[User]) -> Any:
    rows = Plan.objects.open().filter(deal__responsible_kam__in=people).order_by()
    working = Q(state__in=WORKING_STATES)
    return rows.values(person=F("deal__responsible_kam")).annotate(
        approved=Count("pk", filter=working & Q(validated_by__isnull=False)),
        working=Count("pk", filter=working),
        review=Count("pk", filter=Q(state=PlanState.REVIEW)),
        returned=Count("pk", filter=Q(state=PlanState.RETURNED)),
    )


def _late_in_plans(people: Sequence[User], today: date) -> Any:
    rows = PlanTask.objects.open().filter(
        plan__deal__responsible_kam__in=people, plan__state__in=WORKING_STATES, task__due_on__lt=today
    )
    return rows.order_by().values(person=F("plan__deal__responsible_kam")).annotate(late_in_plans=Count("pk"))


def _overdue(people: Sequence[User], today: date) -> Any:
    rows = Task.objects.open().filter(assignee__in=people, due_on__lt=today)
    return rows.order_by().values(person=F("assignee")).annotate(overdue=Count("pk"))


def _clients(people: Sequence[User]) -> Any:
    rows = RankRow.objects.current().filter(company__owner_kam__in=people, listed="", band=Band.A)
    return (
        rows.order_by()
        .values(person=F("company__owner_kam"))
        .annotate(
            no_strategy=Count("pk", filter=focus_condition("no_strategy")),
            no_contact=Count("pk", filter=focus_condition("no_contact")),
            stale=Count("pk", filter=focus_condition("stale")),
        )
    )
