"""The laws of a refresh: twice is once, a snooze is never lost, what is over closes itself (issue 4)."""

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.services.procurement import update_procurement
from reports.models import Signal, SignalRule
from reports.services import signal_refresh
from reports.services.signal_refresh import find_signals, refresh_signals
from reports.services.signal_snooze import scrub_snoozes, snooze_signal, wake_signal
from tests.factories import T, make_company, make_contract
from tests.reports.signal_makers import budget, load, maker, talk, train, use, wait
from upsell_crm.core import jobs, outbox
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent, OutboxEvent

UNTIL = T + timedelta(30)


@pytest.fixture
def company(cast):
    """Lisina's client whose ten licences are all in use."""
    company = make_company("Меридиан", kam=cast.lisina)
    make_contract(company, ("casebook", 10))
    use(company, 10)
    return company


@pytest.fixture
def signal(company):
    """Its open signal."""
    refresh_signals()
    return Signal.objects.get()


def rows() -> list[dict[str, Any]]:
    """Everything that stands in the table but its moments."""
    return list(
        Signal.objects.order_by("pk").values(*(f.name for f in Signal._meta.fields if f.name != "updated_at"))
    )


def speak(company, author, seed):
    """Facts of a client by the dice of a law."""
    make_contract(company, ("casebook", 2 + seed % 3))
    use(company, seed % 6)
    train(company, author, seed % 9, begun=(None, True, False)[seed % 3])
    load(company, date(2026, 8, 5), 10), load(company, date(2026, 11, 4), 5 + seed % 13)
    person = maker(
        company, since=(5, 400, None)[seed % 3], valid_to=(None, T - timedelta(seed % 5))[seed % 2]
    )
    if seed % 4:
        talk(company, author, person, days_ago=seed % 200)
    budget(company, 1 + seed % 12)
    if seed % 5 == 0:
        wait(company, title=f"Функция {company.pk}", promised=bool(seed % 2))


@pytest.mark.slow
@given(seeds=st.lists(st.integers(0, 10_000), min_size=1, max_size=3))
def test_a_refresh_twice_changes_nothing(cast, seeds):
    """Whatever the facts: the second run opens, updates and closes nothing."""
    for seed in seeds:
        speak(make_company(kam=cast.lisina), cast.gai, seed)
    refresh_signals()
    before = rows()
    again = refresh_signals()
    assert (again.opened, again.updated, again.closed, rows()) == (0, 0, 0, before)


@pytest.mark.slow
@given(moves=st.lists(st.sampled_from(["refresh", "away", "back", "less", "day"]), max_size=8))
def test_a_snooze_is_never_lost(cast, settings, moves):
    """Whatever happens to the facts short of growing worse, it is not in the list before its date."""
    settings.CRM_TODAY = T
    company = make_company(kam=cast.lisina)
    make_contract(company, ("casebook", 10))
    snapshot = use(company, 12, days_ago=0)
    refresh_signals()
    snooze_signal(
        Signal.objects.get(company=company), until=T + timedelta(10), reason="Ждём бюджет", by=cast.lisina
    )
    for move in moves:
        if move == "day":
            settings.CRM_TODAY += timedelta(1)
        elif move != "refresh":
            snapshot.active_users_30d = {"away": 1, "back": 12, "less": 10}[move]
            snapshot.save()
        refresh_signals()
        mine = Signal.objects.filter(company=company)
        assert not mine.to_act_on(settings.CRM_TODAY).exists()
        assert mine.open().count() <= 1


def test_a_snoozed_signal_comes_back_on_its_day(signal, cast, settings):
    snooze_signal(signal, until=UNTIL, reason="Ждём бюджет", by=cast.lisina)
    assert not Signal.objects.to_act_on(T).exists() and Signal.objects.put_aside(T).exists()
    assert Signal.objects.to_act_on(UNTIL).get() == signal


def test_it_comes_back_earlier_when_the_facts_grow_worse(signal, company, cast):
    """Ten per cent more use is worse; a day more is not."""
    snooze_signal(signal, until=UNTIL, reason="Ждём бюджет", by=cast.lisina)
    use(company, 10, days_ago=1)
    refresh_signals()
    assert not Signal.objects.to_act_on(T).exists()
    use(company, 11, days_ago=0)
    refresh_signals()
    awake = Signal.objects.to_act_on(T).get()
    assert (awake.pk, awake.evidence["active"], awake.opened_on) == (signal.pk, 11, T)


def test_a_finding_that_comes_back_worse_is_not_asleep(signal, company, cast):
    """The snooze outlives a finding that goes away, but not one that comes back worse."""
    snooze_signal(signal, until=UNTIL, reason="Ждём бюджет", by=cast.lisina)
    for active, expected in ((1, 0), (10, 0), (1, 0), (15, 1)):
        company.usage.update(active_users_30d=active)
        refresh_signals()
        assert Signal.objects.to_act_on(T).count() == expected, active


def test_who_works_with_the_client_puts_aside_and_takes_back(signal, cast):
    """A colleague of the team sees the signal and may not silence it; both steps stand in history."""
    with pytest.raises(NotAllowed):
        snooze_signal(signal, until=UNTIL, reason="Не сейчас", by=cast.vetrov)
    snooze_signal(signal, until=UNTIL, reason="Ждём бюджет", by=cast.lisina)
    wake_signal(signal, by=cast.belova)
    assert Signal.objects.to_act_on(T).get().snoozed_until is None
    events = AuditEvent.objects.filter(object_id=signal.pk, object_type="reports.signal").order_by("pk")
    assert [(one.event, one.reason) for one in events] == [
        ("snooze_signal", "Ждём бюджет"),
        ("wake_signal", ""),
    ]


