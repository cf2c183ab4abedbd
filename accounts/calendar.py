"""The working-day calendar of the database as arithmetic."""

from datetime import date, datetime

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from accounts.models import WorkDay
from accounts.working_days import WorkCalendar
from upsell_crm.core.errors import DomainError

EXPIRING_BD = 20  # working days before act-by in which a contract is «expiring» (§2.9)
_built: dict[tuple[int, datetime | None], WorkCalendar] = {}  # the latest calendar of this process


FAR_YEARS = range(2000, 2100)


def check_day(day: date | None, field: str) -> None:
    """A day that people plan for; raises DomainError for the slips of a hand: year 1, year 9999 (faults C4)."""
    if day is not None and day.year not in FAR_YEARS:
        text = _("Check the year: %(year)s.") % {"year": day.year}
        raise DomainError("far_day", text, {field: [text]})


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
