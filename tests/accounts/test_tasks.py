"""Tasks move along the table of domain.md §2.9 and nowhere else; the page of the person who owes them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import TaskOrigin, TaskState
from accounts.models import Company, Task
from accounts.services.tasks import (
    MOVES,
    accept_task,
    ask_kam,
    block_task,
    cancel_task,
    create_task,
    finish_task,
    reassign_task,
    return_task,
    start_task,
)
from tests.factories import Cast, T, make_company
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent, User

ClientOf = Callable[[User], Client]


@pytest.fixture
def meridian(cast: Cast) -> Company:
    return make_company("Тёплый Меридиан", kam=cast.lisina)


def owed(cast: Cast, company: Company | None, **values: Any) -> Task:
    """A task that Лисина gave to herself."""
    defaults = {"title": "Прислать расчёт", "assignee": cast.lisina, "due_on": T + timedelta(days=1)}
    return create_task(by=cast.lisina, company=company, **{**defaults, **values})


def test_a_task_goes_from_to_do_to_accepted(cast: Cast, meridian: Company) -> None:
    """§2.9: todo → doing → done → accepted, each step in the history."""
    task = owed(cast, meridian)
    start_task(by=cast.lisina, task=task)
    block_task(by=cast.lisina, task=task, reason="Ждём цены")
    assert task.state_reason == "Ждём цены"
    start_task(by=cast.lisina, task=task)
    finish_task(by=cast.lisina, task=task, result="Расчёт у клиента")
    accept_task(by=cast.belova, task=task)
    task.refresh_from_db()
    assert (task.state, task.actual_result, task.state_reason) == (TaskState.ACCEPTED, "Расчёт у клиента", "")
    assert AuditEvent.objects.filter(object_type="accounts.task").count() == 6


def test_one_click_closes_a_task_that_nobody_started(cast: Cast, meridian: Company) -> None:
    """The table has no todo → done, so the click takes both steps in one save."""
    task = finish_task(by=cast.lisina, task=owed(cast, meridian), result="Готово", version=1)
    assert task.state == TaskState.DONE
    assert list(AuditEvent.objects.filter(object_id=task.pk).order_by("id").values_list("event", flat=True)) == [
        "create_task", "start_task", "finish_task",
    ]  # fmt: skip


def test_done_needs_a_result(cast: Cast, meridian: Company) -> None:
    """R50, §2.8.6."""
    with pytest.raises(DomainError) as refusal:
        finish_task(by=cast.lisina, task=owed(cast, meridian), result="  ")
    assert "result" in refusal.value.errors
    assert Task.objects.get().state == TaskState.TODO


SERVICES: dict[str, Callable[..., Task]] = {
    "start_task": lambda by, task: start_task(by=by, task=task),
    "block_task": lambda by, task: block_task(by=by, task=task, reason="причина"),
    "finish_task": lambda by, task: finish_task(by=by, task=task, result="итог"),
    "return_task": lambda by, task: return_task(by=by, task=task, reason="причина"),
    "accept_task": lambda by, task: accept_task(by=by, task=task),
    "cancel_task": lambda by, task: cancel_task(by=by, task=task, reason="причина"),
}


@pytest.mark.parametrize("state", TaskState.values)
@pytest.mark.parametrize("move", MOVES)
def test_every_move_from_every_state(cast: Cast, meridian: Company, move: str, state: str) -> None:
    """§2.8.4: what the table lacks is refused and says what is possible."""
    task = owed(cast, meridian)
    Task.objects.update(state=state, actual_result="итог", done_at=clock.now())
    task.refresh_from_db()
    sources, target = MOVES[move]
    allowed = state in sources or (move == "finish_task" and state == TaskState.TODO)
    if allowed:
        assert SERVICES[move](cast.lisina, task).state == target
    else:
        with pytest.raises(IllegalTransition) as refusal:
            SERVICES[move](cast.lisina, task)
        assert refusal.value.current == state


def test_another_persons_task_is_not_moved(cast: Cast, meridian: Company) -> None:
    """§2.9: the assignee works, the receiver and the lead judge."""
    task = owed(cast, meridian)
    for service in ("start_task", "block_task", "finish_task"):
        with pytest.raises(NotAllowed):
            SERVICES[service](cast.vetrov, task)
    finish_task(by=cast.lisina, task=task, result="итог")
    for service in ("accept_task", "return_task"):
        with pytest.raises(NotAllowed):
            SERVICES[service](cast.vetrov, task)
    return_task(by=cast.belova, task=task, reason="Нет приложения")
    assert (task.state, task.state_reason, task.done_at) == (TaskState.DOING, "Нет приложения", None)


def test_two_people_close_a_task_and_the_second_is_told(cast: Cast, meridian: Company) -> None:
    """Faults B1."""
    task = owed(cast, meridian)
    twin = Task.objects.get(pk=task.pk)
    finish_task(by=cast.lisina, task=task, result="первый")
    with pytest.raises(Stale):
        finish_task(by=cast.lisina, task=twin, result="второй")
    assert Task.objects.get().actual_result == "первый"


def test_the_lead_asks_and_the_kam_gets_a_task(cast: Cast, meridian: Company) -> None:
    """§6.2 «что горит → спросить»: origin question, two working days, the lead receives."""
    task = ask_kam(by=cast.belova, company=meridian, text="Почему нет расчёта?")
    assert (task.assignee, task.receiver, task.origin) == (cast.lisina, cast.belova, TaskOrigin.QUESTION)
    assert (task.title, task.due_on) == ("Почему нет расчёта?", date(2026, 11, 26))
    with pytest.raises(NotAllowed):
        ask_kam(by=cast.gromov, company=meridian, text="Чужой клиент")
    with pytest.raises(DomainError):
        ask_kam(by=cast.belova, company=meridian, text=" ")
    with pytest.raises(DomainError) as refusal:
        ask_kam(by=cast.belova, company=make_company(team=cast.k1), text="Кто ведёт?")
    assert refusal.value.code == "no_kam"


def test_a_long_question_is_kept_whole(cast: Cast, meridian: Company) -> None:
    task = ask_kam(by=cast.belova, company=meridian, text="а" * 1000)
    assert (len(task.title), task.expected_result) == (300, "а" * 1000)


def test_nobody_is_given_work_on_a_foreign_client(cast: Cast, meridian: Company) -> None:
    with pytest.raises(NotAllowed):
        create_task(by=cast.demin, company=meridian, title="Сделай", assignee=cast.lisina, due_on=T)
    cast.vetrov.is_active = False
    cast.vetrov.save()
    with pytest.raises(DomainError):
        owed(cast, meridian, assignee=cast.vetrov)


def test_an_open_task_is_handed_to_a_colleague(cast: Cast, meridian: Company) -> None:
    task = reassign_task(by=cast.belova, task=owed(cast, meridian), assignee=cast.vetrov)
    assert task.assignee == cast.vetrov
    finish_task(by=cast.vetrov, task=task, result="итог")
    with pytest.raises(IllegalTransition):
        reassign_task(by=cast.belova, task=task, assignee=cast.lisina)


def test_the_page_shows_what_i_owe_by_tabs(cast: Cast, meridian: Company, client_of: ClientOf) -> None:
    """«Мои задачи»: open, overdue, done."""
    late = owed(cast, meridian, title="Опоздавшая")
    Task.objects.filter(pk=late.pk).update(due_on=T - timedelta(days=5))
    owed(cast, None, title="Внутренняя")
    finish_task(by=cast.lisina, task=owed(cast, meridian, title="Закрытая"), result="Всё получилось")
    client = client_of(cast.lisina)
    opened = client.get("/tasks/").content.decode()
    assert opened.index("Опоздавшая") < opened.index("Внутренняя")
    assert "Закрытая" not in opened
    overdue = client.get("/tasks/?show=overdue").content.decode()
    assert "Опоздавшая" in overdue
    assert "Внутренняя" not in overdue
    assert "Всё получилось" in client.get("/tasks/?show=done").content.decode()


def test_only_the_lead_sees_the_list_of_another_person(
    cast: Cast, meridian: Company, client_of: ClientOf
) -> None:
    """R94: personal overdue lists are for the person and the lead."""
    owed(cast, meridian)
    url = f"/tasks/?person={cast.lisina.public_id}"
    assert "Прислать расчёт" in client_of(cast.belova).get(url).content.decode()
    assert "Прислать расчёт" in client_of(cast.andreeva).get(url).content.decode()
    assert client_of(cast.vetrov).get(url).status_code == 404
    assert client_of(cast.gromov).get(url).status_code == 404
    assert client_of(cast.belova).get("/tasks/?person=zzz").status_code == 404


def test_the_inline_field_closes_a_task_and_the_toast_takes_it_back(
    cast: Cast, meridian: Company, client_of: ClientOf
) -> None:
    client, task = client_of(cast.lisina), owed(cast, meridian)
    url = f"/tasks/{task.public_id}/done/"
    empty = client.post(url, {"text": "", "version": 1}, headers={"HX-Request": "true"})
    assert empty.status_code == 422
    answer = client.post(url, {"text": "Отправлено", "version": 1}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert f"/tasks/{task.public_id}/return/" in answer["HX-Trigger"]
    undo = client.post(f"/tasks/{task.public_id}/return/", headers={"X-Requested-With": "fetch"})
    assert undo.status_code == 204
    assert Task.objects.get().state == TaskState.DOING


def test_a_stale_page_closes_nothing(cast: Cast, meridian: Company, client_of: ClientOf) -> None:
    """The text stays in the form and the person is told (faults B1)."""
    task = owed(cast, meridian)
    start_task(by=cast.lisina, task=task)
    answer = client_of(cast.lisina).post(f"/tasks/{task.public_id}/done/", {"text": "Моё", "version": 1})
    assert answer.status_code == 422
    assert "Моё" in answer.content.decode()
    assert Task.objects.get().state == TaskState.DOING


def test_unknown_steps_and_foreign_tasks_are_not_found(
    cast: Cast, meridian: Company, client_of: ClientOf
) -> None:
    task = owed(cast, meridian)
    assert client_of(cast.lisina).post(f"/tasks/{task.public_id}/explode/").status_code == 404
    assert client_of(cast.demin).post(f"/tasks/{task.public_id}/start/").status_code == 404


def test_the_list_costs_the_same_with_more_rows(
    cast: Cast, meridian: Company, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    client = client_of(cast.lisina)
    query_budget(lambda number: [owed(cast, meridian) for _ in range(number)], lambda: client.get("/tasks/"))


def test_the_question_page_sends_a_task(cast: Cast, meridian: Company, client_of: ClientOf) -> None:
    url = f"/companies/{meridian.public_id}/ask/"
    assert client_of(cast.belova).get(url).status_code == 200
    answer = client_of(cast.belova).post(url, {"text": "Когда закроем?"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert Task.objects.get().title == "Когда закроем?"
    assert client_of(cast.lisina).get(url).status_code == 403
