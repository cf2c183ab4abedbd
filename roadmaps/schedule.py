"""When a plan will end: the critical path over working days (R44, R45). Plain Python: no Django, no clock.

A task that nobody has begun takes as many working days as were planned, from its planned start, from today, or from the
working day after the last of its open predecessors, whichever comes last. One that is being done ends on its due day,
and not before today. What is done holds nobody back. So nothing unfinished is forecast before today.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from graphlib import TopologicalSorter

from accounts.working_days import WorkCalendar

BEFORE_DOCUMENTS = frozenset({"info", "needs", "presentation"})  # phases that end before documents begin


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One task as it is planned; both days are included. `before` = ids of what has to be done first.

    `done_on` = the day it was done, None while it is owed; `is_begun` = somebody works on it.
    """

    id: int
    start: date
    due: date
    phase: str = ""
    before: tuple[int, ...] = ()
    is_begun: bool = False
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """One task as it will be: first and last day; `slack` = working days it may slip without moving the end of the plan.

    A done task has no slack (None) and is not critical. `held_by` = the open predecessors it waits for.
    """

    start: date
    end: date
    slack: int | None = None
    held_by: tuple[int, ...] = ()

    @property
    def is_critical(self) -> bool:
        """Each day it slips is a day of the whole plan."""
        return self.slack == 0


@dataclass(frozen=True)
class Schedule:
    """A plan as it will be. `end` = its last day (None without tasks), `path` = one chain of open tasks that makes it.

    `documents_on` = the last day of the phases information, needs and presentation: documents may begin then. It is
    compared with the act-by of the client, `end` with the deadline (docs/decisions/0054).
    """

    calendar: WorkCalendar
    tasks: Mapping[int, Forecast]
    end: date | None = None
    documents_on: date | None = None
    deadline: date | None = None
    act_by: date | None = None
    path: tuple[int, ...] = ()

    @cached_property
    def late_by(self) -> int:
        """Working days by which the plan ends after its deadline; negative = to spare, 0 also when either is unknown."""
        return _days_after(self.end, self.deadline, self.calendar)

    @cached_property
    def late_for_documents(self) -> int:
        """Working days by which the work before documents ends after the act-by; as `late_by`."""
        return _days_after(self.documents_on, self.act_by, self.calendar)

    @property
    def is_late(self) -> bool:
        """Worth a warning: later than the deadline or than the act-by (R45)."""
        return self.late_by > 0 or self.late_for_documents > 0

    def is_critical(self, id: int) -> bool:
        """Whether a day lost on this task is a day lost for the plan."""
        return id in self.tasks and self.tasks[id].is_critical


def schedule(
    tasks: Iterable[PlannedTask], calendar: WorkCalendar, today: date, *, deadline: date | None = None,
    act_by: date | None = None,
) -> Schedule:  # fmt: skip
    """The forecast of a plan. Predecessors outside `tasks` count as done. Raises graphlib.CycleError for a circle."""
    known = {task.id: task for task in tasks}
    order = list(
        TopologicalSorter({id: _owed_before(task, known) for id, task in known.items()}).static_order()
    )
    early = _forward(order, known, calendar, today)
    end = max((last for _, last in early.values()), default=None)
    late = _backward(order, known, early, calendar, end)
    found = {
        id: Forecast(*early[id], _slack(id, known, early, late, calendar), _owed_before(known[id], known))
        for id in known
    }
    before = [early[id][1] for id, task in known.items() if task.phase in BEFORE_DOCUMENTS]
    return Schedule(
        calendar, found, end, max(before, default=None), deadline, act_by, _path(found, known, calendar, end)
    )


def working_days(calendar: WorkCalendar, first: date, last: date) -> int:
    """Working days in [first, last], one at least: how long a task takes."""
    return max(1, calendar.between(first, last) + calendar.is_working(first))


def shifted(calendar: WorkCalendar, day: date, by: int) -> date:
    """The day `by` working days later, or earlier when negative; a day off counts as the next working day."""
    base = calendar.add(day, 0)
    return calendar.add(base, by) if by >= 0 else calendar.subtract(base, -by)


_Span = tuple[date, date]


def _owed_before(task: PlannedTask, known: Mapping[int, PlannedTask]) -> tuple[int, ...]:
    """Predecessors that are still owed; a done task waits for nobody."""
    if task.done_on:
        return ()
    return tuple(id for id in task.before if id in known and known[id].done_on is None)


def _forward(
    order: list[int], known: Mapping[int, PlannedTask], calendar: WorkCalendar, today: date
) -> dict[int, _Span]:
    """The earliest first and last day of each task."""
    spans: dict[int, _Span] = {}
    now = calendar.add(today, 0)
    for id in order:
        task = known[id]
        if task.done_on:
            spans[id] = (min(task.start, task.done_on), task.done_on)
        elif task.is_begun:
            spans[id] = (min(task.start, now), max(calendar.add(task.due, 0), now))
        else:
            free = [calendar.next_working(spans[other][1]) for other in _owed_before(task, known)]
            first = max([calendar.add(task.start, 0), now, *free])
            spans[id] = (first, calendar.add(first, working_days(calendar, task.start, task.due) - 1))
    return spans


def _backward(
    order: list[int], known: Mapping[int, PlannedTask], early: Mapping[int, _Span], calendar: WorkCalendar,
    end: date | None,
) -> dict[int, date]:  # fmt: skip
    """The latest last day of each open task that leaves the end of the plan where it is."""
    latest: dict[int, date] = {}
    for id in reversed(order):
        if known[id].done_on or end is None:
            continue
        last = latest.setdefault(id, end)
        if known[id].is_begun:
            continue  # it is being done already: nobody holds it
        begins = calendar.subtract(last, calendar.between(*early[id]))
        for other in _owed_before(known[id], known):
            latest[other] = min(latest.get(other, end), calendar.subtract(begins, 1))
    return latest


def _slack(
    id: int, known: Mapping[int, PlannedTask], early: Mapping[int, _Span], latest: Mapping[int, date],
    calendar: WorkCalendar,
) -> int | None:  # fmt: skip
    return None if known[id].done_on else calendar.between(early[id][1], latest[id])


def _path(
    found: Mapping[int, Forecast], known: Mapping[int, PlannedTask], calendar: WorkCalendar, end: date | None
) -> tuple[int, ...]:
    """From the task that ends last back along what it waits for, without a gap, to one that its own date holds."""
    last = [id for id, one in found.items() if one.end == end and one.slack is not None]
    way = last[:1]
    while way:
        here = found[way[0]]
        held = () if known[way[0]].is_begun else here.held_by
        before = [id for id in held if calendar.next_working(found[id].end) == here.start]
        if not before:
            break
        way.insert(0, before[0])
    return tuple(way)


def _days_after(day: date | None, limit: date | None, calendar: WorkCalendar) -> int:
    return calendar.between(limit, day) if day and limit else 0
