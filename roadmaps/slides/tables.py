"""Rows laid out as native tables over as many pages as they need."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from roadmaps.slides.boxes import Align, Cell, Paragraph, Row, Table, line
from roadmaps.slides.measure import EXACT, WIDEST, Face, height_of, lines_of, pages_of

PAD_X: Final = 8.0  # between the text and the edge of its cell, points
CLOSE: Final = 5.0  # over and under the text
# Space over and under the text, and the roles that grow, for tables that fit on one page.
SIZES: Final = ((14.0, "_huge"), (9.0, "_large"))
GROWING: Final = ("group", "cell", "cell_strong", "caption")
FEW: Final = 4  # rows that may be set as large as can be


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, width in points and the edge its text keeps to."""

    title: str
    width: float
    align: Align = "left"
    is_date: bool = False

    @property
    def is_short(self) -> bool:
        """Numbers and dates stay on one line."""
        return self.is_date or self.align == "right"


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
    """The table page by page, large and roomy where one is enough; the total never stands alone on its page."""
    for pad, suffix in SIZES:
        if suffix == "_huge" and len(rows) > FEW:
            continue
        setting = _Setting(columns, room, alt, pad, suffix)
        pages = setting.tables(
            [_larger(each, suffix) for each in rows], _larger(total, suffix) if total else None
        )
        if len(pages) == 1 and not setting.wraps(pages[0]):
            return pages
    return _Setting(columns, room, alt, CLOSE).tables(rows, total)


@dataclass(frozen=True, slots=True)
class _Setting:
    """How the rows are set: columns, room and the space over and under the text."""

    columns: Sequence[Column]
    room: Room
    alt: str
    pad: float
    suffix: str = ""

    def wraps(self, table: Table) -> bool:
        """Whether a number or a date at the right has to be broken: then the size is too large."""
        return any(
            len(lines_of(paragraph, column.width - 2 * PAD_X, WIDEST)) > 1
            for row in table.rows
            if row.kind == "body"
            for cell, column in zip(row.cells, self.columns, strict=True)
            if column.is_short
            for paragraph in cell.paragraphs
        )

    def tables(self, rows: Sequence[Row], total: Row | None) -> list[Table]:
        head = self._head()
        room = self.room
        parts = [
            part for each in rows for part in self._cut(each, room.bottom - room.top - head.height)
        ]  # fmt: skip
        pages = self._pages(parts, head.height, self._worst(total) if total else 0)
        tables = []
        for number, page in enumerate(pages):
            body = [self._placed(each) for each in self._with_groups(page)]
            if total and number == len(pages) - 1:
                body.append(self._placed(total))
            top = room.first_top if number == 0 and pages[0] is page else room.top
            widths = tuple(column.width for column in self.columns)
            tables.append(Table(room.x, top, widths, (head, *body), self.alt, self.pad))
        return tables

    def _pages(self, rows: list[Row], head: float, total: float) -> list[list[Row]]:
        """As many pages as needed, filled alike: none is left with a single row."""
        heights = [self._worst(each) for each in rows]
        full = self._fill(rows, heights, head, total, 0)
        if len(full) < 2:
            return full
        share = (sum(heights) + total) / len(full)
        for extra in (1.0, 1.1, 1.25):
            even = self._fill(rows, heights, head, total, share * extra)
            if len(even) == len(full):
                return even
        return full

    def _fill(
        self, rows: list[Row], heights: list[float], head: float, total: float, limit: float
    ) -> list[list[Row]]:
        pages: list[list[Row]] = [[]]
        left = self.room.bottom - self.room.first_top - head
        used = 0.0
        for number, (each, height) in enumerate(zip(rows, heights, strict=True)):
            needed = height + (total if number == len(rows) - 1 else 0)
            is_enough = limit and used + height / 2 > limit
            if pages[-1] and (needed > left or is_enough):
                pages.append([])
                left, used = self.room.bottom - self.room.top - head, 0.0
            pages[-1].append(each)
            left -= height
            used += height
        return pages

    def _cut(self, each: Row, height: float) -> list[Row]:
        """A row taller than a page as several."""
        if self._worst(each) <= height:
            return [each]
        parts = [
            pages_of(cell.paragraphs, column.width - 2 * PAD_X, height - 2 * self.pad)
            for cell, column in zip(each.cells, self.columns, strict=True)
        ]
        return [
            replace(
                each, cells=tuple(Cell(tuple(part[place])) if place < len(part) else Cell() for part in parts)
            )
            for place in range(max(map(len, parts)))
        ]

    def _with_groups(self, page: list[Row]) -> list[Row]:
        """The word of the group in the first of its rows on each page."""
        said = ""
        shown = []
        for each in page:
            if each.group and each.group != said:
                said = each.group
                each = replace(each, cells=(Cell((self._group(said),)), *each.cells[1:]))
            shown.append(each)
        return shown

    def _group(self, word: str) -> Paragraph:
        return line(word, f"group{self.suffix}")

    def _head(self) -> Row:
        cells = tuple(Cell((line(column.title, "head"),)) for column in self.columns)
        return self._placed(Row(cells, kind="head"))

    def _placed(self, each: Row) -> Row:
        """The row with its height and its text at the edges of the columns."""
        cells = tuple(
            Cell(tuple(_aligned(paragraph, column.align) for paragraph in cell.paragraphs))
            for cell, column in zip(each.cells, self.columns, strict=True)
        )
        return replace(each, cells=cells, height=self._height(each, EXACT))

    def _worst(self, each: Row) -> float:
        """The height in the widest face, with the word of the group should it be said here."""
        height = self._height(each, WIDEST)
        if not each.group:
            return height
        return max(
            height,
            height_of([self._group(each.group)], self.columns[0].width - 2 * PAD_X, WIDEST) + 2 * self.pad,
        )

    def _height(self, each: Row, face: Face) -> float:
        return 2 * self.pad + max(
            height_of(cell.paragraphs, column.width - 2 * PAD_X, face)
            for cell, column in zip(each.cells, self.columns, strict=True)
        )


def _larger(each: Row, suffix: str) -> Row:
    cells = tuple(
        Cell(
            tuple(
                replace(
                    p,
                    runs=tuple(
                        replace(run, role=run.role + (suffix if run.role in GROWING else ""))
                        for run in p.runs
                    ),
                )
                for p in cell.paragraphs
            )
        )
        for cell in each.cells
    )
    return replace(each, cells=cells)


def _aligned(paragraph: Paragraph, align: Align) -> Paragraph:
    return replace(paragraph, align=align)
