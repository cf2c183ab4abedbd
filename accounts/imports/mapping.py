"""Which column is what: guesses from the headings, and what people decided for the same headings before."""

import hashlib
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.imports.base import Field, Kind
from accounts.imports.kinds import KINDS
from accounts.imports.values import CellError
from accounts.models import ImportMapping
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User
from upsell_crm.core.text import normalise

UNITS = {
    "тыс": "1000",
    "млн": "1000000",
    "млрд": "1000000000",
    "thousand": "1000",
    "mln": "1000000",
    "million": "1000000",
}
CURRENCIES = {"руб", "рублей", "р", "rub", "₽"}
TYPO = 0.86  # similarity from which a heading counts as a misspelt synonym


def fingerprint(headers: list[str]) -> str:
    """The same for the same set of headings in any order and case."""
    return hashlib.sha256("\n".join(sorted(normalise(header) for header in headers)).encode()).hexdigest()


@cache
def _words(kind: str) -> dict[str, str]:
    """Every known heading of a kind → field code; earlier fields win, exact labels before synonyms."""
    words: dict[str, str] = {}
    for field in KINDS[kind].fields:
        labels = [field.code]
        for language in ("ru", "en"):
            with override(language):
                labels.append(str(field.label))
        for word in (*labels, *field.synonyms):
            words.setdefault(normalise(word), field.code)
    return words


def guess_columns(kind: str, headers: list[str]) -> dict[str, str]:
    """Field code → heading; exact words first, then small misspellings; nothing is guessed twice."""
    words, columns, free = _words(kind), {}, []
    for header in headers:
        code = words.get(normalise(header)) or words.get(_without_units(header))
        if code is None or code in columns:
            free.append(header)
        else:
            columns[code] = header
    for header in free:
        code = _misspelt(normalise(header), words)
        if code and code not in columns:
            columns[code] = header
    return columns


def _without_units(header: str) -> str:
    """«Выручка, тыс. руб.» is «выручка»."""
    dropped = {normalise(unit) for unit in (*UNITS, *CURRENCIES)}
    return " ".join(word for word in normalise(header).split() if word not in dropped)


def guess_options(kind: str, columns: dict[str, str]) -> dict[str, str]:
    """The multiplier that the heading of the revenue itself names."""
    known = {option.code for option in KINDS[kind].options}
    if "multiplier" not in known or "revenue" not in columns:
        return {}
    words = normalise(columns["revenue"]).split()
    return next(({"multiplier": factor} for unit, factor in UNITS.items() if normalise(unit) in words), {})


def _misspelt(header: str, words: dict[str, str]) -> str | None:
    if len(header) < 5:
        return None
    score, best = max((SequenceMatcher(None, header, word).ratio(), word) for word in words)
    return words[best] if score >= TYPO else None


def remembered(kind: str, headers: list[str]) -> ImportMapping | None:
    """What was decided for the same headings last time."""
    return ImportMapping.objects.filter(kind=kind, fingerprint=fingerprint(headers)).first()


def remember(
    kind: str,
    headers: list[str],
    columns: dict[str, str],
    options: dict[str, str],
    source: str,
    by: User | None,
) -> None:
    """Keep the decision for the next file with these headings."""
    ImportMapping.objects.update_or_create(
        kind=kind, fingerprint=fingerprint(headers),
        defaults={"columns": columns, "options": options, "source": source, "updated_by": by},
    )  # fmt: skip


def check_columns(kind: type[Kind], headers: list[str], columns: dict[str, str]) -> dict[str, str]:
    """The mapping as it can be used; raises DomainError for unknown fields or headings and missing columns."""
    fields = {field.code: field for field in kind.fields}
    errors: dict[str, list[Any]] = {}
    for code, header in columns.items():
        if code not in fields:
            errors[code] = [
                _("There is no field “%(field)s”. Known ones: %(known)s.")
                % {"field": code, "known": ", ".join(fields)}
            ]
        elif header and header not in headers:
            errors[code] = [_("The file has no column “%(column)s”.") % {"column": header}]
    used = {code: header for code, header in columns.items() if header}
    for field in kind.fields:
        if field.required and field.code not in used:
            errors[field.code] = [_("Choose the column: %(field)s.") % {"field": field.label}]
    for group in kind.required_together:
        if not set(group) & used.keys():
            labels = " / ".join(str(fields[code].label) for code in group)
            errors[group[0]] = [_("Choose the column: %(field)s.") % {"field": labels}]
    if errors:
        raise DomainError(
            "mapping", " ".join(str(text) for texts in errors.values() for text in texts), errors
        )
    return used


def read_options(kind: type[Kind], given: dict[str, str]) -> dict[str, Any]:
    """Options as values; raises DomainError with the texts per option."""
    known = {option.code: option for option in kind.options}
    parsed: dict[str, Any] = {}
    errors: dict[str, list[Any]] = {}
    for code, text in given.items():
        if code not in known:
            names = ", ".join(known) or "—"
            errors[code] = [
                _("There is no option “%(option)s”. Known ones: %(known)s.")
                % {"option": code, "known": names}
            ]
        elif str(text).strip():
            try:
                parsed[code] = known[code].parse(str(text))
            except CellError as problem:
                errors[code] = [f"{known[code].label}: {problem}"]
    if errors:
        raise DomainError("options", " ".join(text for texts in errors.values() for text in texts), errors)
    return parsed


def heading_of(fields: tuple[Field, ...], columns: dict[str, str], code: str) -> str:
    """The column as the person knows it: the heading of the file, else the label of the field."""
    if header := columns.get(code):
        return header
    labels = {field.code: str(field.label) for field in fields}
    return labels.get(code, "")
