"""What blocks share: the block as the slides see it, tables over pages, text over pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from roadmaps.slides import design
from roadmaps.slides.boxes import Box, Paragraph, Row, Slide, Text
from roadmaps.slides.frame import content
from roadmaps.slides.measure import pages_of
from roadmaps.slides.tables import Column, Room, tables_of

READING = design.span(10)  # a line longer than this is hard to read


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the snapshot with the KAM's words already placed: its content begins at `top`."""

    kind: str
    kicker: str
    data: Mapping[str, Any]
    sources: tuple[str, ...]
    lead: tuple[Box, ...] = ()
    top: float = design.TOP
    as_of: str = ""


def table_slides(
    block: Block,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    over: Sequence[Box] = (),
    total: Row | None = None,
    is_first: bool = True,
) -> list[Slide]:
    """A slide for each page of the table; on the first of the block the KAM's words and the boxes `over` it."""
    first = max((box.y + box.height for box in over), default=block.top - 12) + 12
    first = first if is_first else design.TOP
    room = Room(design.MARGIN, first, design.TOP, design.BOTTOM)
    slides: list[Slide] = []
    for table in tables_of(columns, rows, room, title, total):
        above = [*block.lead, *over] if is_first and not slides else []
        slides.append(content(block.kind, title, block.kicker, [*above, table], block.sources))
    return slides


def text_slides(
    kind: str, title: str, kicker: str, paragraphs: Sequence[Paragraph], sources: Sequence[str] = ()
) -> list[Slide]:
    """Paragraphs over as many slides as they need."""
    return [
        content(
            kind,
            title,
            kicker,
            [Text(design.MARGIN, design.TOP, READING, design.HEIGHT, tuple(page), name="words")],
            sources,
        )
        for page in pages_of(paragraphs, READING, design.HEIGHT)
        if page
    ]
