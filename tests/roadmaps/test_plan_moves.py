"""The road of a strategy: stage 1, review, work, revisions (domain.md §2.9, R45–R53, R79)."""

from datetime import date

import pytest

from accounts.models import Company
from accounts.services.tasks import finish_task, start_task
from deals.models import Deal
from deals.services.deal_moves import lose_deal
from roadmaps.enums import PlanState, PlanType, Verdict
from roadmaps.models import Plan
from roadmaps.plan_content import replay
from roadmaps.queries import content_of
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plan_tasks import TaskSaid, add_task, change_task
from roadmaps.services.plans import create_plan, update_plan, upgrade_plan
from tests.factories import Cast, make_company, make_contact, make_deal
from tests.roadmaps.makers import DUE, confirm_everything, make_plan, make_plan_task
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def port(cast: Cast) -> Company:
    return make_company("АО «Приозёрский Порт»", kam=cast.aliev, team=cast.k2, is_key=True)


@pytest.fixture
def deal(port: Company) -> Deal:
    make_contact(port)
    return make_deal(port, ("casebook", 14, 18))


def stands(plan: Plan) -> bool:
    """The law of the revisions: they replay to the plan."""
    return replay(plan.revisions.order_by("number").values_list("changes", flat=True)) == content_of(plan)


def test_the_plan_of_a_key_client_waits_for_its_lead(deal: Deal, cast: Cast) -> None:
    """R79: not active without approval; what was approved is the first revision."""
    plan = make_plan(deal)
    make_plan_task(plan, cast.aliev)
    confirm_everything(deal.company, cast.aliev)
    with pytest.raises(DomainError, match="руководител"):
        move_plan(plan, to=PlanState.ACTIVE, by=cast.aliev)
    move_plan(plan, to=PlanState.REVIEW, by=cast.aliev)
    with pytest.raises(NotAllowed):
        move_plan(plan, to=PlanState.ACTIVE, by=cast.aliev)
    move_plan(plan, to=PlanState.RETURNED, by=cast.gromov, reason="Нет задачи на ЛПР")
    move_plan(plan, to=PlanState.PLANNING, by=cast.aliev)
    move_plan(plan, to=PlanState.REVIEW, by=cast.aliev)
    move_plan(plan, to=PlanState.ACTIVE, by=cast.gromov)
    assert (plan.revision, plan.validated_by) == (1, cast.gromov)
    assert stands(plan)
    assert set(plan.reviews.values_list("verdict", flat=True)) == {Verdict.RETURNED, Verdict.APPROVED}


def test_a_moved_deadline_is_a_revision_and_asks_the_lead_anew(deal: Deal, cast: Cast) -> None:
    """Story 4: revision 2 and a new review."""
    plan = make_plan(deal)
    make_plan_task(plan, cast.aliev)
    confirm_everything(deal.company, cast.aliev)
    move_plan(plan, to=PlanState.REVIEW, by=cast.aliev)
    move_plan(plan, to=PlanState.ACTIVE, by=cast.gromov)
    update_plan(plan, {"deadline": date(2027, 2, 1)}, by=cast.aliev, reason="Клиент перенёс комиссию")
    assert (plan.revision, plan.state) == (2, PlanState.REVIEW)
    assert plan.reviews.filter(verdict="").count() == 1
    assert stands(plan)


def test_stage_1_stays_open_while_a_fact_is_stale(deal: Deal, cast: Cast) -> None:
    """R46, R47, R48: the reasons are listed; the lead opens with his own, which stays."""
    plan = make_plan(deal, state=PlanState.INFO)
    with pytest.raises(DomainError) as refused:
        move_plan(plan, to=PlanState.PLANNING, by=cast.aliev)
    assert len(refused.value.errors[""]) == 8
    with pytest.raises(NotAllowed):
        move_plan(plan, to=PlanState.PLANNING, by=cast.aliev, overrides=True, reason="Спешим")
    move_plan(plan, to=PlanState.PLANNING, by=cast.gromov, overrides=True, reason="ЛПР в отпуске")
    assert plan.stage1_override_reason == "ЛПР в отпуске"


def test_a_task_waits_for_its_plan_and_its_predecessor(deal: Deal, cast: Cast) -> None:
    """R44, R49: held back with reasons, then free."""
    plan = make_plan(deal)
    first = make_plan_task(plan, cast.aliev, "Собрать потребности")
    second = make_plan_task(plan, cast.aliev, "Показать расчёт", after=[first])
    confirm_everything(deal.company, cast.aliev)
    with pytest.raises(DomainError, match="ещё не запущен"):
        start_task(by=cast.aliev, task=first.task)
    move_plan(plan, to=PlanState.REVIEW, by=cast.aliev)
    move_plan(plan, to=PlanState.ACTIVE, by=cast.gromov)
    second.task.refresh_from_db()
    with pytest.raises(DomainError, match="ждёт"):
        start_task(by=cast.aliev, task=second.task)
    first.task.refresh_from_db()
    finish_task(by=cast.aliev, task=first.task, result="Три департамента")
    second.task.refresh_from_db()
    start_task(by=cast.aliev, task=second.task)


def test_a_chain_never_closes_into_a_circle(deal: Deal, cast: Cast) -> None:
    """R44: the refusal names the circle."""
    plan = make_plan(deal)
    first = make_plan_task(plan, cast.aliev, "Раз")
    second = make_plan_task(plan, cast.aliev, "Два", after=[first])
    with pytest.raises(DomainError, match="Раз → Два → Раз"):
        change_task(first, {}, by=cast.aliev, depends_on=[second])


def test_an_action_plan_becomes_a_roadmap_without_loss(cast: Cast) -> None:
    """R43: tasks and head stay."""
    company = make_company(kam=cast.aliev, team=cast.k2)
    plan = create_plan(make_deal(company), by=cast.aliev, type=PlanType.ACTION_PLAN, goal="Продлить")
    add_task(plan, TaskSaid("Позвонить", cast.aliev, DUE, "Договорились о встрече"), by=cast.aliev)
    upgrade_plan(plan, by=cast.aliev)
    assert (plan.goal, plan.tasks.count(), plan.state) == ("Продлить", 1, PlanState.INFO)


def test_a_lost_deal_takes_its_plan_along(deal: Deal, cast: Cast) -> None:
    """§2.9: cancelled, and nobody owes its tasks."""
    plan = make_plan(deal)
    link = make_plan_task(plan, cast.aliev)
    lose_deal(deal, by=cast.gromov, main_reason="price")
    plan.refresh_from_db()
    link.task.refresh_from_db()
    assert (plan.state, link.task.state) == (PlanState.CANCELLED, "cancelled")


def test_a_move_that_is_not_in_the_table_does_not_exist(deal: Deal, cast: Cast) -> None:
    """§2.8.4."""
    with pytest.raises(IllegalTransition):
        move_plan(make_plan(deal), to=PlanState.COMPLETED, by=cast.gromov)
