"""Words: why the purchase is justified, and slides the KAM writes freely."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from roadmaps.slides import design, titles
from roadmaps.slides.blocks.pages import READING, Block, text_slides
from roadmaps.slides.boxes import Box, Paragraph, Run, Shape, Slide, Text, line
from roadmaps.slides.frame import content, prose
from roadmaps.slides.measure import WIDEST, height_of, pages_of

LEFT = design.span(8) - 8
RIGHT = design.span(4)
PAD = 16.0


def justification(block: Block) -> list[Slide]:
    """Reasons and points at the left; the law and the procedure in a panel at the right of the first slide."""
    title, data = titles.justification(block.data), block.data
    panel = _panel(block)
    width = LEFT if panel else design.span(10)
    pages = next(
        pages
        for role in ("body_large", "body")
        if len(pages := pages_of(_reasons(data, role), width, design.BOTTOM - block.top)) == 1
        or role == "body"
    )
    slides = []
    for number, page in enumerate(pages):
        top = block.top if number == 0 else design.TOP
        box = Text(design.MARGIN, top, width, design.BOTTOM - top, tuple(page), name="words")
        boxes = [*block.lead, box, *panel] if number == 0 else [box]
        slides.append(content(block.kind, title, block.kicker, boxes, block.sources))
    return slides


def _reasons(data: Mapping[str, Any], role: str) -> list[Paragraph]:
    shown = [Paragraph((Run(text, role),), before=10) for text in data["paragraphs"] if text.strip()]
    points = [text for text in data["points"] if text.strip()]
    return [
        *shown,
        *(
            Paragraph((Run(text, role),), before=16 if place == 0 and shown else 8, is_bullet=True)
            for place, text in enumerate(points)
        ),
    ]


def _panel(block: Block) -> list[Box]:
    rows = (
        (_("Law"), block.data["regime"]),
        (_("Procedure"), block.data["procedure"]),
        (_("Ground"), block.data["legal_ref"]),
    )
    words = [
        paragraph
        for name, value in rows
        if value
        for paragraph in (line(name, "head", before=14), line(value, "cell_strong", before=2))
    ]
    if not words:
        return []
    x = design.MARGIN + design.WIDTH - RIGHT
    height = min(height_of(words, RIGHT - 2 * PAD, WIDEST) + 2 * PAD, design.BOTTOM - block.top)
    page = pages_of(words, RIGHT - 2 * PAD, height - 2 * PAD + 1)[0]
    inner = Text(x + PAD, block.top + PAD, RIGHT - 2 * PAD, height - 2 * PAD, tuple(page), name="procedure")
    return [
        Shape(x, block.top, RIGHT, height, design.PANEL, name="panel"),
        Shape(x, block.top, 3, height, design.ACCENT, name="mark"),
        inner,
    ]


def free(block: Block) -> list[Slide]:
    """The KAM's own slide under the KAM's own title."""
    words = prose(block.data["text"], "body_large")
    if len(pages_of(words, READING, design.HEIGHT)) > 1:
        words = prose(block.data["text"])
    slides = text_slides(block.kind, block.kicker, "", words, block.sources)
    if slides and block.lead:
        slides.insert(0, content(block.kind, block.kicker, "", block.lead, block.sources))
    return slides
