"""Whatever refuses a form of a strategy, every word that was typed into it is still there (faults A3, A8, B1, B7)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import TaskState
from accounts.models import Company, Task
from deals.models import Deal, DealMember
from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan, PlanTask, Presentation, Sync
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plan_tasks import change_task, seen_version
from roadmaps.services.protocol import Protocol, hold_sync
from tests.factories import Cast, make_company, make_deal
from tests.roadmaps.makers import make_plan, make_plan_task, make_sync, make_working_plan
from upsell_crm.core.drafts import draft_data, save_draft
from upsell_crm.core.models import User

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
WORDS = "Слова, которые жалко потерять"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_working_plan(make_deal(make_company(kam=cast.lisina, team=cast.k1)))


def task_of(plan: Plan) -> PlanTask:
    return plan.tasks.select_related("task", "plan").order_by("pk")[0]


def typed_task(link: PlanTask, by: User, **values: Any) -> dict[str, Any]:
    return {
        "title": WORDS, "expected_result": "Ответ", "assignee": by.public_id, "receiver": by.public_id, "phase": "other",
        "starts_on": "2026-11-25", "due_on": "2026-12-01", "reason": "Так надо", "version": seen_version(link), **values,
    }  # fmt: skip


def test_a_protocol_that_another_has_written_first_comes_back_with_the_words(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    sync = make_sync(plan, date(2026, 11, 24), cast.lisina, cast.belova)
    said = {"notes": WORDS, "attended": [cast.belova.pk], "version": plan.version}
    hold_sync(Sync.objects.get(pk=sync.pk), Protocol("Раньше", [cast.lisina]), by=cast.lisina)
    answer = client_of(cast.belova).post(f"/syncs/{sync.public_id}/protocol/", said)
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    again = client_of(cast.lisina).post(f"/syncs/{sync.public_id}/protocol/", {**said, "notes": "Раньше"})
    assert again.status_code == 302


@pytest.mark.parametrize("htmx", [True, False])
def test_a_task_that_was_finished_meanwhile_gives_the_words_back(
    plan: Plan, cast: Cast, client_of: ClientOf, htmx: bool
) -> None:
    link = task_of(plan)
    Task.objects.filter(pk=link.task_id).update(state=TaskState.DONE, actual_result="Да")
    headers = {"HX-Request": "true"} if htmx else {}
    answer = client_of(cast.lisina).post(
        f"/plan-tasks/{link.public_id}/edit/", typed_task(link, cast.lisina), headers=headers
    )
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()


def test_a_right_that_was_taken_away_gives_the_words_back(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    """He is no KAM of the deal any more and still sees it."""
    link = task_of(plan)
    DealMember.objects.create(deal=plan.deal, user=cast.moroz, role="csm", since_on=date(2026, 1, 1))
    answer = client_of(cast.moroz).post(f"/plan-tasks/{link.public_id}/edit/", typed_task(link, cast.moroz))
    assert answer.status_code == 403
    assert WORDS in answer.content.decode()


def test_a_plan_that_ended_meanwhile_gives_the_words_back(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    move_plan(plan, to=PlanState.CANCELLED, by=cast.lisina, reason="Отказ")
    for url, name in (("edit/", "goal"), ("tasks/new/", "title"), ("syncs/new/", "reason")):
        answer = client_of(cast.lisina).post(f"/plans/{plan.public_id}/{url}", {name: WORDS})
        assert answer.status_code in (403, 409, 422)
        assert name == "reason" or WORDS in answer.content.decode(), url


def test_a_refusal_repeats_sentences_and_no_secrets(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    said = {"goal": "Две <b>части</b>", "password": "секрет с пробелом", "version": "3"}
    text = client_of(cast.moroz).post("/plans/review/", said).content.decode()
    move_plan(plan, to=PlanState.CANCELLED, by=cast.lisina, reason="Отказ")
    text = client_of(cast.lisina).post(f"/plans/{plan.public_id}/edit/", said).content.decode()
    assert "Две &lt;b&gt;части&lt;/b&gt;" in text
    assert "секрет" not in text


def test_a_new_strategy_goes_on_at_the_deal_that_was_opened_meanwhile(
    cast: Cast, client_of: ClientOf
) -> None:
    """§2.9: the form of the client leads to the form of the deal, filled."""
    company = make_company(kam=cast.lisina, team=cast.k1)
    deal = make_deal(company)
    said = {"goal": WORDS, "type": "action_plan", "success_metric": "amount"}
    answer = client_of(cast.lisina).post(f"/companies/{company.public_id}/plan/new/", said)
    assert answer.status_code == 302
    assert WORDS in client_of(cast.lisina).get(answer["Location"]).content.decode()
    make_plan(deal)
    refused = client_of(cast.lisina).post(f"/companies/{company.public_id}/plan/new/", said)
    assert refused.status_code == 422
    assert WORDS in refused.content.decode()


def test_another_task_may_change_meanwhile_and_this_one_not(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    """B2: different tasks are both kept; B1: of one task both texts are shown, and the next save goes on from there."""
    link, other = task_of(plan), make_plan_task(plan, cast.lisina, "Другая")
    client, said = client_of(cast.lisina), typed_task(link, cast.lisina)
    change_task(PlanTask.objects.get(pk=other.pk), {"title": "Другая иначе"}, by=cast.belova, reason="Так")
    assert client.post(f"/plan-tasks/{link.public_id}/edit/", said).status_code == 302
    change_task(
        PlanTask.objects.get(pk=link.pk), {"title": "Слова руководителя"}, by=cast.belova, reason="Так"
    )
    answer = client.post(f"/plan-tasks/{link.public_id}/edit/", {**said, "title": "Мои слова"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Слова руководителя" in text
    assert "Мои слова" in text
    now = seen_version(PlanTask.objects.get(pk=link.pk))
    assert f'name="version" value="{now}"' in text
    assert client.post(f"/plan-tasks/{link.public_id}/edit/", {**said, "version": now}).status_code == 302


@pytest.mark.parametrize("page", ["edit", "remove", "dates"])
def test_what_was_typed_about_a_task_survives_a_reload(
    plan: Plan, cast: Cast, client_of: ClientOf, page: str
) -> None:
    link, client = task_of(plan), client_of(cast.lisina)
    form = client.get(f"/plan-tasks/{link.public_id}/{page}/").content.decode()
    keys = {"edit": "plan_task:", "remove": "plan_task_remove:", "dates": "plan-dates-"}
    key = f"{keys[page]}{link.public_id}"
    assert key in form
    save_draft(cast.lisina, key, {"reason": [WORDS]})
    assert WORDS in client.get(f"/plan-tasks/{link.public_id}/{page}/").content.decode()
    assert WORDS not in client_of(cast.belova).get(f"/plan-tasks/{link.public_id}/{page}/").content.decode()


def test_a_second_click_makes_nothing_twice(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """A3: a task, a sync of this hour, a presentation; later the same words are another task."""
    client, link = client_of(cast.lisina), task_of(plan)
    for _click in range(2):
        assert (
            client.post(f"/plans/{plan.public_id}/tasks/new/", typed_task(link, cast.lisina)).status_code
            == 302
        )
        assert client.post(f"/plans/{plan.public_id}/syncs/now/").status_code == 302
        assert client.post(f"/plans/{plan.public_id}/presentation/new/").status_code == 302
    assert (plan.tasks.count(), Sync.objects.count(), Presentation.objects.count()) == (2, 1, 1)
    PlanTask.objects.update(created_at=PlanTask.objects.latest("pk").created_at - timedelta(minutes=1))
    Presentation.objects.update(created_at=Presentation.objects.get().created_at - timedelta(minutes=1))
    client.post(f"/plans/{plan.public_id}/tasks/new/", typed_task(link, cast.lisina))
    assert plan.tasks.count() == 3
    assert client.post(f"/plans/{plan.public_id}/presentation/new/").status_code == 422


def test_a_second_click_opens_the_strategy_of_the_first(cast: Cast, client_of: ClientOf) -> None:
    company: Company = make_company(kam=cast.lisina, team=cast.k1)
    deal: Deal = make_deal(company)
    plan = make_plan(deal, PlanType.ACTION_PLAN, created_by=cast.lisina)
    for url in (f"/deals/{deal.public_id}/plan/new/", f"/companies/{company.public_id}/plan/new/"):
        answer = client_of(cast.lisina).post(url, {"goal": WORDS})
        assert (answer.status_code, answer["Location"]) == (302, plan.get_absolute_url())
    another = client_of(cast.belova).post(f"/deals/{deal.public_id}/plan/new/", {"goal": WORDS})
    assert another.status_code == 422
    assert WORDS in another.content.decode()
    assert draft_data(cast.belova, f"create_plan:{deal.public_id}") is None
