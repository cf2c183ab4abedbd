"""Reading the tables that people bring (CSV, XLSX) and writing cells that no spreadsheet takes for a formula."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from upsell_crm.core.errors import DomainError

MAX_BYTES = 10 * 1024 * 1024  # packed, as uploaded (faults D13)
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 1_000
MAX_ROWS = 50_000
MAX_COLUMNS = 200
XLSX_SECONDS = 30

ENCODINGS = {"utf-8-sig": "UTF-8 (BOM)", "utf-8": "UTF-8", "cp1251": "Windows-1251", "utf-16": "UTF-16",
             "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE", "cp866": "DOS (CP866)", "koi8-r": "KOI8-R"}  # fmt: skip
DELIMITERS = {";": ";", ",": ",", "\t": "Tab", "|": "|"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BINARY_STARTS = {
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"\x1f\x8b": "gzip",
}  # fmt: skip


@dataclass
class Sheet:
    """A table as text: the heading and the rows below it, each with its number in the file."""

    file_format: str  # csv | xlsx
    headers: list[str]
    rows: list[tuple[int, list[str]]]
    encoding: str = ""  # a key of ENCODINGS
    delimiter: str = ""
    warnings: list[str] = field(default_factory=list)


def read_sheet(content: bytes, *, encoding: str = "", delimiter: str = "") -> Sheet:
    """The table in a CSV or XLSX file, told apart by content, never by the file's name.

    Raises DomainError with a sentence that says what to do; nothing of a half-read file is used.
    """
    if not content:
        raise refusal("empty_file", _("The file is empty (0 bytes). Choose the file again."))
    if len(content) > MAX_BYTES:
        raise refusal("file_too_large", _("The file is larger than 10 MB. Split it into parts."))
    if content.startswith(b"PK\x03\x04"):
        records, warnings = _read_xlsx(content)
        return _sheet("xlsx", records, warnings=warnings)
    _refuse_other_formats(content)
    text, encoding = decode(content, encoding)
    text, delimiter = _delimit(text, delimiter)
    return _sheet("csv", _csv_records(text, delimiter), encoding=encoding, delimiter=delimiter)


def refusal(code: str, message: str) -> DomainError:
    """Why a file cannot be read; `code` is for machines."""
    return DomainError(code, message, {"file": [message]})


def decode(content: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and the name of its encoding: by BOM, then UTF-16 by its zero bytes, then UTF-8, else cp1251."""
    if encoding:
        try:
            return content.decode(encoding).removeprefix("\ufeff"), encoding
        except (UnicodeDecodeError, LookupError) as problem:
            name = ENCODINGS.get(encoding, encoding)
            raise refusal(
                "encoding",
                _("The file cannot be read as %(name)s. Choose another encoding.") % {"name": name},
            ) from problem
    guess = _guess_encoding(content)
    try:
        return content.decode(guess).removeprefix("\ufeff"), guess
    except UnicodeDecodeError:
        return _decode_single_byte(content)


def _guess_encoding(content: bytes) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = content[:4000]
    if sample.count(0) * 5 > len(sample):  # ASCII letters and digits of UTF-16 have a zero byte each
        return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
    return "utf-8"


def _decode_single_byte(content: bytes) -> tuple[str, str]:
    """cp1251, unless the file is UTF-8 with a few broken bytes: reading that as cp1251 would spoil every name."""
    patched = content.decode("utf-8", errors="replace")
    letters = sum("а" <= letter.lower() <= "я" for letter in patched)
    broken = patched.count("\ufffd")
    if letters > 10 * broken:
        line = patched[: patched.index("\ufffd")].count("\n") + 1
        raise refusal(
            "damaged_text",
            _("The text of the file is damaged in line %(line)s. Save it again as CSV UTF-8.")
            % {"line": line},
        )
    try:
        return content.decode("cp1251"), "cp1251"
    except UnicodeDecodeError:  # cp1251 has one hole, which DOS files hit at once
        return content.decode("cp866"), "cp866"


