"""Cells of the grid of results: what they mean, what is wrong and where (R35)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports.values import CellError
from tests.factories import T
from trainings.index import quality
from trainings.results_rows import CODES, GridRow, facts_of_rows, read_rows, rows_sent, score, yes_no


def line(name: str = "Орехов Павел", **cells: str) -> GridRow:
    """A line with these cells typed."""
    return GridRow({"name": name, **cells})


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("85", "85.00"),
        ("85,5", "85.50"),
        ("85 %", "85.00"),
        ("17/20", "85.00"),
        (" 100 ", "100.00"),
        ("0", "0.00"),
    ],
)
def test_a_test_is_read_as_people_write_it(cell: str, value: str) -> None:
    """R35: Russian decimals, per cent, a part of a whole."""
    assert score(cell) == Decimal(value)


@pytest.mark.parametrize("cell", ["101", "-1", "много", "25/20", "5/0", "NaN"])
def test_a_wrong_test_is_refused(cell: str) -> None:
    """R35: outside 0–100 or no number at all."""
    with pytest.raises(CellError):
        score(cell)


@pytest.mark.parametrize("cell", ["да", "Да", "+", "1", "был", "Присутствовала", "x", "✓", "true"])
def test_who_came_is_read_as_people_mark_it(cell: str) -> None:
    """R35: да, +, 1, a tick."""
    assert yes_no(cell)


@pytest.mark.parametrize("cell", ["нет", "-", "–", "0", "отсутствовал", "false"])
def test_who_did_not_come_is_read_too(cell: str) -> None:
    """R35: нет, −, 0."""
    assert not yes_no(cell)


def test_a_result_means_that_he_came() -> None:
    """R35: a list with tests alone needs no column of attendance."""
    rows, problems = read_rows([line(test="80"), line("Лапина Ирина", pre_test="40")])
    assert problems == []
    assert [row.attended for row in rows] == [True, False]
    assert [row.is_rated for row in rows] == [True, False]


def test_every_wrong_cell_is_named_by_line_and_column() -> None:
    """R35: nothing is lost, all mistakes at once, rows counted as on the screen."""
    rows = [
        line(test="сто"), GridRow(), line("", test="70"), line("Лапина Ирина", attended="нет", reaction="4"),
        line("Лапина  ирина", reaction="7"),
    ]  # fmt: skip
    _read, problems = read_rows(rows)
    assert [(one.row, one.code) for one in problems] == [
        (1, "test"), (3, "name"), (4, "attended"), (5, "reaction"), (5, "name"),
    ]  # fmt: skip


def test_the_form_sends_parallel_lists() -> None:
    """A line keeps its cells together whatever is empty."""
    rows = rows_sent({"who": ["a", ""], "name": ["Орехов", "Лапина"], "test": ["", "70"]})
    assert [(row.who, row.cells["name"], row.cells["test"]) for row in rows] == [
        ("a", "Орехов", ""),
        ("", "Лапина", "70"),
    ]


def test_the_index_before_the_save_is_the_golden_one() -> None:
    """§4.3: 20 invited, 18 came, 4.2, 80, 12 of 18 → 0.78 (R36)."""
    rows = [
        line(f"Слушатель {n}", attended="+", reaction="4,2", test="80", activated="да" if n < 12 else "нет")
        if n < 18 else line(f"Слушатель {n}", attended="нет")
        for n in range(20)
    ]  # fmt: skip
    read, problems = read_rows(rows)
    found = quality(facts_of_rows(read, T))
    assert problems == [] and found is not None
    assert str(found.quantize(Decimal("0.01"))) == "0.78"


@given(st.lists(st.dictionaries(st.sampled_from(CODES), st.text(max_size=12)), max_size=6))
def test_any_text_is_read_or_named(lines: list[dict[str, str]]) -> None:
    """Whatever is pasted, a cell is either a value within its limits or a problem; no exception."""
    rows, problems = read_rows([GridRow(cells) for cells in lines])
    for row in rows:
        assert row.test is None or 0 <= row.test <= 100
        assert row.reaction is None or 1 <= row.reaction <= 5
    assert all(1 <= one.row <= len(lines) for one in problems)
