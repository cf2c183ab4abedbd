"""Rows laid out as native tables over as many pages as they need."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from roadmaps.slides.boxes import Align, Cell, Paragraph, Row, Table, line
from roadmaps.slides.measure import WIDEST, height_of, pages_of

PAD_X: Final = 8.0  # between the text and the edge of its cell, points
PAD_Y: Final = 6.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, width in points and the edge its text keeps to."""

    title: str
    width: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Room:
    """The room of a table: the first page may begin lower than the others."""

    x: float
    first_top: float
    top: float
    bottom: float


def row(*cells: Cell, group: str = "") -> Row:
    return Row(cells, group=group)


def tables_of(
    columns: Sequence[Column], rows: Sequence[Row], room: Room, alt: str, total: Row | None = None
) -> list[Table]:
    """The table page by page; the total stands under the last row, and never alone."""
    head = _head(columns)
    rows = [part for each in rows for part in _cut(each, columns, room.bottom - room.top - head.height)]
    pages = _pages(columns, rows, room, head.height, _worst(total, columns) if total else 0)
    tables = []
    for number, page in enumerate(pages):
        body = [_placed(each, columns) for each in _with_groups(page)]
        if total and number == len(pages) - 1:
            body.append(_placed(total, columns))
        top = room.first_top if number == 0 else room.top
        widths = tuple(column.width for column in columns)
        tables.append(Table(room.x, top, widths, (head, *body), alt))
    return tables


def _pages(
    columns: Sequence[Column], rows: list[Row], room: Room, head: float, total: float
) -> list[list[Row]]:
    """Pages filled alike: first as many as needed, then none is left with a single row."""
    heights = [_worst(each, columns) for each in rows]
    full = _fill(rows, heights, room, head, total, limit=0)
    if len(full) < 2:
        return full
    share = (sum(heights) + total) / len(full)
    for extra in (1.0, 1.1, 1.25):
        even = _fill(rows, heights, room, head, total, limit=share * extra)
        if len(even) == len(full):
            return even
    return full


def _fill(
    rows: list[Row], heights: list[float], room: Room, head: float, total: float, limit: float
) -> list[list[Row]]:
    pages: list[list[Row]] = [[]]
    left = room.bottom - room.first_top - head
    used = 0.0
    for number, (each, height) in enumerate(zip(rows, heights, strict=True)):
        needed = height + (total if number == len(rows) - 1 else 0)
        is_enough = limit and used + height / 2 > limit
        if pages[-1] and (needed > left or is_enough):
            pages.append([])
            left, used = room.bottom - room.top - head, 0.0
        pages[-1].append(each)
        left -= height
        used += height
    if len(rows) and not pages[0]:
        pages.pop(0)
    return pages


def _cut(each: Row, columns: Sequence[Column], height: float) -> list[Row]:
    """A row taller than a page as several."""
    if _worst(each, columns) <= height:
        return [each]
    parts = [
        pages_of(cell.paragraphs, column.width - 2 * PAD_X, height - 2 * PAD_Y)
        for cell, column in zip(each.cells, columns, strict=True)
    ]
    return [
        replace(
            each, cells=tuple(Cell(tuple(part[number])) if number < len(part) else Cell() for part in parts)
        )
        for number in range(max(map(len, parts)))
    ]


def _with_groups(page: list[Row]) -> list[Row]:
    """The word of the group in the first of its rows on each page."""
    said = ""
    shown = []
    for each in page:
        if each.group and each.group != said:
            said = each.group
            each = replace(each, cells=(Cell((line(each.group, "group"),)), *each.cells[1:]))
        shown.append(each)
    return shown


def _head(columns: Sequence[Column]) -> Row:
    cells = tuple(Cell((line(column.title, "head"),)) for column in columns)
    return _placed(Row(cells, kind="head"), columns)


def _placed(each: Row, columns: Sequence[Column]) -> Row:
    """The row with its height and its text at the edges of the columns."""
    cells = tuple(
        Cell(tuple(_aligned(paragraph, column.align) for paragraph in cell.paragraphs))
        for cell, column in zip(each.cells, columns, strict=True)
    )
    return replace(each, cells=cells, height=_height(each, columns, 1))


def _aligned(paragraph: Paragraph, align: Align) -> Paragraph:
    return replace(paragraph, align=align)


def _worst(each: Row, columns: Sequence[Column]) -> float:
    group = height_of([line(each.group, "group")], columns[0].width - 2 * PAD_X, WIDEST) + 2 * PAD_Y
    return max(_height(each, columns, WIDEST), group if each.group else 0)


def _height(each: Row, columns: Sequence[Column], stretch: float) -> float:
    return 2 * PAD_Y + max(
        height_of(cell.paragraphs, column.width - 2 * PAD_X, stretch)
        for cell, column in zip(each.cells, columns, strict=True)
    )