def _refuse_other_formats(content: bytes) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refusal("encrypted", _("The workbook is protected by a password. Save it without one."))
        raise refusal("old_xls", _("This is a workbook of the old format XLS. Save it as XLSX or CSV."))
    for start, name in _BINARY_STARTS.items():
        if content.startswith(start):
            raise refusal(
                "not_a_table", _("This is a %(name)s file. Bring a CSV or XLSX file.") % {"name": name}
            )
    if content.lstrip()[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise refusal(
            "not_a_table", _("This is a web page or XML, not a table. Open it and save it as XLSX or CSV.")
        )


# --- CSV ---------------------------------------------------------------------------------------------


def _delimit(text: str, delimiter: str) -> tuple[str, str]:
    first, _newline, rest = text.partition("\n")
    declared = first.strip().lower()
    if declared.startswith("sep=") and len(declared) == 5:  # Excel's own hint line
        return "\n" + rest, delimiter or declared[4]
    if "\0" in text:
        raise refusal("not_a_table", _("This is not a text table. Bring a CSV or XLSX file."))
    return text, delimiter or guess_delimiter(text)


def guess_delimiter(text: str) -> str:
    """The separator that cuts the first records into the most columns, all records alike."""
    sample = text[:20_000]

    def columns(candidate: str) -> tuple[int, int]:
        records = csv.reader(io.StringIO(sample, newline=""), delimiter=candidate)
        widths = [len(record) for record, _number in zip(records, range(20), strict=False) if any(record)]
        widest = max(widths, default=1)
        return (widths.count(widest) if widest > 1 else 0, widest)

    return max(DELIMITERS, key=columns)


def _csv_records(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    try:
        for number, record in enumerate(reader, start=1):
            _refuse_too_large(number, len(record))
            records.append((number, [cell.strip() for cell in record]))
    except csv.Error as problem:
        raise refusal(
            "quotes",
            _("The quotes in line %(line)s do not match. Save the file as CSV again, or as XLSX.")
            % {"line": reader.line_num},
        ) from problem
    return records


def _refuse_too_large(rows: int, columns: int) -> None:
    if rows > MAX_ROWS + 1:
        raise refusal("too_many_rows", _("The file has more than 50,000 rows. Split it into parts."))
    if columns > MAX_COLUMNS:
        raise refusal(
            "too_many_columns", _("The table has more than 200 columns. Leave only the needed ones.")
        )


# --- XLSX --------------------------------------------------------------------------------------------


def _read_xlsx(content: bytes) -> tuple[list[tuple[int, list[str]]], list[str]]:
    check_archive(content)
    command = [
        sys.executable,
        "-I",
        str(Path(__file__).with_name("xlsx_reader.py")),
        str(MAX_ROWS + 1),
        str(MAX_COLUMNS),
    ]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=XLSX_SECONDS, check=False)
    except subprocess.TimeoutExpired as problem:
        raise refusal(
            "too_complex", _("The workbook takes too long to read. Save the sheet as CSV.")
        ) from problem
    lines = done.stdout.decode("utf-8", errors="replace").splitlines()
    if done.returncode != 0 or not lines:
        raise refusal(
            "damaged_workbook",
            _("The workbook is damaged or too large to read. Save it again as XLSX or CSV."),
        )
    head = json.loads(lines[0])
    _raise_reader_problem(head.get("problem", ""))
    warnings = []
    if head["others"]:
        warnings.append(
            _("Only the sheet “%(name)s” is read; others: %(others)s.")
            % {"name": head["name"], "others": ", ".join(head["others"])}
        )
    return [(number, cells) for number, cells in map(json.loads, lines[1:])], warnings


def _raise_reader_problem(problem: str) -> None:
    if problem == "password":
        raise refusal("encrypted", _("The workbook is protected by a password. Save it without one."))
    if problem == "empty":
        raise refusal("no_rows", _("The table has no rows."))
    if problem == "rows":
        _refuse_too_large(MAX_ROWS + 2, 0)
    if problem == "columns":
        _refuse_too_large(0, MAX_COLUMNS + 1)


def check_archive(content: bytes) -> None:
    """Look at the directory of the zip before anything is unpacked (faults E6); raises DomainError."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as problem:
        raise refusal(
            "damaged_workbook", _("The workbook is damaged or cut short. Save it again as XLSX or CSV.")
        ) from problem
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise refusal(
            "archive_bomb", _("The workbook unpacks to far more than a table needs. Save the sheet as CSV.")
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refusal("encrypted", _("The workbook is protected by a password. Save it without one."))
    if "xl/workbook.xml" not in {entry.filename.replace("\\", "/").lower() for entry in entries}:
        raise refusal(
            "not_a_workbook", _("This is an archive, not an XLSX workbook. Save the table as XLSX or CSV.")
        )


# --- both --------------------------------------------------------------------------------------------


def _sheet(
    file_format: str, records: list[tuple[int, list[str]]], *,
    encoding: str = "", delimiter: str = "", warnings: Iterable[str] = (),
) -> Sheet:  # fmt: skip
    filled = [(number, cells) for number, cells in records if any(cells)]
    place = next(
        (i for i, (_n, cells) in enumerate(filled) if sum(map(bool, cells)) > 1), 0
    )  # titles stand above
    if len(filled) < place + 2:
        raise refusal("no_rows", _("The table has no rows below its heading."))
    return Sheet(
        file_format,
        unique_headers(filled[place][1]),
        filled[place + 1 :],
        encoding,
        delimiter,
        list(warnings),
    )


def unique_headers(cells: list[str]) -> list[str]:
    """Headings without line breaks; an empty one is «Column N», a repeated one gets its number."""
    headers: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:200] or _("Column %(number)s") % {"number": number}
        headers.append(name if name not in headers else f"{name} ({number})")
    return headers


def safe_cell(value: object) -> str:
    """Text of a cell for people's CSV: what a spreadsheet would run as a formula gets an apostrophe (faults E4)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_for_people(header: Iterable[object], rows: Iterable[Iterable[object]]) -> bytes:
    """A file that Russian Excel opens by double click: UTF-8 with BOM, semicolons, CRLF, every text quoted."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")
