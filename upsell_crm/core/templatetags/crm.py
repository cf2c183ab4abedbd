"""Template tags of the product: money, dates relative to today, charts as SVG (no inline style)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upsell_crm.core import charts, clock
from upsell_crm.core.icons import ICONS
from upsell_crm.core.navigation import reasons_for

register = template.Library()

DASH = "—"
SLACK_SOON = 20  # working days: from here on a renewal is near (product.md §3.1)


@register.filter
def dash(value: Any) -> Any:
    """An em dash for what is not known; zero is known."""
    return DASH if value is None or value == "" else value


@register.filter
def number(value: Any) -> str:
    """A number with thin groups; decimals only where they say something."""
    if value is None or value == "":
        return DASH
    amount = charts.decimal_of(value)
    is_whole = amount == amount.to_integral_value()
    return number_format(amount.normalize() if not is_whole else int(amount), force_grouping=True)


@register.filter
def money(value: Any) -> str:
    """Roubles: «1 234 567 ₽», kopecks only when there are some; the sign stays with the number."""
    if value is None or value == "":
        return DASH
    amount = charts.decimal_of(value)
    is_whole = amount == amount.to_integral_value()
    return f"{number_format(amount, 0 if is_whole else 2, force_grouping=True)}\xa0₽"


@register.filter
def percent(value: Any) -> str:
    """A value that is already in per cent, rounded: «72 %»."""
    if value is None or value == "":
        return DASH
    whole = charts.decimal_of(value).quantize(Decimal(1), ROUND_HALF_UP)  # number_format would cut
    return f"{number_format(whole, 0)}\xa0%"


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as ДД.ММ.ГГГГ in the reader's format."""
    return date_format(_date_of(value), "SHORT_DATE_FORMAT") if value else DASH


@register.filter
def moment(value: datetime | None) -> str:
    """A date with the time, Moscow."""
    return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT") if value else DASH


@register.filter
def ago(value: date | datetime | None) -> SafeString | str:
    """«3 дня назад» or «через 2 дня», the exact date in the title."""
    if not value:
        return DASH
    exact = moment(value) if isinstance(value, datetime) else day(value)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, _distance(value))


@register.filter
def slack_words(days: int | None) -> str:
    """The slack before the act-by date in working days, in words (domain.md §4.2)."""
    if days is None:
        return DASH
    if days == 0:
        return _("today is the last day")
    if days < 0:
        return ngettext("late by %(n)s working day", "late by %(n)s working days", -days) % {"n": -days}
    return ngettext("%(n)s working day to spare", "%(n)s working days to spare", days) % {"n": days}


@register.filter
def slack_tone(days: int | None) -> str:
    """The colour beside those words: bad when late or today, warn when near, good otherwise."""
    if days is None:
        return ""
    return "bad" if days <= 0 else "warn" if days <= SLACK_SOON else "good"


@register.filter
def initials(person: Any) -> str:
    """Two letters of a name for an avatar."""
    words = str(person).split()
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def duration(seconds: float | None) -> str:
    """A stretch of time: «0,4 с», «12 с», «3 мин 5 с»."""
    if seconds is None:
        return DASH
    if seconds < 10:
        return _("%(n)s s") % {"n": number_format(round(seconds, 1), 1)}
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("%(n)s s") % {"n": rest}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of core/icons.py; without a label it is decoration for the eyes only."""
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" {}>{}</svg>',
        voice,
        mark_safe(ICONS[name]),
    )


@register.inclusion_tag("components/_field.html")
def field(bound: BoundField, hint: str = "", label: str = "") -> dict[str, Any]:
    """A form field with its label, hint and errors tied together for screen readers."""
    kind = getattr(bound.field.widget, "input_type", "")
    return {
        "field": bound,
        "hint": hint or bound.help_text,
        "label": label or bound.label,
        "is_checkbox": kind == "checkbox" and not hasattr(bound.field, "choices"),
        "is_group": bound.field.widget.use_fieldset,
    }


@register.inclusion_tag("components/_reasons.html", takes_context=True)
def reasons(context: dict[str, Any], here: str) -> dict[str, Any]:
    """The strip of tabs over the pages of reasons to call; `here` is the URL name of the present one."""
    return {"places": reasons_for(context["request"].user), "here": here}


@register.inclusion_tag("components/_score_bar.html")
def score_bar(row: Any) -> dict[str, Any]:
    """The contributions of `row` as a stacked bar; the same numbers in words for a screen reader."""
    return {"bar": charts.score_bar(row.contributions)}


@register.inclusion_tag("components/_score_legend.html")
def score_legend() -> dict[str, Any]:
    """What the colours of score bars mean."""
    return {"factors": list(enumerate(charts.FACTORS.values(), start=1))}


@register.inclusion_tag("components/_meter.html")
def meter(value: Any, maximum: Any, label: str, tone: str = "") -> dict[str, Any]:
    """How much of a whole: a bar of 100 units; more than the whole is a full bar in a warning colour."""
    part, whole = charts.decimal_of(value), charts.decimal_of(maximum)
    share = part / whole * 100 if whole > 0 else Decimal(0)
    return {
        "width": f"{max(Decimal(0), min(share, Decimal(100))):.1f}",
        "label": label,
        "tone": tone or ("over" if share > 100 else ""),
    }


@register.inclusion_tag("components/_sparkline.html")
def sparkline(values: Iterable[Any], label: str = "") -> dict[str, Any]:
    """A line of values over time, oldest first."""
    numbers = list(values)
    return {"points": charts.sparkline(numbers), "label": label, "last": numbers[-1] if numbers else None}


def _date_of(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _distance(value: date | datetime) -> str:
    days = (clock.today() - _date_of(value)).days
    if days == 0:
        return _("today")
    if abs(days) == 1:
        return _("yesterday") if days > 0 else _("tomorrow")
    if abs(days) > 365:
        return day(value)
    if days > 0:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    return ngettext("in %(n)s day", "in %(n)s days", -days) % {"n": -days}
