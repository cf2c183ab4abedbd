"""The strategy in the status line of a deal and in the list of deals (R77, R40)."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roadmaps.enums import PlanState
from tests.factories import Cast, make_company, make_deal, moment
from tests.roadmaps.makers import make_plan, put_plan
from upsell_crm.core.models import User

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def test_the_line_of_a_deal_says_how_far_its_strategy_is(cast: Cast, client_of: ClientOf) -> None:
    """R77: in one line with stage, next step, last contact and blockers; without a plan it says so."""
    deal = make_deal(make_company(kam=cast.aliev))
    browser = client_of(cast.aliev)
    assert browser.get(deal.get_absolute_url()).context["words"][0].text == "нет"
    plan = put_plan(make_plan(deal), PlanState.REVIEW)
    for url in (deal.get_absolute_url(), "/deals/"):
        page = browser.get(url).content.decode()
        assert plan.get_absolute_url() in page and "на проверке" in page


def test_a_closed_deal_needs_no_word_about_a_strategy(cast: Cast, client_of: ClientOf) -> None:
    """R77: what is over is not planned."""
    deal = make_deal(
        make_company(kam=cast.aliev),
        stage="lost",
        return_stage="needs",
        closed_at=moment(),
        main_reason="price",
    )
    assert client_of(cast.aliev).get(deal.get_absolute_url()).context["words"] == []


def test_the_list_asks_once_for_all_strategies(cast: Cast, client_of: ClientOf) -> None:
    """R77: the number of statements does not grow with the deals."""
    browser = client_of(cast.aliev)
    make_plan(make_deal(make_company(kam=cast.aliev)))
    browser.get("/deals/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/deals/")
    for _number in range(6):
        make_plan(make_deal(make_company(kam=cast.aliev)))
    with CaptureQueriesContext(connection) as many:
        browser.get("/deals/")
    assert len(many) == len(few)
