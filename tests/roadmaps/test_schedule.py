"""Laws of the critical path (R44, R45): no Django, no database."""

from dataclasses import replace
from datetime import date, timedelta
from graphlib import CycleError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.working_days import WorkCalendar
from roadmaps.schedule import PlannedTask, Schedule, schedule, shifted, working_days

TODAY = date(2026, 11, 24)
CALENDAR = WorkCalendar({})


def day(number: int) -> date:
    """The working day so many working days from today."""
    return shifted(CALENDAR, TODAY, number)


def plan(tasks: list[PlannedTask], **limits: date) -> Schedule:
    return schedule(tasks, CALENDAR, TODAY, **limits)


@st.composite
def plans(draw: st.DrawFn) -> list[PlannedTask]:
    """Up to nine tasks around today; a task waits only for earlier ones, so there is no circle."""
    tasks = []
    for id in range(draw(st.integers(1, 9))):
        start = draw(st.integers(-10, 25))
        due = day(start + draw(st.integers(0, 8)))
        before = draw(st.sets(st.integers(0, id - 1), max_size=3)) if id else set()
        done_on = TODAY - timedelta(days=draw(st.integers(0, 9))) if draw(st.integers(0, 3)) == 0 else None
        tasks.append(
            PlannedTask(
                id, day(start), due, draw(st.sampled_from(["info", "needs", "docs", "other"])), tuple(sorted(before)),
                is_begun=draw(st.booleans()), done_on=done_on,
            )
        )  # fmt: skip
    return tasks


@given(tasks=plans())
def test_the_forecast_is_never_before_a_due_day_nor_before_today(tasks: list[PlannedTask]) -> None:
    """R45: for unfinished work; its planned duration is kept."""
    found = plan(tasks)
    for task in tasks:
        if task.done_on is None:
            assert found.tasks[task.id].end >= max(task.due, TODAY)
            assert found.end is not None and found.end >= found.tasks[task.id].end


@given(tasks=plans())
def test_nobody_begins_before_what_he_waits_for_is_done(tasks: list[PlannedTask]) -> None:
    """R44: the next working day after the last open predecessor."""
    found = plan(tasks).tasks
    for task in tasks:
        if task.done_on is None and not task.is_begun:
            assert all(found[other].end < found[task.id].start for other in found[task.id].held_by)
            length = working_days(CALENDAR, found[task.id].start, found[task.id].end)
            assert length == working_days(CALENDAR, task.start, task.due)


@given(tasks=plans(), which=st.integers(0, 8), days=st.integers(1, 20))
def test_a_task_may_slip_within_its_slack(tasks: list[PlannedTask], which: int, days: int) -> None:
    """R45: the end stays where it is; a critical task that slips moves it."""
    before = plan(tasks)
    task = tasks[which % len(tasks)]
    slack = before.tasks[task.id].slack
    if slack is None:
        return
    start = max(task.start, before.tasks[task.id].start)
    length = working_days(CALENDAR, task.start, task.due) - 1
    due = shifted(CALENDAR, before.tasks[task.id].end, days)
    moved = replace(task, start=start if task.is_begun else shifted(CALENDAR, due, -length), due=due)
    after = plan([moved if one.id == task.id else one for one in tasks])
    assert (after.end == before.end) == (days <= slack)


@given(tasks=plans())
def test_the_critical_path_is_a_chain_without_a_gap(tasks: list[PlannedTask]) -> None:
    """R45: each link is a dependency, the first stands on its own date or on today, the last ends the plan."""
    found, by_id = plan(tasks), {task.id: task for task in tasks}
    if not found.path:
        assert all(task.done_on for task in tasks)
        return
    assert found.tasks[found.path[-1]].end == found.end
    assert all(found.is_critical(id) for id in found.path)
    for earlier, later in zip(found.path, found.path[1:], strict=False):
        assert earlier in by_id[later].before
        assert CALENDAR.next_working(found.tasks[earlier].end) == found.tasks[later].start
    first = by_id[found.path[0]]
    assert first.is_begun or found.tasks[first.id].start == max(CALENDAR.add(first.start, 0), TODAY)


def test_a_late_predecessor_pushes_what_follows_and_the_words_of_both_limits() -> None:
    """R45: deadline against the end, act-by against what comes before documents."""
    needs = PlannedTask(1, day(-8), day(-3), "needs")  # six days, and nobody has begun
    papers = PlannedTask(2, day(1), day(2), "docs", (1,))
    found = plan([needs, papers], deadline=day(5), act_by=day(4))
    assert (found.documents_on, found.end) == (day(5), day(7))
    assert (found.late_by, found.late_for_documents, found.path) == (2, 1, (1, 2))
    assert plan([replace(needs, done_on=TODAY), papers], deadline=day(5)).late_by == -3


def test_a_plan_without_tasks_has_no_forecast_and_a_circle_is_refused() -> None:
    """R44: §2.8.6 keeps circles out; one that came another way is no endless walk."""
    assert plan([], deadline=TODAY).end is None
    with pytest.raises(CycleError):
        plan([PlannedTask(1, TODAY, TODAY, before=(2,)), PlannedTask(2, TODAY, TODAY, before=(1,))])
