"""Strategies for machines: what a plan waits for, and the word that a task is begun or done (R46–R49, §7)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.models import Company, Contact, Task
from deals.models import Deal
from roadmaps.enums import PlanState
from roadmaps.models import Plan
from tests.factories import Cast, make_company, make_contact, make_deal
from tests.roadmaps.makers import confirm_everything, make_plan, make_plan_task, put_plan
from upsell_crm.core.models import AuditEvent

pytestmark = pytest.mark.django_db
With = Callable[..., Any]


@pytest.fixture
def deal(cast: Cast) -> Deal:
    company = make_company("ООО «Заречье Сбыт»", kam=cast.aliev, team=cast.k2)
    make_contact(company, "Фадеев Игнат Львович")
    return make_deal(company, ("casebook", 8, 12))


@pytest.fixture
def plan(deal: Deal, cast: Cast) -> Plan:
    """In work: the second task waits for the first and rests on procurement; every fact was confirmed lately."""
    plan = make_plan(deal)
    first = make_plan_task(plan, cast.aliev, "Собрать потребности")
    make_plan_task(plan, cast.aliev, "Согласовать ТЗ", after=[first], built_on=["procurement", "dm"])
    confirm_everything(deal.company, cast.aliev)
    return put_plan(plan, PlanState.ACTIVE)


@pytest.fixture
def writer(machine_with: With) -> Any:
    return machine_with("tasks:write", "deals:read")


def tasks(plan: Plan) -> list[Task]:
    return [link.task for link in plan.tasks.order_by("pk").select_related("task")]


def status_of(task: Task) -> str:
    return f"plan-tasks/{task.public_id}/status/"


def go_stale(company: Company, cast: Cast) -> None:
    company.fact_checks.all().delete()
    confirm_everything(company, cast.aliev, date(2026, 3, 1))


def test_a_plan_tells_its_gates_and_tasks(writer: Any, plan: Plan, cast: Cast) -> None:
    """R46–R49: open gates, predecessors, versions for If-Match; the same answer again is 304."""
    body = writer.read(f"deals/{plan.deal.public_id}/plan/")
    assert (body["type"], body["state"], body["revision"]) == ("roadmap", "active", 1)
    assert body["state_label"] == {"ru": "В работе", "en": "In work"}
    assert body["criterion"]["value"] == "1000000.00"
    assert {gate["code"]: gate["is_open"] for gate in body["gates"]} == {
        "stage1": True, "complete": True, "members": True, "review": True, "presentation": False,
    }  # fmt: skip
    first, second = body["tasks"]
    assert first["assignee"] == {"id": str(cast.aliev.public_id), "name": cast.aliev.short_name}
    assert (second["waits_for"], second["held_by"][0]["code"]) == ([first["id"]], "waits_for")
    etag = writer.get(f"deals/{plan.deal.public_id}/plan/")["ETag"]
    assert (
        writer.get(f"deals/{plan.deal.public_id}/plan/", headers={"If-None-Match": etag}).status_code == 304
    )


def test_stale_facts_are_told_in_both_languages_without_people(writer: Any, plan: Plan, cast: Cast) -> None:
    """R47, R48, §2.8.13: the gate names the fact, never the person of the client."""
    go_stale(plan.deal.company, cast)
    answer = writer.get(f"deals/{plan.deal.public_id}/plan/")
    gate = next(gate for gate in answer.json()["gates"] if gate["code"] == "stage1")
    assert not gate["is_open"]
    said = {reason["code"]: reason for reason in gate["reasons"]}
    assert said["dm"]["message_ru"].startswith("ЛПР: подтверждено")
    assert said["procurement"]["message_en"].startswith("Procurement: confirmed")
    assert Contact.objects.get().last_name not in answer.content.decode()


def test_the_lead_s_leave_opens_the_gate(writer: Any, plan: Plan, cast: Cast) -> None:
    """§2.8.5: the reasons stay in sight."""
    go_stale(plan.deal.company, cast)
    Plan.objects.filter(pk=plan.pk).update(stage1_override_reason="Спешим")
    gate = writer.read(f"deals/{plan.deal.public_id}/plan/")["gates"][0]
    assert (gate["code"], gate["is_open"], gate["is_overridden"]) == ("stage1", True, True)
    assert gate["reasons"]


def test_a_deal_without_a_strategy_has_none(writer: Any, deal: Deal) -> None:
    assert writer.get(f"deals/{deal.public_id}/plan/").status_code == 404


def test_a_task_is_begun_and_done_in_the_name_of_the_machine(writer: Any, plan: Plan) -> None:
    """§7: ETag is the version; the same status again changes nothing; history names the client of the API."""
    task = tasks(plan)[0]
    answer = writer.post(status_of(task), {"status": "doing"}, task.version)
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "id": str(task.public_id), "status": "doing", "previous_status": "todo", "changed": True,
        "version": task.version + 1,
    }  # fmt: skip
    assert answer["ETag"] == f'"{task.version + 1}"'
    again = writer.post(status_of(task), {"status": "doing"}, task.version + 1).json()
    assert (again["changed"], again["version"]) == (False, task.version + 1)
    writer.post(status_of(task), {"status": "done", "result": "Три департамента"}, task.version + 1)
    task.refresh_from_db()
    assert (task.state, task.actual_result) == ("done", "Три департамента")
    lines = AuditEvent.objects.filter(event__in=["start_task", "finish_task"])
    assert {(line.actor_id, line.actor_name) for line in lines} == {(None, writer.client.name)}


def test_a_held_task_is_refused_with_every_reason(writer: Any, plan: Plan, cast: Cast) -> None:
    """R44, R46–R48, product.md §1.6: 409 `held_back` in the API as on the page; nothing is written."""
    go_stale(plan.deal.company, cast)
    task = tasks(plan)[1]
    for body in ({"status": "doing"}, {"status": "done", "result": "Готово"}):
        answer = writer.post(status_of(task), body, task.version, **{"Accept-Language": "en"})
        assert (answer.status_code, answer.json()["code"]) == (409, "held_back")
        errors = [(error["code"], error["message_ru"]) for error in answer.json()["errors"]]
        assert errors == [
            ("waits_for", "ждёт: «Собрать потребности»"), ("stale_fact", "факт устарел: ЛПР"),
            ("stale_fact", "факт устарел: Закупка"),
        ] or [code for code, _text in errors] == ["waits_for", "stale_fact", "stale_fact"]  # fmt: skip
        assert answer.json()["errors"][2]["message_en"] == "the fact is out of date: Procurement"
    task.refresh_from_db()
    assert task.state == "todo"


def test_a_plan_that_has_not_begun_holds_its_tasks(writer: Any, deal: Deal, cast: Cast) -> None:
    """R49."""
    task = make_plan_task(make_plan(deal), cast.aliev).task
    answer = writer.post(status_of(task), {"status": "doing"}, task.version)
    assert [error["code"] for error in answer.json()["errors"]] == ["plan_not_started"]


def test_an_illegal_step_names_what_is_allowed(writer: Any, plan: Plan) -> None:
    """§7: 409 `illegal_transition`."""
    task = tasks(plan)[0]
    Task.objects.filter(pk=task.pk).update(state="accepted", actual_result="Есть")
    answer = writer.post(status_of(task), {"status": "doing"}, task.version)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "illegal_transition")
    assert (body["current_status"], body["allowed"]) == ("accepted", [])


@pytest.mark.parametrize(
    ("version", "status", "code"),
    [(None, 428, "precondition_required"), (99, 412, "version_mismatch"), ("*", 412, "version_mismatch")],
)
def test_a_change_names_the_version_that_was_read(
    writer: Any, plan: Plan, version: Any, status: int, code: str
) -> None:
    """§7, faults B1."""
    answer = writer.post(status_of(tasks(plan)[0]), {"status": "doing"}, version)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "status", "required"),
        ({"status": "accepted"}, "status", "invalid_choice"),
        ({"status": "done"}, "result", "text_needed"),
        ({"status": "done", "result": "  "}, "result", "text_needed"),
        ({"status": "doing", "assignee": 7}, "assignee", "unknown_field"),
        ({"status": "done", "result": "х" * 2001}, "result", "max_length"),
    ],
)
def test_a_wrong_body_names_the_field(writer: Any, plan: Plan, body: Any, field: str, code: str) -> None:
    """§7: 422 with both languages."""
    answer = writer.post(status_of(tasks(plan)[0]), body, 1)
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    assert answer.json()["errors"][0]["message_ru"] != answer.json()["errors"][0]["message_en"]


def test_a_list_or_no_json_is_refused(writer: Any, plan: Plan) -> None:
    address = status_of(tasks(plan)[0])
    assert writer.post(address, [1], 1).status_code == 422
    assert writer.post(address, "{", 1).status_code == 400


def test_a_token_that_only_reads_writes_nothing(machine_with: With, plan: Plan) -> None:
    """§7: the scope is `tasks:write`."""
    task = tasks(plan)[0]
    answer = machine_with("deals:read").post(status_of(task), {"status": "doing"}, task.version)
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


@pytest.mark.parametrize("size", [3, pytest.param(30, marks=pytest.mark.slow)])
def test_a_plan_costs_the_same_with_more_tasks(
    writer: Any, deal: Deal, cast: Cast, size: int, django_assert_max_num_queries: Any
) -> None:
    plan, before = make_plan(deal), []  # type: ignore[var-annotated]
    for number in range(size):
        before = [make_plan_task(plan, cast.aliev, f"Задача {number}", after=before, built_on=["dm"])]
    writer.read(f"deals/{deal.public_id}/plan/")
    with django_assert_max_num_queries(16):
        writer.read(f"deals/{deal.public_id}/plan/")
