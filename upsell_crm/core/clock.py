"""The only place that reads the clock: business dates are Moscow dates (faults C1)."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

_started = timezone.now()


DOUBLE_CLICK = timedelta(seconds=10)


def now() -> datetime:
    """This moment, aware; on a frozen date (CRM_TODAY) the time of day is the real one.

    With CRM_TIME as well the process starts at that time of day and goes on from there: a suite that is run at
    night sees the same afternoon.
    """
    moment = timezone.now()
    if not settings.CRM_TODAY:
        return moment
    if settings.CRM_TIME:
        start = datetime.combine(settings.CRM_TODAY, settings.CRM_TIME, timezone.get_default_timezone())
        return start + (moment - _started)
    return datetime.combine(settings.CRM_TODAY, timezone.localtime(moment).timetz())


def today() -> date:
    """The business date in Moscow, or the frozen one (CRM_TODAY)."""
    return settings.CRM_TODAY or timezone.localdate()


def local_date(moment: datetime | None) -> date | None:
    """The Moscow date of a stored moment; None stays None."""
    return None if moment is None else moment.astimezone(timezone.get_default_timezone()).date()


def elapsed_since(moment: datetime) -> timedelta:
    """Real time since a moment that the database wrote (created_at), whatever day is frozen."""
    return timezone.now() - moment


def is_just_made(moment: datetime) -> bool:
    """Whether a record that the database wrote then may be the work of the first of two clicks (faults A3)."""
    return elapsed_since(moment) < DOUBLE_CLICK


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first and the last moment of a Moscow day, for conditions that an index can serve."""
    zone = timezone.get_default_timezone()
    return datetime.combine(day, time.min, tzinfo=zone), datetime.combine(day, time.max, tzinfo=zone)


def day_end(day: date) -> datetime:
    """The last moment of a Moscow day: «on or before the day» without asking each row for its date."""
    return bounds(day)[1]


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
