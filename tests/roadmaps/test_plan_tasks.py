"""The tasks of a plan on their page and in their forms (R42, R44, R49, R50)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company
from deals.models import Deal
from roadmaps.enums import Phase, PlanState, PlanType
from roadmaps.models import Plan, PlanTask
from roadmaps.services.plan_tasks import seen_version
from tests.factories import Cast, make_company, make_contact, make_deal, make_member
from tests.roadmaps.makers import confirm_everything, make_plan, make_plan_task
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


@pytest.fixture
def deal(cast: Cast) -> Deal:
    company = make_company("АО «Приозёрский Порт»", kam=cast.aliev, team=cast.k2)
    make_contact(company)
    confirm_everything(company, cast.aliev)
    return make_deal(company)


@pytest.fixture
def plan(deal: Deal) -> Plan:
    return make_plan(deal)


def typed(cast: Cast, **values: Any) -> dict[str, Any]:
    """The form of a task as a KAM fills it."""
    said = {
        "title": "Показать расчёт", "expected_result": "Письмо ЛПР с согласием", "assignee": cast.aliev.public_id,
        "receiver": cast.aliev.public_id, "starts_on": "2026-11-25", "due_on": "2026-12-01", "phase": "needs",
        "built_on": ["dm"],
    }  # fmt: skip
    return {**said, **values}


def add(client: Client, plan: Plan, said: dict[str, Any]) -> Any:
    return client.post(f"/plans/{plan.public_id}/tasks/new/", said)


def page(client: Client, plan: Plan, **asked: str) -> str:
    return client.get(f"/plans/{plan.public_id}/", asked).content.decode()


def test_a_task_is_added_with_its_person_day_and_result(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """R49, R50: who, by when, with what result, after what and on which facts."""
    first = make_plan_task(plan, cast.aliev, "Собрать потребности")
    answer = add(client_of(cast.aliev), plan, typed(cast, depends_on=[str(first.public_id)]))
    assert answer.status_code == 302
    link = PlanTask.objects.get(task__title="Показать расчёт")
    assert (link.task.assignee, link.task.due_on, link.role) == (cast.aliev, date(2026, 12, 1), Role.KAM)
    assert (link.phase, link.built_on, list(link.depends_on.all())) == (Phase.NEEDS, ["dm"], [first])


@pytest.mark.parametrize("missing", ["title", "expected_result", "assignee", "due_on", "receiver"])
def test_nothing_that_a_task_needs_is_left_out(
    plan: Plan, cast: Cast, client_of: ClientOf, missing: str
) -> None:
    """R50: result and day are mandatory; what was typed stays in the form."""
    answer = add(client_of(cast.aliev), plan, typed(cast, **{missing: ""}))
    assert answer.status_code == 422
    assert not plan.tasks.exists()
    assert ("Показать расчёт" if missing != "title" else "Письмо ЛПР") in answer.content.decode()


def test_a_day_off_becomes_a_working_day_and_the_person_is_told(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    """§2.3: Saturday the fifth becomes Friday the fourth."""
    client = client_of(cast.aliev)
    answer = client.post(f"/plans/{plan.public_id}/tasks/new/", typed(cast, due_on="2026-12-05"), follow=True)
    assert plan.tasks.get().task.due_on == date(2026, 12, 4)
    assert "05.12.2026 — выходной, срок — 04.12.2026." in answer.content.decode()


def test_a_day_in_the_past_is_asked_about_once(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """A warning, not a wall; due before the start is a wall."""
    client = client_of(cast.aliev)
    late = typed(cast, starts_on="2026-11-16", due_on="2026-11-20")
    refused = add(client, plan, late)
    assert refused.status_code == 422
    assert "так и задумано" in refused.content.decode()
    assert add(client, plan, {**late, "past_ok": "on"}).status_code == 302
    wall = add(client, plan, typed(cast, starts_on="2026-12-03", due_on="2026-12-01", past_ok="on"))
    assert (wall.status_code, plan.tasks.count()) == (422, 1)


def test_a_colleague_from_outside_enters_the_working_group(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    """R42, R62: he is offered to be added, and is not added unasked."""
    client = client_of(cast.aliev)
    said = typed(cast, assignee="", colleague="Гай Светлана (gai)", role="tutor")
    add(client, plan, said)
    assert not plan.deal.members.filter(user=cast.gai).exists()
    add(client, plan, {**said, "title": "Обучить отдел", "join": "on"})
    assert plan.deal.members.get(user=cast.gai).role == Role.TUTOR
    assert plan.tasks.filter(task__assignee=cast.gai, role=Role.TUTOR).count() == 2


def test_a_circle_is_refused_by_name_and_the_text_stays(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """R44."""
    first = make_plan_task(plan, cast.aliev, "Раз")
    second = make_plan_task(plan, cast.aliev, "Два", after=[first])
    said = typed(cast, title="Раз иначе", depends_on=[str(second.public_id)], version=seen_version(first))
    answer = client_of(cast.aliev).post(f"/plan-tasks/{first.public_id}/edit/", said)
    assert answer.status_code == 422
    assert "Раз иначе → Два → Раз иначе" in answer.content.decode()
    first.task.refresh_from_db()
    assert first.task.title == "Раз"


def test_a_plan_in_work_asks_why_and_makes_a_revision(deal: Deal, cast: Cast, client_of: ClientOf) -> None:
    """R52: without a reason nothing changes."""
    plan = make_plan(deal, PlanType.ACTION_PLAN)
    link = make_plan_task(plan, cast.aliev)
    plan.state = PlanState.DRAFT
    client = client_of(cast.aliev)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.ACTIVE, revision=1)
    plan.refresh_from_db()
    said = typed(cast, due_on="2026-12-03", version=seen_version(link))
    assert client.post(f"/plan-tasks/{link.public_id}/edit/", said).status_code == 422
    said["reason"] = "Клиент в отпуске"
    assert client.post(f"/plan-tasks/{link.public_id}/edit/", said).status_code == 302
    assert plan.revisions.order_by("-number")[0].reason == "Клиент в отпуске"


def test_two_people_see_each_others_words(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """Faults B1: the second one sees what stands now beside what he typed."""
    link = make_plan_task(plan, cast.aliev)
    said = typed(cast, title="Второй", version=seen_version(link))
    address = f"/plan-tasks/{link.public_id}/edit/"
    assert client_of(cast.gromov).post(address, {**said, "title": "Первый"}).status_code == 302
    answer = client_of(cast.aliev).post(address, said)
    assert answer.status_code == 422
    assert "Первый" in answer.content.decode()
    assert "Второй" in answer.content.decode()


def test_a_task_leaves_the_plan_with_a_reason_and_comes_back(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    """R44: its follower no longer waits; the form of a new task starts from it."""
    first = make_plan_task(plan, cast.aliev, "Раз")
    make_plan_task(plan, cast.aliev, "Два", after=[first])
    client = client_of(cast.aliev)
    assert "ждёт" in page(client, plan)
    address = f"/plan-tasks/{first.public_id}/remove/"
    assert client.post(address, {"version": seen_version(first)}).status_code == 422
    assert (
        client.post(address, {"version": seen_version(first), "reason": "Сделал клиент"}).status_code == 302
    )
    text = page(client, plan)
    assert "Сделал клиент" in text
    assert "ждёт" not in text
    again = client.get(f"/plans/{plan.public_id}/tasks/new/", {"like": str(first.public_id)})
    assert 'value="Раз"' in again.content.decode()


def test_each_row_says_what_holds_it_back(deal: Deal, cast: Cast, client_of: ClientOf) -> None:
    """R44, R46: what it waits for, and the fact that has gone stale; «late» in words."""
    deal.company.fact_checks.filter(fact="procurement").delete()
    plan = make_plan(deal, PlanType.ACTION_PLAN, state=PlanState.ACTIVE)
    first = make_plan_task(plan, cast.aliev, "Раз", due_on=date(2026, 11, 20), starts_on=date(2026, 11, 16))
    make_plan_task(plan, cast.aliev, "Два", after=[first], phase=Phase.DOCS, built_on=["procurement"])
    text = page(client_of(cast.aliev), plan)
    assert "опоздание 4 дня" in text
    assert "устарел факт: Закупка" in text
    assert f"#task-{first.task.public_id}" in text
    late = page(client_of(cast.aliev), plan, state="late")
    assert "Два" not in late.split("plan-tasks")[-1]


def test_members_without_a_task_are_offered_one(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """R49: the form begins with the person."""
    make_member(plan.deal, cast.gai, Role.TUTOR)
    make_plan_task(plan, cast.aliev)
    text = page(client_of(cast.aliev), plan)
    assert f"tasks/new/?person={cast.gai.public_id}" in text
    assert f"tasks/new/?person={cast.aliev.public_id}" not in text


def test_facts_are_proposed_by_the_phase(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """R46–R48: documents rest on procurement and the decision-makers."""
    address = f"/plans/{plan.public_id}/tasks/new/"
    form = client_of(cast.aliev).get(address, {"phase": "docs"}).context["form"]
    assert form["built_on"].value() == ["procurement", "dm"]


def test_a_subsidiary_is_chosen_from_the_holding(cast: Cast, client_of: ClientOf) -> None:
    """R42, R68: of another client none."""
    head = make_company("ПАО «Холдинг»", kam=cast.aliev, team=cast.k2)
    below: Company = make_company("ООО «Дочка»", kam=cast.demin, parent=head, head=head)
    plan = make_plan(make_deal(head, kind="holding"))
    client = client_of(cast.aliev)
    stranger = make_company("ООО «Чужие»", kam=cast.demin)
    assert add(client, plan, typed(cast, company=stranger.public_id)).status_code == 422
    assert add(client, plan, typed(cast, company=below.public_id)).status_code == 302
    assert plan.tasks.get().task.company == below


@pytest.mark.parametrize("size", [3, pytest.param(30, marks=pytest.mark.slow)])
def test_the_page_costs_the_same_with_more_tasks(
    plan: Plan, cast: Cast, client_of: ClientOf, size: int, django_assert_max_num_queries: Any
) -> None:
    """Bar of issue 5: at most 15 statements."""
    before: list[PlanTask] = []
    for number in range(size):
        before = [
            make_plan_task(plan, cast.aliev, f"Задача {number}", after=before, built_on=["dm", "procurement"])
        ]
    client = client_of(cast.aliev)
    page(client, plan)
    with django_assert_max_num_queries(15):
        page(client, plan)
