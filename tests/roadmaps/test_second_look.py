"""When the lead looks at an approved plan again: the deadline moved, or the amount by more than a tenth (§2.9, R79)."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Company
from deals.models import Deal
from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan, ReviewComment
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plans import update_plan
from roadmaps.services.reviews import approve_plan
from roadmaps.services.revisions import review_again
from tests.factories import Cast, make_company, make_deal
from tests.roadmaps.makers import make_plan, make_plan_task, make_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def port(cast: Cast) -> Company:
    return make_port(cast.aliev)


def again(plan: Plan) -> Plan:
    return Plan.objects.select_related("deal__company").get(pk=plan.pk)


def started(company: Company, cast: Cast, amount: int = 1_000_000) -> tuple[Plan, Deal]:
    """A plan in work, approved with this amount."""
    deal = make_deal(company, ("casebook", 14, 18))
    Deal.objects.filter(pk=deal.pk).update(amount=amount)
    deal.refresh_from_db()
    plan = make_plan(deal, PlanType.ACTION_PLAN)
    make_plan_task(plan, cast.aliev)
    move_plan(plan, to=PlanState.REVIEW, by=cast.aliev)
    approve_plan(plan, by=cast.gromov)
    return plan, deal


@pytest.mark.parametrize(
    ("amount", "goes"),
    [
        ("1100000.00", False),
        ("1100000.01", True),
        ("1100100.00", True),
        ("900000.00", False),
        ("899900.00", True),
    ],
)
def test_the_lead_looks_again_when_the_amount_differs_by_more_than_a_tenth(
    port: Company, cast: Cast, amount: str, goes: bool
) -> None:
    """§2.9: exactly 10 % does not, 10,01 % does, in both directions."""
    plan, deal = started(port, cast)
    Deal.objects.filter(pk=deal.pk).update(amount=Decimal(amount))
    deal.refresh_from_db()
    review_again(deal=deal, by=cast.aliev)
    assert (again(plan).state == PlanState.REVIEW) is goes


def test_a_moved_deadline_asks_the_lead_anew_and_another_field_does_not(port: Company, cast: Cast) -> None:
    """§2.9: of a key client; the revision is written either way."""
    plan, _deal = started(port, cast)
    update_plan(plan, {"goal": "Продлить и добавить Caselook"}, by=cast.aliev, reason="Новый интерес")
    assert (plan.state, plan.revision) == (PlanState.ACTIVE, 2)
    update_plan(plan, {"deadline": date(2027, 1, 18)}, by=cast.aliev, reason="Комиссия позже")
    assert (plan.state, plan.revision) == (PlanState.REVIEW, 3)


def test_a_plan_of_another_client_goes_on_after_a_change(cast: Cast) -> None:
    """§2.9: the lead checks key clients; for others a revision is enough."""
    deal = make_deal(make_company(kam=cast.aliev, team=cast.k2), ("casebook", 14, 18))
    plan = make_plan(deal, PlanType.ACTION_PLAN)
    make_plan_task(plan, cast.aliev)
    move_plan(plan, to=PlanState.ACTIVE, by=cast.aliev)
    update_plan(plan, {"deadline": date(2027, 2, 1)}, by=cast.aliev, reason="Позже")
    Deal.objects.filter(pk=deal.pk).update(amount=9_000_000)
    review_again(deal=Deal.objects.get(pk=deal.pk), by=cast.aliev)
    assert (again(plan).state, plan.reviews.count(), ReviewComment.objects.count()) == (
        PlanState.ACTIVE,
        0,
        0,
    )
