"""What a cell of an imported file means: text, numbers, dates, yes/no, words of the domain."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models.company import validate_inn, validate_kpp, validate_ogrn
from accounts.models.contact import to_e164
from upsell_crm.core import clock
from upsell_crm.core.text import normalise

EARLIEST, LATEST = (
    date(1990, 1, 1),
    date(2100, 12, 31),
)  # outside: a broken serial, not a business date (faults C4)
EXCEL_EPOCH = date(1899, 12, 30)
YES = {"да", "yes", "true", "1", "+", "истина", "y", "д"}
NO = {"нет", "no", "false", "0", "-", "ложь", "n", "н"}
OPEN_ENDED = {
    "бессрочный",
    "бессрочно",
    "бессрочная",
    "open ended",
    "open-ended",
    "perpetual",
    "indefinite",
    "∞",
}
EMPTY_WORDS = {"-", "—", "–", "n/a", "#n/a", "#н/д", "null", "none", "нет данных"}
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_DOTTED = re.compile(r"^(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?:\s*г\.?|\s+\d.*)?$")
_SPACES = re.compile(r"[\s\u00a0\u202f'’]+")

Parser = Callable[[str], Any]


class CellError(Exception):
    """Why one cell cannot be taken; the text is shown beside its row and column."""


def text(limit: int = 300) -> Parser:
    """Text of at most `limit` characters, in one line."""

    def parse(cell: str) -> str:
        value = " ".join(cell.split())
        if len(value) > limit:
            raise CellError(_("The text is longer than %(limit)s characters.") % {"limit": limit})
        if "\x00" in value:
            raise CellError(_("The text has characters that cannot be kept."))
        return value

    return parse


def long_text(cell: str) -> str:
    """Text of several lines."""
    return cell.strip()[:5000].replace("\x00", "")


def _digits(cell: str, *lengths: int) -> str:
    """Digits as text; a spreadsheet drops leading zeros and may add «.0»."""
    value = _SPACES.sub("", cell).removesuffix(".0").upper()
    if re.fullmatch(r"\d[.,]?\d*E\+\d+", value):
        raise CellError(
            _("The spreadsheet has rounded this number. Make the column text and enter it again.")
        )
    if value.isdigit() and len(value) + 1 in lengths and len(value) not in lengths:
        return "0" + value
    return value


def _checked(check: Callable[[str], Any], value: str) -> str:
    try:
        check(value)
    except ValidationError as problem:
        raise CellError(problem.messages[0]) from problem
    return value


def inn(cell: str) -> str:
    """Ten or twelve digits with right check digits; a lost leading zero is put back."""
    return _checked(validate_inn, _digits(cell, 10, 12))


def kpp(cell: str) -> str:
    """Nine characters; a lost leading zero is put back."""
    return _checked(validate_kpp, _digits(cell, 9))


def ogrn(cell: str) -> str:
    """Thirteen or fifteen digits with a right check digit."""
    return _checked(validate_ogrn, _digits(cell, 13, 15))


def day(cell: str) -> date:
    """2026-11-24, 24.11.2026, 24/11/26 or an Excel serial number; between 1990 and 2100."""
    value = cell.strip()
    try:
        if found := _ISO.match(value):
            parsed = date(*(int(part) for part in found.groups()))
        elif found := _DOTTED.match(value):
            number, month, year = (int(part) for part in found.groups())
            parsed = date(year + 2000 if len(found[3]) == 2 else year, month, number)
        elif re.fullmatch(r"\d{1,7}(\.\d+)?", value):
            parsed = EXCEL_EPOCH + timedelta(days=int(float(value)))
        else:
            parsed = datetime.strptime(value, "%d %m %Y").date()  # noqa: DTZ007 - a date has no zone
    except (ValueError, OverflowError) as problem:
        raise CellError(_("This is not a date. Write it as 24.11.2026 or 2026-11-24.")) from problem
    if not EARLIEST <= parsed <= LATEST:
        raise CellError(_("The date must be between 1990 and 2100."))
    return parsed


def past_day(cell: str) -> date:
    """A date that has come: what somebody confirmed, measured or paid."""
    value = day(cell)
    if value > clock.today():
        raise CellError(_("The date must not be in the future."))
    return value


def end_day(cell: str) -> date:
    """The last covered day; an open-ended contract is sent back (domain.md §4.9)."""
    if normalise(cell) in {normalise(word) for word in OPEN_ENDED} or cell.strip() == "∞":
        raise CellError(_("An open-ended contract cannot be kept: enter the last covered day."))
    return day(cell)


def decimal(cell: str) -> Decimal:
    """«1 234 567,89», "1,234,567.89", «1234,5 ₽»; words such as «млн» are refused rather than guessed."""
    value = (
        _SPACES.sub("", cell).removesuffix("₽").removesuffix("руб.").removesuffix("руб").removesuffix("р.")
    )
    value = value.replace("−", "-")
    if "," in value and "." in value:
        thousands = "," if value.rindex(".") > value.rindex(",") else "."
        value = value.replace(thousands, "")
    elif value.count(",") > 1:
        value = value.replace(",", "")
    value = value.replace(",", ".")
    try:
        number = Decimal(value)
    except InvalidOperation as problem:
        raise CellError(_("This is not a number.")) from problem
    if not number.is_finite():
        raise CellError(_("This is not a number."))
    return number


def money(cell: str) -> Decimal:
    """Roubles with kopecks, not negative."""
    value = decimal(cell)
    if value < 0:
        raise CellError(_("The amount must not be negative."))
    if value >= Decimal(10) ** 12:
        raise CellError(_("The amount is too large."))
    return value.quantize(Decimal("0.01"))


def whole(lowest: int = 0, highest: int = 2_000_000_000) -> Parser:
    """A whole number within limits."""

    def parse(cell: str) -> int:
        value = decimal(cell)
        if value != value.to_integral_value():
            raise CellError(_("This must be a whole number."))
        if not lowest <= value <= highest:
            raise CellError(
                _("The number must be between %(lowest)s and %(highest)s.")
                % {"lowest": lowest, "highest": highest}
            )
        return int(value)

    return parse


def yes_no(cell: str) -> bool:
    """да/нет, yes/no, true/false, 1/0, +/-."""
    word = cell.strip().lower()
    if word in YES | NO:
        return word in YES
    raise CellError(_("Write “yes” or “no”."))


def email(cell: str) -> str:
    """An address in lower case; the model checks its form."""
    return text(254)(cell).lower()


def phone(cell: str) -> str:
    """+7…; the first number when several stand in the cell."""
    first = re.split(r"[;,\n]", cell)[0].removesuffix(".0")
    try:
        return to_e164(first)
    except ValidationError as problem:
        raise CellError(problem.messages[0]) from problem


def choice(choices: type[Any], synonyms: Mapping[str, Any] | None = None) -> Parser:
    """A code of the enumeration, its label in Russian or English, or a declared synonym; gives the code."""

    @cache
    def table() -> dict[str, Any]:
        known: dict[str, Any] = {}
        for language in ("ru", "en"):
            with override(language):
                known |= {normalise(str(member.label)): member.value for member in choices}
        known |= {normalise(str(member.value)): member.value for member in choices if member.value != ""}
        return known | {normalise(word): member.value for word, member in (synonyms or {}).items()}

    def parse(cell: str) -> Any:
        try:
            return table()[normalise(cell)]
        except KeyError as problem:
            known = ", ".join(str(member.label) for member in choices)
            raise CellError(_("Unknown value. Known ones: %(known)s.") % {"known": known}) from problem

    return parse
