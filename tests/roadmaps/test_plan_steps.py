"""Steps, head and upgrade of a strategy from its page; what keeps each phase shut (R43, R45, R49, R52, R53, R79, R81)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.enums import TaskState
from deals.models import Deal, DealLine
from roadmaps.enums import Metric, Phase, PlanState, PlanType
from roadmaps.models import Plan
from roadmaps.plan_gates import hindrances, next_stop, phases
from roadmaps.plan_machine import MACHINE
from roadmaps.plan_numbers import criterion_words, reached, share_reached
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plans import upgrade_plan
from tests.factories import Cast, T, make_calendar, make_company, make_contact, make_deal, make_member
from tests.roadmaps.makers import confirm_everything, make_plan, make_plan_task, make_submitted
from upsell_crm.core.errors import DomainError
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.django_db
S = PlanState


@pytest.fixture
def deal(cast: Cast) -> Deal:
    make_calendar()
    company = make_company("ООО «Тихая заводь»", kam=cast.aliev, team=cast.k2)
    make_contact(company)
    return make_deal(company, ("casebook", 10, 14))


@pytest.fixture
def plan(deal: Deal, cast: Cast) -> Plan:
    plan = make_plan(deal)
    make_plan_task(plan, cast.aliev)
    confirm_everything(deal.company, cast.aliev)
    return plan


def of(client: Client, user: Any) -> Client:
    client.force_login(user)
    return client


def post(client: Client, plan: Plan, to: str, **said: Any) -> Any:
    said.setdefault("version", Plan.objects.get(pk=plan.pk).version)
    return client.post(f"{plan.get_absolute_url()}move/{to}/", said, HTTP_HX_REQUEST="true")


def test_the_button_of_the_page_makes_the_next_step(client: Client, plan: Plan, cast: Cast) -> None:
    """§2.9: planning → work for a client that is not key; the page reads itself anew."""
    page = of(client, cast.aliev).get(plan.get_absolute_url()).content.decode()
    assert f"{plan.get_absolute_url()}move/active/" in page
    answer = post(client, plan, "active")
    assert (answer.status_code, "plan:changed" in answer.headers["HX-Trigger"]) == (204, True)
    plan.refresh_from_db()
    assert (plan.state, plan.revision) == (S.ACTIVE, 1)


def test_a_shut_gate_names_its_reasons_and_only_the_lead_may_open_it(
    client: Client, plan: Plan, cast: Cast
) -> None:
    """R49: the KAM sees who has no task and cannot press; the lead opens with a reason, which stays as a notice."""
    make_member(plan.deal, cast.naumov, Role.PERFORMER)
    panel = of(client, cast.aliev).get(f"{plan.get_absolute_url()}move/active/").content.decode()
    assert "Наумов" in panel
    assert 'name="overrides"' not in panel
    assert " disabled>" in panel
    assert post(client, plan, "active").status_code == 422
    of(client, cast.gromov)
    assert post(client, plan, "active", overrides="on", reason="").status_code == 422
    assert post(client, plan, "active", overrides="on", reason="Наумов в отпуске").status_code == 204
    assert "Наумов в отпуске" in client.get(plan.get_absolute_url()).content.decode()


def test_what_the_column_says_is_what_the_service_refuses(deal: Deal, cast: Cast) -> None:
    """R46–R53: in each state the page's hindrances are the reasons of the refusal, and none when the step is made."""
    plan = make_plan(deal, state=S.INFO)
    shut = hindrances(plan, T)
    assert len(shut) == 8
    with pytest.raises(DomainError) as refused:
        move_plan(plan, to=S.PLANNING, by=cast.aliev)
    assert refused.value.errors[""] == shut
    assert [phase.state for phase in phases(plan, shut)] == ["here", "locked", "locked"]
    confirm_everything(deal.company, cast.aliev)
    assert hindrances(plan, T) == []
    move_plan(plan, to=S.PLANNING, by=cast.aliev)
    assert hindrances(plan, T) == ["Добавьте хотя бы одну задачу с исполнителем и сроком."]
    link = make_plan_task(plan, cast.aliev, phase=Phase.NEEDS)
    plan = Plan.objects.get(pk=plan.pk)
    move_plan(plan, to=S.ACTIVE, by=cast.aliev)
    assert hindrances(plan, T) == [f"не завершена: {link.task.title}"]
    assert [phase.state for phase in phases(plan, [link.task.title])] == ["done", "here", "locked"]
    link.task.state = TaskState.CANCELLED
    link.task.save()
    move_plan(plan, to=S.PRESENTATION, by=cast.aliev)
    assert len(hindrances(plan, T)) == 1
    assert [phase.state for phase in phases(plan, [])] == ["done", "done", "here"]


