"""Strategies of the demo story (domain.md §8.1): what the stories and the pictures rely on."""

import pytest

from accounts.enums import TaskState
from deals.models import DealMember
from roadmaps.deck.snapshot import look
from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan, PlanTask
from roadmaps.plan_content import replay
from roadmaps.queries import content_of, members_without_task
from roadmaps.services.plan_tasks import find_cycle
from tests.demo.test_story import story  # noqa: F401  the story is told once
from tests.factories import T
from upsell_crm.demo.clients_table import BY_NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("story")]


def plan_of(no: int) -> Plan:
    return Plan.objects.open().select_related("deal__company").get(deal__company__inn=BY_NUMBER[no].inn)


def test_the_plan_of_the_port_waits_for_its_lead_with_tasks_for_five_members() -> None:
    """Story 4: criterion, deadline, a task for each of five members."""
    plan = plan_of(20)
    members = DealMember.objects.active_on(T).filter(deal=plan.deal)
    assert plan.state == PlanState.REVIEW and plan.deal.company.is_key
    assert members.count() == 5
    assert list(members_without_task(plan, T)) == []


def test_the_roadmap_of_the_holding_is_done_by_people_of_several_teams() -> None:
    """R42, R66: tasks of two sales teams in one roadmap."""
    plan = plan_of(1)
    teams = PlanTask.objects.filter(plan=plan).values_list("task__assignee__team__code", flat=True)
    assert {"K1", "K2"} <= set(teams)
    assert plan.state == PlanState.ACTIVE and plan.revision == 3 and plan.syncs.count() == 3


def test_revisions_of_the_story_replay_to_the_plans() -> None:
    """R52: in every plan that has been started."""
    for plan in Plan.objects.filter(revision__gte=1):
        changes = plan.revisions.order_by("number").values_list("changes", flat=True)
        assert replay(changes) == content_of(plan) == plan.content, plan


def test_no_chain_of_the_story_is_a_circle() -> None:
    """R44, §2.8.6; what is done has a result (R50)."""
    for link in PlanTask.objects.select_related("task"):
        assert find_cycle(link, link.depends_on.all()) == []
        assert link.task.expected_result
        assert link.task.state not in (TaskState.DONE, TaskState.ACCEPTED) or link.task.actual_result


def test_the_client_of_the_third_story_has_no_strategy_yet() -> None:
    """Story 3 begins one; action plans, a returned and a completed roadmap are there."""
    assert not Plan.objects.filter(deal__company__inn=BY_NUMBER[3].inn).exists()
    assert Plan.objects.filter(type=PlanType.ACTION_PLAN, state=PlanState.ACTIVE).count() >= 3
    assert Plan.objects.filter(state=PlanState.RETURNED).exists()
    assert Plan.objects.filter(state=PlanState.COMPLETED).count() >= 3


def test_the_bank_has_seen_a_version_and_the_next_one_waits_for_one_fact() -> None:
    """R46, R53, R58: everything in the second version holds but the court load."""
    first, second = plan_of(12).presentations.order_by("number")
    assert first.state == "shown" and first.snapshot["blocks"]
    assert set(look(second, T).refused) == {"court_load"}
