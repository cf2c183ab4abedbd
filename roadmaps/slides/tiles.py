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
    colours: Sequence[str] = (),
) -> list[Box]:
    """Figures with their words, side by side or one under the other, `step` points apart.

    With `colours` the mark at each is the key to a line of the chart beside them.
    """
    role = _role([figure for figure, _words in figures], width - INDENT)
    boxes: list[Box] = []
    for number, (figure, words) in enumerate(figures):
        paragraphs = (line(figure, role), line(words, "figure_label", before=1))
        height = max(TILE_HEIGHT, height_of(paragraphs, width - INDENT, WIDEST))
        colour, thick = (colours[number], 4.0) if colours else (design.TINT, 2.5)
        boxes.append(Shape(x, y + 3, thick, height - 6, colour, name="mark"))
        boxes.append(Text(x + INDENT, y, width - INDENT, height, paragraphs, "middle", name="figure"))
        x, y = (x, y + max(step, height + 8)) if is_column else (x + step, y)
    return boxes


def _role(figures: Sequence[str], width: float) -> str:
    """One size for all, the largest in which each takes one line."""
    for role in ("figure", "figure_m"):
        if all(width_of(figure, design.STYLES[role], WIDEST) <= width for figure in figures):
            return role
    return "figure_s"
