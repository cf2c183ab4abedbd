"""Text and charts of the slides turned into the geometry of SVG; the templates draw it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from roadmaps.slides import design
from roadmaps.slides.boxes import Cell, Chart, Paragraph, Row, Table, Text
from roadmaps.slides.measure import BULLET, height_of, lines_of, natural_width, width_of
from roadmaps.slides.tables import PAD_X

BASELINE: Final = (
    0.94  # of the size under the top of a line of 1.2 sizes: ascent of Calibri and half the leading
)
ANCHORS: Final = {"left": "start", "center": "middle", "right": "end"}
AXIS: Final = 24.0  # under columns and lines for the dates


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of text at a baseline; whatever typeface the reader has, it takes `length` points."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    is_bold: bool = False
    anchor: str = "start"

    @property
    def length(self) -> float:
        return natural_width(self.text, self.size, is_bold=self.is_bold)


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle, or with `points` a line through them, or with `radius` a dot."""

    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    colour: str = ""
    points: str = ""
    radius: float = 0


def words_of(box: Text) -> list[Words]:
    """The lines of a box of text."""
    return list(_lines(box.paragraphs, box.x, box.y, box.width, box.height, box.anchor))


def _lines(
    paragraphs: tuple[Paragraph, ...], x: float, y: float, width: float, height: float, anchor: str
) -> Iterator[Words]:
    spare = height - height_of(paragraphs, width)
    y += {"top": 0, "middle": spare / 2, "bottom": spare}[anchor]
    for number, paragraph in enumerate(paragraphs):
        y += paragraph.before if number else 0
        indent = BULLET if paragraph.is_bullet else 0
        if paragraph.is_bullet:
            yield _at(x, y, "•", paragraph)
        for runs in lines_of(paragraph, width):
            total = sum(width_of(run.text, run.style) for run in runs)
            start = {"left": x + indent, "center": x + (width - total) / 2, "right": x + width - total}
            place = start[paragraph.align]
            for run in runs:
                style = run.style
                if paragraph.align != "left" and len(runs) == 1:
                    at = x + (width if paragraph.align == "right" else width / 2)
                    anchor_word = ANCHORS[paragraph.align]
                else:
                    at, anchor_word = place, "start"
                yield Words(
                    at,
                    y + style.size * BASELINE,
                    run.text,
                    style.size,
                    style.colour,
                    style.is_bold,
                    anchor_word,
                )
                place += width_of(run.text, style)
            y += paragraph.leading


def _at(x: float, y: float, text: str, paragraph: Paragraph) -> Words:
    style = paragraph.runs[0].style
    return Words(x, y + style.size * BASELINE, text, style.size, design.ACCENT, True)


def table_of(table: Table) -> tuple[list[Mark], list[Words]]:
    """Grounds and rules of a table, and its text."""
    marks: list[Mark] = []
    words: list[Words] = []
    y = table.y
    for number, row in enumerate(table.rows):
        if row.kind == "total":
            marks.append(Mark(table.x, y, table.width, row.height, design.PALE))
        x = table.x
        for cell, width in zip(row.cells, table.widths, strict=True):
            words += _cell(cell, x, y, width, row, table.pad)
            x += width
        y += row.height
        strong = row.kind == "head" or (
            number + 1 < len(table.rows) and table.rows[number + 1].kind == "total"
        )
        marks.append(
            Mark(
                table.x,
                y - (0.75 if strong else 0.4),
                table.width,
                1.5 if strong else 0.75,
                design.ACCENT if strong else design.LINE,
            )
        )
    return marks, words


def _cell(cell: Cell, x: float, y: float, width: float, row: Row, pad: float) -> Iterator[Words]:
    room = (x + PAD_X, y + pad, width - 2 * PAD_X, row.height - 2 * pad)
    return _lines(cell.paragraphs, *room, "bottom" if row.kind == "head" else "top")


def chart_of(chart: Chart) -> tuple[list[Mark], list[Words]]:
    """Marks and words of a chart, in the manner of its kind."""
    return {"bars": _bars, "columns": _columns, "lines": _lines_chart}[chart.kind](chart)


def _bars(chart: Chart) -> tuple[list[Mark], list[Words]]:
    marks: list[Mark] = []
    words: list[Words] = []
    step = chart.height / max(1, len(chart.categories))
    for number in range(len(chart.categories)):
        y = chart.y + number * step
        for series in chart.series:
            value = series.values[number] or 0
            width = chart.width * value / (chart.top or 1)
            marks.append(
                Mark(chart.x, y + step * (1 - chart.share) / 2, width, step * chart.share, series.colour)
            )
            if series.labels:
                words.append(_label(chart.x + width + 6, y + step / 2 + 5, series.labels[number], design.INK))
    return marks, words


def _columns(chart: Chart) -> tuple[list[Mark], list[Words]]:
    marks = [Mark(chart.x, chart.y + chart.height - AXIS, chart.width, 0.75, design.GREY)]
    words: list[Words] = []
    step = chart.width / len(chart.categories)
    room = chart.height - AXIS
    for number, category in enumerate(chart.categories):
        x = chart.x + number * step
        base = chart.y + room
        for series in chart.series:
            height = room * (series.values[number] or 0) / (chart.top or 1) if series.colour else 0
            label = series.labels[number] if series.labels else ""
            if series.colour:
                left = x + step * (1 - chart.share) / 2
                marks.append(Mark(left, base - height, step * chart.share, height, series.colour))
                words.append(
                    _label(x + step / 2, base - height / 2 + 4, label, series.label_colour, "middle")
                )
            else:
                words.append(_label(x + step / 2, base - 6, label, series.label_colour, "middle", True))
            base -= height
        words.append(
            Words(x + step / 2, chart.y + chart.height - 6, category, 12, design.MUTED, False, "middle")
        )
    return marks, [word for word in words if word.text]


def _lines_chart(chart: Chart) -> tuple[list[Mark], list[Words]]:
    room, step = chart.height - AXIS, chart.width / len(chart.categories)
    marks = [Mark(chart.x, chart.y + room, chart.width, 0.75, design.GREY)]
    words: list[Words] = []
    for number, category in enumerate(chart.categories):
        x = chart.x + (number + 0.5) * step
        words.append(Words(x, chart.y + chart.height - 6, category, 12, design.MUTED, False, "middle"))
    for series in chart.series:
        points = []
        for number, value in enumerate(series.values):
            if value is None:
                continue
            x = chart.x + (number + 0.5) * step
            y = chart.y + room * (1 - value / (chart.top or 1))
            points.append(f"{x:.1f},{y:.1f}")
            marks.append(Mark(x, y, colour=series.colour, radius=3.5))
            if series.labels and series.labels[number]:
                words.append(_label(x, y - 9, series.labels[number], series.label_colour, "middle", True))
        marks.append(Mark(colour=series.colour, points=" ".join(points)))
    return marks, words


def _label(x: float, y: float, text: str, colour: str, anchor: str = "start", is_bold: bool = False) -> Words:
    return Words(x, y, text, 14, colour or design.INK, is_bold, anchor)
