"""Syncs: planned into calendars, an agenda made by itself, a protocol that changes the plan once (R51, R52)."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.enums import InteractionKind, InteractionState
from accounts.models import Task
from accounts.services.interactions import hold_planned, retract_interaction
from accounts.services.outcome import Outcome
from accounts.services.tasks import accept_task, block_task, finish_task, return_task, start_task
from deals.models import Deal
from reports.queries import meetings_on
from roadmaps.agenda import agenda_of, is_empty
from roadmaps.enums import PlanState
from roadmaps.models import Plan, PlanTask, ReplanItem, ReviewComment, Sync
from roadmaps.plan_content import replay
from roadmaps.queries import content_of
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plan_tasks import TaskSaid, change_task
from roadmaps.services.protocol import Decided, Protocol, TaskDecided, hold_sync
from roadmaps.services.syncs import cancel_sync, correct_notes, move_sync, plan_sync
from tests.factories import Cast, T, moment
from tests.roadmaps.makers import (
    DUE,
    make_plan,
    make_plan_task,
    make_shared_deal,
    make_sync,
    make_working_plan,
    put_plan,
)
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(cast: Cast) -> Deal:
    return make_shared_deal(cast.aliev, cast.naumov)


@pytest.fixture
def plan(deal: Deal) -> Plan:
    return make_working_plan(deal)


def first_task(plan: Plan) -> PlanTask:
    return PlanTask.objects.select_related("plan__deal__company", "task__company").get(
        plan=plan, task__title="Собрать потребности"
    )


def finish(link: PlanTask, result: str = "Три департамента") -> None:
    task = Task.objects.get(pk=link.task_id)
    finish_task(by=task.assignee, task=task, result=result)


def hold(sync: Sync, by: Any, **said: Any) -> Sync:
    """Held with what was said; the plan is read anew, as a page does."""
    sync = Sync.objects.select_related(
        "plan__deal__company", "plan__deal__responsible_kam", "interaction__company"
    ).get(pk=sync.pk)
    said.setdefault("notes", "Обсудили")
    said.setdefault("attended", [by])
    return hold_sync(sync, Protocol(**said), by=by)


def titles(agenda: dict[str, Any], part: str) -> list[str]:
    return [row["title"] for row in agenda[part]]


def test_a_planned_sync_stands_in_the_day_of_everybody_who_comes(plan: Plan, cast: Cast) -> None:
    """R51: participants are notified; no person of the client is needed (§2.8.9)."""
    day = date(2026, 11, 26)
    sync = plan_sync(plan, by=cast.aliev, starts_at=moment(day), participants=[cast.aliev, cast.naumov])
    assert (sync.number, sync.interaction.kind) == (1, InteractionKind.SYNC)
    for person in (cast.aliev, cast.naumov):
        assert list(meetings_on(person, day)) == [sync.interaction]
    assert not meetings_on(cast.demin, day).exists()
    assert sync.interaction.deal_links.get().deal == plan.deal


def test_only_who_leads_the_plan_plans_a_sync(plan: Plan, cast: Cast) -> None:
    """§3: a performer comes to syncs, he does not plan them."""
    with pytest.raises(NotAllowed):
        plan_sync(plan, by=cast.naumov, starts_at=moment(date(2026, 11, 26)), participants=[cast.naumov])


def test_a_sync_in_the_past_or_without_people_is_refused(plan: Plan, cast: Cast) -> None:
    """R51: each refusal names its field."""
    with pytest.raises(DomainError) as refused:
        plan_sync(plan, by=cast.aliev, starts_at=moment(date(2026, 11, 20)), participants=[cast.aliev])
    assert "starts_at" in refused.value.errors
    with pytest.raises(DomainError) as refused:
        plan_sync(plan, by=cast.aliev, starts_at=moment(date(2026, 11, 26)), participants=[])
    assert "participants" in refused.value.errors


def test_a_moved_sync_takes_its_people_along(plan: Plan, cast: Cast) -> None:
    """R51; somebody who was faster is not overwritten."""
    sync = make_sync(plan)
    move_sync(
        sync, by=cast.aliev, starts_at=moment(DUE), participants=[cast.naumov], duration_min=30, version=1
    )
    assert list(meetings_on(cast.naumov, DUE)) == [sync.interaction]
    assert not meetings_on(cast.aliev, DUE).filter(our_people__user=cast.aliev).exists()
    with pytest.raises(Stale):
        move_sync(
            sync, by=cast.aliev, starts_at=moment(DUE), participants=[cast.naumov], duration_min=30, version=1
        )


def test_a_sync_that_is_called_off_leaves_its_agenda_to_the_next(plan: Plan, cast: Cast) -> None:
    """R51: nothing is lost."""
    finish(first_task(plan))
    sync = make_sync(plan)
    cancel_sync(sync, by=cast.aliev, reason="Отпуск")
    assert titles(agenda_of(plan, make_sync(plan), T), "results") == ["Собрать потребности"]
    with pytest.raises(DomainError):
        cancel_sync(sync, by=cast.aliev, reason="Ещё раз")


def test_the_agenda_names_each_open_task_once_by_its_strongest_reason(plan: Plan, cast: Cast) -> None:
    """R51: late, blocked, waiting, due until the next sync; what is far away is not talked about."""
    late = make_plan_task(
        plan, cast.aliev, "Опоздала", due_on=date(2026, 11, 20), starts_on=date(2026, 11, 10)
    )
    blocked = make_plan_task(plan, cast.aliev, "Стоит", due_on=date(2026, 12, 20))
    block_task(by=cast.aliev, task=blocked.task, reason="Нет доступа")
    make_plan_task(plan, cast.aliev, "Ждёт", due_on=date(2026, 12, 20), after=[late])
    make_plan_task(plan, cast.aliev, "Нескоро", due_on=date(2026, 12, 21), starts_on=date(2026, 12, 15))
    agenda = agenda_of(plan, make_sync(plan), T)
    assert [(row["why"], row["title"]) for row in agenda["tasks"]] == [
        ("late", "Опоздала"), ("blocked", "Стоит"), ("waits", "Ждёт"), ("due", "Собрать потребности"),
    ]  # fmt: skip
    assert agenda["tasks"][1]["reason"] == "Нет доступа"
    assert agenda["tasks"][2]["waits"] == ["Опоздала"]


def test_a_result_stands_on_one_agenda_only(plan: Plan, cast: Cast) -> None:
    """Product §1.8: the agenda of sync k is what has changed after sync k−1; two in a row, the second has no results."""
    finish(first_task(plan))
    one = hold(make_sync(plan), cast.aliev)
    assert [row["result"] for row in one.agenda["results"]] == ["Три департамента"]
    two = hold(make_sync(plan), cast.aliev)
    assert two.agenda["results"] == []
    assert is_empty(agenda_of(plan, None, T))


def test_a_task_done_anew_is_a_new_result(plan: Plan, cast: Cast) -> None:
    """R50, R51: returned with a comment and done again."""
    link = first_task(plan)
    finish(link)
    hold(make_sync(plan), cast.aliev)
    task = Task.objects.get(pk=link.task_id)
    return_task(by=cast.gromov, task=task, reason="Мало")
    finish(link, "Пять департаментов")
    assert [row["result"] for row in agenda_of(plan, None, T)["results"]] == ["Пять департаментов"]


def test_an_accepted_result_is_not_told_again(plan: Plan, cast: Cast) -> None:
    """R51: accepting is no new result."""
    link = first_task(plan)
    finish(link)
    hold(make_sync(plan), cast.gromov)
    task = Task.objects.get(pk=link.task_id)
    if task.state == "done":
        accept_task(by=cast.gromov, task=task)
    assert agenda_of(plan, None, T)["results"] == []


def test_a_result_heard_by_its_receiver_is_accepted(plan: Plan, cast: Cast) -> None:
    """R51: the exchange of results; what was not heard waits for its receiver."""
    link = make_plan_task(plan, cast.naumov, "Опросить")
    put_plan(plan, PlanState.ACTIVE)
    finish(first_task(plan))
    finish(link)
    sync = make_sync(plan)
    keys = [row["key"] for row in agenda_of(plan, sync, T)["results"] if row["title"] == "Опросить"]
    held = hold(sync, cast.aliev, heard=frozenset(keys))
    assert {row["title"]: row["heard"] for row in held.agenda["results"]} == {
        "Собрать потребности": False,
        "Опросить": True,
    }
    states = dict(Task.objects.values_list("title", "state"))
    assert (states["Опросить"], states["Собрать потребности"]) == ("accepted", "done")


def test_changed_facts_stay_until_somebody_has_looked(plan: Plan, cast: Cast) -> None:
    """R46–R48, R51: an open one on each agenda, a settled one once."""
    item = ReplanItem.objects.create(plan=plan, fact="dm", what="Новый ЛПР", old="Орехов", new="Седова")
    assert [row["what"] for row in hold(make_sync(plan), cast.aliev).agenda["facts"]] == ["Новый ЛПР"]
    assert len(agenda_of(plan, None, T)["facts"]) == 1
    item.resolved_at = clock.now()
    item.save()
    assert agenda_of(plan, None, T)["facts"] == []


def test_changes_of_the_plan_and_words_of_the_lead_stand_on_the_agenda(plan: Plan, cast: Cast) -> None:
    """R51, R52, R79: each revision once; a comment until it is settled."""
    change_task(first_task(plan), {"due_on": date(2026, 12, 3)}, by=cast.aliev, reason="Клиент попросил")
    ReviewComment.objects.create(plan=plan, item="goal", text="Где расчёт?", author=cast.gromov)
    held = hold(make_sync(plan), cast.aliev)
    assert [row["reason"] for row in held.agenda["revisions"]] == ["Клиент попросил"]
    later = agenda_of(plan, None, T)
    assert (later["revisions"], [row["text"] for row in later["comments"]]) == ([], ["Где расчёт?"])


def test_the_protocol_is_one_numbered_revision(plan: Plan, cast: Cast) -> None:
    """R52: dates, people, a dropped and a new task in one save, replayed to the plan."""
    link = first_task(plan)
    spare = make_plan_task(plan, cast.aliev, "Лишняя")
    put_plan(plan, PlanState.ACTIVE)
    start_task(by=cast.aliev, task=link.task)
    held = hold(
        make_sync(plan), cast.aliev,
        tasks=[
            TaskDecided(link, {"due_on": date(2026, 12, 8), "assignee": cast.naumov}),
            TaskDecided(spare, {}, dropped="Сделали иначе"),
        ],
        new=[TaskSaid("Посчитать", cast.naumov, DUE, "Расчёт")], decisions=[Decided("Идём к директору", link)],
    )  # fmt: skip
    plan.refresh_from_db()
    assert held.revision.number == plan.revision
    assert held.revision.reason == "Синхронизация № 1: Идём к директору"
    assert plan.revisions.filter(syncs__isnull=False).count() == 1
    assert replay(plan.revisions.order_by("number").values_list("changes", flat=True)) == content_of(plan)
    assert held.interaction.state == InteractionState.HELD
    assert AuditEvent.objects.filter(event="hold_sync", company_id=plan.company_id).exists()


def test_what_a_sync_has_decided_is_asked_at_the_next(plan: Plan, cast: Cast) -> None:
    """R51: until its task is done; its own revision is no news."""
    link = first_task(plan)
    row = TaskDecided(link, {"due_on": date(2026, 12, 8)})
    hold(make_sync(plan), cast.aliev, tasks=[row], decisions=[Decided("Ждём расчёт", link)])
    agenda = agenda_of(plan, None, T)
    assert ([one["text"] for one in agenda["decisions"]], agenda["revisions"]) == (["Ждём расчёт"], [])
    finish(link)
    assert agenda_of(plan, None, T)["decisions"] == []


def test_a_refusal_names_row_and_field_and_writes_nothing(plan: Plan, cast: Cast) -> None:
    """R52, §2.8.6: due before start."""
    link = make_plan_task(plan, cast.aliev, "Поздняя", starts_on=date(2026, 12, 7), due_on=date(2026, 12, 9))
    put_plan(plan, PlanState.ACTIVE)
    before = plan.revisions.count()
    with pytest.raises(DomainError) as refused:
        hold(
            make_sync(plan), cast.aliev, new=[TaskSaid("Новая", cast.aliev, DUE, "Есть")],
            tasks=[TaskDecided(first_task(plan), {"due_on": DUE + timedelta(days=1)}), TaskDecided(link, {"due_on": DUE})],
        )  # fmt: skip
    assert list(refused.value.errors) == ["tasks.1.due_on"]
    assert "Поздняя" in str(refused.value.errors["tasks.1.due_on"][0])
    assert plan.revisions.count() == before
    assert not Task.objects.filter(title="Новая").exists()
    assert plan.syncs.get().interaction.state == InteractionState.PLANNED


def test_a_plan_with_the_lead_keeps_notes_only(deal: Deal, cast: Cast) -> None:
    """R51, R79: the protocol is kept, tasks are not touched."""
    plan = make_plan(deal)
    link = make_plan_task(plan, cast.aliev)
    put_plan(plan, PlanState.REVIEW)
    with pytest.raises(DomainError, match="руководител"):
        hold(make_sync(plan), cast.aliev, tasks=[TaskDecided(link, {"assignee": cast.naumov})])
    held = hold(plan.syncs.get(), cast.aliev, decisions=[Decided("Ждём ответа")])
    assert (held.notes, held.revision, held.decisions.count()) == ("Обсудили", None, 1)


def test_two_protocols_of_one_sync_do_not_both_pass(plan: Plan, cast: Cast) -> None:
    """§2.8.4: the second hears that it is written; an old version of the plan is refused."""
    sync = make_sync(plan)
    with pytest.raises(Stale):
        hold_sync(
            sync, Protocol("", [cast.aliev], new=[TaskSaid("Ещё", cast.aliev, DUE, "Да")]), by=cast.aliev,
            version=plan.version - 1,
        )  # fmt: skip
    hold(sync, cast.aliev)
    with pytest.raises(DomainError, match="уже записан"):
        hold(sync, cast.aliev)


def test_a_sync_logged_by_the_common_form_has_its_agenda_frozen(plan: Plan, cast: Cast) -> None:
    """R51: «Записать итог» on a planned sync loses nothing; taking it back opens it again."""
    finish(first_task(plan))
    sync = make_sync(plan, T)
    meeting = sync.interaction
    outcome = Outcome(InteractionKind.SYNC, moment(T), summary="Всё по плану", our_people=[cast.aliev])
    hold_planned(by=cast.aliev, interaction=meeting, outcome=outcome)
    sync.refresh_from_db()
    assert (titles(sync.agenda, "results"), sync.notes) == (["Собрать потребности"], "Всё по плану")
    meeting.refresh_from_db()
    retract_interaction(by=cast.aliev, interaction=meeting)
    sync.refresh_from_db()
    assert sync.agenda == {}


def test_a_protocol_that_has_changed_the_plan_is_not_taken_back(plan: Plan, cast: Cast) -> None:
    """R52: history is corrected by a new revision."""
    held = hold(make_sync(plan), cast.aliev, tasks=[TaskDecided(first_task(plan), {"assignee": cast.naumov})])
    with pytest.raises(DomainError, match="новой правкой"):
        retract_interaction(by=cast.aliev, interaction=held.interaction)


def test_correcting_the_notes_is_recorded(plan: Plan, cast: Cast) -> None:
    """R51, R15: both texts are in the history; an old version is refused."""
    held = hold(make_sync(plan), cast.aliev)
    version = held.version
    correct_notes(held, by=cast.aliev, notes="Обсудили и решили", version=version)
    line = AuditEvent.objects.filter(event="correct_sync").latest("pk")
    assert line.changes["notes"] == ["Обсудили", "Обсудили и решили"]
    with pytest.raises(Stale):
        correct_notes(held, by=cast.aliev, notes="Ещё", version=version)
    with pytest.raises(NotAllowed):
        correct_notes(held, by=cast.naumov, notes="Ещё")


def test_a_sync_of_colleagues_is_no_contact_with_the_client(plan: Plan, cast: Cast) -> None:
    """R11, §2.6: neither the deal nor the client has been talked to."""
    hold(make_sync(plan), cast.aliev)
    plan.deal.refresh_from_db()
    assert plan.deal.last_contact_at is None
    plan.deal.company.refresh_from_db()
    assert plan.deal.company.last_contact_at is None


def test_the_end_of_a_plan_calls_its_planned_syncs_off(plan: Plan, cast: Cast) -> None:
    """R51: nobody comes to talk about a strategy that was given up; what was held stays."""
    held = hold(make_sync(plan, T), cast.aliev)
    sync = make_sync(plan)
    move_plan(Plan.objects.get(pk=plan.pk), to=PlanState.CANCELLED, by=cast.gromov, reason="Клиент отказался")
    states = [Sync.objects.get(pk=one.pk).interaction.state for one in (sync, held)]
    assert states == [InteractionState.CANCELLED, InteractionState.HELD]
