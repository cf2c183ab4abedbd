"""Work on the tasks of a plan: where they are seen, what is offered, who accepts (R42, R44, R50)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.services.tasks import finish_task
from deals.models import Deal
from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan
from tests.factories import Cast, make_company, make_contact, make_deal, make_member
from tests.roadmaps.makers import confirm_everything, make_plan, make_plan_task, put_plan
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
MINE, DAY = "/tasks/", "/plan-tasks/mine/"


@pytest.fixture
def deal(cast: Cast) -> Deal:
    company = make_company("АО «Приозёрский Порт»", kam=cast.aliev, team=cast.k2)
    make_contact(company)
    confirm_everything(company, cast.aliev)
    deal = make_deal(company)
    make_member(deal, cast.lisina, Role.KAM)
    return deal


@pytest.fixture
def plan(deal: Deal) -> Plan:
    return make_plan(deal, PlanType.ACTION_PLAN, goal="Продлить на 130 мест", state=PlanState.ACTIVE)


def shown(client: Client, address: str, **asked: str) -> str:
    return client.get(address, asked).content.decode()


def test_people_of_two_teams_see_their_own_tasks(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """R42: one plan, two teams, each has his own with its result and a link to the plan."""
    make_plan_task(plan, cast.aliev, "Позвонить ЛПР")
    make_plan_task(plan, cast.lisina, "Собрать отзывы", expected_result="Пять отзывов")
    text = shown(client_of(cast.lisina), MINE)
    assert "Собрать отзывы" in text
    assert "Позвонить ЛПР" not in text
    assert "Пять отзывов" in text
    assert f'href="{plan.get_absolute_url()}#task-' in text


def test_my_tasks_say_what_they_wait_for(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """R44: and do not offer to begin; in the plan and on «My day» the same."""
    first = make_plan_task(plan, cast.aliev, "Позвонить ЛПР")
    second = make_plan_task(plan, cast.lisina, "Собрать отзывы", after=[first])
    client = client_of(cast.lisina)
    for address in (MINE, DAY):
        assert "ждёт «Позвонить ЛПР»" in shown(client, address)
    assert f"{second.task.public_id}/done/" not in shown(client, MINE)
    finish_task(by=cast.aliev, task=first.task, result="Согласен")
    assert "ждёт «" not in shown(client, MINE)
    assert f"{second.task.public_id}/done/" in shown(client, MINE)


def test_a_colleague_outside_the_deal_sees_the_name_of_the_plan_without_a_link(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    """§3: a task opens no door."""
    make_plan_task(plan, cast.demin, "Посчитать сервер")
    text = shown(client_of(cast.demin), MINE)
    assert "Продлить на 130 мест" in text
    assert plan.get_absolute_url() not in text


def test_the_receiver_accepts_or_returns_with_a_comment(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """R50, product.md §1.8: the result waits in a tab with its number."""
    link = make_plan_task(plan, cast.lisina, "Собрать отзывы", receiver=cast.aliev)
    finish_task(by=cast.lisina, task=link.task, result="Пять отзывов есть")
    client = client_of(cast.aliev)
    listed = client.get(MINE, {"show": "accept"})
    assert listed.context["to_accept"] == 1
    assert "Пять отзывов есть" in listed.content.decode()
    assert "1 результат принять" in shown(client, DAY)
    client.post(f"/tasks/{link.task.public_id}/return/", {"text": "Нет даты"})
    link.task.refresh_from_db()
    assert (link.task.state, link.task.state_reason) == ("doing", "Нет даты")
    finish_task(by=cast.lisina, task=link.task, result="Пять отзывов с датами")
    client.post(f"/tasks/{link.task.public_id}/accept/")
    link.task.refresh_from_db()
    assert link.task.state == "accepted"
    assert client.get(MINE, {"show": "accept"}).context["to_accept"] == 0


def test_the_page_of_the_plan_offers_each_person_his_own_steps(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    """R50: the assignee works, the receiver accepts, others look."""
    link = make_plan_task(plan, cast.lisina, "Собрать отзывы", receiver=cast.aliev)

    def steps(who: Any) -> frozenset[str]:
        rows = client_of(who).get(plan.get_absolute_url()).context["groups"][0].rows
        return rows[0].steps

    assert steps(cast.lisina) == {"start", "done", "block"}
    assert steps(cast.aliev) == frozenset()
    finish_task(by=cast.lisina, task=link.task, result="Есть")
    assert steps(cast.lisina) == frozenset()
    assert steps(cast.aliev) == {"accept", "return"}
    put_plan(plan, PlanState.DRAFT)


def test_my_day_shows_what_is_at_work_only(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """§6.1: begun or due within three working days; what a draft wants is not said yet."""
    make_plan_task(plan, cast.aliev, "Сейчас")
    make_plan_task(plan, cast.aliev, "Весной", starts_on=date(2027, 3, 1), due_on=date(2027, 3, 10))
    text = shown(client_of(cast.aliev), DAY)
    assert "Сейчас" in text
    assert "Весной" not in text
    put_plan(plan, PlanState.DRAFT)
    assert "Сейчас" not in shown(client_of(cast.aliev), DAY)


@pytest.mark.parametrize("size", [3, pytest.param(24, marks=pytest.mark.slow)])
def test_my_tasks_cost_the_same_with_more_plans(
    cast: Cast, client_of: ClientOf, size: int, django_assert_max_num_queries: Any
) -> None:
    """CONTRIBUTING: the number of statements does not grow."""
    for number in range(size):
        company = make_company(f"Клиент {number}", kam=cast.aliev, team=cast.k2)
        plan = make_plan(make_deal(company), PlanType.ACTION_PLAN, state=PlanState.ACTIVE)
        first = make_plan_task(plan, cast.gromov)
        make_plan_task(plan, cast.aliev, after=[first], built_on=["dm"])
    client = client_of(cast.aliev)
    with django_assert_max_num_queries(15):
        client.get(MINE)
