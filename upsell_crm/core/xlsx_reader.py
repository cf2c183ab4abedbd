"""Reads one XLSX from stdin in a process of its own with little memory, and prints its cells as JSON lines.

Run by core/spreadsheets.py as a script; it imports nothing of the product, so a hostile file meets no secrets.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 30


def text_of(value: Any) -> str:
    """A cell as a person would type it: whole numbers without .0, dates as ISO."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value).strip()


def main(max_rows: int, max_columns: int) -> None:
    """First line: sheet name, the other sheets, or the problem; then [row number, cells] per row."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        book = calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    except calamine.PasswordError:
        return say({"problem": "password"})
    sheets = [book.get_sheet_by_index(index) for index in range(len(book.sheet_names))]
    filled = [sheet for sheet in sheets if sheet.height]
    if not filled:
        return say({"problem": "empty"})
    sheet = filled[0]
    if sheet.height > max_rows:
        return say({"problem": "rows"})
    if sheet.width > max_columns:
        return say({"problem": "columns"})
    say({"name": sheet.name, "others": [other.name for other in filled[1:]]})
    first_row = (sheet.start or (0, 0))[0] + 1
    for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start=first_row):
        say([number, [text_of(cell) for cell in cells]])


def say(line: Any) -> None:
    """One line of the answer."""
    print(json.dumps(line, ensure_ascii=True))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
