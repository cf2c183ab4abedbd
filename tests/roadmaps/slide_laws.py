"""What every slide must keep, measured in the widest face the text may come out in."""

from dataclasses import dataclass
from itertools import combinations

from roadmaps.slides import design
from roadmaps.slides.boxes import Box, Chart, Picture, Slide, Table, Text
from roadmaps.slides.measure import WIDEST, height_of, lines_of, width_of
from roadmaps.slides.tables import PAD_X

SLACK = 0.6  # points of rounding


@dataclass(frozen=True)
class Area:
    """The ground that a box really takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Area") -> bool:
        return (
            self.left < other.right - SLACK
            and other.left < self.right - SLACK
            and self.top < other.bottom - SLACK
            and other.top < self.bottom - SLACK
        )


def area_of(box: Box) -> Area:
    """The lines of a text and the rows of a table in the widest face; other boxes are as they are."""
    if isinstance(box, Text):
        height = height_of(box.paragraphs, box.width, WIDEST)
        spare = box.height - height
        top = box.y + {"top": 0, "middle": spare / 2, "bottom": spare}[box.anchor]
        return Area(box.x, top, box.x + box.width, top + height)
    if isinstance(box, Table):
        height = sum(2 * box.pad + _tallest(box, row.cells) for row in box.rows)
        return Area(box.x, box.y, box.x + box.width, box.y + height)
    return Area(box.x, box.y, box.x + box.width, box.y + box.height)


def _tallest(table: Table, cells: tuple) -> float:  # type: ignore[type-arg]
    pairs = zip(cells, table.widths, strict=True)
    return max(height_of(cell.paragraphs, width - 2 * PAD_X, WIDEST) for cell, width in pairs)


def overflows(slide: Slide) -> list[str]:
    """Boxes whose content does not fit: lower than the box, over the footer, off the page."""
    found = []
    for box in slide.boxes:
        area = area_of(box)
        if isinstance(box, Text) and (area.top < box.y - SLACK or area.bottom > box.y + box.height + SLACK):
            found.append(
                f"{slide.kind}/{box.name}: text is taller than its box: {box.paragraphs[0].text[:40]}"
            )
        if isinstance(box, Text) and any(_too_wide(box)):
            found.append(
                f"{slide.kind}/{box.name}: a line is wider than its box: {box.paragraphs[0].text[:40]}"
            )
        if area.left < 0 or area.top < 0 or area.right > design.PAGE_WIDTH + SLACK or area.bottom > design.PAGE_HEIGHT + SLACK:  # fmt: skip
            found.append(f"{slide.kind}/{box.name}: off the page")
        is_middle = slide.kind not in ("cover", "contacts") and box.y < design.FOOTER_TOP - 10
        if is_middle and area.bottom > design.FOOTER_TOP - 6 + SLACK:
            found.append(f"{slide.kind}/{box.name}: runs into the footer at {area.bottom:.0f}")
    return found


def _too_wide(box: Text) -> list[bool]:
    return [
        sum(width_of(run.text, run.style, WIDEST) for run in line) > box.width + SLACK
        for paragraph in box.paragraphs
        for line in lines_of(paragraph, box.width, WIDEST)
    ]


def collisions(slide: Slide) -> list[str]:
    """Pairs of texts, tables, charts and pictures that lie over one another."""
    boxes = [box for box in slide.boxes if isinstance(box, Text | Table | Chart | Picture)]
    return [
        f"{slide.kind}: {one.name} and {other.name}"
        for one, other in combinations(boxes, 2)
        if area_of(one).meets(area_of(other))
    ]


def texts_of(slide: Slide) -> list[str]:
    """All words of a slide, box by box."""
    found = []
    for box in slide.boxes:
        if isinstance(box, Text):
            found += [paragraph.text for paragraph in box.paragraphs]
        if isinstance(box, Table):
            found += [p.text for row in box.rows for cell in row.cells for p in cell.paragraphs]
    return found
