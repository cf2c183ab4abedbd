"""Workload per person and week: for the lead his team, for a KAM the members of his deals (R74, R94)."""

from collections.abc import Callable
from datetime import date, timedelta

from django.test import Client

from accounts.models import Company, Interaction, InteractionUser, Task
from deals.workload import people_to_plan, week_starts, workload
from tests.factories import Cast, T, make_company, make_deal, make_member, make_user, moment
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

ClientOf = Callable[[User], Client]


def give(company: Company, user: User, *days: int) -> None:
    """Open tasks of the person, due so many days from today."""
    for day in days:
        Task.objects.create(company=company, title="Дело", assignee=user, due_on=T + timedelta(days=day))


def plan(company: Company, user: User, day: int) -> None:
    meeting = Interaction.objects.create(
        company=company, author=user, starts_at=moment(T + timedelta(days=day)), state="planned"
    )
    InteractionUser.objects.create(interaction=meeting, user=user)


def test_tasks_and_meetings_stand_in_their_weeks(cast: Cast) -> None:
    """R74: today is Tuesday; overdue apart, this week to Sunday, then three more."""
    company = make_company(kam=cast.vetrov)
    give(company, cast.vetrov, -3, 0, 5, 6, 27)  # 29.11 is Sunday, 30.11 Monday
    plan(company, cast.vetrov, 1)
    plan(company, cast.vetrov, 14)
    Task.objects.create(title="Сделано", assignee=cast.vetrov, due_on=T, state="done", actual_result="да")
    (load,) = workload(cast.belova, [cast.vetrov], T)
    assert load.overdue == 1
    assert [(week.tasks, week.meetings) for week in load.weeks] == [(2, 1), (1, 0), (0, 1), (0, 0)]
    assert week_starts(T)[0] == date(2026, 11, 23)


def test_the_lead_sees_his_team_and_the_way_to_its_tasks(cast: Cast, client_of: ClientOf) -> None:
    """R74: a click leads to the person's tasks."""
    give(make_company(kam=cast.vetrov), cast.vetrov, -1, 1)
    answer = client_of(cast.belova).get("/team/load/")
    page = answer.content.decode()
    assert str(cast.lisina) in page and str(cast.aliev) not in page
    assert f"/tasks/?person={cast.vetrov.public_id}" in page


def test_a_kam_sees_members_of_his_deals_without_their_overdue_tasks(cast: Cast, client_of: ClientOf) -> None:
    """R74 «members of own deals», R94: no colleague's overdue list, not even its length."""
    deal = make_deal(make_company(kam=cast.vetrov))
    make_member(deal, cast.kim, Role.CLOSER)
    give(deal.company, cast.kim, -5, -4, 2)
    give(deal.company, cast.vetrov, -5)
    answer = client_of(cast.vetrov).get("/team/load/")
    loads = {load.user: load for load in answer.context["loads"]}
    assert set(loads) == {cast.vetrov, cast.kim}
    assert loads[cast.kim].overdue is None and loads[cast.kim].weeks[0].tasks == 1
    assert loads[cast.vetrov].overdue == 1
    assert f"person={cast.kim.public_id}" not in answer.content.decode()
    assert client_of(cast.vetrov).get(f"/tasks/?person={cast.kim.public_id}").status_code == 404


def test_the_head_chooses_a_team(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.andreeva)
    page = client.get("/team/load/", {"team": "K2"})
    assert {load.user for load in page.context["loads"]} == {cast.gromov, cast.aliev, cast.naumov}
    assert client.get("/team/load/", {"team": "НЕТ"}).status_code == 404


def test_who_left_a_deal_is_planned_no_more(cast: Cast) -> None:
    deal = make_deal(make_company(kam=cast.vetrov))
    make_member(deal, cast.kim, Role.CLOSER, ended_on=T)
    assert list(people_to_plan(cast.vetrov, None, T)) == [cast.vetrov]


def test_the_page_costs_the_same_for_any_team(
    cast: Cast, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    client, company = client_of(cast.belova), make_company(kam=cast.vetrov)

    def add(n: int) -> None:
        for _number in range(n):
            user = make_user(f"more{User.objects.count()}", "Ещё Один", Role.KAM, team=cast.k1)
            give(company, user, 1)
            plan(company, user, 2)

    query_budget(add, lambda: client.get("/team/load/"))
