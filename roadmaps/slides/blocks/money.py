"""The commercial offer: what is paid now, by the list and with the discount, line by line, with VAT in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from roadmaps.slides import design, titles
from roadmaps.slides.blocks.pages import Block, table_slides
from roadmaps.slides.boxes import Row, Slide, cell, line
from roadmaps.slides.tables import Column
from roadmaps.slides.tables import row as table_row
from roadmaps.slides.tiles import tiles
from roadmaps.slides.wording import amount, joined, money, number, percent


def offer(block: Block) -> list[Slide]:
    data = block.data
    columns = [
        Column(_("Product"), 332),
        Column(_("Quantity"), 110, "right"),
        Column(_("Price"), 142, "right"),
        Column(_("Discount"), 96, "right"),
        Column(pgettext("money", "Amount"), design.WIDTH - 332 - 110 - 142 - 96, "right"),
    ]
    is_alike = all(each["vat_words"] == data["vat_words"] for each in data["lines"])
    rows = [_line(each, is_alike) for each in data["lines"]]
    figures = [(money(data["total"]), _("new contract"))]
    if amount(data["discount_total"]) > 0:
        figures.append((money(data["discount_total"]), _("your discount")))
    if amount(data["current_total"]) > 0:
        figures.append((money(data["current_total"]), _("present contract")))
    if amount(data["expansion"]) > 0:
        figures.append((money(data["expansion"]), pgettext("amount", "expansion")))
    columns_each = 12 // len(figures)
    over = tiles(
        figures,
        design.MARGIN,
        block.top,
        design.span(columns_each),
        design.span(columns_each) + design.GUTTER,
    )
    return table_slides(block, titles.offer(data), columns, rows, over, _total(data))


def _line(each: Mapping[str, Any], is_alike: bool) -> Row:
    now, new = int(each["seats_current"] or 0), int(each["seats_new"] or 0)
    seats = f"{number(now)} → {number(new)}" if now and now != new else number(new)
    before = amount(each["current_amount"])
    return table_row(
        cell(
            line(each["product"], "cell_strong"),
            line(joined(each.get("company"), each["unit"]), "caption", before=2),
        ),
        cell(line(seats, "cell")),
        cell(line(money(each["price"]), "cell")),
        cell(line(percent(each["discount_pct"]) or "—", "cell")),
        cell(
            line(money(each["amount"]), "cell_strong"),
            line(_("now %(sum)s") % {"sum": money(before)} if before else "", "caption", before=2),
            line("" if is_alike else each["vat_words"], "caption", before=2),
        ),
    )


def _total(data: Mapping[str, Any]) -> Row:
    by_list = _("by the list %(sum)s") % {"sum": money(data["list_total"])}
    is_reduced = amount(data["discount_total"]) > 0
    return Row(
        (
            cell(
                line(pgettext("of an offer", "Total"), "strong"),
                line(data.get("period") or "", "caption", before=2),
            ),
            cell(),
            cell(),
            cell(),
            cell(
                line(money(data["total"]), "strong"),
                line(data["vat_words"], "caption", before=2),
                line(by_list if is_reduced else "", "caption", before=2),
            ),
        ),
        kind="total",
    )
