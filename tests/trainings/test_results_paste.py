"""A table copied from Excel finds its people and columns in the grid (R35)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.results_paste import is_same_person, lines_of, paste_sheet, paste_text, read_headings
from trainings.results_rows import GridRow
from upsell_crm.core.spreadsheets import Sheet

INVITED = [
    GridRow({"name": "Орехов Павел Сергеевич"}, who="1"),
    GridRow({"name": "Лапина Ирина Юрьевна"}, who="2"),
]


def cells(rows: list[GridRow], *codes: str) -> list[tuple[str, ...]]:
    """These columns of the grid."""
    return [tuple(row.cells.get(code, "") for code in codes) for row in rows]


def test_headings_are_recognised_in_any_order() -> None:
    """R35: a heading row in Russian; columns that nobody knows are named and left out."""
    text = "Тест\tФИО\tПодразделение\tБыл\tОценка\n85\tЛапина Ирина Юрьевна\tСуд\tда\t4,5\n70\tНовиков Пётр\tСуд\t+\t\n"
    pasted = paste_text(INVITED, text)
    assert cells(pasted.rows, "name", "attended", "test", "reaction") == [
        ("Орехов Павел Сергеевич", "", "", ""),
        ("Лапина Ирина Юрьевна", "да", "85", "4,5"),
        ("Новиков Пётр", "+", "70", ""),
    ]
    assert (pasted.taken, pasted.unknown) == (2, ("Подразделение",))


def test_without_headings_the_usual_order_is_meant() -> None:
    """R35: name, came, minutes, test before, test, reaction, activation."""
    pasted = paste_text([], "Лапина Ирина\tда\t90\t40\t85\t5\tда\tПолезно\tнет")
    assert cells(pasted.rows, "name", "minutes", "pre_test", "test", "activated", "comment", "can_quote") == [
        ("Лапина Ирина", "90", "40", "85", "да", "Полезно", "нет")
    ]


def test_a_person_is_found_by_surname_and_initials() -> None:
    """R35: the list of the invited keeps its people; a namesake by surname alone is another person."""
    pasted = paste_text(INVITED, "Орехов П. С.\tда\nЛапина\tда\nОрехов Пётр\tнет")
    assert cells(pasted.rows, "name", "attended") == [
        ("Орехов Павел Сергеевич", "да"), ("Лапина Ирина Юрьевна", ""), ("Лапина", "да"), ("Орехов Пётр", "нет"),
    ]  # fmt: skip
    assert [row.who for row in pasted.rows] == ["1", "2", "", ""]


def test_a_column_without_names_is_filled_downwards() -> None:
    """As in a spreadsheet: from the cell of the cursor, down and to the right."""
    pasted = paste_text(INVITED, "80\t4\n70\t5\n60\t3", at=(0, "test"))
    assert cells(pasted.rows, "name", "test", "reaction") == [
        ("Орехов Павел Сергеевич", "80", "4"), ("Лапина Ирина Юрьевна", "70", "5"), ("", "60", "3"),
    ]  # fmt: skip


def test_an_empty_cell_of_the_table_erases_nothing() -> None:
    """Nothing lost: a second table with reactions keeps the tests of the first one."""
    first = paste_text(INVITED, "ФИО\tТест\nЛапина Ирина Юрьевна\t85").rows
    second = paste_text(first, "ФИО\tТест\tОценка\nЛапина Ирина Юрьевна\t\t5").rows
    assert cells(second, "test", "reaction")[1] == ("85", "5")


def test_a_name_in_three_columns_is_one_name() -> None:
    """R35: Фамилия, Имя, Отчество."""
    pasted = paste_text([], "Фамилия\tИмя\tОтчество\tТест\nЛапина\tИрина\tЮрьевна\t85")
    assert cells(pasted.rows, "name", "test") == [("Лапина Ирина Юрьевна", "85")]


def test_a_file_without_headings_loses_nobody() -> None:
    """R35: the first line of a CSV may be a person."""
    sheet = Sheet("csv", ["Лапина Ирина", "да", "90"], [(2, ["Орехов Павел", "нет", ""])])
    assert cells(paste_sheet([], sheet).rows, "name", "attended") == [
        ("Лапина Ирина", "да"),
        ("Орехов Павел", "нет"),
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\tb\r\nc\td", [["a", "b"], ["c", "d"]]),
        ("a;b\nc;d", [["a", "b"], ["c", "d"]]),
        ('"два\nряда"\t5', [["два ряда", "5"]]),
        ("Лапина, Ирина", [["Лапина, Ирина"]]),
        ("\n\n", []),
    ],
)
def test_copied_text_is_cut_into_cells(text: str, lines: list[list[str]]) -> None:
    """R35: tabs of Excel, semicolons of a CSV, a cell of two lines."""
    assert lines_of(text) == lines


def test_a_line_of_people_is_no_heading() -> None:
    """A person called by a word of the headings is still a person."""
    assert read_headings(["Лапина Ирина", "да", "85"]) is None
    assert read_headings(["ФИО", "Явка", "Тест до", "Итоговый тест"]) is not None


@given(st.text(max_size=60))
def test_any_clipboard_is_put_somewhere(text: str) -> None:
    """Whatever is pasted, the people of the list stay where they stand."""
    rows = paste_text(INVITED, text).rows
    assert [row.who for row in rows[:2]] == ["1", "2"]
    assert [row.cells["name"] for row in rows[:2]] == ["Орехов Павел Сергеевич", "Лапина Ирина Юрьевна"]


@given(st.lists(st.sampled_from(["орехов", "п", "павел", "с", "сергеевич", "лапина"]), max_size=3))
def test_likeness_is_mutual(words: list[str]) -> None:
    """One is like the other whichever way they are compared."""
    known = ["орехов", "павел", "сергеевич"]
    assert is_same_person(words, known) == is_same_person(known, words)
