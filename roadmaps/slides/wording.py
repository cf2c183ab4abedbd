"""Numbers, dates and money of the snapshot as the words of the slides, in their language."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from upsell_crm.core.templatetags import crm

NBSP = "\xa0"


def day_of(value: Any) -> date | None:
    """The date of an ISO date or moment."""
    return parse_date(str(value)[:10]) if value else None


def day(value: Any) -> str:
    """«24.11.2026»; "" for none."""
    found = day_of(value)
    return crm.day(found) if found else ""


def full_day(value: Any) -> str:
    """«24 ноября 2026»; "" for none."""
    found = day_of(value)
    return date_format(found, "j E Y").replace(" ", NBSP) if found else ""


def money(value: Any) -> str:
    """«1 234 567 ₽» in one piece; kopecks only where there are some; "" for none."""
    return crm.money(value).replace(" ", NBSP) if value not in (None, "") else ""


def amount(value: Any) -> Decimal:
    """A number of the snapshot; none is zero."""
    return Decimal(str(value)) if value not in (None, "") else Decimal(0)


def number(value: Any) -> str:
    """«12 345»; "" for none."""
    return crm.number(value).replace(" ", NBSP) if value not in (None, "") else ""


def measured(value: Any) -> str:
    """A mark that may be a bare number («3,8» for "3.8") or words; "" for none."""
    try:
        return number(Decimal(str(value))) if value not in (None, "") else ""
    except InvalidOperation:
        return str(value)


def percent(value: Any) -> str:
    """«12,5 %»; "" for none and for nothing."""
    return f"{number(value)}{NBSP}%" if amount(value) else ""


def part_of(part: Any, whole: Any) -> str:
    """«46 из 50»."""
    return _("%(part)s of %(whole)s") % {"part": number(part), "whole": number(whole)}


def joined(*words: Any, by: str = " · ") -> str:
    """What is known of these words in one line."""
    return by.join(str(word) for word in words if word)


def span(starts_on: Any, due_on: Any) -> str:
    """«12.11 – 30.11.2026», one date where there is one; the year is said once."""
    first, last = day_of(starts_on), day_of(due_on)
    if first and last and first != last and first.year == last.year:
        return f"{day(starts_on)[: -len(' 2026')]} – {day(due_on)}"
    return joined(*dict.fromkeys([day(starts_on), day(due_on)]), by=" – ")
