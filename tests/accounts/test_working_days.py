"""The working calendar against the golden dates of domain.md 4.2, and its laws."""

from datetime import date, timedelta
from functools import cache

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.working_days import WorkCalendar

T = date(2026, 11, 24)
FIRST, LAST, PROVISIONAL_FROM = date(2024, 1, 1), date(2029, 12, 31), 2028


@cache
def russia() -> WorkCalendar:
    known = holidays.country_holidays("RU", years=range(2024, 2030))
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    return WorkCalendar.from_rows([(d, known.is_working_day(d), d.year >= PROVISIONAL_FROM) for d in days])


days = st.dates(FIRST, LAST)
counts = st.integers(0, 250)


@pytest.mark.parametrize(
    ("end_on", "lead_bd", "act_by", "slack"),
    [
        (date(2027, 1, 31), 45, date(2026, 11, 18), -4),
        (date(2026, 12, 31), 20, date(2026, 12, 2), 6),
        (date(2026, 12, 31), 5, date(2026, 12, 23), 21),
        (date(2027, 1, 10), 5, date(2026, 12, 23), 21),
        (date(2027, 2, 28), 55, date(2026, 12, 1), 5),
        (date(2027, 2, 22), 0, date(2027, 2, 20), 57),
        (date(2027, 5, 10), 30, date(2027, 3, 25), 78),
        (date(2027, 11, 8), 2, date(2027, 11, 2), 233),
        (date(2026, 11, 30), 20, date(2026, 10, 30), -16),
    ],
)
def test_golden_date(end_on: date, lead_bd: int, act_by: date, slack: int) -> None:
    """4.2: the golden table."""
    assert russia().subtract(end_on, lead_bd) == act_by
    assert russia().between(T, act_by) == slack


def test_monday_to_friday_count_would_be_wrong() -> None:
    """0.7: the plain count of weekdays gives 27.11.2026, seven working days too late."""
    weekdays = [date(2027, 1, 31) - timedelta(days=n) for n in range(100)]
    assert [d for d in weekdays if d.weekday() < 5][45] == date(2026, 11, 27)


@pytest.mark.parametrize(("year", "working"), [(2024, 248), (2025, 247), (2026, 247), (2027, 247)])
def test_working_days_of_a_year(year: int, working: int) -> None:
    """11: working days per year of the official calendar."""
    assert russia().between(date(year - 1, 12, 31), date(year, 12, 31)) == working


def test_working_saturday() -> None:
    """0.7: 20.02.2027 is a working Saturday."""
    assert russia().is_working(date(2027, 2, 20))
    assert russia().roll(date(2027, 2, 21)) == date(2027, 2, 20)


def test_next_working_is_strictly_later() -> None:
    """4.10.5: from a day off and from a working day."""
    assert russia().next_working(date(2026, 12, 31)) == date(2027, 1, 11)
    assert russia().next_working(T) == date(2026, 11, 25)


def test_add_zero_never_lies_in_the_past() -> None:
    """A due date in 0 working days from a day off is the next working day."""
    assert russia().add(date(2026, 11, 22), 0) == date(2026, 11, 23)
    assert russia().add(T, 0) == T


def test_provisional_year() -> None:
    """4.10.17: 2028 has no decree yet."""
    assert russia().is_provisional(date(2028, 2, 2))
    assert not russia().is_provisional(date(2027, 2, 2))
    assert not russia().is_fallback(date(2028, 2, 2))


@pytest.mark.parametrize("month_day", [(1, 1), (1, 8), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)])
def test_fallback_year_keeps_fixed_holidays(month_day: tuple[int, int]) -> None:
    """4.2: Monday to Friday and the fixed holidays, with the flag."""
    empty = WorkCalendar({})
    assert not empty.is_working(date(2030, *month_day))
    assert empty.is_working(date(2030, 1, 9))
    assert empty.is_fallback(date(2030, 1, 9))


def test_partly_known_year_is_fallback_but_keeps_its_rows() -> None:
    """4.2: a year with some rows only still raises the flag."""
    some = WorkCalendar({date(2027, 2, 20): True, date(2027, 2, 22): False})
    assert some.roll(date(2027, 2, 22)) == date(2027, 2, 20)
    assert some.is_fallback(date(2027, 2, 20))


@pytest.mark.slow
def test_far_dates_grow_the_table() -> None:
    """A typo in a year costs nothing but a longer table."""
    calendar = WorkCalendar({})
    before = calendar.between(date(2026, 1, 1), date(2027, 1, 1))
    assert calendar.between(date(1950, 1, 2), date(2200, 1, 1)) > 60_000
    assert calendar.subtract(date(1900, 1, 9), 300) < date(1899, 1, 1)
    assert calendar.between(date(9990, 1, 1), date(9999, 12, 31)) > 2_000
    assert calendar.between(date(2026, 1, 1), date(2027, 1, 1)) == before


@pytest.mark.slow
def test_the_edges_of_time_are_refused() -> None:
    """No working day before year 1 or after year 9999."""
    calendar = WorkCalendar({})
    with pytest.raises(OverflowError):
        calendar.subtract(date(1, 1, 10), 10)
    with pytest.raises(OverflowError):
        calendar.add(date(9999, 12, 30), 10)


def test_negative_count_is_refused() -> None:
    """4.2: n ≥ 0."""
    with pytest.raises(ValueError, match="negative"):
        russia().subtract(T, -1)
    with pytest.raises(ValueError, match="negative"):
        russia().add(T, -1)


@given(days, counts, counts)
def test_more_lead_moves_exactly_as_much_earlier(day: date, lead: int, more: int) -> None:
    """R21: +n working days of approval move the act-by exactly n working days earlier."""
    act_by, earlier = russia().subtract(day, lead), russia().subtract(day, lead + more)
    assert russia().between(earlier, act_by) == more


@given(days)
def test_roll_is_idempotent(day: date) -> None:
    """4.2: roll(roll(d)) = roll(d) ≤ d, a working day."""
    rolled = russia().roll(day)
    assert rolled <= day
    assert russia().is_working(rolled)
    assert russia().roll(rolled) == rolled


@given(days, days)
def test_between_is_antisymmetric(first: date, last: date) -> None:
    """4.2: bd(a, b) = −bd(b, a)."""
    assert russia().between(first, last) == -russia().between(last, first)


@given(days, st.integers(1, 250))
def test_add_and_between_agree(day: date, count: int) -> None:
    """The n-th working day after d is n working days away."""
    due = russia().add(day, count)
    assert russia().is_working(due)
    assert russia().between(day, due) == count


@given(days, days)
def test_between_counts_one_by_one(first: date, last: date) -> None:
    """4.2: the number of working days in (a, b]."""
    first, last = min(first, last), min(max(first, last), min(first, last) + timedelta(days=60))
    walked = (first + timedelta(days=n + 1) for n in range((last - first).days))
    assert russia().between(first, last) == sum(russia().is_working(d) for d in walked)
