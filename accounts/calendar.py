"""The working-day calendar of the database as arithmetic."""

from accounts.models import WorkDay
from accounts.working_days import WorkCalendar


def load_calendar() -> WorkCalendar:
    """The whole table, once; years that it lacks fall back to Mon–Fri and fixed holidays (§4.2)."""
    return WorkCalendar.from_rows(WorkDay.objects.values_list("date", "is_working", "provisional"))
