"""The page of the presentation: empty state, blocks, problems beside them, versions, rights (R53–R58)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from deals.models import Deal
from roadmaps.models import Plan, Presentation
from tests.factories import Cast, make_company, make_deal
from tests.roadmaps.makers import confirm_everything, make_plan
from upsell_crm.core.models import User

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def deal(cast: Cast) -> Deal:
    company = make_company("ПАО «Парус»", kam=cast.aliev, team=cast.k2)
    confirm_everything(company, cast.aliev)
    return make_deal(company, ("casebook", 14, 18))


@pytest.fixture
def plan(deal: Deal) -> Plan:
    return make_plan(deal)


def page(plan: Plan) -> str:
    return reverse("roadmaps:plan_presentation", args=[plan.public_id])


def test_one_click_builds_the_presentation(plan: Plan, cast: Cast, client_of: Browser) -> None:
    """R53: the empty page has one button; after it the blocks with something to say are on."""
    browser = client_of(cast.aliev)
    assert "Собрать презентацию" in browser.get(page(plan)).text
    answer = browser.post(reverse("roadmaps:presentation_new", args=[plan.public_id]), follow=True)
    draft = Presentation.objects.get(plan=plan)
    assert answer.status_code == 200 and draft.title in answer.text
    on = {block["kind"] for block in draft.blocks if block["is_on"]}
    assert on == {"offer", "schedule", "justification"}
