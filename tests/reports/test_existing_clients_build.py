"""Building the existing-clients report: who is in it, with which numbers, and what a killed build leaves (R37–R39)."""

import random
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from json import loads
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import ContractForm, ContractStatus, Fact, FactResult, OfferPolicy, Regime
from accounts.models import Company, Debt, FactCheck, PotentialEstimate, ProcurementProfile, UsageSnapshot
from accounts.queries import seats_on
from accounts.references import seed_procedures, seed_products
from reports.models import ClientRow, ClientSeats, ReportRun
from reports.references import seed_weights
from reports.services import existing_clients
from reports.services.existing_clients import build_existing_clients
from reports.services.ranking import run_ranking
from tests.factories import (
    Cast,
    T,
    make_calendar,
    make_company,
    make_contract,
    make_line,
    make_product,
    moment,
)
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def references(db: None) -> None:
    seed_products()
    seed_procedures()
    make_calendar()
    seed_weights()


def row_of(company: Company) -> ClientRow:
    return ClientRow.objects.current().get(company=company)


def make_profile(cast: Cast, company: Company, *, days_ago: int = 5, **values: Any) -> None:
    ProcurementProfile.objects.create(company=company, **values)
    FactCheck.objects.create(
        company=company, fact=Fact.PROCUREMENT, result=FactResult.CONFIRMED, checked_by=cast.titova,
        checked_at=moment(T - timedelta(days_ago)),
    )  # fmt: skip


def make_niva(cast: Cast) -> Company:
    """№ 25 of the demo: limit 300 000 ₽, 156 000 ₽ now, five more seats of Casebook wanted."""
    company = make_company("Нива-44", kam=cast.demin, regime=Regime.COMMERCIAL)
    make_contract(company, ("casebook", 3), ("caselook", 2), amount=Decimal(156_000))
    make_profile(
        cast, company, invoice_offer_policy=OfferPolicy.UP_TO_LIMIT, invoice_offer_limit=Decimal(300_000)
    )
    PotentialEstimate.objects.create(
        company=company, product=make_product("casebook"), target_seats=8, verified_at=moment()
    )
    return company


def test_the_report_has_payers_with_a_licence_that_counts_today(cast: Cast) -> None:
    """§5.1: pilots, drafts, former clients and archived companies stay out."""
    client = make_company("Клиент", kam=cast.vetrov)
    make_contract(client, ("casebook", 5))
    make_contract(make_company("Пилот"), ("casebook", 5), kind="trial")
    make_contract(make_company("Черновик"), ("casebook", 5), status="draft", signed_on=None)
    make_contract(make_company("Архив", archived_at=moment()), ("casebook", 5))
    make_company("Без договора")
    run = build_existing_clients(by=None)
    assert (run.state, run.is_current, run.rows_count, run.as_of) == ("done", True, 1, T)
    assert [row.company for row in ClientRow.objects.current()] == [client]


@pytest.mark.parametrize(("days", "standing"), [(14, "expired"), (200, None)])
def test_a_lately_expired_client_is_kept_apart(references: None, days: int, standing: str | None) -> None:
    """§5.1, §4.10.13: at most 60 working days ago, with the seats of its last day."""
    company = make_company()
    end = T - timedelta(days)
    make_contract(company, ("casebook", 20), start_date=end - timedelta(364), end_date=end, status="expired")
    build_existing_clients(by=None)
    row = ClientRow.objects.current().filter(company=company).first()
    assert (row.standing if row else None) == standing
    if row:
        assert (row.seats_total, row.annual_amount) == (20, 0)


def test_a_subsidiary_in_the_heads_framework_is_counted_once(cast: Cast) -> None:
    """§4.10.14, §2.8.12: seats at the end user, money at the payer; the sum is that of the licences."""
    head = make_company("Головная", kam=cast.vetrov)
    child = make_company("ДЗО", kam=cast.vetrov, parent=head, head=head)
    framework = make_contract(
        head, ("casebook", 40), form=ContractForm.FRAMEWORK, amount=Decimal(9_000_000),
        start_date=T - timedelta(364), end_date=T,
    )  # fmt: skip
    make_line(framework, "casebook", 10, end_user_company=child)
    build_existing_clients(by=None)
    assert (row_of(head).standing, row_of(head).seats_total) == ("active", 40)
    assert (row_of(child).standing, row_of(child).seats_total) == ("in_head", 10)
    assert row_of(head).annual_amount == 50 * 36_000, "the framework's ceiling is no sale; its own lines are"
    assert row_of(child).annual_amount == 0
    assert row_of(child).head == head


