"""What the client's people have said: needs by department, quotes."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from roadmaps.slides import design, titles
from roadmaps.slides.blocks.pages import Block, table_slides
from roadmaps.slides.boxes import Box, Paragraph, Shape, Slide, Text, cell, line
from roadmaps.slides.frame import content
from roadmaps.slides.measure import WIDEST, height_of, pages_of
from roadmaps.slides.tables import Column, row
from roadmaps.slides.wording import day, joined

PER_SLIDE: Final = 3
OVER: Final = 74.0  # the mark above a quote
APART: Final = 20.0  # between a quote and its person
UNDER: Final = 100.0  # the person under it
SIZES: Final = {
    1: ("quote_huge", "quote_large"),
    2: ("quote_huge", "quote_large", "quote"),
    3: ("quote_large", "quote"),
}

Quote: TypeAlias = Mapping[str, Any]
Card: TypeAlias = tuple[str, Quote]  # the words of a quote that stand on this slide


def needs(block: Block) -> list[Slide]:
    columns = [
        Column(_("Department"), 190),
        Column(_("What is needed"), design.WIDTH - 190 - 216),
        Column(_("Who said it"), 216),
    ]
    rows = [
        row(
            cell(),
            cell(
                line(need["text"], "cell"),
                line(joined(need.get("product"), day(need["on"])), "caption", before=2),
            ),
            cell(
                line(need["person"] or "—", "cell"),
                line(need["position"] or "", "caption", before=2),
            ),
            group=group["department"] or _("Other"),
        )
        for group in block.data["groups"]
        for need in group["needs"]
    ]
    return table_slides(block, titles.needs(block.data), columns, rows)


def quotes(block: Block) -> list[Slide]:
    """One to three quotes on a slide, the fewer the larger; one too long for its column goes on overleaf."""
    title = titles.quotes(block.data)
    slides: list[Slide] = []
    for group in _groups(block.data["quotes"], design.BOTTOM - block.top):
        top = design.TOP if slides else block.top
        boxes = [*([] if slides else block.lead), *_cards(group, top)]
        slides.append(content("quotes", title, block.kicker, boxes, block.sources))
    return slides


def _groups(found: Sequence[Quote], room: float) -> list[list[Card]]:
    """Quotes by slide, alike in number; a quote that needs the whole width stands alone."""
    alone: list[list[Card]] = []
    short: list[Card] = []
    for quote in found:
        if _height([(quote["text"], quote)], 3, "quote") <= room:
            short.append((quote["text"], quote))
        else:
            pages = pages_of([line(quote["text"], "quote_large")], design.span(10), room - OVER - UNDER - 24)
            alone += [[(_joined(page, number, len(pages)), quote)] for number, page in enumerate(pages)]
    count = -(-len(short) // PER_SLIDE)
    edges = [number * len(short) // count for number in range(count + 1)] if count else []
    return [*(short[first:last] for first, last in pairwise(edges)), *alone]


def _joined(page: Sequence[Paragraph], number: int, count: int) -> str:
    """A part of a long quote, with an ellipsis where it goes on."""
    text = "".join(part.text for part in page).strip()
    return ("… " if number else "") + text + (" …" if number < count - 1 else "")


def _cards(group: Sequence[Card], top: float) -> list[Box]:
    """Quotes side by side in the largest size in which all have room; who said them stands on one line."""
    count = len(group)
    room = design.BOTTOM - top
    sizes = SIZES[count][1:] if group[0][0].startswith("… ") or group[0][0].endswith(" …") else SIZES[count]
    role = next((role for role in sizes if _height(group, count, role) <= room), sizes[-1])
    width, step = _columns(count)
    tall = max(height_of([line(text, role)], width, WIDEST) for text, _quote in group)
    boxes: list[Box] = []
    for number, (text, quote) in enumerate(group):
        x = design.MARGIN + number * step
        y = top + OVER
        mark = pgettext("opening quotation mark", "“")
        boxes += [
            Shape(x, top + 4, width, 2.5, design.TINT, name="mark"),
            Text(x, top + 12, 60, 58, (line(mark, "mark"),), name="quotation mark"),
            Text(x, y, width, tall, (line(text, role),), name="quote"),
            Text(x, y + tall + APART, width, room - OVER - tall - APART, tuple(_who(quote)), name="person"),
        ]
    return boxes


def _columns(count: int) -> tuple[float, float]:
    """The width of a quote and the step to the next; a single one keeps to a length that can be read."""
    columns = 10 if count == 1 else 12 // count
    return design.span(columns) - (8 if count > 1 else 0), design.span(columns) + design.GUTTER


def _who(quote: Quote) -> list[Paragraph]:
    shown = [
        line(quote["person"] or "", "cell_strong"),
        line(quote["position"] or "", "cell", before=2),
        line(joined(quote.get("product"), day(quote["on"])), "caption", before=4),
    ]
    return [paragraph for paragraph in shown if paragraph.text]


def _height(group: Sequence[Card], count: int, role: str) -> float:
    width, _step = _columns(count)
    text = max(height_of([line(text, role)], width, WIDEST) for text, _quote in group)
    return OVER + text + APART + max(height_of(_who(quote), width, WIDEST) for _text, quote in group)
