"""The working-day calendar of the database as arithmetic."""

from datetime import date, datetime

from django.db.models import Count, Max

from accounts.models import WorkDay
from accounts.working_days import WorkCalendar

EXPIRING_BD = 20  # working days before act-by in which a contract is «expiring» (§2.9)
_built: dict[tuple[int, datetime | None], WorkCalendar] = {}  # the latest calendar of this process


def load_calendar() -> WorkCalendar:
    """The whole table, built anew only after an edit; years that it lacks fall back to fixed holidays (§4.2)."""
    known = WorkDay.objects.aggregate(days=Count("pk"), changed_at=Max("updated_at"))
    mark = (known["days"], known["changed_at"])
    if mark not in _built:
        rows = WorkDay.objects.order_by("date").values_list("date", "is_working", "provisional")
        calendar = WorkCalendar.from_rows(rows)
        _built.clear()
        _built[mark] = calendar
    return _built[mark]


def expiring_until(today: date) -> date:
    """A contract in force whose act-by is on or before this day is expiring."""
    return load_calendar().add(today, EXPIRING_BD)