def test_annual_amount_is_per_365_days(cast: Cast) -> None:
    """§4.1: amount × 365 / days of the contract, summed over running contracts."""
    company = make_company()
    two_years = {"start_date": T, "end_date": T + timedelta(729)}
    make_contract(company, ("casebook", 5), amount=Decimal(200_000), **two_years)
    half = {"start_date": T - timedelta(72), "end_date": T}
    make_contract(company, ("casebook", 1), amount=Decimal(1_000), **half)
    build_existing_clients(by=None)
    assert row_of(company).annual_amount == Decimal("105000.00")


@pytest.mark.slow
def test_story_10_the_five_answers(cast: Cast, references: None) -> None:
    """№ 25 over the limit, № 38 debt, № 22 no data, № 17 up to 450 000, № 27 by history."""
    niva = make_niva(cast)
    debtor = make_company(regime=Regime.COMMERCIAL)
    make_contract(debtor, ("casebook", 2), amount=Decimal(72_000))
    make_profile(cast, debtor, invoice_offer_policy=OfferPolicy.ALLOWED)
    Debt.objects.create(company=debtor, amount=Decimal(50_000), as_of=T)
    unclear = make_company(regime=Regime.COMMERCIAL)
    make_contract(unclear, ("casebook", 25))
    institute = make_company(regime=Regime.FZ44)
    make_contract(institute, ("casebook", 4), amount=Decimal(144_000))
    make_profile(
        cast, institute, invoice_offer_policy=OfferPolicy.ALLOWED, annual_small_left=Decimal(450_000)
    )
    payer = make_company(regime=Regime.COMMERCIAL)
    make_contract(
        payer,
        ("caselook", 4),
        amount=Decimal(96_000),
        form=ContractForm.INVOICE_OFFER,
        paid_on=T - timedelta(300),
    )
    run_ranking(by=None)
    build_existing_clients(by=None)
    answers = {
        company.pk: (
            row_of(company).offer,
            row_of(company).data["reasons"][0]["code"],
            row_of(company).offer_limit,
        )
        for company in (niva, debtor, unclear, institute, payer)
    }
    assert list(answers.values()) == [
        ("no", "over_limit", 300_000), ("no", "debt", 600_000), ("unknown", "unknown_policy", None),
        ("limit", "fz44_limit", 450_000), ("limit", "history", 96_000),
    ]  # fmt: skip
    assert row_of(niva).offer_amount == 336_000


def test_a_product_with_an_individual_contract_refuses(cast: Cast, references: None) -> None:
    """§5.3 row 3: paid lines of the nearest contract and products with Δ."""
    company = make_company(regime=Regime.COMMERCIAL)
    make_contract(company, ("casebook", 2))
    make_profile(cast, company, invoice_offer_policy=OfferPolicy.ALLOWED)
    case_one = make_product("case_one", needs_contract=True)
    PotentialEstimate.objects.create(company=company, product=case_one, target_seats=1, verified_at=moment())
    run_ranking(by=None)
    build_existing_clients(by=None)
    assert row_of(company).data["reasons"][0] == {
        "row": 3, "code": "product_needs_contract", "answer": "no", "params": {"products": [case_one.code]}
    }  # fmt: skip


def test_ranking_columns_come_from_the_current_ranking(cast: Cast, references: None) -> None:
    """§5.2: score, band, act-by, slack, confidence and potential are those of the priorities."""
    niva = make_niva(cast)
    run_ranking(by=None)
    build_existing_clients(by=None)
    row, ranked = row_of(niva), niva.rank_rows.get(is_current=True)
    assert (row.score, row.band, row.act_by, row.slack, row.confidence, row.potential) == (
        ranked.score, ranked.band, ranked.act_by, ranked.slack, ranked.confidence, 180_000
    )  # fmt: skip
    assert row_of(niva).contract_id == ranked.contract_id


def test_usage_counts_products_with_seats_and_a_snapshot(cast: Cast) -> None:
    """§4.10.7: the latest snapshot on or before the day; a product without seats or snapshot is left out."""
    company = make_company()
    make_contract(company, ("casebook", 10), ("caselook", 5))
    for code, ago, active in (
        ("casebook", 40, 1),
        ("casebook", 5, 9),
        ("casebook", -1, 99),
        ("case_one", 5, 7),
    ):
        UsageSnapshot.objects.create(
            company=company, product=make_product(code), as_of=T - timedelta(ago), active_users_30d=active
        )
    build_existing_clients(by=None)
    row = row_of(company)
    assert (row.seats_total, row.active_users, row.usage_seats, row.utilisation) == (15, 9, 10, 90)


