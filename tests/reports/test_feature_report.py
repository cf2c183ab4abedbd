"""The report on responses: share of positive, not shown yet, upsell within 90 days; by product and period (R25)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company
from tests.accounts.feature_makers import make_feature, make_wait
from tests.factories import Cast, T, make_company, make_deal, make_product, moment
from upsell_crm.core.models import ExportLog, User

ClientOf = Callable[[User], Client]
URL = "/features/report/"


def days_ago(days: int) -> Any:
    return T - timedelta(days=days)


@pytest.fixture
def clients(cast: Cast) -> list[Company]:
    return [make_company(f"Клиент {n}", kam=cast.vetrov) for n in range(5)]


def win(company: Company, days: int, *, more: int = 100) -> None:
    """A deal won so many days ago, with so much on top of the renewal."""
    make_deal(
        company, responsible_kam=company.owner_kam, team=company.team, stage="won", return_stage="signing", closed_at=moment(days_ago(days)),
        main_reason="feature_released", amount=Decimal(500 + more), current_amount=Decimal(500),
    )  # fmt: skip


def test_shares_are_of_those_who_answered(cast: Cast, clients: list[Company], client_of: ClientOf) -> None:
    """R25: two of three answers are positive; the silent and the not shown are counted apart."""
    feature = make_feature(status="released")
    for company, response in zip(clients, ["positive", "positive", "negative", "", None], strict=True):
        shown = {} if response is None else {"presented_on": days_ago(10), "response": response}
        make_wait(feature, company, **shown)
    total = client_of(cast.vetrov).get(URL).context["total"]
    assert total.counts == {"positive": 2, "neutral": 0, "negative": 1, "silent": 1, "not_shown": 1}
    assert (total.shown, total.positive_share) == (4, 67)


def test_an_upsell_is_won_within_90_days_after_it_was_shown(
    cast: Cast, clients: list[Company], client_of: ClientOf
) -> None:
    """R25: the 90th day counts, the 91st, the day before and a renewal without growth do not."""
    feature = make_feature(status="released", released_on=days_ago(300))
    for company in clients[:4]:
        make_wait(feature, company, presented_on=days_ago(100), response="positive")
    win(clients[0], 10), win(clients[1], 9), win(clients[2], 101), win(clients[3], 50, more=0)
    total = client_of(cast.vetrov).get(URL).context["total"]
    assert (len(total.deals), total.gain) == (1, 100)


def test_a_deal_after_two_features_is_counted_once(
    cast: Cast, clients: list[Company], client_of: ClientOf
) -> None:
    for product in (make_product("casebook"), make_product("caselook")):
        make_wait(
            make_feature(product.code, product, status="released"), clients[0], presented_on=days_ago(30)
        )
    win(clients[0], 5)
    page = client_of(cast.vetrov).get(URL)
    assert [len(line.deals) for line in page.context["products"]] == [1, 1]
    assert len(page.context["total"].deals) == 1


def test_a_number_opens_the_clients_behind_it(
    cast: Cast, clients: list[Company], client_of: ClientOf
) -> None:
    feature = make_feature(status="released")
    make_wait(feature, clients[0], presented_on=days_ago(10), response="positive")
    make_wait(feature, clients[1], presented_on=days_ago(10), response="negative")
    make_wait(feature, clients[2], presented_on=days_ago(700), response="negative")
    rows = client_of(cast.vetrov).get(f"{URL}?answer=negative").context["rows"]
    assert [row.wait.company for row in rows] == [clients[1]]
    rows = client_of(cast.vetrov).get(f"{URL}?answer=negative&since={days_ago(800)}").context["rows"]
    assert len(rows) == 2


def test_only_clients_of_the_reader(cast: Cast, clients: list[Company], client_of: ClientOf) -> None:
    make_wait(make_feature(status="released"), clients[0], presented_on=days_ago(10), response="positive")
    assert client_of(cast.aliev).get(URL).context["rows"] == []


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_the_file_is_logged_and_holds_the_filter_s_rows(
    cast: Cast, clients: list[Company], client_of: ClientOf, file_format: str
) -> None:
    """R95: who took how many rows, by which filter."""
    make_wait(make_feature(status="released"), clients[0], presented_on=days_ago(10), response="positive")
    answer = client_of(cast.vetrov).post(f"{URL}export/", {"format": file_format, "query": "answer=positive"})
    assert answer.status_code == 200 and f".{file_format}" in answer["Content-Disposition"]
    logged = ExportLog.objects.get()
    assert (logged.kind, logged.rows, logged.user) == ("feature_responses", 1, cast.vetrov)
    assert b"".join(answer.streaming_content)


@pytest.mark.slow
def test_the_cost_of_the_report(cast: Cast, client_of: ClientOf, query_budget: Callable[..., int]) -> None:
    client, feature = client_of(cast.vetrov), make_feature(status="released")

    def add(number: int) -> None:
        for _each in range(number):
            company = make_company(kam=cast.vetrov)
            make_wait(feature, company, presented_on=days_ago(20), response="positive")
            win(company, 5)

    query_budget(add, lambda: client.get(URL))
