"""Days as people write them: «пт», «до конца месяца», «через 3 р. д.», «12.12», «на след. неделе»."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.outcome_line.said import Known, Place
from upsell_crm.core import clock

PAST_DAYS = 120  # «20.11» said on 24.11 tells of the past and is not a day of the next year
LAST_YEAR = 2100
_BEFORE = r"(?<![\w.,/])(?:(?:не\s{1,2}позднее|не\s{1,2}позже|до|ко?|во?|на|со?|по|после)\s{1,2})?"
_AFTER = r"(?!\w)"
_COUNTED = r"(?!\s?(?:млн|млрд|тыс|т\.?\s?р|тр\b|руб|р\b|к\b|%|лиц|мест|чел|час|ч\b|раз))"
_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_DAYS = ("пн понедельник", "вт вторник", "ср сред", "чт четверг", "пт пятниц", "сб суббот", "вс воскресень")
_NUMBERS = {
    "": 1, "пару": 2, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "десять": 10,
}  # fmt: skip


@dataclass(frozen=True)
class Dated:
    """A day and where it was written, with its preposition."""

    at: Place
    on: date


def find_days(folded: str, start: int, end: int, known: Known) -> Iterator[Dated]:
    """The days written between two places, in order of writing; what cannot be a day to come is passed over."""
    for match in _ANY.finditer(folded, start, end):
        name = match.lastgroup or ""
        if on := _READ[name](match.group(name), known):
            yield Dated(Place(*match.span()), on)


def last_day(folded: str, at: Place, known: Known) -> Dated | None:
    """The day that closes a phrase: of several the last one."""
    return next(iter(reversed(list(find_days(folded, at.start, at.end, known)))), None)


def _near(text: str, known: Known) -> date | None:
    return known.today + timedelta(days=("сегодня", "завтра", "послезавтра").index(text))


def _after(text: str, known: Known) -> date | None:
    """«через 3 р. д.», «через неделю» (five working days), «через 10 дней», «через месяц»."""
    number, unit = _AFTER_PARTS.match(text).groups()  # type: ignore[union-attr]
    count = int(number) if (number or "").isdecimal() else _NUMBERS[number or ""]
    if not number and unit == "день":
        return known.today + timedelta(days=2)  # «через день» is the day after tomorrow
    if unit.startswith("р"):
        return known.calendar.add(known.today, count)
    if unit.startswith("нед"):
        return known.calendar.add(known.today, 5 * count)
    if unit.startswith("мес"):
        return _working(_months_on(known.today, count), known)
    return _working(known.today + timedelta(days=count), known)


def _numbers(text: str, known: Known) -> date | None:
    day, month, *year = (int(part) for part in re.findall(r"\d+", text))
    return _ahead(day, month, year[0] if year else None, known)


def _named(text: str, known: Known) -> date | None:
    day, word, year = _NAMED_PARTS.match(text).groups()  # type: ignore[union-attr]
    month = next(number for number, stem in enumerate(_MONTHS, 1) if word.startswith(stem))
    return _ahead(int(day), month, int(year) if year else None, known)


def _of_month(text: str, known: Known) -> date | None:
    """«15-го», «до 15 числа»: the nearest such day to come."""
    day, today = int(re.findall(r"\d+", text)[0]), known.today
    month = today if day >= today.day else _months_on(today.replace(day=1), 1)
    return month.replace(day=day) if day <= monthrange(month.year, month.month)[1] else None


def _edge(text: str, known: Known) -> date | None:
    """The last working day of the week, month, quarter or year; or the first one of the next."""
    unit, today = text.split()[-1], known.today
    if unit.startswith("нед"):
        last = today + timedelta(days=6 - today.weekday())
    else:
        months = {"м": 1, "к": 3, "г": 12}[unit[0]]
        month = -(-today.month // months) * months
        last = date(today.year, month, monthrange(today.year, month)[1])
    return known.calendar.add(last, 1) if text.startswith("нач") else max(today, known.calendar.roll(last))


def _week(text: str, known: Known) -> date | None:
    """«на этой неделе» is its last working day, «на следующей» the first one of the next."""
    monday = clock.monday_of(known.today)
    if text.startswith("эт"):
        return max(known.today, known.calendar.roll(monday + timedelta(days=6)))
    return known.calendar.add(monday + timedelta(days=6), 1)


def _weekday(text: str, known: Known) -> date | None:
    """The nearest such day after today; a «next» one lies in the next week."""
    name, today = text.split()[-1], known.today
    number = next(place for place, stems in enumerate(_DAYS) if _is_day(name, stems))
    if text.startswith(("сл", "буд")):
        day = today + timedelta(days=7 - today.weekday() + number)
    else:
        day = today + timedelta(days=(number - today.weekday()) % 7 or 7)
    rolled = known.calendar.roll(day)
    return rolled if rolled > today else day


def _is_day(name: str, stems: str) -> bool:
    short, stem = stems.split()
    return name == short or name.startswith(stem)


def _ahead(day: int, month: int, year: int | None, known: Known) -> date | None:
    """The day in this year or the next; None for the past and for what is no date."""
    today = known.today
    try:
        if year is not None:
            on = date(year + 2000 if year < 100 else year, month, day)
            return on if today <= on and on.year <= LAST_YEAR else None
        on = date(today.year, month, day)
        if on >= today:
            return on
        return None if (today - on).days <= PAST_DAYS else on.replace(year=today.year + 1)
    except ValueError:
        return None


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _working(day: date, known: Known) -> date:
    return max(known.today, known.calendar.roll(day))


_NEXT = r"(?:след(?:ующ\w{2,3}|\.)?|сл\.?|будущ\w{2,3})"
_THIS = r"(?:эт(?:ой|у|от|ого)|ближайш\w{2,3})"
_COUNT = r"\d{1,3}|" + "|".join(word for word in _NUMBERS if word)
_UNIT = r"р\.?\s?д\.?|раб(?:оч\w{1,2}|\.)?\s{1,2}дн\w{0,2}|рабочий\s{1,2}день|дн(?:я|ей|\.)?|день|недел[юиь]?|нед\.?|месяц\w{0,2}|мес\.?"
_MONTH = (
    r"янв(?:аря|\.)?|фев(?:раля|р|\.)?|мар(?:та|\.)?|апр(?:еля|\.)?|мая|июн[яь]?|июл[яь]?|авг(?:уста|\.)?"
    r"|сент?(?:ября|\.)?|окт(?:ября|\.)?|ноя(?:бря|б|\.)?|дек(?:абря|\.)?"
)
_NAMED_DAY = rf"(\d{{1,2}})(?:-?го)?\s{{0,2}}({_MONTH})(?:\s{{1,2}}(\d{{4}})(?:\s?г(?:ода|\.)?)?)?"
_WEEKDAY = (
    r"пн|вт|ср|чт|пт|сб|вс|понедельника?у?|вторника?у?|сред[ауы]|четверга?у?|пятниц[ауые]"
    r"|суббот[ауые]|воскресень[еюя]"
)
_AFTER_PARTS = re.compile(rf"через\s+(?:({_COUNT})\s*)?({_UNIT})")
_NAMED_PARTS = re.compile(_NAMED_DAY)
_FORMS = {
    "near": r"сегодня|завтра|послезавтра",
    "after": rf"через\s{{1,2}}(?:(?:{_COUNT})\s{{0,2}})?(?:{_UNIT})",
    "numbers": rf"\d{{1,2}}[./]\d\d(?:[./](?:\d{{4}}|\d\d))?(?![./]?\d){_COUNTED}",
    "named": _NAMED_DAY.replace("(\\d", "(?:\\d").replace(f"({_MONTH})", f"(?:{_MONTH})"),
    "of_month": r"\d{1,2}(?:-?го(?:\s{1,2}числа)?|\s{1,2}числа)",
    "edge": r"(?:кон(?:ец|ца|цу|це)|начал[оауе])\s{1,2}(?:недели|месяца|квартала|года)",
    "week": rf"(?:{_NEXT}|{_THIS})\s{{0,2}}(?:недел[еюия]|нед\.?)",
    "weekday": rf"(?:(?:{_NEXT}|{_THIS})\s{{1,2}})?(?:{_WEEKDAY})",
}
_READ: dict[str, Callable[[str, Known], date | None]] = {
    "near": _near, "after": _after, "numbers": _numbers, "named": _named, "of_month": _of_month, "edge": _edge,
    "week": _week, "weekday": _weekday,
}  # fmt: skip
_ANY = re.compile(
    _BEFORE + "(?:" + "|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items()) + ")" + _AFTER
)
