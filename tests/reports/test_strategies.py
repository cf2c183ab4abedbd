"""Who of band A has no strategy (R40), and how the team works by its plans (R76, R94)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Company, Task
from accounts.services.holdings import refresh_heads
from deals.enums import DealKind
from reports.adherence import adherence
from reports.models import Band, RankRow
from reports.services.ranking import run_ranking
from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan
from tests.factories import Cast, T, make_company, make_contract, make_deal, moment
from tests.roadmaps.makers import make_comment, make_plan, make_plan_task, put_plan
from upsell_crm.core.models import User

ClientOf = Callable[[User], Client]
LATE = date(2026, 12, 20)


@pytest.fixture
def late(cast: Cast, references: None) -> Company:
    """A client of К2 in band A."""
    return late_client("Заречье Сбыт", cast)


def late_client(name: str, cast: Cast, **values: Any) -> Company:
    company = make_company(name, kam=cast.aliev, **values)
    make_contract(company, ("casebook", 10), end_date=LATE)
    return company


def ranked() -> None:
    """The night has passed; every ranked row stands in band A, so that a test speaks of strategies only."""
    run_ranking(by=None)
    RankRow.objects.current().filter(listed="").update(band=Band.A)


def names(client: Client, **asked: str) -> set[str]:
    return {item.row.company.name for item in client.get("/priorities/", asked).context["rows"]}


def tiles(client: Client) -> dict[str, int]:
    return {tile["code"]: tile["value"] for tile in client.get("/priorities/tiles/").context["tiles"]}


def test_a_client_of_band_a_without_a_plan_is_shown(late: Company, cast: Cast, client_of: ClientOf) -> None:
    """R40: the tile counts him, its filter shows him, his row says «План: нет» and how to begin."""
    ranked()
    lead = client_of(cast.gromov)
    assert tiles(lead)["no_strategy"] == 1
    assert names(lead, focus="no_strategy") == {"Заречье Сбыт"}
    page = lead.get("/priorities/").content.decode()
    assert "План: нет" in page


@pytest.mark.parametrize(
    ("state", "word"),
    [
        pytest.param(
            PlanState.PLANNING, "черновик", marks=pytest.mark.slow
        ),  # each state has its word: test_plan_list
        (PlanState.REVIEW, "на проверке"),
        pytest.param(PlanState.ACTIVE, "утверждён", marks=pytest.mark.slow),
    ],
)
def test_an_open_plan_takes_him_from_the_list_and_says_how_far_it_is(
    late: Company, cast: Cast, client_of: ClientOf, state: str, word: str
) -> None:
    """R40: a draft counts too; the row says which it is, and the filter finds it by the same word."""
    put_plan(make_plan(make_deal(late)), state)
    ranked()
    lead = client_of(cast.gromov)
    assert tiles(lead)["no_strategy"] == 0
    assert names(lead, focus="no_strategy") == set()
    assert f"План: {word}" in lead.get("/priorities/").content.decode()
    found = {code: names(lead, plan=code) for code in ("none", "draft", "review", "approved")}
    assert [code for code, rows in found.items() if rows] == [
        {"черновик": "draft", "на проверке": "review", "утверждён": "approved"}[word]
    ]


def test_a_plan_that_has_ended_counts_no_more(late: Company, cast: Cast, client_of: ClientOf) -> None:
    """R40: last year's strategy is none."""
    plan = make_plan(make_deal(late))
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.CANCELLED, ended_at=moment())
    ranked()
    assert names(client_of(cast.gromov), focus="no_strategy") == {"Заречье Сбыт"}


def test_a_client_outside_band_a_may_wait(late: Company, cast: Cast, client_of: ClientOf) -> None:
    """R40 speaks of band A."""
    run_ranking(by=None)
    RankRow.objects.current().update(band=Band.C)
    assert tiles(client_of(cast.gromov))["no_strategy"] == 0


def test_the_plan_of_a_holding_project_covers_its_dzo(late: Company, cast: Cast, client_of: ClientOf) -> None:
    """Decision 0056: where the holding's deal covers the row, its strategy counts; elsewhere it does not."""
    head = make_company("ГК «Голова»", kam=cast.aliev)
    Company.objects.filter(pk=late.pk).update(parent=head)
    refresh_heads()
    stranger = late_client("Чужой завод", cast)
    make_plan(make_deal(head, kind=DealKind.HOLDING))
    ranked()
    assert names(client_of(cast.gromov), focus="no_strategy") == {stranger.name}


def test_plans_to_review_lead_to_the_queue(late: Company, cast: Cast, client_of: ClientOf) -> None:
    """§6.2: the tile stands before who judges; a KAM has none."""
    put_plan(make_plan(make_deal(late)), PlanState.REVIEW)
    ranked()
    answer = client_of(cast.gromov).get("/priorities/tiles/")
    assert answer.context["waiting"] == 1 and "/plans/review/" in answer.content.decode()
    assert "/plans/review/" not in client_of(cast.aliev).get("/priorities/tiles/").content.decode()


