"""What cells mean (R103; faults C4)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from accounts.enums import ContractForm, Regime
from accounts.imports import values
from accounts.imports.industries import industry_of_okved, industry_of_sector
from accounts.imports.kinds.companies import REGIMES
from accounts.imports.kinds.contracts import FORMS
from accounts.imports.legal_states import read_legal_state


@pytest.mark.parametrize(("cell", "expected"), [
    ("2026-11-24", date(2026, 11, 24)), ("24.11.2026", date(2026, 11, 24)), ("24/11/26", date(2026, 11, 24)), ("1.2.2027 г.", date(2027, 2, 1)),
    ("2026-11-24 00:00:00", date(2026, 11, 24)), ("24.11.2026 0:00", date(2026, 11, 24)), ("46350", date(2026, 11, 24)), ("46350.5", date(2026, 11, 24)),
])  # fmt: skip
def test_dates(cell: str, expected: date) -> None:
    assert values.day(cell) == expected


@pytest.mark.parametrize("cell", ["0", "1", "60", "01.01.1900", "1900-01-00", "31.12.9999", "9999-12-31", "30.02.2026", "2958465", "9999999",
                                  "завтра", "2026", "24.11", "13/13/2026", "-1", "1e5", "24.11.0026"])  # fmt: skip
def test_ancient_future_and_broken_dates_are_refused(cell: str) -> None:
    """faults C4: serials of 1900 and 9999 are refused with a message."""
    with pytest.raises(values.CellError):
        values.day(cell)


@pytest.mark.parametrize(("cell", "expected"), [
    ("1 234 567,89", "1234567.89"), ("1\u00a0234\u202f567,89 ₽", "1234567.89"), ("1,234,567.89", "1234567.89"), ("1.234.567,89", "1234567.89"),
    ("1234.5", "1234.50"), ("12,5", "12.50"), ("0", "0.00"), ("1e3", "1000.00"), ("360 000 руб.", "360000.00"),
])  # fmt: skip
def test_amounts(cell: str, expected: str) -> None:
    assert values.money(cell) == Decimal(expected)


@pytest.mark.parametrize(
    "cell", ["1.5 млн", "-1", "NaN", "Infinity", "двести", "1,2,3.4.5", "10000000000000"]
)
def test_amounts_that_would_be_guessed_are_refused(cell: str) -> None:
    with pytest.raises(values.CellError):
        values.money(cell)


@pytest.mark.parametrize(("parse", "cell", "expected"), [
    (values.inn, "7707083893", "7707083893"), (values.inn, "7707083893.0", "7707083893"), (values.kpp, "77401001", "077401001"),
    (values.kpp, "773601001", "773601001"), (values.ogrn, "1027700132195", "1027700132195"), (values.phone, "8 (495) 123-45-67", "+74951234567"),
    (values.phone, "+7 495 123-45-67, доб. 5", "+74951234567"), (values.email, "A@B.RU", "a@b.ru"), (values.yes_no, "Да", True), (values.yes_no, "нет", False),
])  # fmt: skip
def test_numbers_and_words(parse: Any, cell: str, expected: Any) -> None:
    assert parse(cell) == expected


@pytest.mark.parametrize(("parse", "cell"), [
    (values.inn, "7707083894"), (values.inn, "7,70708E+09"), (values.inn, "77070838"), (values.kpp, "ABC"), (values.ogrn, "1027700132196"),
    (values.phone, "123"), (values.yes_no, "может быть"), (values.whole(), "1,5"), (values.whole(1, 5), "6"), (values.text(3), "абвг"), (values.end_day, "бессрочный"),
])  # fmt: skip
def test_wrong_cells_are_refused(parse: Any, cell: str) -> None:
    with pytest.raises(values.CellError):
        parse(cell)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_choices_are_read_in_both_languages_whatever_the_reader_speaks(language: str) -> None:
    with override(language):
        form, regime = values.choice(ContractForm, FORMS), values.choice(Regime, REGIMES)
        assert {form("contract"), form("Лицензионный договор"), form("Licence contract")} == {
            ContractForm.CONTRACT
        }
        assert {regime("44-ФЗ"), regime("44-FZ"), regime("fz44"), regime("44")} == {Regime.FZ44}


@pytest.mark.parametrize(("cell", "state", "is_plain"), [
    ("Действующая", "active", True), ("Ликвидирована", "ceased", True), ("Находится в стадии ликвидации", "liquidating", True),
    ("Юридическое лицо признано несостоятельным (банкротом) и открыто конкурсное производство", "liquidating", False),
    ("Регистрирующим органом принято решение о предстоящем исключении", "active", False), ("Исключена из ЕГРЮЛ", "ceased", True),
    ("Деятельность прекращена", "ceased", False), ("находится в процессе реорганизации", "active", False),
])  # fmt: skip
def test_sentences_of_the_register_become_a_state(cell: str, state: str, is_plain: bool) -> None:
    assert read_legal_state(cell) == (state, is_plain)


@pytest.mark.parametrize(("word", "industry"), [
    ("technolgy", "it"), ("software", "it"), ("finance", "bank"), ("telecommunications", "telecom"), ("Розничная торговля", "retail"), ("Банк", "bank"), ("Law firm", "law"),
])  # fmt: skip
def test_sectors_become_industries(word: str, industry: str) -> None:
    assert industry_of_sector(word) == (industry, True)


def test_an_unknown_sector_is_other_and_said_so() -> None:
    assert industry_of_sector("medical") == ("other", False)


@pytest.mark.parametrize(
    ("code", "industry"),
    [
        ("46.66", "retail"),
        ("69.10", "law"),
        ("69.20", "other"),
        ("64.19", "bank"),
        ("99", "other"),
        ("?", "other"),
        ("62.01", "it"),
    ],
)
def test_okved_gives_an_industry(code: str, industry: str) -> None:
    assert industry_of_okved(code) == industry
