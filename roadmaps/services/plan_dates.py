"""Moving dates on the timeline: several moves are one revision, and the followers may go along (R44, R52)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.calendar import load_calendar
from accounts.working_days import WorkCalendar
from roadmaps.models import Plan, PlanTask
from roadmaps.queries import predecessors_of
from roadmaps.schedule import shifted
from roadmaps.services.plan_tasks import amend
from roadmaps.services.plans import editing
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User


@dataclass(frozen=True)
class DateMove:
    """Where one task goes: both days are included."""

    link: PlanTask
    starts_on: date
    due_on: date


def move_dates(
    plan: Plan, moves: Sequence[DateMove], *, by: User, reason: str = "", version: int | None = None,
    with_followers: bool = False,
) -> list[DateMove]:  # fmt: skip
    """One edit of the plan; returns where every moved task stood before, for the undo.

    `with_followers`: what waits for a moved task, at any distance, goes as many working days as its due day went.
    Raises NotAllowed, Stale, DomainError (`no_reason`, `in_review`, `ended`, `dates`, `other_plan`), IllegalTransition.
    """
    if any(move.link.plan_id != plan.pk for move in moves):
        raise DomainError("other_plan", _("The task is of another plan."))
    calendar = load_calendar()
    wanted = [*moves, *(follower_moves(plan, moves, calendar) if with_followers else ())]
    wanted = [move for move in wanted if (move.starts_on, move.due_on) != _dates(move.link)]
    before = [DateMove(move.link, *_dates(move.link)) for move in wanted]
    with editing(plan, by=by, reason=reason, version=version):
        for move in wanted:
            values = {"starts_on": move.starts_on, "due_on": move.due_on}
            amend(move.link, values, by=by, reason=reason)
    return before


def follower_moves(plan: Plan, moves: Iterable[DateMove], calendar: WorkCalendar) -> list[DateMove]:
    """Open tasks after the moved ones, shifted by the longest way that a task before them goes."""
    links = {link.pk: link for link in PlanTask.objects.filter(plan=plan).open().select_related("task")}
    after: dict[int, list[int]] = {}
    for follower, before in predecessors_of(plan).items():
        for one in before:
            after.setdefault(one, []).append(follower)
    shift: dict[int, int] = {}
    for move in moves:
        days = calendar.between(move.link.task.due_on, move.due_on)
        for pk in _reach(move.link.pk, after):
            shift[pk] = max(shift.get(pk, 0), days, key=abs)
    moved = {move.link.pk for move in moves}
    return [
        DateMove(link, shifted(calendar, link.starts_on, days), shifted(calendar, link.task.due_on, days))
        for pk, days in shift.items()
        if days and pk not in moved and (link := links.get(pk))
    ]


def _reach(start: int, after: dict[int, list[int]]) -> set[int]:
    """Everything that comes after a task."""
    found: set[int] = set()
    ways = [start]
    while ways:
        fresh = set(after.get(ways.pop(), ())) - found
        found |= fresh
        ways += fresh
    return found


def _dates(link: PlanTask) -> tuple[date, date]:
    return link.starts_on, link.task.due_on