@pytest.mark.slow
def test_strategies_cost_the_table_as_much_for_three_rows_as_for_twenty(
    late: Company, cast: Cast, client_of: ClientOf
) -> None:
    """R40: set-based; the number of statements does not grow."""
    lead = client_of(cast.gromov)
    ranked()
    lead.get("/priorities/")
    with CaptureQueriesContext(connection) as few:
        lead.get("/priorities/")
    for number in range(20):
        make_plan(make_deal(late_client(f"Клиент {number}", cast)))
    ranked()
    with CaptureQueriesContext(connection) as many:
        lead.get("/priorities/")
    assert len(many) <= len(few)


def test_a_line_counts_what_the_lead_has_to_ask_about(late: Company, cast: Cast) -> None:
    """R76: plans by state, tasks that are late, clients of band A without a word or a plan."""
    Company.objects.filter(pk=late.pk).update(last_contact_at=moment(T - timedelta(days=15)))
    fresh = late_client("Свежий", cast)
    Company.objects.filter(pk=fresh.pk).update(last_contact_at=moment(T - timedelta(days=14)))
    plan = make_plan(make_deal(fresh), PlanType.ACTION_PLAN)
    make_plan_task(plan, cast.naumov, due_on=T - timedelta(days=1), starts_on=T - timedelta(days=3))
    put_plan(plan, PlanState.ACTIVE)
    put_plan(make_plan(make_deal(make_company(kam=cast.aliev))), PlanState.REVIEW)
    put_plan(make_plan(make_deal(make_company(kam=cast.aliev))), PlanState.RETURNED)
    Task.objects.create(title="Отчёт", assignee=cast.aliev, due_on=T - timedelta(days=2))
    Task.objects.create(title="Звонок", assignee=cast.aliev, due_on=T)
    ranked()
    (line,) = adherence([cast.aliev], T)
    assert (line.working, line.approved, line.review, line.returned) == (1, 0, 1, 1)
    assert (line.late_in_plans, line.overdue) == (1, 1)
    assert (line.no_strategy, line.no_contact) == (1, 1)
    assert line.stale == RankRow.objects.current().filter(listed="", band=Band.A).exclude(stale=[]).count()


def test_each_number_is_what_its_link_shows(late: Company, cast: Cast, client_of: ClientOf) -> None:
    """R76: the way to what stands behind it."""
    ranked()
    lead = client_of(cast.gromov)
    answer = lead.get("/team/adherence/")
    line = next(one for one in answer.context["lines"] if one.user == cast.aliev)
    assert f"?kam={cast.aliev.username}&amp;focus=no_strategy" in answer.content.decode()
    assert len(names(lead, kam=cast.aliev.username, focus="no_strategy")) == line.no_strategy
    assert len(names(lead, kam=cast.aliev.username, band="A", focus="no_contact")) == line.no_contact


def test_a_kam_sees_his_own_line_only(cast: Cast, client_of: ClientOf) -> None:
    """R94: no shaming; the lead sees his team, the head any team, a performer nothing."""
    seen = {
        person: [line.user for line in client_of(person).get("/team/adherence/").context["lines"]]
        for person in (cast.vetrov, cast.belova)
    }
    assert seen == {cast.vetrov: [cast.vetrov], cast.belova: [cast.vetrov, cast.lisina]}
    chosen = client_of(cast.andreeva).get("/team/adherence/?team=K3").context["lines"]
    assert [line.user for line in chosen] == [cast.demin]
    assert client_of(cast.naumov).get("/team/adherence/").status_code == 403


def test_the_page_asks_as_often_for_one_kam_as_for_many(cast: Cast) -> None:
    """R76: four statements."""
    with CaptureQueriesContext(connection) as few:
        adherence([cast.vetrov], T)
    with CaptureQueriesContext(connection) as many:
        adherence([cast.vetrov, cast.lisina, cast.aliev, cast.demin], T)
    assert len(few) == len(many)


def test_my_day_says_that_the_lead_has_returned_a_plan(cast: Cast, client_of: ClientOf) -> None:
    """R79: the KAM learns of it in the morning; another KAM does not."""
    plan = make_plan(make_deal(make_company("АО «Порт»", kam=cast.aliev)), state_reason="Поправьте срок")
    put_plan(plan, PlanState.RETURNED)
    make_comment(plan, cast.gromov)
    page = client_of(cast.aliev).get("/my-day/").content.decode()
    assert "Руководитель вернул план" in page and "1 замечание" in page and "Поправьте срок" in page
    assert "вернул план" not in client_of(cast.demin).get("/my-day/").content.decode()
