"""The list of strategies, and the word «План: …» for deals and clients (R40, §6)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan
from roadmaps.plan_status import plan_word
from tests.factories import Cast, make_company, make_deal
from tests.roadmaps.makers import make_plan, make_plan_task
from upsell_crm.core.models import User

pytestmark = pytest.mark.django_db


def strategy(kam: User, goal: str, type: str = PlanType.ROADMAP, **values: Any) -> Plan:
    return make_plan(make_deal(make_company(kam=kam, team=kam.team)), type, goal=goal, **values)


def goals(client: Client, query: str = "") -> list[str]:
    return [row.plan.goal for row in client.get(f"/plans/{query}").context["rows"]]


def test_everybody_sees_the_strategies_of_his_deals(client: Client, cast: Cast) -> None:
    """§3: those of the team, not of another one; the nearest deadline first."""
    strategy(cast.aliev, "Вторая", deadline=date(2027, 2, 1))
    strategy(cast.aliev, "Первая", deadline=date(2027, 1, 1))
    strategy(cast.demin, "Чужая")
    client.force_login(cast.gromov)
    assert goals(client) == ["Первая", "Вторая"]
    client.force_login(cast.sokolova)
    assert client.get("/plans/").status_code == 403


def test_filters_stand_in_the_address(client: Client, cast: Cast) -> None:
    """§6: state, type, KAM, late, in review, ended."""
    strategy(cast.aliev, "Просрочена", deadline=date(2026, 11, 20))
    strategy(cast.aliev, "На проверке", state=PlanState.REVIEW)
    strategy(cast.aliev, "Короткая", PlanType.ACTION_PLAN)
    done = strategy(cast.aliev, "Завершена", PlanType.ACTION_PLAN)
    Plan.objects.filter(pk=done.pk).update(state="completed", success_fact=1, ended_at=done.state_since)
    client.force_login(cast.andreeva)
    assert sorted(goals(client)) == ["Короткая", "На проверке", "Просрочена"]
    assert goals(client, "?late=on") == ["Просрочена"]
    assert goals(client, "?review=on") == goals(client, "?state=review") == ["На проверке"]
    assert goals(client, "?type=action_plan") == ["Короткая"]
    assert goals(client, "?which=ended") == goals(client, "?state=completed") == ["Завершена"]
    assert goals(client, "?q=коротк") == goals(client, "?q=Коротк") == ["Короткая"]
    assert goals(client, f"?kam={cast.demin.username}") == []
    assert sorted(goals(client, "?team=K2")) == ["Короткая", "На проверке", "Просрочена"]


def test_an_empty_list_says_where_a_strategy_begins(client: Client, cast: Cast) -> None:
    """§6: cause and action."""
    client.force_login(cast.aliev)
    assert "Стратегий пока нет" in client.get("/plans/").content.decode()
    assert "Показать все открытые стратегии" in client.get("/plans/?late=on").content.decode()


def test_pages_go_on_after_the_last_row(client: Client, cast: Cast) -> None:
    """Keyset: every strategy once."""
    for number in range(27):
        strategy(cast.aliev, f"Цель {number:02}", deadline=date(2027, 1, 1 + number % 3))
    client.force_login(cast.aliev)
    first = client.get("/plans/")
    rest = client.get(f"/plans/?after={first.context['page'].after}")
    shown = [row.plan.pk for page in (first, rest) for row in page.context["rows"]]
    assert (len(shown), len(set(shown))) == (27, 27)


@pytest.mark.parametrize("size", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_the_list_costs_the_same_with_more_rows(
    client: Client, cast: Cast, size: int, django_assert_max_num_queries: Any
) -> None:
    """At most twelve statements."""
    for number in range(size):
        make_plan_task(strategy(cast.aliev, f"Цель {number}"), cast.aliev)
    client.force_login(cast.aliev)
    client.get("/plans/")
    with django_assert_max_num_queries(12):
        client.get("/plans/")


@pytest.mark.parametrize("state", [None, *PlanState])
def test_each_state_has_one_of_four_words(state: PlanState | None) -> None:
    """R40: none, draft, in review, approved; what has ended is none."""
    words = {PlanState.REVIEW: "review", PlanState.ACTIVE: "approved", PlanState.PRESENTATION: "approved"}
    nothing = {None, PlanState.COMPLETED, PlanState.CANCELLED}
    assert plan_word(state).code == ("none" if state in nothing else words.get(PlanState(state), "draft"))
