"""The commercial offer: what is paid now, by the list and with the discount, line by line, with VAT in words."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from roadmaps.slides import design, titles
from roadmaps.slides.blocks.pages import Block, table_slides
from roadmaps.slides.boxes import Box, Cell, Row, Slide, cell, line
from roadmaps.slides.tables import Column
from roadmaps.slides.tables import row as table_row
from roadmaps.slides.tiles import tiles
from roadmaps.slides.wording import amount, joined, money, number, percent

MANY: Final = 8  # more lines than this for several companies are first summed by product
QUANTITY: Final = 110.0
PRICE: Final = 142.0
DISCOUNT: Final = 96.0
AMOUNT: Final = 184.0

Line = Mapping[str, Any]


def offer(block: Block) -> list[Slide]:
    """The offer with its total; for a holding the sums by product come first and the companies after them."""
    lines = block.data["lines"]
    companies = {each["company"] for each in lines if each.get("company")}
    title = titles.offer(block.data)
    if len(lines) <= MANY or len(companies) < 2:
        return _details(block, title, _figures(block), is_first=True)
    summed = _by_product(block, title)
    rows = ngettext("%(n)s line", "%(n)s lines", len(lines)) % {"n": number(len(lines))}
    whom = npgettext("for whom", "%(n)s company", "%(n)s companies", len(companies)) % {
        "n": number(len(companies))
    }
    words = _("The offer in detail: %(rows)s for %(whom)s") % {"rows": rows, "whom": whom}
    return [*summed, *_details(block, words)]


def _figures(block: Block) -> list[Box]:
    data = block.data
    figures = [(money(data["total"]), _("new contract"))]
    if amount(data["discount_total"]) > 0:
        figures.append((money(data["discount_total"]), _("your discount")))
    if amount(data["current_total"]) > 0:
        figures.append((money(data["current_total"]), _("current contract")))
    if amount(data["expansion"]) > 0:
        figures.append((money(data["expansion"]), pgettext("amount", "expansion")))
    each = design.span(12 // len(figures))
    return tiles(figures, design.MARGIN, block.top, each, each + design.GUTTER)


def _details(block: Block, title: str, over: Sequence[Box] = (), *, is_first: bool = False) -> list[Slide]:
    data = block.data
    columns = [
        Column(_("Product"), design.WIDTH - QUANTITY - PRICE - DISCOUNT - AMOUNT),
        Column(_("Quantity"), QUANTITY, "right"),
        Column(_("Price"), PRICE, "right"),
        Column(_("Discount"), DISCOUNT, "right"),
        Column(pgettext("money", "Amount"), AMOUNT, "right"),
    ]
    is_alike = all(data["vat_words"].startswith(each["vat_words"].rstrip(" .")) for each in data["lines"])
    rows = [_line(each, is_alike) for each in data["lines"]]
    return table_slides(block, title, columns, rows, over, _total(data, len(columns)), is_first=is_first)


def _line(each: Line, is_alike: bool) -> Row:
    before = amount(each["current_amount"])
    return table_row(
        cell(
            line(each["product"], "cell_strong"),
            line(joined(each.get("company"), each["unit"]), "caption", before=2),
        ),
        _seats(int(each["seats_current"] or 0), int(each["seats_new"] or 0)),
        cell(line(money(each["price"]), "cell")),
        cell(line(percent(each["discount_pct"]) or "—", "cell")),
        cell(
            line(money(each["amount"]), "cell_strong"),
            line(_("now %(sum)s") % {"sum": money(before)} if before else "", "caption", before=2),
            line("" if is_alike else each["vat_words"], "caption", before=2),
        ),
    )


def _seats(now: int, new: int) -> Cell:
    return cell(line(f"{number(now)} → {number(new)}" if now and now != new else number(new), "cell"))


def _by_product(block: Block, title: str) -> list[Slide]:
    columns = [
        Column(_("Product"), design.WIDTH - QUANTITY - 60 - 2 * AMOUNT),
        Column(_("Quantity"), QUANTITY + 60, "right"),
        Column(_("Current contract"), AMOUNT, "right"),
        Column(_("New contract"), AMOUNT, "right"),
    ]
    groups: dict[str, list[Line]] = {}
    for each in block.data["lines"]:
        groups.setdefault(each["product"], []).append(each)
    rows = [
        table_row(
            cell(line(product, "cell_strong")),
            _seats(*(sum(int(each[name] or 0) for each in lines) for name in ("seats_current", "seats_new"))),
            cell(line(money(sum(amount(each["current_amount"]) for each in lines)), "cell")),
            cell(line(money(sum(amount(each["amount"]) for each in lines)), "cell_strong")),
        )
        for product, lines in groups.items()
    ]
    return table_slides(block, title, columns, rows, _figures(block), _total(block.data, len(columns)))


def _total(data: Mapping[str, Any], columns: int) -> Row:
    by_list = _("by the list %(sum)s") % {"sum": money(data["list_total"])}
    is_reduced = amount(data["discount_total"]) > 0
    words = cell(
        line(pgettext("of an offer", "Total"), "strong"),
        line(data["vat_words"], "caption", before=2),
        line(data.get("period") or "", "caption", before=2),
    )
    sums = cell(
        line(money(data["total"]), "strong"), line(by_list if is_reduced else "", "caption", before=2)
    )
    return Row((words, *(Cell() for _place in range(columns - 2)), sums), kind="total")
