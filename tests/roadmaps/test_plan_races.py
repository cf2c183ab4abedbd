"""Two people, one strategy, the same moment: nothing is lost and nothing stands twice (faults A3, B1–B3, B7)."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from accounts.models import Company, Task
from accounts.services.tasks import finish_task, pass_task, start_task
from deals.models import Deal
from roadmaps.enums import Metric, PlanState, PlanType, Verdict
from roadmaps.models import Plan, PlanReview, PlanRevision, PlanTask, Presentation, Sync
from roadmaps.plan_content import replay
from roadmaps.plan_proposal import propose_with_deal
from roadmaps.queries import content_of
from roadmaps.services.plan_dates import DateMove, move_dates
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plan_start import PlanSaid, begin_with_deal
from roadmaps.services.plan_tasks import TaskSaid, add_task, change_task, remove_task, seen_version
from roadmaps.services.plans import create_plan, update_plan
from roadmaps.services.presentation_files import PPTX, queue_file
from roadmaps.services.presentations import create_presentation, edit_block
from roadmaps.services.protocol import Decided, Protocol, hold_sync
from roadmaps.services.reviews import approve_plan, return_plan
from roadmaps.services.syncs import plan_sync, sync_at_once
from tests.deals.racing import together
from tests.factories import Cast, T, make_calendar, make_company, make_contract, make_deal, moment
from tests.roadmaps.deck_makers import make_presentation
from tests.roadmaps.makers import (
    confirm_everything,
    make_plan_task,
    make_submitted,
    make_sync,
    make_working_plan,
    put_plan,
)
from upsell_crm.core.models import JobRun, User

pytestmark = pytest.mark.servers
ROUNDS = 5
Save = Callable[[], object]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Committed, so that other connections see them."""
    make_calendar()
    return Cast()


@pytest.fixture
def company(cast: Cast) -> Company:
    return make_company(kam=cast.lisina, team=cast.k1)


def plan_of(plan: Plan) -> Plan:
    """As each of them has read it."""
    return Plan.objects.select_related("deal__company", "deal__team", "deal__responsible_kam").get(pk=plan.pk)


def link_of(link: PlanTask) -> PlanTask:
    links = PlanTask.objects.select_related("task__company", "plan__deal__company", "plan__deal__team")
    return links.select_related(
        "task__assignee", "task__company", "plan__deal__company", "plan__deal__team"
    ).get(pk=link.pk)


def check_revisions(plan: Plan) -> list[PlanRevision]:
    """R52: numbers without a gap, and replayed they are the plan."""
    revisions = list(PlanRevision.objects.filter(plan=plan).order_by("number"))
    now = plan_of(plan)
    assert [one.number for one in revisions] == list(range(1, len(revisions) + 1))
    assert now.revision == len(revisions)
    assert replay([one.changes for one in revisions]) == now.content == content_of(now)
    return revisions


def two_tasks(company: Company, by: User) -> tuple[Plan, PlanTask, PlanTask]:
    plan = make_working_plan(make_deal(company))
    second = make_plan_task(plan, by, "Согласовать цену")
    plan = put_plan(plan_of(plan), PlanState.ACTIVE)
    return plan, plan.tasks.order_by("pk")[0], second


def test_of_two_strategies_for_one_deal_one_is_made(cast: Cast, company: Company) -> None:
    """R41: a deal has one open strategy."""
    for _round in range(ROUNDS):
        deal = make_deal(company)
        head = {
            "goal": "Продлить",
            "success_metric": Metric.AMOUNT,
            "success_value": 1,
            "deadline": date(2026, 12, 25),
        }

        def begin(by: User, deal: Deal = deal, head: dict[str, Any] = head) -> Save:
            seen = Deal.objects.select_related("company", "team").get(pk=deal.pk)
            return partial(create_plan, seen, by=by, type=PlanType.ACTION_PLAN, **head)

        saves = [begin(by) for by in (cast.lisina, cast.belova, cast.lisina, cast.belova)]
        assert sorted(together(*saves)) == [False] * 3 + [True]
        assert Plan.objects.filter(deal=deal).count() == 1


def test_a_strategy_with_its_deal_is_begun_once(cast: Cast) -> None:
    """§2.9: both or neither, also for two clicks at once."""
    company = make_company(kam=cast.lisina, team=cast.k1)
    make_contract(company, ("casebook", 10), act_by=date(2026, 12, 10))
    proposal = propose_with_deal(company, T, cast.lisina)
    head = {
        "goal": "Продлить",
        "success_metric": Metric.AMOUNT,
        "success_value": 1,
        "deadline": date(2026, 12, 25),
    }
    said = PlanSaid(
        type=PlanType.ACTION_PLAN, suggestion=proposal.suggestion, head=head, comment="Так", is_draft=True,
        steps=[TaskSaid("Позвонить", cast.lisina, date(2026, 12, 1), "Ответ")],
    )  # fmt: skip
    opens = proposal.opens
    assert opens is not None
    saves = [partial(begin_with_deal, company, opens, said, by=cast.lisina) for _each in range(3)]
    assert sorted(together(*saves)) == [False, False, True]
    assert Deal.objects.filter(company=company).count() == Plan.objects.count() == 1