@pytest.mark.slow
def test_report_number_is_card_number_for_every_company(cast: Cast) -> None:
    """R39: for any mix of contracts, renewals, terminations and end users, and in sum."""
    dice = random.Random(42)
    companies = [make_company() for _ in range(25)]
    contracts = []
    for _ in range(150):
        start = T + timedelta(dice.randint(-400, 30))
        status = dice.choice([*ContractStatus.values])
        renews = dice.choice([None, None, *contracts[-5:]])
        if renews and renews.successors.filter(status="active").exists():
            renews = None
        contracts.append(
            make_contract(
                dice.choice(companies), start_date=start, end_date=start + timedelta(dice.randint(1, 500)),
                status=status, terminated_on=T - timedelta(3) if status == "terminated" else None, renews=renews,
            )
        )  # fmt: skip
        for _line in range(dice.randint(0, 3)):
            make_line(
                contracts[-1], dice.choice(["casebook", "caselook"]), dice.randint(1, 50),
                kind=dice.choice(["paid", "paid", "trial"]), end_user_company=dice.choice([None, *companies]),
            )  # fmt: skip
    build_existing_clients(by=None)
    card = seats_on([company.pk for company in companies], T)
    report: dict[int, dict[int, int]] = {}
    counted = ClientSeats.objects.filter(row__run__is_current=True).exclude(row__standing="expired")
    for seats in counted.select_related("row"):
        report.setdefault(seats.row.company_id, {})[seats.product_id] = seats.seats
    assert report == card
    assert len(card) > 10


@pytest.mark.slow
def test_a_constant_number_of_statements_per_chunk(cast: Cast) -> None:
    """The build reads sets: 3 and 30 companies cost the same."""

    def build() -> int:
        with CaptureQueriesContext(connection) as captured:
            build_existing_clients(by=None)
        return len(captured)

    for _ in range(3):
        make_contract(make_company(), ("casebook", 1))
    for _ in range(existing_clients.KEPT_RUNS + 1):
        few = build()  # from the third on, old rows are dropped
    for _ in range(27):
        make_contract(make_company(), ("casebook", 1))
    assert build() == few


def test_a_failed_build_leaves_the_last_good_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """§5.4: the rows of the failed run are gone, its error stays, pages show the old rows."""
    company = make_company()
    make_contract(company, ("casebook", 5))
    good = build_existing_clients(by=None)

    def break_down(*arguments: Any, **options: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(existing_clients, "_finish", break_down)
    with pytest.raises(RuntimeError):
        build_existing_clients(by=None)
    failed = ReportRun.objects.exclude(pk=good.pk).get()
    assert (failed.state, failed.error, failed.rows.count()) == ("failed", "disk full", 0)
    assert row_of(company).run == good


def test_one_build_at_a_time_and_a_killed_one_does_not_block_for_ever(cast: Cast) -> None:
    values = {"kind": "existing_clients", "as_of": T}
    running = ReportRun.objects.create(started_at=moment() - timedelta(minutes=1), **values)
    ReportRun.objects.filter(pk=running.pk).update(started_at=existing_clients.clock.now())
    with pytest.raises(DomainError) as problem:
        build_existing_clients(by=None)
    assert problem.value.code == "already_running"
    ReportRun.objects.filter(pk=running.pk).update(
        started_at=existing_clients.clock.now() - existing_clients.SILENT_AFTER - timedelta(minutes=1)
    )
    assert build_existing_clients(by=None).state == "done"
    running.refresh_from_db()
    assert (running.state, running.error) == ("failed", "abandoned")


def test_another_date_is_kept_but_not_shown(cast: Cast) -> None:
    today = build_existing_clients(by=None)
    build_existing_clients(by=None, as_of=T - timedelta(30))
    assert ReportRun.objects.get(is_current=True) == today


def test_old_rows_are_dropped_and_their_runs_remembered(cast: Cast) -> None:
    make_contract(make_company(), ("casebook", 5))
    for _ in range(4):
        build_existing_clients(by=None)
    assert ReportRun.objects.count() == 4
    assert ClientRow.objects.count() == existing_clients.KEPT_RUNS
    assert ClientSeats.objects.count() == existing_clients.KEPT_RUNS


def test_who_may_build(cast: Cast) -> None:
    """R37: whoever reads the report may build it; it is in the history."""
    with pytest.raises(NotAllowed):
        build_existing_clients(by=cast.gai)
    build_existing_clients(by=cast.titova)
    assert AuditEvent.objects.get(event="build_existing_clients").actor_id == cast.titova.pk


def test_the_command_prints_rows_with_exact_numbers(cast: Cast, references: None) -> None:
    """R37: the twin of the job, for scripts."""
    niva = make_niva(cast)
    out = StringIO()
    call_command("build_report", "existing_clients", "--json", stdout=out)
    (row,) = loads(out.getvalue())
    assert (row["inn"], row["seats"], row["invoice_offer"]) == (
        niva.inn,
        {"caselook": 2, "casebook": 3},
        "limit",
    )
    assert row["annual_amount"] == "156000.00"
