"""Pages of syncs and revisions (R51, R52): what is shown, one save of the protocol, nothing typed is lost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.services.tasks import finish_task
from deals.models import Deal
from roadmaps.enums import PlanState
from roadmaps.models import Plan, PlanTask, Sync
from roadmaps.services.plan_tasks import TaskSaid, add_task, change_task
from roadmaps.services.plans import update_plan
from tests.factories import Cast, T, moment
from tests.roadmaps.makers import (
    DUE,
    make_plan_task,
    make_shared_deal,
    make_sync,
    make_working_plan,
    put_plan,
)
from upsell_crm.core.drafts import get_draft, save_draft
from upsell_crm.core.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(cast: Cast) -> Deal:
    return make_shared_deal(cast.aliev, cast.naumov)


@pytest.fixture
def plan(deal: Deal) -> Plan:
    return make_working_plan(deal)


@pytest.fixture
def aliev(cast: Cast) -> Client:
    return signed_in(cast.aliev)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url, headers={"Accept-Language": "ru"})
    assert answer.status_code == status
    return answer.content.decode()


def task_field(link: PlanTask, name: str) -> str:
    return f"task-{link.task.public_id}-{name}"


def protocol(client: Client, sync: Sync, **fields: Any) -> Any:
    """The form posted with what stands in it for a plan as it is now."""
    version = Plan.objects.get(pk=sync.plan_id).version
    attended = list(sync.interaction.our_people.values_list("user", flat=True))
    return client.post(
        f"/syncs/{sync.public_id}/protocol/", {"version": version, "attended": attended, **fields}
    )


def test_revisions_are_read_in_words_and_compared(plan: Plan, aliev: Client, cast: Cast) -> None:
    """R52: the newest first; any two; the plan as it was."""
    update_plan(plan, {"deadline": date(2027, 2, 1)}, by=cast.aliev, reason="Комиссия перенесена")
    add_task(plan, TaskSaid("Позвонить", cast.naumov, DUE, "Встреча"), by=cast.aliev, reason="Забыли")
    text = page(aliev, f"/plans/{plan.public_id}/revisions/")
    assert text.index("Забыли") < text.index("Комиссия перенесена") < text.index("Запуск")
    assert "<del>15.01.2027</del> → <ins>01.02.2027</ins>" in text
    compared = page(aliev, f"/plans/{plan.public_id}/revisions/compare/?from=1&to=3")
    assert "01.02.2027" in compared
    assert "«Позвонить»" in compared
    assert "«Позвонить»" not in page(aliev, f"/plans/{plan.public_id}/revisions/compare/?from=1&to=2")
    then = page(aliev, f"/plans/{plan.public_id}/revisions/1/")
    assert "15.01.2027" in then
    assert "Позвонить" not in then
    page(aliev, f"/plans/{plan.public_id}/revisions/9/", 404)
    page(aliev, f"/plans/{plan.public_id}/revisions/compare/?from=1&to=9", 404)


def test_a_plan_that_has_not_begun_says_when_revisions_come(deal: Deal, aliev: Client) -> None:
    """R52: the empty state."""
    plan = make_working_plan(deal)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.DRAFT)
    plan.revisions.all().delete()
    assert "Редакций пока нет" in page(aliev, f"/plans/{plan.public_id}/revisions/")
    page(aliev, f"/plans/{plan.public_id}/revisions/compare/")


def test_who_may_only_look_has_no_buttons(plan: Plan, cast: Cast) -> None:
    """§3: a performer reads agenda and protocol."""
    sync = make_sync(plan)
    client = signed_in(cast.naumov)
    assert "/protocol/" not in page(client, f"/plans/{plan.public_id}/syncs/")
    assert "/protocol/" not in page(client, f"/syncs/{sync.public_id}/")


def test_the_protocol_is_saved_once_and_tells_what_it_has_changed(
    plan: Plan, aliev: Client, cast: Cast
) -> None:
    """R51, R52: result heard, a new day, a new task, a decision: one revision, one page."""
    link = plan.tasks.select_related("task").get()
    done = make_plan_task(plan, cast.naumov, "Опросить")
    put_plan(plan, PlanState.ACTIVE)
    finish_task(by=cast.naumov, task=done.task, result="Три департамента")
    done.task.refresh_from_db()
    sync = make_sync(plan)
    save_draft(cast.aliev, f"protocol:{sync.public_id}", {"notes": ["Обсудили"]})
    answer = protocol(
        aliev, sync, heard=[f"{done.task.public_id}@{done.task.done_at.isoformat()}"],
        **{
            task_field(link, "due_on"): "2026-12-08", "new-0-title": "Посчитать", "new-0-assignee": cast.naumov.pk,
            "new-0-due_on": "2026-12-03", "new-0-expected_result": "Расчёт", "decision-0-text": "Идём к директору",
            "decision-0-task": str(link.task.public_id), "notes": "Обсудили",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    assert get_draft(cast.aliev, f"protocol:{sync.public_id}") is None
    text = page(aliev, f"/syncs/{sync.public_id}/")
    for words in (
        "Идём к директору",
        "заслушан",
        "<del>01.12.2026</del>",
        "«Посчитать» (Наумов",
        "Три департамента",
    ):
        assert words in text
    sync.refresh_from_db()
    assert (sync.revision.number, plan.revisions.count()) == (plan.revisions.count(), 3)
    assert "Синхронизация № 1: Идём к директору" in page(aliev, f"/plans/{plan.public_id}/revisions/")
    assert protocol(aliev, sync).status_code == 302  # written already: its page


def test_a_refused_protocol_keeps_every_word_and_names_the_row(plan: Plan, aliev: Client, cast: Cast) -> None:
    """R52, faults A: due before its start."""
    late = make_plan_task(plan, cast.aliev, "Поздняя", starts_on=date(2026, 12, 7), due_on=date(2026, 12, 9))
    put_plan(plan, PlanState.ACTIVE)
    before = plan.revisions.count()
    fields = {
        task_field(late, "due_on"): "2026-12-01",
        "decision-0-text": "Решили",
        "notes": "Длинная запись",
    }
    answer = protocol(aliev, make_sync(plan), **fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Решили", "Длинная запись", 'value="2026-12-01"', "«Поздняя»: Срок"):
        assert words in text
    assert plan.revisions.count() == before


def test_a_half_filled_row_says_what_is_missing(plan: Plan, aliev: Client) -> None:
    """R50: person, day and expected result are mandatory."""
    answer = protocol(aliev, make_sync(plan), **{"new-0-title": "Без всего"})
    assert answer.status_code == 422
    assert answer.content.decode().count("field--bad") == 3


def test_somebody_who_was_faster_is_shown_beside_what_was_typed(
    plan: Plan, aliev: Client, cast: Cast
) -> None:
    """Faults B1: both texts; saving again goes on."""
    link = plan.tasks.select_related("task", "plan__deal__company").get()
    sync, version = make_sync(plan), plan.version
    change_task(link, {"due_on": date(2026, 12, 4)}, by=cast.aliev, reason="Раньше")
    fields = {task_field(link, "due_on"): "2026-12-10"}
    answer = protocol(aliev, sync, **fields, version=version)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "04.12.2026" in text
    assert "10.12.2026" in text
    assert protocol(aliev, sync, **fields).status_code == 302


def test_more_rows_lose_nothing(plan: Plan, aliev: Client) -> None:
    """Faults A: typed words stay, nothing is saved."""
    sync = make_sync(plan)
    answer = protocol(aliev, sync, **{"decision-0-text": "Первое", "more": "decision"})
    text = answer.content.decode()
    assert 'value="Первое"' in text
    assert "decision-7-text" in text
    assert not sync.decisions.exists()


def test_a_draft_of_a_protocol_comes_back(plan: Plan, aliev: Client, cast: Cast) -> None:
    """Faults A8: what was typed and not saved."""
    sync = make_sync(plan)
    typed = {"notes": ["Не успел"], "decision-1-text": ["Половина"]}
    save_draft(cast.aliev, f"protocol:{sync.public_id}", typed)
    text = page(aliev, f"/syncs/{sync.public_id}/protocol/")
    assert "Не успел" in text
    assert "Половина" in text


def test_a_sync_of_this_hour_opens_its_protocol(plan: Plan, aliev: Client) -> None:
    """R51: the group has met already."""
    answer = aliev.post(f"/plans/{plan.public_id}/syncs/now/")
    sync = plan.syncs.get()
    assert answer.url == f"/syncs/{sync.public_id}/protocol/"
    assert protocol(aliev, sync, notes="Быстро").status_code == 302
    sync.refresh_from_db()
    assert sync.interaction.starts_at <= moment(hour=18)


def test_a_plan_with_the_lead_offers_notes_only(plan: Plan, aliev: Client) -> None:
    """R51, R79."""
    sync = make_sync(plan)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.REVIEW)
    text = page(aliev, f"/syncs/{sync.public_id}/protocol/")
    assert "new-0-title" not in text
    assert "на проверке у руководителя" in text
    assert protocol(aliev, sync, notes="Ждём").status_code == 302


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/plans/{plan}/syncs/", "/syncs/{sync}/", "/syncs/{sync}/protocol/", "/plans/{plan}/revisions/"]
)
def test_pages_take_as_many_statements_with_thirty_tasks_as_with_three(
    path: str, plan: Plan, aliev: Client, cast: Cast
) -> None:
    """CONTRIBUTING: constant."""
    sync = make_sync(plan)
    url = path.format(plan=plan.public_id, sync=sync.public_id)
    counts = []
    for n in (3, 30):
        while plan.tasks.count() < n:
            make_plan_task(plan, cast.naumov, f"Задача {plan.tasks.count()}")
        change_task(
            PlanTask.objects.select_related("plan__deal__company", "task").filter(plan=plan).latest("pk"),
            {"title": f"Иначе {n}"}, by=cast.aliev, reason="Слова",
        )  # fmt: skip
        plan = Plan.objects.select_related("deal__company").get(pk=plan.pk)
        page(aliev, url)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page(aliev, url)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= 26


def test_my_day_leads_from_a_sync_to_its_agenda(
    plan: Plan, cast: Cast, client_of: Callable[[User], Client]
) -> None:
    """R51: whoever comes reads the agenda first; the outcome of a sync is its protocol."""
    sync = make_sync(plan, T, cast.aliev)
    text = client_of(cast.aliev).get("/my-day/").content.decode()
    assert f"/syncs/{sync.public_id}/" in text
    assert "log_outcome" not in text and f"interaction={sync.interaction.public_id}" not in text