def test_two_leads_give_one_verdict(cast: Cast, company: Company) -> None:
    """R79."""
    for _round in range(ROUNDS):
        plan = make_submitted(make_deal(company), PlanType.ACTION_PLAN, tasks=[(cast.lisina, "Позвонить")])
        confirm_everything(company, cast.lisina)
        saves: list[Save] = [
            partial(approve_plan, plan_of(plan), by=cast.belova, comment="Да", overrides=True),
            partial(return_plan, plan_of(plan), by=cast.andreeva, comment="Нет"),
            partial(approve_plan, plan_of(plan), by=cast.andreeva, comment="Да", overrides=True),
        ]
        assert sum(together(*saves)) == 1
        review = PlanReview.objects.get(plan=plan)
        states = {Verdict.APPROVED: PlanState.ACTIVE, Verdict.RETURNED: PlanState.RETURNED}
        assert plan_of(plan).state == states[Verdict(review.verdict)]


def test_a_plan_is_started_and_ended_once(cast: Cast, company: Company) -> None:
    """Two clicks on «Запустить», then two on «Отменить»."""
    plan = make_working_plan(make_deal(company))
    put_plan(plan_of(plan), PlanState.DRAFT)
    PlanRevision.objects.filter(plan=plan).delete()
    Plan.objects.filter(pk=plan.pk).update(revision=0)
    confirm_everything(company, cast.lisina)
    start = [partial(move_plan, plan_of(plan), to=PlanState.ACTIVE, by=cast.lisina) for _each in range(3)]
    assert sum(together(*start)) == 1
    assert len(check_revisions(plan)) == 1
    cancel = [
        partial(move_plan, plan_of(plan), to=PlanState.CANCELLED, by=cast.lisina, reason="Нет")
        for _each in range(3)
    ]
    assert sum(together(*cancel)) == 1
    check_revisions(plan)


def test_different_tasks_of_one_plan_are_changed_at_once(cast: Cast, company: Company) -> None:
    """B2: both are kept, each as a revision of its own."""
    for turn in range(ROUNDS):
        plan, first, second = two_tasks(company, cast.lisina)
        Plan.objects.filter(pk=plan.pk).update(version=7)
        saves = [
            partial(
                change_task,
                link_of(link),
                {"title": f"{word} {turn}"},
                by=by,
                reason=word,
                seen=seen_version(link_of(link)),
            )
            for link, by, word in ((first, cast.lisina, "Первая"), (second, cast.belova, "Вторая"))
        ]
        assert together(*saves) == [True, True]
        revisions = check_revisions(plan)
        assert {one.reason for one in revisions[-2:]} == {"Первая", "Вторая"}
        plan.delete()


def test_of_two_changes_of_one_task_the_second_is_told(cast: Cast, company: Company) -> None:
    """B1."""
    plan, first, _second = two_tasks(company, cast.lisina)
    seen = seen_version(link_of(first))
    saves = [
        partial(change_task, link_of(first), {"title": word}, by=by, reason=word, seen=seen)
        for by, word in ((cast.lisina, "Так"), (cast.belova, "Иначе"))
    ]
    before = len(check_revisions(plan))
    assert sum(together(*saves)) == 1
    assert len(check_revisions(plan)) == before + 1


def test_two_changes_never_close_a_circle(cast: Cast, company: Company) -> None:
    """R44: each of them alone is right."""
    for _round in range(ROUNDS):
        plan, first, second = two_tasks(company, cast.lisina)
        saves = [
            partial(change_task, link_of(one), {}, by=cast.lisina, reason="Порядок", seen=seen_version(link_of(one)), depends_on=[other])
            for one, other in ((first, second), (second, first))
        ]  # fmt: skip
        assert sum(together(*saves)) == 1
        check_revisions(plan)
        plan.delete()


def test_a_second_click_adds_no_second_task(cast: Cast, company: Company) -> None:
    """A3; two people who add different tasks get both."""
    plan, _first, _second = two_tasks(company, cast.lisina)
    said = TaskSaid("Разослать", cast.lisina, date(2026, 12, 1), "Письма ушли")
    other = TaskSaid("Посчитать", cast.lisina, date(2026, 12, 1), "Расчёт")
    saves = [
        partial(add_task, plan_of(plan), said, by=cast.lisina, reason="Нужно", once=True)
        for _each in range(3)
    ]
    saves.append(partial(add_task, plan_of(plan), other, by=cast.belova, reason="Нужно", once=True))
    before = len(check_revisions(plan))
    assert together(*saves) == [True] * 4
    assert PlanTask.objects.filter(plan=plan).count() == 4
    assert len(check_revisions(plan)) == before + 2


