"""The calendar of the tutors: a week by tutor, a month by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from trainings.models import Training
from upsell_crm.core import clock

VIEWS = ("week", "month", "list")
MOST = 400  # trainings of one period on the page; more is a case for the filters


@dataclass
class Day:
    """One day of the calendar and what stands on it."""

    on: date
    is_here: bool = True  # in the month that is shown
    entries: list[Training] = field(default_factory=list)

    @property
    def is_today(self) -> bool:
        return self.on == clock.today()

    @property
    def is_weekend(self) -> bool:
        return self.on.weekday() >= 5


@dataclass(frozen=True)
class TutorWeek:
    """A line of the week: one tutor and his seven days."""

    tutor: Any
    days: list[Day]


def day_asked(text: str) -> date:
    """The day of the address, else today; nobody plans a training in another century."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return day if 2000 <= day.year <= 2100 else clock.today()


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday."""
    monday = clock.monday_of(day)
    return monday, monday + timedelta(days=6)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day that the page of this month shows, Monday to Sunday."""
    last = last_of_month(day)
    return week_of(day.replace(day=1))[0], week_of(last)[1]


def last_of_month(day: date) -> date:
    """31 November does not exist."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def neighbours(view: str, day: date) -> tuple[date, date]:
    """The same page before and after."""
    if view == "month":
        first = day.replace(day=1)
        return (first - timedelta(days=1)).replace(day=1), last_of_month(day) + timedelta(days=1)
    return day - timedelta(days=7), day + timedelta(days=7)


def by_tutor(trainings: Sequence[Training], first: date) -> list[TutorWeek]:
    """Each tutor who teaches in the week, by name; days without trainings stay empty."""
    weeks: dict[int, TutorWeek] = {}
    for training in trainings:
        week = weeks.setdefault(training.tutor_id, TutorWeek(training.tutor, days_from(first, 7)))
        week.days[(_day(training) - first).days].entries.append(training)
    return sorted(
        weeks.values(), key=lambda week: (week.tutor.last_name, week.tutor.first_name, week.tutor.pk)
    )


def by_week(trainings: Iterable[Training], first: date, last: date, month: int) -> list[list[Day]]:
    """Lines of seven days, Monday first."""
    days = days_from(first, (last - first).days + 1)
    for day in days:
        day.is_here = day.on.month == month
    for training in trainings:
        days[(_day(training) - first).days].entries.append(training)
    return [days[place : place + 7] for place in range(0, len(days), 7)]


def days_from(first: date, count: int) -> list[Day]:
    """So many days in a row."""
    return [Day(first + timedelta(days=offset)) for offset in range(count)]


def _day(training: Training) -> date:
    return clock.local_date(training.starts_at) or clock.today()
