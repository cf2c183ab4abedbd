"""Totals on the slides are those of the deal, to the kopeck; VAT in words (R56)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Vat
from accounts.models import Product
from deals.models import Deal, DealLine
from deals.services.deals import LineSaid, set_lines
from roadmaps.deck.changes import changes_since
from roadmaps.deck.snapshot import look
from roadmaps.enums import BlockKind, PresentationState
from roadmaps.models import Plan
from roadmaps.services.presentation_moves import move_presentation
from tests.factories import Cast, T, make_company, make_deal, make_product
from tests.roadmaps.deck_makers import make_presentation
from tests.roadmaps.makers import confirm_everything, make_plan

pytestmark = pytest.mark.django_db
CODES = ("casebook", "caselook", "caseone", "legislation")
ODD = st.decimals(Decimal("0"), Decimal("99999999.99"), places=2)
LINE = st.builds(
    dict, seats_new=st.integers(0, 5000), seats_current=st.integers(1, 5000), price=ODD,
    discount_pct=st.decimals(0, 100, places=2), current_amount=ODD, vat=st.sampled_from(Vat.values),
)  # fmt: skip


@pytest.fixture
def plan(cast: Cast) -> Plan:
    company = make_company("ПАО «Парус»", kam=cast.aliev, team=cast.k2)
    confirm_everything(company, cast.aliev)
    return make_plan(make_deal(company, ("casebook", 14, 18)))


def offer_of(plan: Plan) -> dict[str, Any]:
    """What the slide says today."""
    presentation = make_presentation(plan, BlockKind.OFFER)
    deck = look(presentation, T)
    assert deck.refused == {}
    return deck.snapshot()["blocks"][0]["data"]


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(CODES), LINE, min_size=1))
def test_totals_are_those_of_the_deal_to_the_kopeck(plan: Plan, cast: Cast, said: dict[str, Any]) -> None:
    """R56 and the bar of issue 5: odd prices and discounts, lines saved by the service; the slow suite asks 200 deals."""
    with transaction.atomic():
        deal = Deal.objects.select_for_update().get(pk=plan.deal_id)
        lines = [LineSaid(product=make_product(code), **values) for code, values in said.items()]
        set_lines(deal, lines, by=cast.aliev)
        plan.deal.refresh_from_db()
        data = offer_of(plan)
        assert (data["total"], data["current_total"]) == (f"{deal.amount:.2f}", f"{deal.current_amount:.2f}")
        shown = [Decimal(line["amount"]) for line in data["lines"]]
        assert sum(shown) == deal.amount and len(shown) == len(said)
        assert Decimal(data["list_total"]) - Decimal(data["discount_total"]) == deal.amount
        assert (
            Decimal(data["total"]) - Decimal(data["current_total"])
            == Decimal(data["expansion"])
            == deal.expansion
        )
        transaction.set_rollback(True)


def test_each_line_says_how_vat_stands_to_it(plan: Plan) -> None:
    """R56: exempt by the register, without VAT, or on top; a mixed offer says so once more."""
    assert offer_of(plan)["vat_words"] == "НДС не облагается: подпункт 26 пункта 2 статьи 149 НК РФ."
    plan.presentations.all().delete()
    Product.objects.update(in_ru_registry=False)
    assert offer_of(plan)["lines"][0]["vat_words"] == "без НДС"
    plan.presentations.all().delete()
    DealLine.objects.update(vat=Vat.V22)
    data = offer_of(plan)
    assert data["lines"][0]["vat_words"] == "плюс НДС 22 %" and "сверху" in data["vat_words"]


def test_a_deal_that_changes_later_says_what_differs(plan: Plan, cast: Cast) -> None:
    """R58: the frozen numbers stay, and the page tells what the deal says now."""
    presentation = make_presentation(plan, BlockKind.OFFER)
    move_presentation(presentation, to=PresentationState.READY, by=cast.aliev)
    frozen = presentation.snapshot
    assert changes_since(frozen, plan.deal) == []
    lines = [
        LineSaid(make_product("casebook"), 20, 14, Decimal(36000)),
        LineSaid(make_product("caselook"), 1, 0, Decimal(500)),
    ]
    set_lines(plan.deal, lines, by=cast.aliev)
    plan.deal.target_date = date(2027, 2, 1)
    told = changes_since(frozen, plan.deal)
    assert "Caselook: на слайдах этого нет" in told and "Подписать до: 31.01.2027 → 01.02.2027" in told
    presentation.refresh_from_db()
    assert presentation.snapshot == frozen
