"""What the client's people have said: needs by department, quotes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from roadmaps.slides import design, titles
from roadmaps.slides.blocks.pages import Block, table_slides
from roadmaps.slides.boxes import Box, Paragraph, Shape, Slide, Text, cell, line
from roadmaps.slides.frame import content
from roadmaps.slides.measure import WIDEST, height_of, pages_of
from roadmaps.slides.tables import Column, row
from roadmaps.slides.wording import day, joined, who

PER_SLIDE = 3


def needs(block: Block) -> list[Slide]:
    columns = [
        Column(_("Department"), design.span(2) + design.GUTTER),
        Column(_("What is needed"), design.span(6) + design.GUTTER),
        Column(_("Who has said it"), design.span(4)),
    ]
    rows = [
        row(
            cell(),
            cell(line(need["text"], "cell"), line(need.get("product") or "", "caption", before=2)),
            cell(line(who(need) or "—", "cell"), line(day(need["on"]), "caption", before=2)),
            group=group["department"] or _("Other"),
        )
        for group in block.data["groups"]
        for need in group["needs"]
    ]
    return table_slides(block, titles.needs(block.data), columns, rows)


def quotes(block: Block) -> list[Slide]:
    """One to three quotes on a slide, the fewer the larger; one that is too long for its column goes on overleaf."""
    title, found = titles.quotes(block.data), block.data["quotes"]
    slides: list[Slide] = []
    for group in _groups(found, design.BOTTOM - block.top):
        top = block.top if not slides else design.TOP
        boxes = [*block.lead, *_cards(group, top)] if not slides else _cards(group, top)
        slides.append(content("quotes", title, block.kicker, boxes, block.sources))
    return slides


def _groups(found: Sequence[Mapping[str, Any]], room: float) -> list[list[tuple[str, Mapping[str, Any]]]]:
    """Quotes by slide, alike; a quote that needs the whole width stands alone."""
    pieces: list[list[tuple[str, Mapping[str, Any]]]] = []
    short: list[tuple[str, Mapping[str, Any]]] = []
    for quote in found:
        if _height(quote["text"], quote, 3) <= room:
            short.append((quote["text"], quote))
        else:
            pages = pages_of([line(quote["text"], "quote_large")], design.span(10), room - 170)
            pieces += [[("".join(part.text for part in page), quote)] for page in pages]
    count = -(-len(short) // PER_SLIDE)
    for number in range(count):
        first, last = number * len(short) // count, (number + 1) * len(short) // count
        pieces.append(short[first:last])
    return pieces


def _cards(group: Sequence[tuple[str, Mapping[str, Any]]], top: float) -> list[Box]:
    count = len(group)
    columns = 10 if count == 1 else 12 // count
    role = {1: "quote_huge", 2: "quote_large"}.get(count, "quote")
    room = design.BOTTOM - top
    if any(_height(text, quote, count, role) > room for text, quote in group):
        role = "quote_large" if count == 1 else "quote"
    boxes: list[Box] = []
    for number, (text, quote) in enumerate(group):
        x = design.column_x(number * columns)
        width = design.span(columns)
        boxes.append(Shape(x, top + 4, width, 2.5, design.TINT, name="mark"))
        mark = pgettext("opening quotation mark", "“")
        boxes.append(Text(x, top + 12, 60, 62, (line(mark, "mark"),), name="quotation mark"))
        paragraphs = _words(text, quote, role)
        boxes.append(Text(x, top + 74, width, room - 74, tuple(paragraphs), name="quote"))
    return boxes


def _words(text: str, quote: Mapping[str, Any], role: str) -> list[Paragraph]:
    shown = [
        line(text, role),
        line(quote["person"] or "", "cell_strong", before=16),
        line(quote["position"] or "", "cell", before=2),
        line(joined(quote.get("product"), day(quote["on"])), "caption", before=4),
    ]
    return [paragraph for paragraph in shown if paragraph.text]


def _height(text: str, quote: Mapping[str, Any], count: int, role: str = "quote") -> float:
    width = design.span(10 if count == 1 else 12 // count)
    return 74 + height_of(_words(text, quote, role), width, WIDEST)