@pytest.mark.parametrize(
    ("days", "reason", "field"), [(0, "Причина", "until"), (181, "Причина", "until"), (5, "  ", "reason")]
)
def test_a_snooze_has_a_reason_and_an_end(signal, cast, days, reason, field):
    with pytest.raises(DomainError) as refused:
        snooze_signal(signal, until=T + timedelta(days), reason=reason, by=cast.lisina)
    assert set(refused.value.errors) == {field}


def test_of_two_people_who_put_aside_one_is_told(signal, cast):
    """Faults B1: by what was seen, and a signal that is over cannot be put aside."""
    copy = Signal.objects.get()
    snooze_signal(signal, until=UNTIL, reason="Ждём бюджет", by=cast.lisina)
    with pytest.raises(Stale):
        snooze_signal(copy, until=T + timedelta(5), reason="Иначе", by=cast.belova)
    Signal.objects.update(closed_on=T)
    with pytest.raises(DomainError, match="нет"):
        wake_signal(Signal.objects.get(), by=cast.lisina)


def test_a_person_is_taken_out_of_the_reasons(signal, cast):
    """R102: the evidence holds no names, and what people wrote is cleaned."""
    snooze_signal(signal, until=UNTIL, reason="Орехов в отпуске", by=cast.lisina)
    scrub_snoozes(
        contact_id=1, company_id=signal.company_id, scrub=lambda text: text.replace("Орехов", "•••")
    )
    assert Signal.objects.get().snooze_reason == "••• в отпуске"


def test_a_change_of_facts_refreshes_the_client(company, cast):
    """Through the outbox, as the ranking does; other clients are not looked at."""
    other = make_company(kam=cast.lisina)
    budget(other, 12)
    profile = budget(company, 3)
    update_procurement(company, {"budget_month": 12}, by=cast.lisina, version=profile.version)
    assert OutboxEvent.objects.filter(topic="refresh_signals", key=str(company.pk), done_at=None).count() == 1
    outbox.drain()
    assert set(Signal.objects.values_list("company", "rule").order_by("pk")) == {
        (company.pk, SignalRule.LICENCES_FULL), (company.pk, SignalRule.BUDGET_MONTH),
    }  # fmt: skip


def test_a_refresh_of_some_leaves_the_others_alone(company, cast):
    other = make_company(kam=cast.lisina)
    budget(other, 12)
    refresh_signals()
    company.usage.all().delete()
    other.procurement.delete()
    refresh_signals(company_ids=[company.pk])
    assert Signal.objects.open().get().company == other


@pytest.mark.slow
def test_the_number_of_statements_does_not_grow(company, cast, monkeypatch):
    """Set-based: the same few statements for three clients and for thirty."""

    def statements() -> int:
        ids = list(type(company).objects.order_by("pk").values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as captured:
            find_signals(ids, T)
        return len(captured)

    for seed in (7, 8, 15):
        speak(make_company(kam=cast.lisina), cast.gai, seed)
    few = statements()
    for seed in range(27):
        speak(make_company(kam=cast.lisina), cast.gai, seed)
    assert statements() == few <= 16
    monkeypatch.setattr(signal_refresh, "SPAN", 7)
    assert refresh_signals().companies == 31 and refresh_signals().opened == 0


def test_two_refreshes_at_a_time_open_a_signal_once(company, monkeypatch):
    """Faults A29: what another refresh has opened since this one looked is left to it."""
    looked = signal_refresh.find_signals

    def meanwhile(span, day):
        found = looked(span, day)
        monkeypatch.setattr(signal_refresh, "find_signals", looked)
        refresh_signals()
        return found

    standing = Signal.objects.none()
    monkeypatch.setattr(signal_refresh, "find_signals", meanwhile)
    monkeypatch.setattr(type(standing), "open", lambda signals: signals.filter(pk=None))
    refresh_signals()
    assert Signal.objects.count() == 1


def test_a_snooze_during_a_refresh_stays(signal, company, cast, monkeypatch):
    """Faults B1: the refresh has read the signal awake, a person puts it aside, the refresh writes."""

    def meanwhile(span, day):
        snooze_signal(Signal.objects.get(), until=UNTIL, reason="Ждём бюджет", by=cast.lisina)
        return {}

    use(company, 10, days_ago=1)  # the evidence changes, so the row is written
    monkeypatch.setattr(signal_refresh, "_snoozes_of_closed", meanwhile)
    refresh_signals()
    assert Signal.objects.put_aside(T).get().evidence["as_of"] == "2026-11-23"


def test_the_nightly_job_tells_its_numbers(company):
    """R96: a row with numbers, and once a day."""
    run = jobs.execute(jobs.request_run(code="signals", by=None).pk)
    assert run and (run.state, run.result["opened"], run.result["companies"]) == ("done", 1, 1)


def test_the_command_prints_and_another_day_writes_nothing(company):
    """The command twin; --as-of another day is a preview."""
    out = StringIO()
    call_command("refresh_signals", as_of=T - timedelta(2), json=True, stdout=out)
    assert [row["rule"] for row in json.loads(out.getvalue())] == [
        "licences_full"
    ] and not Signal.objects.exists()
    for options in ({"json": True}, {}, {"as_of": T - timedelta(9)}):
        out = StringIO()
        call_command("refresh_signals", stdout=out, **options)
    assert "0 signals would be found" in out.getvalue() and Signal.objects.count() == 1


def test_a_feature_that_was_promised_is_worse(cast):
    """The snooze ends: we gave our word."""
    company = make_company(kam=cast.lisina)
    waiting = wait(company)
    refresh_signals()
    snooze_signal(Signal.objects.get(), until=UNTIL, reason="Показ в декабре", by=cast.lisina)
    waiting.promised = True
    waiting.save()
    refresh_signals()
    assert Signal.objects.to_act_on(T).exists()
