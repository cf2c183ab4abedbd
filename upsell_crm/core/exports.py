"""Writing tables to files that people open: XLSX with typed cells, CSV for Russian Excel. Knows no business."""

import csv
import io
import tempfile
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import IO, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from upsell_crm.core.errors import DomainError
from upsell_crm.core.spreadsheets import safe_cell

MAX_WIDTH, MIN_WIDTH = 44, 9
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8",
}  # fmt: skip
_SPOOL = 2_000_000  # bytes kept in memory before the file goes to disk


class Kind(StrEnum):
    """What a column holds: it decides the cell's type, format and side."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"  # already in per cent, 72 = 72 %
    DAY = "day"
    YES_NO = "yes_no"

    @property
    def is_number(self) -> bool:
        return self in (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.PERCENT)


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a file."""

    label: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class File:
    """A file on its way to the reader."""

    name: str
    content_type: str
    content: IO[bytes] | Generator[bytes, None, None]


def check_format(file_format: str) -> None:
    """Raises DomainError for anything but the formats that are written here."""
    if file_format not in CONTENT_TYPES:
        raise DomainError("unknown_format", _("Files come as XLSX or CSV."))


_NUMBER_FORMATS = {
    Kind.INTEGER: "#,##0", Kind.DECIMAL: "0.0", Kind.MONEY: "#,##0.00", Kind.PERCENT: "0", Kind.DAY: "dd.mm.yyyy",
}  # fmt: skip


def xlsx_file(
    headings: Sequence[Heading],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str,
    parameters: Sequence[tuple[str, Any]],
) -> tuple[IO[bytes], int]:
    """(an open file at its start, rows written): frozen heading, autofilter, typed cells, sheet «Параметры».

    Row by row in flat memory. Text is always written as text, so that no cell becomes a formula (faults E4).
    """
    target = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 - the response closes it
    workbook = Workbook(target, {"constant_memory": True, "strings_to_urls": False})
    number = _write_table(workbook, workbook.add_worksheet(sheet[:31]), headings, rows)
    _write_parameters(workbook, workbook.add_worksheet(_("Parameters")[:31]), parameters)
    workbook.close()
    target.seek(0)
    return target, number


def csv_lines(headings: Sequence[Heading], rows: Iterable[Sequence[Any]]) -> Generator[bytes, None, None]:
    """UTF-8 with BOM, semicolons, decimal comma, CRLF, a line at a time; nothing runs as a formula."""
    yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
    yield _csv_line([safe_cell(heading.label) for heading in headings])
    for row in rows:
        yield _csv_line(
            [_csv_cell(heading.kind, value) for heading, value in zip(headings, row, strict=True)]
        )


def _write_table(
    workbook: Workbook, sheet: Worksheet, headings: Sequence[Heading], rows: Iterable[Sequence[Any]]
) -> int:
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {kind: workbook.add_format({"num_format": shown}) for kind, shown in _NUMBER_FORMATS.items()}
    for column, heading in enumerate(headings):
        width = max(MIN_WIDTH, min(MAX_WIDTH, len(heading.label) + 3))
        sheet.set_column(column, column, 32 if heading.kind is Kind.TEXT and column == 1 else width)
        sheet.write_string(0, column, heading.label, bold)
    sheet.freeze_panes(1, 2)
    number = 0
    for number, row in enumerate(rows, start=1):
        for column, (heading, value) in enumerate(zip(headings, row, strict=True)):
            _write_cell(sheet, number, column, heading.kind, value, formats)
    sheet.autofilter(0, 0, number, len(headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    return number


def _write_cell(
    sheet: Worksheet, row: int, column: int, kind: Kind, value: Any, formats: dict[Kind, Format]
) -> None:
    if value is None or value == "":
        return  # no data is an empty cell; a known zero is 0
    if kind.is_number:
        sheet.write_number(row, column, float(value), formats[kind])
    elif kind is Kind.DAY:
        sheet.write_datetime(row, column, value, formats[kind])
    else:
        sheet.write_string(row, column, _words(kind, value))


def _write_parameters(workbook: Workbook, sheet: Worksheet, parameters: Sequence[tuple[str, Any]]) -> None:
    bold = workbook.add_format({"bold": True})
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 80)
    for row, (name, value) in enumerate(parameters):
        sheet.write_string(row, 0, str(name), bold)
        sheet.write_string(row, 1, str(value))


def _csv_cell(kind: Kind, value: Any) -> str:
    if value is None or value == "":
        return ""
    if kind.is_number:
        return str(value).replace(".", ",")
    return safe_cell(date_format(value, "d.m.Y") if isinstance(value, date) else _words(kind, value))


def _words(kind: Kind, value: Any) -> str:
    if kind is Kind.YES_NO:
        return _("yes") if value else _("no")
    return str(value)


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()
