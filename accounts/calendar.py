"""The working-day calendar of the database as arithmetic."""

from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.models import WorkDay
from accounts.working_days import WorkCalendar

EXPIRING_BD = 20  # working days before act-by in which a contract is «expiring» (§2.9)
_NEAR = timedelta(days=90)  # calendar days that surely hold them, the January holidays included


def load_calendar() -> WorkCalendar:
    """The whole table, once; years that it lacks fall back to Mon–Fri and fixed holidays (§4.2)."""
    return _calendar(WorkDay.objects.all())


def expiring_until(today: date) -> date:
    """A contract in force whose act-by is on or before this day is expiring; reads only the days near `today`."""
    near = WorkDay.objects.filter(date__gte=today, date__lte=today + _NEAR)
    return _calendar(near).add(today, EXPIRING_BD)


def _calendar(days: QuerySet[WorkDay]) -> WorkCalendar:
    return WorkCalendar.from_rows(days.order_by("date").values_list("date", "is_working", "provisional"))
