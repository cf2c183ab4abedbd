"""Reference data: everything of §4.4 and §8.1 is there, a second seeding changes nothing, edits survive (R2, R21)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.calendar import load_calendar
from accounts.models import ProcurementType, Product, WorkDay
from accounts.references import seed_calendar, seed_procedures, seed_products
from reports.models import Weights
from reports.weights import formula_weights
from tests.factories import make_calendar

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_a_second_seeding_changes_nothing() -> None:
    """Idempotent, and an administrator's edit survives."""
    call_command("seed_references", verbosity=0)
    ProcurementType.objects.filter(code="direct").update(approval_bd=21)
    Product.objects.filter(code="casebook").update(list_price_year=Decimal(40_000))
    WorkDay.objects.filter(date=date(2027, 1, 4)).update(is_working=True)
    before = [model.objects.count() for model in (Product, ProcurementType, WorkDay, Weights)]
    call_command("seed_references", verbosity=0)
    assert [model.objects.count() for model in (Product, ProcurementType, WorkDay, Weights)] == before
    assert ProcurementType.objects.get(code="direct").approval_bd == 21
    assert Product.objects.get(code="casebook").list_price_year == 40_000
    assert WorkDay.objects.get(date=date(2027, 1, 4)).is_working


def test_the_catalogue_knows_what_is_sold() -> None:
    """R2, R3: two public services are in the catalogue and cannot be licensed; Case.one needs a contract."""
    assert seed_products() == 5
    assert list(Product.objects.licensable().values_list("code", flat=True)) == [
        "casebook",
        "caselook",
        "caseone",
    ]
    assert all(product.purpose_ru and product.purpose_en for product in Product.objects.order_by("pk"))
    assert Product.objects.get(needs_contract=True).code == "caseone"


def test_procedures_lead_to_the_next_one_of_their_regime() -> None:
    """§4.4, §4.10.3: terms, ease, limits and next types; all 18 have both names."""
    assert seed_procedures() == 18
    chain, code = [], "small_44"
    while code:
        kind = ProcurementType.objects.select_related("next_type").get(code=code)
        chain.append((kind.code, kind.max_amount))
        code = kind.next_type.code if kind.next_type else ""
    assert chain == [
        ("small_44", 600_000),
        ("eshop_44", 5_000_000),
        ("rfq_44", 10_000_000),
        ("auction_44", None),
    ]
    unknown = ProcurementType.objects.get(code="unknown")
    assert (unknown.approval_bd, unknown.lead_bd, unknown.ease) == (15, 25, None)
    contest = ProcurementType.objects.get(code="contest_223")
    assert (contest.approval_bd, contest.lead_bd, contest.ease) == (20, 45, Decimal("0.25"))


def test_the_calendar_has_working_saturdays_and_provisional_years() -> None:
    """§0.7, §4.10.17: 247 working days in 2026 and 2027, 20.02.2027 is worked, 2028 waits for its decree."""
    seed_calendar(range(2026, 2029))
    for year in (2026, 2027):
        assert WorkDay.objects.filter(date__year=year, is_working=True).count() == 247
    assert WorkDay.objects.get(date=date(2027, 2, 20)).is_working
    assert not WorkDay.objects.get(date=date(2026, 12, 31)).is_working
    assert WorkDay.objects.get(date=date(2026, 11, 3)).is_short
    provisional = WorkDay.objects.filter(provisional=True).order_by("date").values_list("date", flat=True)
    assert provisional[0] == date(2028, 1, 1)


@pytest.mark.slow
def test_the_first_weights_are_the_defaults_of_the_formula() -> None:
    """§4.3: 35, 20, 12, 10, 8, 5, 5, 5; the stored version gives back the formula's own defaults."""
    call_command("seed_references", verbosity=0)
    stored = Weights.objects.get(active=True)
    weights, _valid_days = formula_weights(stored)
    assert list(weights.by_factor().values()) == [35, 20, 12, 10, 8, 5, 5, 5]
    assert weights.params.delta_ref == 1_500_000


def test_a_day_changed_by_one_statement_is_noticed() -> None:
    """§4.2: the calendar kept by a process follows the table, however the table was edited."""
    make_calendar(2026, 2027)
    day = date(2027, 1, 4)
    assert not load_calendar().is_working(day)
    WorkDay.objects.filter(date=day).update(is_working=True)
    assert load_calendar().is_working(day)
