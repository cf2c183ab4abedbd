"""How a file becomes rows, and how hostile or broken ones are refused (R103; faults D13, E6)."""

import os
import resource

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.accounts.imports.files import csv_file, xlsx_file, zip_file
from upsell_crm.core.errors import DomainError
from upsell_crm.core.spreadsheets import csv_for_people, decode, read_sheet, safe_cell

HEAD, ROW = ["Наименование", "ИНН"], ["ООО «Ёлка»; «Хвоя»", "0012345678"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encoding_and_delimiter_are_found_by_themselves(encoding: str, delimiter: str) -> None:
    """R103: all the ways in which Excel, 1C and scripts save a table."""
    row = [cell.replace("Ё", "Е").replace("ё", "е") for cell in ROW] if encoding == "cp1251" else ROW
    sheet = read_sheet(csv_file(HEAD, row, encoding=encoding, delimiter=delimiter))
    assert (sheet.headers, sheet.rows) == (HEAD, [(2, row)])
    assert (sheet.encoding, sheet.delimiter) == (encoding, delimiter)


def test_quotes_line_breaks_and_empty_rows_keep_the_row_numbers() -> None:
    """The number is the one that the person sees in the spreadsheet."""
    text = '"Компания";"ИНН"\r\n"ООО ""Ромашка""\nфилиал";1\r\n;\r\nОАО «Б»;2\r\n'
    sheet = read_sheet(text.encode())
    assert sheet.rows == [(2, ['ООО "Ромашка"\nфилиал', "1"]), (4, ["ОАО «Б»", "2"])]


def test_a_title_above_the_heading_is_passed_over() -> None:
    sheet = read_sheet("Отчёт по клиентам\n\nКомпания;ИНН\nООО;1\n".encode())
    assert sheet.headers == ["Компания", "ИНН"] and sheet.rows == [(4, ["ООО", "1"])]


def test_the_hint_line_of_excel_names_the_delimiter() -> None:
    assert read_sheet("sep=,\nКомпания,ИНН\nООО,1\n".encode()).headers == ["Компания", "ИНН"]


def test_repeated_and_empty_headings_get_names() -> None:
    assert read_sheet("Сумма;;Сумма\n1;2;3\n".encode()).headers[::2] == ["Сумма", "Сумма (3)"]


def test_a_workbook_gives_text_numbers_and_dates_as_people_type_them() -> None:
    from_book = read_sheet(xlsx_file(["Дата", "Сумма", "ИНН", "Да"], [45984, 1.5, "0012", True]))
    assert from_book.rows == [(2, ["45984", "1.5", "0012", "true"])] and from_book.file_format == "xlsx"


def test_further_sheets_are_named() -> None:
    sheet = read_sheet(xlsx_file(HEAD, ROW, sheets=("Клиенты", "Справка")))
    assert "Справка" in sheet.warnings[0]


ZIPPED = b"PK\x03\x04"
NASTY = {
    "nothing": b"",
    "old xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "encrypted xlsx": b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    "pdf": b"%PDF-1.7\n1 0 obj", "png": b"\x89PNG\r\n\x1a\n" + bytes(50), "jpeg": b"\xff\xd8\xff\xe0" + bytes(50),
    "rar": b"Rar!\x1a\x07" + bytes(50), "7z": b"7z\xbc\xaf\x27\x1c" + bytes(50), "gzip": b"\x1f\x8b\x08" + bytes(50),
    "web page": "<html><table><tr><td>ИНН</td></tr></table></html>".encode(),
    "spreadsheet xml": b'<?xml version="1.0"?><Workbook/>',
    "cut short": xlsx_file(HEAD, ROW)[:-300], "only the beginning": xlsx_file(HEAD, ROW)[:40], "half": xlsx_file(HEAD, ROW)[:2500],
    "a zip of anything": zip_file(a=b"1"), "a docx": zip_file(word__document=b"<w/>"), "no entries": zip_file(),
    "a bomb": zip_file(xl__workbook=b"<x/>", xl__sheet=bytes(60_000_000)),
    "too many entries": zip_file(xl__workbook=b"<x/>", **{f"a{number}": b"" for number in range(1001)}),
    "not a workbook inside": zip_file(xl__workbook=b"<workbook>"),
    "billion laughs": zip_file(xl__workbook=b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'),
    "entries above the folder": zip_file(**{"..__..__etc__passwd": b"x"}),
    "an archive in an archive": zip_file(inner=zip_file(a=bytes(1000))),
    "a heading only": csv_file(HEAD), "an empty workbook": xlsx_file(), "a workbook with a heading only": xlsx_file(HEAD),
    "empty lines": b"\r\n\r\n\r\n", "spaces": b"   \n  \n", "one word": "привет".encode(), "only a BOM": b"\xef\xbb\xbf", "half a BOM": b"\xff\xfe",
    "zero bytes inside": b"a;b\n1;\x002\n", "random bytes": bytes(range(256)) * 20,
    "open quotes": 'Компания;ИНН\n"ООО;1\nАО;2\n'.encode(), "text after quotes": 'Компания;ИНН\n"ООО"Ромашка;1\n'.encode(),
    "broken utf-8": ("Компания;ИНН\n" + "Ромашка;1\n" * 50).encode()[:-8] + b"\xd0;2\n",
    "too many rows": b"a;b\n" + b"1;2\n" * 50_001, "too many columns": (";".join("a" * 201) + "\n" + ";" * 200 + "x\n").encode(),
    "too large": b"a;b\n" + bytes(11 * 1024 * 1024),
    "a cell beyond limits": ("a;b\n" + "x" * 200_000 + ";1\n").encode(),
    "a wide workbook": xlsx_file(["a"] * 201, ["1"] * 201),
    "a workbook of the far corner": xlsx_file(*[[]] * 50_002, ["a", "b"]),
    "encrypted entry": zip_file(xl__workbook=b"<x/>").replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
}  # fmt: skip


@pytest.mark.parametrize("content", NASTY.values(), ids=NASTY.keys())
def test_a_hostile_or_broken_file_is_refused_with_a_sentence(content: bytes) -> None:
    """faults E6: never a crash, never a half-read table, and this process does not grow."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DomainError) as refused:
        read_sheet(content)
    assert str(refused.value.message).endswith(".") and refused.value.errors["file"]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 120, f"{grown:.0f} MB"  # the corpus itself holds 60 MB


def test_the_corpus_is_large_enough() -> None:
    assert len(NASTY) >= 40


def test_a_chosen_encoding_that_does_not_fit_is_said() -> None:
    with pytest.raises(DomainError, match="UTF-8"):
        decode("Привет".encode("cp1251"), "utf-8")


def test_the_reader_of_workbooks_has_no_environment_of_ours() -> None:
    """It runs isolated (-I) and imports nothing of the product."""
    source = os.path.join(os.path.dirname(read_sheet.__code__.co_filename), "xlsx_reader.py")
    with open(source, encoding="utf-8") as file:
        text = file.read()
    assert "django" not in text and "upsell_crm" not in text.replace("core/spreadsheets", "")


@pytest.mark.parametrize("cell", ["=1+1", "+7", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"])
def test_no_cell_of_a_downloaded_csv_is_a_formula(cell: str) -> None:
    """faults E4."""
    assert safe_cell(cell) == f"'{cell}"


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip),
            min_size=2,
            max_size=2,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_we_write_we_read(rows: list[list[str]]) -> None:
    """Our own CSV comes back cell for cell (trimmed, formulas with their apostrophe)."""
    sheet = read_sheet(csv_for_people(["Строка", "Текст"], rows))
    assert [cells for _number, cells in sheet.rows] == [
        [safe_cell(cell).strip() for cell in row] for row in rows
    ]