def test_every_next_stop_is_a_move_of_the_table() -> None:
    """§2.9: the button never leads where the machine does not."""
    for kind in PlanType:
        for state in S:
            plan = make_unsaved(kind, state)
            target = next_stop(plan)
            assert target is None or target in {move.target for move in MACHINE.moves_from(plan)}, (
                kind,
                state,
            )


def make_unsaved(kind: str, state: str) -> Plan:
    company = make_company(is_key=False)
    return Plan(type=kind, state=state, deal=Deal(company=company))


def test_completing_asks_what_was_reached_with_the_number_of_the_deal(
    client: Client, deal: Deal, cast: Cast
) -> None:
    """R81: criterion against fact, prefilled, stored and shown."""
    plan = make_plan(deal, PlanType.ACTION_PLAN, state=S.ACTIVE, success_value=1_000_000)
    panel = of(client, cast.aliev).get(f"{plan.get_absolute_url()}move/completed/")
    assert panel.context["form"]["success_fact"].value() == deal.amount
    assert post(client, plan, "completed").status_code == 422
    assert post(client, plan, "completed", success_fact="504000").status_code == 204
    plan.refresh_from_db()
    assert (plan.state, plan.success_fact, share_reached(plan)) == (S.COMPLETED, 504_000, 50)
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "50" in page
    assert "move/" not in page  # read-only
    assert "/edit/" not in page


@pytest.mark.parametrize(
    ("metric", "value", "words", "fact"),
    [
        (Metric.AMOUNT, 1_000_000, "договор на 1 000 000 ₽", 504_000),
        (Metric.EXPANSION, 144_000, "прирост 144 000 ₽ к действующему договору", 144_000),
        (Metric.SEATS, 14, "14 лицензий в новом договоре", 14),
        (Metric.SIGNED_BY, None, "договор подписан до 15.01.2027", 0),
        (Metric.DZO_COUNT, 4, "4 ДЗО с договором", 1),
    ],
)
def test_each_criterion_has_its_words_and_its_fact(
    deal: Deal, metric: str, value: int | None, words: str, fact: int
) -> None:
    """R45: a measurable criterion with its unit; R81: what the deal says of it."""
    line: DealLine = deal.lines.get()
    line.end_user_company = make_company(head=deal.company, parent=deal.company)
    line.save()
    plan = make_plan(deal, success_metric=metric, success_value=None if value is None else Decimal(value))
    assert criterion_words(plan).replace("\xa0", " ") == words
    assert reached(plan, T) == fact


def test_a_changed_head_of_a_plan_in_work_is_a_revision_with_a_reason(
    client: Client, plan: Plan, cast: Cast
) -> None:
    """R52: refused without words; written with them."""
    move_plan(plan, to=S.ACTIVE, by=cast.aliev)
    url = f"{plan.get_absolute_url()}edit/"
    said = {"goal": plan.goal, "success_metric": "amount", "success_value": "900000", "deadline": "2027-02-01",
            "version": plan.version}  # fmt: skip
    assert of(client, cast.aliev).post(url, said).status_code == 422
    client.post(url, said | {"reason": "Клиент перенёс комиссию"}, HTTP_HX_REQUEST="true")
    plan.refresh_from_db()
    assert (plan.revision, plan.deadline) == (2, date(2027, 2, 1))


def test_two_people_changing_the_head_see_both_texts(client: Client, plan: Plan, cast: Cast) -> None:
    """B1: the second save shows what stands there now, and goes on from it."""
    seen = plan.version
    said = {
        "goal": "Моя цель",
        "success_metric": "amount",
        "success_value": "900000",
        "deadline": "2027-02-01",
    }
    url = f"{plan.get_absolute_url()}edit/"
    of(client, cast.gromov).post(url, said | {"goal": "Цель руководителя", "version": seen})
    answer = of(client, cast.aliev).post(url, said | {"version": seen})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Цель руководителя" in text
    assert "Моя цель" in text
    version = Plan.objects.get(pk=plan.pk).version
    client.post(url, said | {"version": version})
    assert Plan.objects.get(pk=plan.pk).goal == "Моя цель"


