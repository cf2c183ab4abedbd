"""Large figures with a word under each: the numbers that a board remembers."""

from collections.abc import Sequence
from typing import Final

from roadmaps.slides import design
from roadmaps.slides.boxes import Box, Shape, Text, line
from roadmaps.slides.measure import WIDEST, height_of, width_of

TILE_HEIGHT: Final = 62.0
INDENT: Final = 12.0


def tiles(
    figures: Sequence[tuple[str, str]],
    x: float,
    y: float,
    width: float,
    step: float,
    *,
    is_column: bool = False,
) -> list[Box]:
    """Figures with their words, side by side or one under the other, `step` points apart."""
    role = _role([figure for figure, _words in figures], width - INDENT)
    boxes: list[Box] = []
    for figure, words in figures:
        paragraphs = (line(figure, role), line(words, "figure_label", before=1))
        height = max(TILE_HEIGHT, height_of(paragraphs, width - INDENT, WIDEST))
        boxes.append(Shape(x, y + 3, 2.5, height - 6, design.TINT, name="mark"))
        boxes.append(Text(x + INDENT, y, width - INDENT, height, paragraphs, "middle", name="figure"))
        x, y = (x, y + max(step, height + 8)) if is_column else (x + step, y)
    return boxes


def _role(figures: Sequence[str], width: float) -> str:
    """One size for all, the largest in which each takes one line."""
    for role in ("figure", "figure_m"):
        if all(width_of(figure, design.STYLES[role]) * WIDEST <= width for figure in figures):
            return role
    return "figure_s"
