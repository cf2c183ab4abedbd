"""The court load of the client: cases by role and period, with the claims."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from roadmaps.slides import design, titles
from roadmaps.slides.blocks.pages import Block
from roadmaps.slides.blocks.usage import key
from roadmaps.slides.boxes import Box, Chart, Series, Slide
from roadmaps.slides.frame import content
from roadmaps.slides.tiles import tiles
from roadmaps.slides.wording import amount, day, money, number, percent

PERIODS: Final = 7  # the latest


def court_load(block: Block) -> list[Slide]:
    periods = block.data["periods"][-PERIODS:]
    boxes: list[Box] = [*block.lead]
    if periods:
        boxes += [*_columns(periods, block.top), *_figures(block, periods[-1])]
    return [content(block.kind, titles.court_load(block.data), block.kicker, boxes, block.sources)]


def _columns(periods: list[Mapping[str, Any]], top: float) -> list[Box]:
    roles = (
        ("plaintiff", pgettext("cases", "as plaintiff"), design.ACCENT, design.WHITE),
        ("defendant", pgettext("cases", "as defendant"), design.TINT, design.INK),
        ("other", pgettext("cases", "other roles"), design.GREY, design.INK),
    )
    shown = [role for role in roles if any(int(period[role[0]] or 0) for period in periods)]
    sums = [sum(int(period[role[0]] or 0) for role in roles) for period in periods]
    most = max(*sums, 1)
    series = [
        Series(
            name,
            tuple(float(period[code] or 0) for period in periods),
            colour,
            tuple(_inside(int(period[code] or 0), most) for period in periods),
            ink,
        )
        for code, name, colour, ink in shown
    ]
    totals = Series(_("all cases"), tuple(map(float, sums)), "", tuple(map(number, sums)), design.INK)
    words = "; ".join(f"{day(period['as_of'])}: {number(period['cases'])}" for period in periods)
    chart = Chart(
        design.MARGIN,
        top + 26,
        design.span(8),
        design.BOTTOM - top - 26,
        "columns",
        tuple(day(period["as_of"]) for period in periods),
        (*series, totals),
        _("Court cases by date") + ": " + words,
        top=most * 1.12,
        share=max(0.2, 0.55 * min(1.0, len(periods) / 4)),
    )
    return [*key(*((name, colour) for _code, name, colour, _ink in shown), x=design.MARGIN, y=top), chart]


def _inside(count: int, most: int) -> str:
    """A label in its segment, where the segment is tall enough for it."""
    return number(count) if count >= most * 0.08 else ""


def _figures(block: Block, last: Mapping[str, Any]) -> list[Box]:
    figures = [(number(last["cases"]), _("cases on %(day)s") % {"day": day(last["as_of"])})]
    if amount(last["claims"]):
        figures.append((money(last["claims"]), _("sum of claims")))
    growth = block.data.get("growth_pct")
    if growth:
        sign = "+" if growth > 0 else "−"
        figures.append((f"{sign}{percent(abs(growth))}", _("change of the load")))
    x = design.column_x(8) + 16
    return tiles(figures, x, block.top + 26, design.span(4) - 16, 96, is_column=True)
