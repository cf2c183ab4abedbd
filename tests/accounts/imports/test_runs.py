"""A run from file to undo: modes, second import, progress, rights, what undo refuses (R103)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Company, CompanyYear, Contract, ImportChange, ImportRun, LicenceLine
from accounts.services import imports
from accounts.services.companies import update_company
from tests.accounts.imports.files import (
    EGRUL_1251,
    EGRUL_UTF8,
    MAVEN,
    bring,
    counts,
    csv_file,
    errors,
    needs_shared_data,
    xlsx_file,
)
from tests.factories import Cast, make_company, make_contact, make_contract, make_inn, make_product
from upsell_crm.core import outbox
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import OutboxEvent

pytestmark = pytest.mark.django_db
HEAD = ["Название", "ИНН", "Город"]
GOOD, BAD = ["Альфа", make_inn(1), "Тверь"], ["Бета", "123", "Тула"]


def test_whole_or_nothing_writes_nothing_while_a_row_is_wrong() -> None:
    run = bring("companies", csv_file(HEAD, GOOD, BAD), mode="whole")
    assert (
        run.state == ImportRun.State.FAILED
        and not Company.objects.exists()
        and errors(run)[0][:2] == (3, "ИНН")
    )
    imports.start_run(run, mode="valid")
    assert run.state == ImportRun.State.DONE and Company.objects.count() == 1, (
        "the person may still take the valid rows"
    )


def test_a_dry_run_says_everything_and_writes_nothing() -> None:
    known = make_company("Старое имя", inn=make_inn(2))
    run = bring("companies", csv_file(HEAD, GOOD, ["Новое имя", known.inn, "Тверь"], BAD), dry_run=True)
    known.refresh_from_db()
    assert run.state == ImportRun.State.CHECKED and counts(run) == (1, 1, 0, 1) and known.name == "Старое имя"
    assert [row["action"] for row in run.preview] == ["created", "updated", "rejected"]
    assert ["название", "Старое имя", "Новое имя"] in [
        [name.lower(), old, new] for name, old, new in run.preview[1]["changes"]
    ]


@pytest.mark.slow
def test_five_thousand_rows_with_twenty_bad_ones() -> None:
    """R103: exactly twenty messages with row and column; the second import changes nothing."""
    rows = [[f"Клиент {n}", make_inn(n) if n % 250 else f"{make_inn(n)}000", "Тверь"] for n in range(1, 5001)]
    run = bring("companies", csv_file(HEAD, *rows))
    assert counts(run) == (4980, 0, 0, 20) and [row for row, _column, _text in errors(run)] == list(
        range(251, 5002, 250)
    )
    assert {column for _row, column, _text in errors(run)} == {"ИНН"}
    assert counts(bring("companies", csv_file(HEAD, *rows))) == (0, 0, 4980, 20)


def test_the_same_list_as_a_workbook_changes_nothing() -> None:
    bring("companies", csv_file(HEAD, GOOD))
    assert counts(bring("companies", xlsx_file(HEAD, GOOD))) == (0, 0, 1, 0)


@needs_shared_data
def test_the_russian_list_is_the_same_in_both_encodings() -> None:
    """247 companies; ten liquidated with their date, ten in liquidation or bankrupt."""
    first, second = (bring("companies", path.read_bytes()) for path in (EGRUL_1251, EGRUL_UTF8))
    assert (first.encoding, second.encoding) == ("cp1251", "utf-8-sig")
    assert (counts(first), counts(second)) == ((247, 0, 0, 0), (0, 0, 247, 0))
    assert Company.objects.filter(legal_state="ceased", ceased_on__isnull=False).count() == 10
    assert Company.objects.filter(legal_state="liquidating").count() == 10


@needs_shared_data
def test_the_foreign_list_needs_a_year_and_builds_holdings_by_name() -> None:
    """No ИНН, revenue in millions of dollars without a year, `subsidiary_of` by name."""
    with pytest.raises(DomainError, match="за какой год"):
        bring("companies", MAVEN.read_bytes())
    options = {"multiplier": "90000000", "year": "2016", "currency": "USD × 90"}
    run = bring("companies", MAVEN.read_bytes(), options=options)
    assert counts(run) == (85, 0, 0, 0) and Company.objects.exclude(parent=None).count() == 15
    assert CompanyYear.objects.get(company__name="Acme Corporation").revenue == 99_003_600_000
    assert Company.objects.get(name="Bluth Company").industry == "it", "technolgy"
    assert counts(bring("companies", MAVEN.read_bytes())) == (0, 0, 85, 0), (
        "the options are kept with the headings"
    )


def test_the_mapping_is_kept_for_the_same_headings() -> None:
    strange = ["Кто", "Номерок", "Где"]
    columns = {"name": "Кто", "inn": "Номерок", "city": "Где"}
    bring("companies", csv_file(strange, GOOD), columns=columns)
    again = imports.upload_file(
        by=None, kind="companies", name="x.csv", content=csv_file(strange[::-1], GOOD[::-1])
    )
    assert again.columns == columns


@pytest.mark.slow
def test_a_long_file_goes_to_a_worker_and_is_done_once(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    """Progress is a row; the topic may be delivered twice."""
    rows = [[f"Клиент {n}", make_inn(n), ""] for n in range(1, imports.AT_ONCE + 2)]
    run = imports.upload_file(
        by=cast.titova, kind="companies", name="list.csv", content=csv_file(HEAD, *rows)
    )
    imports.start_check(run)
    assert run.state == ImportRun.State.CHECKING and outbox.drain() == 1
    run.refresh_from_db()
    assert (run.state, run.created, run.progress) == (ImportRun.State.CHECKED, 501, 100)
    imports.start_run(run, mode="whole")
    outbox.drain()
    imports.perform_run(run.pk)
    run.refresh_from_db()
    assert run.state == ImportRun.State.DONE and Company.objects.count() == 501


def test_the_ranking_is_told_once(cast: Cast) -> None:
    """One announcement for the whole file, not one per row."""
    bring("companies", csv_file(HEAD, *[[f"Клиент {n}", make_inn(n), ""] for n in range(1, 41)]))
    assert OutboxEvent.objects.filter(topic="rank_companies").count() == 1


def test_somebody_faster_is_not_overwritten(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """faults B1: the record changed between the check and the write → nothing of the file is written."""
    known = make_company("Альфа", inn=GOOD[1], kpp="")
    original = imports.write_plan

    def late(*args: Any) -> None:
        Company.objects.filter(pk=known.pk).update(version=7)
        original(*args)

    monkeypatch.setattr(imports, "write_plan", late)
    run = bring("companies", csv_file(HEAD, GOOD, ["Гамма", make_inn(3), ""]))
    assert run.state == ImportRun.State.FAILED and "изменили" in run.error and Company.objects.count() == 1


def test_a_bug_in_a_kind_fails_the_run_and_not_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "write_plan", lambda *args: 1 / 0)
    run = bring("companies", csv_file(HEAD, GOOD))
    assert run.state == ImportRun.State.FAILED and "ничего не записано" in run.error


@pytest.mark.parametrize(("login", "kind", "may"), [
    ("rogov", "companies", True), ("rogov", "contracts", False), ("belova", "court_load", True), ("belova", "payments", False),
    ("titova", "contracts", True), ("titova", "companies", True), ("admin", "usage", True), ("vetrov", "companies", False), ("andreeva", "companies", False),
])  # fmt: skip
def test_who_may_import_what(cast: Cast, login: str, kind: str, may: bool) -> None:
    """§3: Researcher and lead clients of their team, BackOffice and the administrator everything."""
    assert imports.may_import(getattr(cast, login), kind) is may


# --- undo --------------------------------------------------------------------------------------------


def test_undo_brings_updates_back_and_removes_what_was_created(cast: Cast) -> None:
    known = make_company("Старое имя", inn=make_inn(2), city="Омск", kam=cast.vetrov)
    run = bring("companies", csv_file(HEAD, ["Новое имя", known.inn, "Тверь"], GOOD), by=cast.titova)
    assert imports.undo_import(run, by=cast.titova) == []
    known.refresh_from_db()
    assert (known.name, known.city, known.search_text.split()[0]) == (
        "Старое имя",
        "Омск",
        "старое",
    ) and Company.objects.count() == 1
    assert run.state == ImportRun.State.UNDONE
    with pytest.raises(DomainError):
        imports.undo_import(run, by=cast.titova)


def test_undo_refuses_what_was_changed_meanwhile_and_says_the_row(cast: Cast) -> None:
    run = bring("companies", csv_file(HEAD, GOOD, ["Гамма", make_inn(3), "Уфа"]))
    update_company(Company.objects.get(name="Гамма"), {"city": "Пермь"}, by=cast.admin)
    obstacles = imports.undo_import(run, by=None)
    assert [issue.row for issue in obstacles] == [3] and Company.objects.count() == 2


def test_undo_refuses_what_others_refer_to() -> None:
    run = bring("companies", csv_file(HEAD, GOOD, ["Гамма", make_inn(3), "Уфа"]))
    make_contact(Company.objects.get(name="Альфа"))
    assert [issue.row for issue in imports.undo_import(run, by=None)] == [2]


@pytest.mark.slow
def test_imports_are_taken_back_in_the_reverse_order() -> None:
    """Contracts of imported companies hold the companies; once the contracts are gone, so may the companies."""
    make_product("casebook")
    companies = bring("companies", csv_file(HEAD, GOOD))
    contracts = bring(
        "contracts",
        csv_file(["ИНН", "Номер", "Начало", "Окончание"], [GOOD[1], "Д-1", "01.02.2026", "31.01.2027"]),
    )
    licences = bring(
        "licences", csv_file(["Номер договора", "Продукт", "Количество"], ["Д-1", "casebook", "5"])
    )
    assert imports.undo_import(companies, by=None) and imports.undo_import(contracts, by=None)
    for run in (licences, contracts, companies):
        assert imports.undo_import(run, by=None) == []
    assert not (Company.objects.exists() or Contract.objects.exists() or LicenceLine.objects.exists())


def test_licences_shifted_by_new_dates_come_back() -> None:
    contract = make_contract(make_company(), ("casebook", 10), number="Д-1")
    run = bring(
        "contracts", csv_file(["ИНН", "Номер", "Дата окончания"], [contract.company.inn, "Д-1", "28.02.2027"])
    )
    assert imports.undo_import(run, by=None) == [] and LicenceLine.objects.get().end_date == date(2027, 1, 31)


@pytest.mark.slow
def test_a_holding_and_a_chain_of_contracts_are_removed_from_the_leaves() -> None:
    head = ["ИНН", "Номер", "Начало", "Окончание", "Продлевает"]
    companies = bring(
        "companies",
        csv_file(
            ["Название", "ИНН", "Головная организация"],
            ["А", make_inn(1), ""],
            ["Б", make_inn(2), "А"],
            ["В", make_inn(3), "Б"],
        ),
    )
    contracts = bring(
        "contracts",
        csv_file(
            head,
            *[
                [make_inn(1), f"Д-{n}", f"01.01.{2020 + n}", f"31.12.{2020 + n}", f"Д-{n - 1}" if n else ""]
                for n in range(5)
            ],
        ),
    )
    assert imports.undo_import(contracts, by=None) == [] and imports.undo_import(companies, by=None) == []
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("login", "may"), [("titova", True), ("admin", True), ("belova", False), ("andreeva", False)]
)
def test_undo_belongs_to_the_author_and_the_administrator(cast: Cast, login: str, may: bool) -> None:
    """§3."""
    run = bring("companies", csv_file(HEAD, GOOD), by=cast.titova)
    if may:
        assert imports.undo_import(run, by=getattr(cast, login)) == []
    else:
        with pytest.raises(NotAllowed):
            imports.undo_import(run, by=getattr(cast, login))


# --- laws --------------------------------------------------------------------------------------------

CITIES = st.sampled_from(["", "Тверь", "Омск", "Уфа"])
ROWS = st.lists(
    st.tuples(st.integers(1, 8), st.sampled_from(["Альфа", "Бета", "Гамма", ""]), CITIES, st.sampled_from(["", "5", "-1", "7"]), st.integers(0, 9)),
    min_size=1, max_size=12,
)  # fmt: skip


def _table(rows: list[Any]) -> bytes:
    head = ["Название", "ИНН", "Город", "Численность", "Головная организация", "Выручка", "Год"]
    return csv_file(head, *[
        [f"{name} {n}" if name else "", make_inn(n), city, staff, make_inn(parent) if parent else "", staff, "2025"] for n, name, city, staff, parent in rows
    ])  # fmt: skip


def _state() -> list[Any]:
    fields = ("name", "inn", "city", "headcount", "parent__inn", "segment", "sort_name", "search_text")
    return [
        *Company.objects.order_by("inn").values_list(*fields),
        *CompanyYear.objects.order_by("company__inn").values_list("company__inn", "year", "revenue"),
    ]


class Laws(TestCase):
    """Whatever stands in the files."""

    @pytest.mark.slow
    @given(ROWS)
    def test_the_second_import_changes_nothing(self, rows: list[Any]) -> None:
        first = bring("companies", _table(rows))
        state = _state()
        second = bring("companies", _table(rows))
        assert first.state == second.state == ImportRun.State.DONE
        assert (second.created, second.updated, second.rejected) == (
            0,
            0,
            first.rejected,
        ) and _state() == state

    @pytest.mark.slow
    @given(ROWS, ROWS)
    def test_undo_restores_everything(self, before: list[Any], rows: list[Any]) -> None:
        bring("companies", _table(before))
        state = _state()
        run = bring("companies", _table(rows))
        if run.can_be_undone:
            assert imports.undo_import(run, by=None) == []
        assert _state() == state and not (
            ImportChange.objects.filter(run=run).exists() and not run.can_be_undone and run.state == "done"
        )


def test_a_row_without_a_name_completes_nothing_that_another_row_makes(db: None) -> None:
    """R103: whoever stands first, the row with the name makes the company, now and the second time."""
    rows = [["", make_inn(1), "Омск"], ["Альфа", make_inn(1), "Тверь"]]
    assert counts(bring("companies", csv_file(HEAD, *rows))) == (1, 0, 0, 1)
    assert counts(bring("companies", csv_file(HEAD, *rows))) == (0, 0, 1, 1)


def test_levels_that_a_file_adds_below_are_counted(db: None) -> None:
    """§2.8.1: five levels; Е hangs below А by this file already when А gets four levels above it."""
    head = ["Название", "ИНН", "Головная организация"]
    chain = [
        ["Б", make_inn(2), ""],
        ["В", make_inn(3), "Б"],
        ["Г", make_inn(4), "В"],
        ["Д", make_inn(5), "Г"],
    ]
    bring("companies", csv_file(head, ["А", make_inn(1), ""], *chain))
    run = bring("companies", csv_file(head, ["Е", make_inn(6), "А"], ["", make_inn(1), "Д"]))
    assert counts(run) == (1, 0, 0, 1) and [row for row, _column, _text in errors(run)] == [3]


def test_holdings_of_a_file_know_their_top(db: None) -> None:
    """§4.10.14: the group of the ranking is there right after the import, and gone after its undo."""
    run = bring(
        "companies",
        csv_file(
            ["Название", "ИНН", "Головная организация"],
            ["А", make_inn(1), ""], ["Б", make_inn(2), "А"], ["В", make_inn(3), "Б"],
        ),
    )  # fmt: skip
    assert set(Company.objects.exclude(name="А").values_list("head__name", flat=True)) == {"А"}
    assert imports.undo_import(run, by=None) == []
    assert not Company.objects.exists()
