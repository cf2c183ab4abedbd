"""The Russian working calendar as plain arithmetic over ordinal tables."""

from array import array
from calendar import isleap
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from itertools import accumulate, compress

# Days off by law in every year: what is left when a year has no table (domain.md 4.2).
FIXED_HOLIDAYS: tuple[tuple[int, int], ...] = (
    *((1, day) for day in range(1, 9)),
    (2, 23),
    (3, 8),
    (5, 1),
    (5, 9),
    (6, 12),
    (11, 4),
)
_FIRST_YEAR, _LAST_YEAR = 2010, 2045  # the span built at once; dates outside make it grow
_GROWTH = 30

_Tables = tuple[int, "array[int]", "array[int]"]
"""Ordinal of the first day, working days up to and with each day, ordinals of the working days."""


class WorkCalendar:
    """Working days of Russia: the rows of table WorkDay, and a rule for years without them (4.2).

    `days` maps a date to "is working"; `provisional_years` have no government decree yet (4.10.17).
    A year that lacks even one row is a fallback year: its missing days follow Monday to Friday less
    the fixed holidays. Immutable; every operation is a table look-up.
    """

    __slots__ = ("_fallback_free", "_provisional", "_rows", "_tables")

    def __init__(
        self,
        days: Mapping[date, bool] | Iterable[tuple[date, bool]],
        provisional_years: Iterable[int] = (),
    ) -> None:
        rows: dict[int, dict[int, bool]] = {}
        for day, is_working in dict(days).items():
            rows.setdefault(day.year, {})[day.timetuple().tm_yday - 1] = bool(is_working)
        self._rows = rows
        self._fallback_free = frozenset(y for y, known in rows.items() if len(known) == 365 + isleap(y))
        self._provisional = frozenset(provisional_years)
        self._tables = self._build(min([*rows, _FIRST_YEAR]), max([*rows, _LAST_YEAR]))

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[date, bool, bool]]) -> "WorkCalendar":
        """The calendar of rows (date, is_working, provisional), as table WorkDay keeps them."""
        known = list(rows)
        provisional_years = {day.year for day, _, is_provisional in known if is_provisional}
        return cls([(day, is_working) for day, is_working, _ in known], provisional_years)

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        base, ranks, _ = self._reach(day)
        offset = day.toordinal() - base
        return ranks[offset] != (ranks[offset - 1] if offset else 0)

    def is_provisional(self, day: date) -> bool:
        """Whether the year of `day` still waits for its decree: «календарь предварительный» (4.10.17)."""
        return day.year in self._provisional

    def is_fallback(self, day: date) -> bool:
        """Whether the year of `day` is missing from the table: flag `calendar_fallback` (4.2)."""
        return day.year not in self._fallback_free

    def roll(self, day: date) -> date:
        """`day` if it is a working day, else the previous working day (4.2)."""
        return self.subtract(day, 0)

    def next_working(self, day: date) -> date:
        """The first working day strictly after `day`."""
        return self.add(day, 1)

    def subtract(self, day: date, count: int) -> date:
        """sub_bd of 4.2: `day` rolled back to a working day, then `count` working days earlier (count ≥ 0)."""
        if count < 0:
            raise ValueError("count of working days must not be negative")
        base, ranks, worked = self._reach(day)
        index = ranks[day.toordinal() - base] - 1 - count
        while index < 0:
            base, ranks, worked = self._grow_back()
            index = ranks[day.toordinal() - base] - 1 - count
        return date.fromordinal(worked[index])

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; with 0, `day` itself or the next working day.

        So a due date "in n working days" obeys between(day, add(day, n)) = n for n ≥ 1.
        """
        if count < 0:
            raise ValueError("count of working days must not be negative")
        if count == 0:
            return day if self.is_working(day) else self.add(day, 1)
        base, ranks, worked = self._reach(day)
        index = ranks[day.toordinal() - base] - 1 + count
        while index >= len(worked):
            base, ranks, worked = self._grow_on()
            index = ranks[day.toordinal() - base] - 1 + count
        return date.fromordinal(worked[index])

    def between(self, first: date, last: date) -> int:
        """bd of 4.2: working days in (first, last]; negative when `last` is earlier."""
        base, ranks, _ = self._reach(first)
        start = ranks[first.toordinal() - base]
        base, grown, _ = self._reach(last)
        if grown is not ranks:  # the table grew in between: ranks are counted from an earlier base
            start = grown[first.toordinal() - base]
        return grown[last.toordinal() - base] - start

    def _reach(self, day: date) -> _Tables:
        tables = self._tables
        if 0 <= day.toordinal() - tables[0] < len(tables[1]):
            return tables
        first, last = _years(tables)
        self._tables = self._build(
            min(first, max(1, day.year - _GROWTH)), max(last, min(9999, day.year + _GROWTH))
        )
        return self._tables

    def _grow_back(self) -> _Tables:
        first, last = _years(self._tables)
        if first == 1:
            raise OverflowError("the day lies before year 1")
        self._tables = self._build(max(1, first - _GROWTH), last)
        return self._tables

    def _grow_on(self) -> _Tables:
        first, last = _years(self._tables)
        if last == 9999:
            raise OverflowError("the day lies after year 9999")
        self._tables = self._build(first, min(9999, last + _GROWTH))
        return self._tables

    def _build(self, first: int, last: int) -> _Tables:
        flags = bytearray()
        for year in range(first, last + 1):
            flags += self._year_flags(year)
        base = date(first, 1, 1).toordinal()
        ranks = array("i", accumulate(flags))
        return base, ranks, array("i", compress(range(base, base + len(flags)), flags))

    def _year_flags(self, year: int) -> bytes:
        pattern = _fallback_flags(isleap(year), date(year, 1, 1).weekday())
        known = self._rows.get(year)
        if known is None:
            return pattern
        flags = bytearray(pattern)
        for offset, is_working in known.items():
            flags[offset] = is_working
        return bytes(flags)


def _years(tables: _Tables) -> tuple[int, int]:
    return date.fromordinal(tables[0]).year, date.fromordinal(tables[0] + len(tables[1]) - 1).year


@lru_cache(maxsize=14)
def _fallback_flags(is_leap: bool, first_weekday: int) -> bytes:
    """One byte a day, 1 = working, of a year without a table: there are only 14 such years."""
    flags = bytearray((first_weekday + offset) % 7 < 5 for offset in range(365 + is_leap))
    first = date(2000 if is_leap else 2001, 1, 1)
    for month, day in FIXED_HOLIDAYS:
        flags[(first.replace(month=month, day=day) - first).days] = 0
    return bytes(flags)