def test_tasks_go_on_while_their_plan_is_edited(cast: Cast, company: Company) -> None:
    """Finishing, a colleague's handover and three kinds of edit at once: no circle of waiting, revisions stay whole."""
    for turn in range(ROUNDS):
        plan, first, second = two_tasks(company, cast.lisina)
        start_task(by=cast.lisina, task=Task.objects.get(pk=first.task_id))

        def task(link: PlanTask) -> Task:
            return Task.objects.select_related("company", "assignee", "receiver").get(pk=link.task_id)

        saves: list[Save] = [
            partial(finish_task, by=cast.lisina, task=task(first), result="Готово"),
            partial(pass_task, by=None, task=task(second), assignee=cast.vetrov, reason="Передача"),
            partial(update_plan, plan_of(plan), {"goal": f"Цель {turn}"}, by=cast.lisina, reason="Цель"),
            partial(
                move_dates, plan_of(plan), [DateMove(link_of(second), date(2026, 11, 30), date(2026, 12, 7))],
                by=cast.belova, reason="Сроки",
            ),
            partial(remove_task, link_of(first), by=cast.belova, reason="Не нужна", seen=seen_version(link_of(first))),
        ]  # fmt: skip
        assert any(together(*saves))
        check_revisions(plan)
        plan.delete()


def test_a_plan_is_cancelled_while_its_task_is_finished(cast: Cast, company: Company) -> None:
    for _round in range(ROUNDS):
        plan, first, _second = two_tasks(company, cast.lisina)
        start_task(by=cast.lisina, task=Task.objects.get(pk=first.task_id))
        done = Task.objects.select_related("company", "assignee", "receiver").get(pk=first.task_id)
        saves: list[Save] = [
            partial(move_plan, plan_of(plan), to=PlanState.CANCELLED, by=cast.lisina, reason="Отказ клиента"),
            partial(finish_task, by=cast.lisina, task=done, result="Готово"),
        ]
        assert any(together(*saves))
        check_revisions(plan)
        plan.delete()


def test_a_protocol_is_kept_once(cast: Cast, company: Company) -> None:
    """R51: one save, one revision."""
    plan, first, _second = two_tasks(company, cast.lisina)
    sync = make_sync(plan)

    def hold(by: User) -> Save:
        seen = Sync.objects.select_related("plan__deal__company", "plan__deal__team", "interaction").get(
            pk=sync.pk
        )
        new = [TaskSaid("Новая", cast.lisina, date(2026, 12, 2), "Итог")]
        said = Protocol("Решили", [cast.lisina], new=new, decisions=[Decided("Делаем", link_of(first))])
        return partial(hold_sync, seen, said, by=by, version=seen.plan.version)

    before = len(check_revisions(plan))
    assert sum(together(*[hold(by) for by in (cast.lisina, cast.belova, cast.lisina)])) == 1
    assert sync.decisions.count() == 1
    assert len(check_revisions(plan)) == before + 1


def test_syncs_have_numbers_of_their_own(cast: Cast, company: Company) -> None:
    plan, _first, _second = two_tasks(company, cast.lisina)
    at = moment(date(2026, 11, 26))
    twice = [partial(sync_at_once, plan_of(plan), by=cast.lisina, starts_at=at) for _each in range(3)]
    saves: list[Save] = [
        *twice,
        partial(plan_sync, plan_of(plan), by=cast.belova, starts_at=at, participants=[cast.lisina]),
    ]
    assert together(*saves) == [True] * 4
    assert sorted(Sync.objects.filter(plan=plan).values_list("number", flat=True)) == [1, 2]


def test_a_presentation_is_made_once_and_its_file_asked_for_once(cast: Cast, company: Company) -> None:
    """R53: one version in work; R58: one run."""
    plan, _first, _second = two_tasks(company, cast.lisina)
    make = [partial(create_presentation, plan_of(plan), by=cast.lisina) for _each in range(3)]
    assert sum(together(*make)) == 1
    presentation = Presentation.objects.get(plan=plan)
    words = [partial(edit_block, Presentation.objects.select_related("plan__deal__company", "plan__deal__team").get(pk=presentation.pk), "free", by=cast.lisina, text=f"Текст {n}", version=presentation.version) for n in range(3)]  # fmt: skip
    assert sum(together(*words)) == 1
    ready = make_presentation(plan, number=2)
    assert all(
        together(*[partial(queue_file, ready, by=cast.lisina, file_format=PPTX) for _each in range(4)])
    )
    assert JobRun.objects.filter(job="presentation_file").count() == 1
