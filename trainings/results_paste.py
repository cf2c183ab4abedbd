"""A table from a spreadsheet put into the grid: headings recognised, people found by name, nothing overwritten by guess (R35)."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.utils.translation import override

from trainings.results_rows import CODES, COLUMNS, MAX_ROWS, PARTS_OF_NAME, GridRow
from upsell_crm.core.spreadsheets import Sheet, guess_delimiter
from upsell_crm.core.text import normalise

DEFAULT = ("name", "attended", "minutes", "pre_test", "test", "reaction", "activated", "comment", "can_quote")
PASTED_MAX = 4 * MAX_ROWS  # lines that are looked at; more is a mistake of the clipboard


@dataclass(frozen=True, slots=True)
class Headings:
    """What the columns of a table are: place → code of the grid, place → part of a name, and what nobody understood."""

    codes: Mapping[int, str]
    name_parts: Mapping[int, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def has_names(self) -> bool:
        return bool(self.name_parts) or "name" in self.codes.values()

    def cells(self, line: Sequence[str]) -> dict[str, str]:
        """A line of the table as cells of the grid."""
        found = {code: line[place] for place, code in self.codes.items() if place < len(line)}
        if self.name_parts:
            parts = sorted((order, place) for place, order in self.name_parts.items())
            found["name"] = " ".join(
                line[place] for _order, place in parts if place < len(line) and line[place]
            )
        return found


@dataclass(frozen=True, slots=True)
class Pasted:
    """The grid with the table in it, how many lines were put in, and the headings that nobody understood."""

    rows: list[GridRow]
    taken: int = 0
    unknown: tuple[str, ...] = ()


def paste_text(rows: Sequence[GridRow], text: str, *, at: tuple[int, str] | None = None) -> Pasted:
    """Put copied cells into the grid; `at` is the cell of the cursor, for a block without names and headings."""
    lines = lines_of(text)
    if not lines:
        return Pasted(list(rows))
    headings = read_headings(lines[0])
    if headings:
        lines = lines[1:]
    elif at and at[1] != "name":
        return _fill(rows, lines, at)
    else:
        headings = Headings(dict(enumerate(DEFAULT)))
    if not headings.has_names:
        return _fill(rows, lines, (at[0] if at else 0, at[1] if at else ""), headings)
    return _merge(rows, lines, headings)


def paste_sheet(rows: Sequence[GridRow], sheet: Sheet) -> Pasted:
    """The same for a file; without known headings its first line is a person too."""
    lines = [cells for _number, cells in sheet.rows]
    headings = read_headings(sheet.headers)
    if headings is None:
        return _merge(rows, [sheet.headers, *lines], Headings(dict(enumerate(DEFAULT))))
    return _merge(rows, lines, headings) if headings.has_names else _fill(rows, lines, (0, ""), headings)


def lines_of(text: str) -> list[list[str]]:
    """The cells of a copied block: tabs as spreadsheets copy them, else the separator of a CSV."""
    delimiter = "\t" if "\t" in text or not any(mark in text for mark in ";|") else guess_delimiter(text)
    reader = csv.reader(
        io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""), delimiter=delimiter
    )
    lines = [
        [" ".join(cell.split()) for cell in line] for line, _n in zip(reader, range(PASTED_MAX), strict=False)
    ]
    return [line for line in lines if any(line)]


@cache
def _words() -> dict[str, str]:
    """Every known heading → code."""
    words: dict[str, str] = {}
    for column in COLUMNS:
        labels = [column.code]
        for language in ("ru", "en"):
            with override(language):
                labels.append(str(column.label))
        for word in (*labels, *column.words):
            words.setdefault(normalise(word), column.code)
    return words


def read_headings(line: Sequence[str]) -> Headings | None:
    """The headings of a table, or None when most of the cells of this line are no headings."""
    words = [normalise(cell.replace(",", " ")) for cell in line]
    parts = {place: PARTS_OF_NAME[word] for place, word in enumerate(words) if word in PARTS_OF_NAME}
    if 0 not in parts.values():
        parts = {}
    codes: dict[int, str] = {}
    for place, word in enumerate(words):
        code = _words().get(word)
        if code and place not in parts and code not in codes.values():
            codes[place] = code
    unknown = tuple(
        cell for place, cell in enumerate(line) if cell and place not in codes and place not in parts
    )
    if len(codes) + len(parts) <= len(unknown):
        return None
    return Headings(codes, parts, unknown)


def _fill(
    rows: Sequence[GridRow], lines: Iterable[Sequence[str]], at: tuple[int, str], headings: Headings | None = None
) -> Pasted:  # fmt: skip
    """As a spreadsheet does: cell by cell from the cursor, down and to the right; names of known people stay."""
    grid, taken = list(rows), 0
    first_row, code = at
    start = CODES.index(code) if code in CODES else 0
    for offset, line in enumerate(lines):
        cells = headings.cells(line) if headings else dict(zip(CODES[start:], line, strict=False))
        while len(grid) <= first_row + offset:
            grid.append(GridRow())
        grid[first_row + offset] = _with(grid[first_row + offset], cells)
        taken += 1
    return Pasted(grid, taken, headings.unknown if headings else ())


def _merge(rows: Sequence[GridRow], lines: Iterable[Sequence[str]], headings: Headings) -> Pasted:
    """Each person of the table goes to his own line, found by name; strangers are added below."""
    grid = [row for row in rows if not row.is_blank]
    taken = 0
    for line in lines:
        cells = headings.cells(line)
        if not any(cells.values()):
            continue
        taken += 1
        place = find_name([row.cells.get("name", "") for row in grid], cells.get("name", ""))
        if place is None:
            grid.append(GridRow({**dict.fromkeys(CODES, ""), **cells}))
        else:
            cells.pop("name")
            grid[place] = _with(grid[place], cells)
    return Pasted(grid, taken, headings.unknown)


def _with(row: GridRow, cells: Mapping[str, str]) -> GridRow:
    """Empty cells of the table leave what stands; the name of a person of the list is his own."""
    said = {code: text for code, text in cells.items() if text and not (code == "name" and row.who)}
    return GridRow({**row.cells, **said}, who=row.who, is_contact=row.is_contact)


def find_name(names: Sequence[str], name: str) -> int | None:
    """Where this person stands: the same name, or the only one with this surname and initials."""
    wanted = normalise(name).split()
    if not wanted:
        return None
    known = [normalise(one).split() for one in names]
    if wanted in known:
        return known.index(wanted)
    alike = [place for place, words in enumerate(known) if is_same_person(words, wanted)]
    return alike[0] if len(alike) == 1 else None


def is_same_person(one: Sequence[str], other: Sequence[str]) -> bool:
    """«Орехов П. С.», «Орехов Павел» and «Орехов Павел Сергеевич» may be one person; a surname alone is not enough."""
    if min(len(one), len(other)) < 2 or one[0] != other[0]:
        return False
    return all(a.startswith(b) or b.startswith(a) for a, b in zip(one[1:], other[1:], strict=False))
