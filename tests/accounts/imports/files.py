"""Files of the import stories, made on the spot: none is committed."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings

from accounts.models import ImportRun
from accounts.services.imports import import_now

SHARED = Path(settings.BASE_DIR).parent / "shared" / "data"
EGRUL_1251 = SHARED / "russian_companies" / "companies_egrul_cp1251.csv"
EGRUL_UTF8 = SHARED / "russian_companies" / "companies_egrul_utf8_bom.csv"
MAVEN = SHARED / "maven_crm" / "accounts.csv"
needs_shared_data = pytest.mark.skipif(
    not SHARED.exists(), reason=f"sample lists of others are not at {SHARED}"
)


def csv_file(*rows: list[Any], encoding: str = "utf-8", delimiter: str = ";") -> bytes:
    """A CSV as Excel saves it: CRLF, quotes where needed."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return target.getvalue().encode(encoding)


def xlsx_file(
    *rows: list[Any], sheets: tuple[str, ...] = ("Лист1",), date_format: str = "dd.mm.yyyy"
) -> bytes:
    """A workbook whose first sheet has the rows; further sheets hold one cell."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": date_format}) as book:
        first = book.add_worksheet(sheets[0])
        for place, row in enumerate(rows):
            first.write_row(place, 0, row)
        for name in sheets[1:]:
            book.add_worksheet(name).write(0, 0, "другое")
    return target.getvalue()


def zip_file(**files: bytes) -> bytes:
    """An archive with these entries; `__` in a name stands for `/`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return target.getvalue()


def bring(kind: str, content: bytes, *, by: Any = None, mode: str = "valid", **how: Any) -> ImportRun:
    """Import a file in one go."""
    return import_now(by=by, kind=kind, name=f"{kind}.csv", content=content, mode=mode, **how)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected."""
    return run.created, run.updated, run.unchanged, run.rejected


def errors(run: ImportRun) -> list[tuple[int, str, str]]:
    """Row, column, message."""
    return [(issue.row, issue.column, issue.message) for issue in run.issues.all() if not issue.is_warning]
