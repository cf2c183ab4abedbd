"""A released feature reaches every client who waits for it: one task of the responsible KAM, once (R24)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.calendar import load_calendar
from accounts.enums import FeatureStatus, Response, TaskState
from accounts.models import Company, FeatureWait, Task
from accounts.services.companies import assign_kam
from accounts.services.feature_release import fan_out, owed_tasks
from accounts.services.feature_waits import answer_wait, save_wait, tell_wait
from accounts.services.features import move_feature
from tests.accounts.feature_makers import make_feature, make_wait
from tests.accounts.imports.files import bring, csv_file
from tests.factories import Cast, T, make_calendar, make_company
from upsell_crm.core import outbox
from upsell_crm.core.models import AuditEvent, OutboxEvent

S = FeatureStatus


@pytest.fixture
def bank(cast: Cast) -> Company:
    return make_company("Северодар Банк", kam=cast.vetrov)


def make_clients(number: int, first: int = 0, **values: Any) -> list[Company]:
    """Many clients by one statement."""
    return Company.objects.bulk_create(
        Company(short_name=f"Клиент {n}", inn=f"77{n:08}", **values) for n in range(first, first + number)
    )


def test_release_makes_a_task_with_the_quote_and_five_working_days(cast: Cast, bank: Company) -> None:
    """R24: at once, by the outbox; the KAM learns what the client had said."""
    make_calendar()
    feature = make_feature(status=S.DEV)
    make_wait(feature, bank, quote="Нужен обмен")
    move_feature(feature, to=S.RELEASED, by=cast.admin)
    outbox.drain()
    task = Task.objects.get()
    assert (task.assignee, task.company, task.origin) == (cast.vetrov, bank, "feature")
    assert task.due_on == load_calendar().add(T, 5)
    assert "API мониторинга" in task.title and "Нужен обмен" in task.expected_result
    assert AuditEvent.objects.get(event="create_task").company_id == bank.pk


def test_whoever_runs_it_and_how_often_one_task(cast: Cast, bank: Company) -> None:
    """R24: outbox, job, job again; the date of release alone changes nothing."""
    feature = make_feature(status=S.DEV)
    make_wait(feature, bank)
    move_feature(feature, to=S.RELEASED, by=cast.admin)
    outbox.drain()
    assert (fan_out().tasks, fan_out(feature.pk).tasks) == (0, 0)
    assert Task.objects.count() == 1


@pytest.mark.slow
def test_five_hundred_clients_five_hundred_tasks(cast: Cast) -> None:
    """Bar of the issue; a fixed number of statements per portion."""
    feature = make_feature(status=S.RELEASED)
    clients = make_clients(500, owner_kam=cast.vetrov, team=cast.k1)
    FeatureWait.objects.bulk_create(FeatureWait(feature=feature, company=each) for each in clients)
    assert fan_out().tasks == 500
    assert fan_out().tasks == 0
    assert Task.objects.count() == Task.objects.values("company").distinct().count() == 500


def test_the_cost_does_not_grow_with_clients(cast: Cast) -> None:
    """A portion is a handful of statements, however many clients are in it."""
    feature = make_feature(status=S.RELEASED)

    def cost(clients: list[Company]) -> int:
        FeatureWait.objects.bulk_create(FeatureWait(feature=feature, company=each) for each in clients)
        with CaptureQueriesContext(connection) as queries:
            fan_out()
        return len(queries)

    few, many = make_clients(3, owner_kam=cast.vetrov), make_clients(100, first=10, owner_kam=cast.vetrov)
    assert cost(many) <= cost(few) + 3  # SQLite takes long inserts in pieces


def test_without_a_kam_the_lead_without_a_lead_nobody(cast: Cast) -> None:
    """R24: who cannot get a task is counted, stays owed, and is served as soon as somebody answers for him."""
    feature = make_feature(status=S.RELEASED)
    led, orphan, gone = (
        make_company("К1", team=cast.k1),
        make_company("Сирота"),
        make_company("Уволен", kam=cast.aliev),
    )
    cast.k1.lead = cast.belova
    cast.k1.save()
    cast.aliev.is_active = False
    cast.aliev.save()
    for company in (led, orphan, gone):
        make_wait(feature, company)
    done = fan_out()
    assert Task.objects.get(company=led).assignee == cast.belova
    assert not Task.objects.filter(company=orphan).exists()
    assert done.without_kam == owed_tasks().count() >= 1
    assign_kam(orphan, cast.demin, reason="Новый клиент", by=cast.andreeva)
    fan_out()
    assert Task.objects.get(company=orphan).assignee == cast.demin


def test_who_has_seen_it_gets_no_task(cast: Cast, bank: Company) -> None:
    make_wait(make_feature(status=S.RELEASED), bank, presented_on=T)
    make_wait(make_feature("Отчёт", status=S.DEV), bank)
    assert fan_out().tasks == 0


def test_who_asks_for_what_is_out_gets_his_task_too(cast: Cast, bank: Company) -> None:
    save_wait(bank, make_feature(status=S.RELEASED), by=cast.vetrov)
    outbox.drain()
    assert Task.objects.count() == 1


def test_refusal_makes_tasks_to_tell_the_clients(cast: Cast, bank: Company) -> None:
    """§2.9: declined with a reason → «рассказать клиенту», once."""
    feature = make_feature(status=S.SUBMITTED)
    wait = make_wait(feature, bank)
    move_feature(feature, to=S.DECLINED, by=cast.admin, reason="Не окупится")
    outbox.drain()
    fan_out()
    task = Task.objects.get()
    assert task.assignee == cast.vetrov and "Не окупится" in task.expected_result
    wait.refresh_from_db()
    tell_wait(wait, by=cast.vetrov)
    task.refresh_from_db()
    assert task.state == TaskState.DONE and fan_out().tasks == 0


def test_the_answer_finishes_the_task(cast: Cast, bank: Company) -> None:
    wait = make_wait(make_feature(status=S.RELEASED), bank)
    fan_out()
    answer_wait(wait, by=cast.vetrov, response=Response.POSITIVE)
    assert Task.objects.get().state == TaskState.DONE


def test_closed_when_everybody_has_answered(cast: Cast, bank: Company) -> None:
    """§2.9: by the job; a feature that nobody waited for stays released."""
    feature, lonely = make_feature(status=S.RELEASED), make_feature("Никому", status=S.RELEASED)
    wait = make_wait(feature, bank)
    assert fan_out().closed == 0
    answer_wait(wait, by=cast.vetrov, response=Response.NEUTRAL, presented_on=T - timedelta(days=1))
    assert fan_out().closed == 1
    feature.refresh_from_db(), lonely.refresh_from_db()
    assert (feature.status, lonely.status) == (S.CLOSED, S.RELEASED)


def test_the_ranking_is_told_of_all_who_wait_at_once(cast: Cast, bank: Company) -> None:
    """The factor is live: one event for all clients of the feature."""
    feature = make_feature(status=S.PLANNED)
    make_wait(feature, bank)
    make_wait(feature, make_company("Другой", kam=cast.aliev))
    move_feature(feature, to=S.DEV, by=cast.admin)
    assert OutboxEvent.objects.filter(topic="rank_companies").count() == 1


def test_a_release_from_a_file_reaches_the_kam_too(cast: Cast, bank: Company) -> None:
    """R24 by the import kind «features»: the outbox owes the same tasks, the ranking looks at all who wait."""
    feature = make_feature(status=S.DEV)
    make_wait(feature, bank)
    head = ["Функция", "Продукт", "Статус", "Дата выпуска"]
    bring(
        "features", csv_file(head, ["API мониторинга", "casebook", "Выпущена", "20.11.2026"]), by=cast.admin
    )
    outbox.drain()
    assert Task.objects.get().company == bank
    assert OutboxEvent.objects.filter(topic="rank_companies", payload__company_ids=[bank.pk]).exists()
