"""The workload of the people of a strategy by week (R49, R74)."""

from datetime import date
from typing import Any

import pytest

from accounts.models import Interaction, InteractionUser, Task
from deals.models import Deal
from roadmaps.models import Plan
from roadmaps.plan_load import plan_load
from tests.factories import Cast, T, make_company, make_deal, make_member, moment
from tests.roadmaps.makers import make_plan, make_plan_task
from upsell_crm.core.models import Parameter
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Cast) -> Plan:
    deal: Deal = make_deal(make_company(kam=cast.aliev, team=cast.k2))
    make_member(deal, cast.gai, Role.TUTOR)
    return make_plan(deal)


def test_tasks_of_the_plan_stand_beside_everything_else(plan: Plan, cast: Cast) -> None:
    """R74: the KAM and the lead see open tasks and meetings per person and week."""
    make_plan_task(plan, cast.aliev, due_on=date(2026, 12, 1))
    Task.objects.create(title="Другое", assignee=cast.aliev, due_on=date(2026, 12, 2))
    meeting = Interaction.objects.create(
        company=plan.deal.company, author=cast.aliev, starts_at=moment(date(2026, 12, 3)), state="planned"
    )
    InteractionUser.objects.create(interaction=meeting, user=cast.aliev)
    mondays, loads = plan_load(plan, cast.gromov, T, sees_all=True)
    rows = {load.user: load for load in loads}
    assert mondays[1] == date(2026, 11, 30)
    week = rows[cast.aliev].weeks[1]
    assert (week.of_plan, week.tasks, week.meetings) == (1, 2, 1)
    assert rows[cast.gai].total == 0


def test_who_may_not_know_sees_the_plan_alone(plan: Plan, cast: Cast) -> None:
    """R94: a member reads the tasks of the plan, not the rest of a colleague's life."""
    make_plan_task(plan, cast.aliev, due_on=date(2026, 12, 1))
    Task.objects.create(title="Другое", assignee=cast.aliev, due_on=date(2026, 12, 2))
    _mondays, loads = plan_load(plan, cast.gai, T, sees_all=False)
    week = next(load for load in loads if load.user == cast.aliev).weeks[1]
    assert (week.of_plan, week.tasks) == (1, None)


@pytest.mark.parametrize(("most", "is_over"), [(2, True), (3, False)])
def test_an_overload_is_more_than_the_parameter(plan: Plan, cast: Cast, most: int, is_over: bool) -> None:
    """R74: the administrator's number, in one week."""
    Parameter.objects.create(code="overload_tasks_week", value=most)
    for _number in range(3):
        make_plan_task(plan, cast.aliev, due_on=date(2026, 12, 1))
    _mondays, loads = plan_load(plan, cast.gromov, T, sees_all=True)
    week = next(load for load in loads if load.user == cast.aliev).weeks[1]
    assert week.is_over is is_over


@pytest.mark.parametrize("size", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_the_slot_costs_the_same_with_more_tasks(
    plan: Plan, cast: Cast, size: int, django_assert_num_queries: Any
) -> None:
    """Five statements, and the roles of the reader once."""
    for number in range(size):
        make_plan_task(plan, (cast.aliev, cast.gai, cast.kim)[number % 3])
    with django_assert_num_queries(6):
        plan_load(plan, cast.gromov, T, sees_all=True)