def test_an_action_plan_is_upgraded_from_its_menu_without_loss(
    client: Client, deal: Deal, cast: Cast
) -> None:
    """R43: head, tasks and revisions stay; the roadmap begins with its facts."""
    plan = make_plan(deal, PlanType.ACTION_PLAN, state=S.DRAFT, deadline=date(2027, 1, 15))
    make_plan_task(plan, cast.aliev)
    move_plan(plan, to=S.ACTIVE, by=cast.aliev)
    before = {name: getattr(plan, name) for name in ("goal", "success_metric", "success_value", "deadline")}
    page = of(client, cast.aliev).get(plan.get_absolute_url()).content.decode()
    assert f"{plan.get_absolute_url()}upgrade/" in page
    client.post(f"{plan.get_absolute_url()}upgrade/", {"version": plan.version, "reason": "Вторая команда"})
    plan.refresh_from_db()
    assert (plan.type, plan.state) == (PlanType.ROADMAP, S.INFO)
    assert {name: getattr(plan, name) for name in before} == before
    assert plan.tasks.count() == 1
    assert plan.revisions.filter(number=1).exists()
    assert "upgrade/" not in client.get(plan.get_absolute_url()).content.decode()


def test_a_cancelled_plan_says_why(client: Client, plan: Plan, cast: Cast) -> None:
    """§2.9: with a reason, its open tasks too."""
    of(client, cast.aliev)
    assert post(client, plan, "cancelled").status_code == 422
    assert post(client, plan, "cancelled", reason="Клиент отложил до весны").status_code == 204
    assert "Клиент отложил до весны" in client.get(plan.get_absolute_url()).content.decode()
    assert not plan.tasks.open().exists()


def test_approval_has_no_second_door(client: Client, plan: Plan, cast: Cast) -> None:
    """R79: the lead answers on his own page, where he sees the plan."""
    Plan.objects.filter(pk=plan.pk).update(state=S.REVIEW)
    assert of(client, cast.gromov).get(f"{plan.get_absolute_url()}move/active/").status_code == 404
    assert client.get(f"{plan.get_absolute_url()}move/returned/").status_code == 404


def test_the_switch_of_the_lead_stands_in_the_menu(client: Client, plan: Plan, cast: Cast) -> None:
    """R79: «Проверять этот план»."""
    assert "check/" not in of(client, cast.aliev).get(plan.get_absolute_url()).content.decode()
    assert "check/" in of(client, cast.gromov).get(plan.get_absolute_url()).content.decode()
    client.post(f"{plan.get_absolute_url()}check/", {"needed": "1", "version": plan.version})
    plan.refresh_from_db()
    assert plan.needs_review
    assert next_stop(plan) == S.REVIEW


def test_history_of_the_plan_is_told_in_sentences(client: Client, plan: Plan, cast: Cast) -> None:
    """R15: who moved it and why."""
    move_plan(plan, to=S.ACTIVE, by=cast.aliev, reason="Всё готово")
    text = of(client, cast.aliev).get(f"{plan.get_absolute_url()}history/").content.decode()
    assert "Алиев" in text
    assert "Всё готово" in text


@pytest.mark.slow
def test_the_page_of_a_large_plan_is_cheap(
    client: Client, plan: Plan, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    """Bar of issue 5: 200 tasks and 30 people, at most 15 statements in every state."""
    for number in range(200):
        make_plan_task(plan, cast.aliev, f"Задача {number}", built_on=["dm", "procurement"])
    of(client, cast.aliev).get(plan.get_absolute_url())
    for state in (S.INFO, S.PLANNING, S.REVIEW, S.ACTIVE, S.PRESENTATION):
        Plan.objects.filter(pk=plan.pk).update(state=state, revision=1)
        with django_assert_max_num_queries(15):
            assert client.get(plan.get_absolute_url()).status_code == 200


def test_a_plan_with_the_lead_is_not_upgraded(client: Client, deal: Deal, cast: Cast) -> None:
    """R43, R79: as every other change it waits for his answer, so no review stays open behind the plan."""
    plan = make_submitted(deal, PlanType.ACTION_PLAN, tasks=[(cast.aliev, "Позвонить")])
    with pytest.raises(DomainError) as refusal:
        upgrade_plan(plan, by=cast.aliev)
    assert refusal.value.code == "in_review"
    assert "upgrade/" not in of(client, cast.aliev).get(plan.get_absolute_url()).text
