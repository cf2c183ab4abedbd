"""How often a client may call, and what it need not read again (domain.md §7, faults B5, F8)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Contract
from tests.factories import make_company, make_contract, moment
from upsell_crm.core import clock
from upsell_crm.core.api.etags import is_known
from upsell_crm.core.commands import change

pytestmark = pytest.mark.django_db


@pytest.fixture
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute before the minute ends, and it stays so."""
    here = moment().replace(second=30)
    monkeypatch.setattr(clock, "now", lambda: here)


@pytest.mark.slow
def test_the_121st_request_of_a_minute_is_429(
    standing_clock: None, machine: Any, machine_with: Callable[..., Any]
) -> None:
    answers = [machine.get("contracts/", page_size="1") for _number in range(121)]
    assert {answer.status_code for answer in answers[:120]} == {200}
    assert [int(answer["RateLimit-Remaining"]) for answer in answers[:120]] == list(range(119, -1, -1))
    last = answers[-1]
    assert (last.status_code, last.json()["code"]) == (429, "throttled")
    assert (last["Retry-After"], last["RateLimit-Reset"], last["RateLimit-Limit"]) == ("30", "30", "120")
    assert machine_with("contracts:read").get("contracts/").status_code == 200  # each client has its own


def test_refused_requests_count_too(
    standing_clock: None, machine_with: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that hammers at a closed door is slowed down as well."""
    monkeypatch.setattr("upsell_crm.core.api.throttling.REQUESTS_PER_MINUTE", 3)
    one = machine_with("companies:read")
    answers = [
        one.get("contracts/"),
        one.get("companies/", nonsense="1"),
        one.get("companies/"),
        one.get("contracts/"),
    ]
    assert [answer.status_code for answer in answers] == [403, 400, 200, 429]


def test_the_next_minute_is_open_again(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    start = moment()
    monkeypatch.setattr(clock, "now", lambda: start)
    monkeypatch.setattr("upsell_crm.core.api.throttling.REQUESTS_PER_MINUTE", 1)
    assert [machine.get("contracts/").status_code for _number in range(2)] == [200, 429]
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=1))
    assert machine.get("contracts/").status_code == 200


def test_health_is_neither_counted_nor_asked_for_a_token() -> None:
    answer = Client().get("/api/v1/health/")
    assert answer.json() == {"status": "ok"}
    assert not answer.has_header("RateLimit-Limit")


@pytest.mark.parametrize("path", ["contracts/", "companies/", "renewals/", "reports/existing-clients/"])
def test_what_has_not_changed_is_not_sent_again(machine: Any, path: str) -> None:
    company = make_company()
    make_contract(company, ("casebook", 3))
    first = machine.get(path)
    again = machine.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "private, no-cache"
    assert again.has_header("RateLimit-Remaining")


def test_a_page_with_a_neighbour_has_a_steady_etag(machine: Any) -> None:
    """The cursor in «next» has no time in it."""
    company = make_company()
    for _number in range(3):
        make_contract(company)
    assert (
        machine.get("contracts/", page_size="2")["ETag"] == machine.get("contracts/", page_size="2")["ETag"]
    )


def test_a_change_is_seen_at_once(machine: Any) -> None:
    contract = make_contract(make_company())
    path = f"contracts/{contract.public_id}/"
    etag = machine.get(path)["ETag"]
    change(contract, {"external_id": "1C-7"}, by=None, event="edit_contract")
    assert machine.get(path, headers={"If-None-Match": etag}).json()["external_id"] == "1C-7"


def test_what_changes_without_the_version_changes_the_etag_too(machine: Any) -> None:
    """§7: act_by changes without the version, so other resources have an ETag of their body."""
    contract = make_contract(make_company())
    path = f"contracts/{contract.public_id}/"
    etag = machine.get(path)["ETag"]
    Contract.objects.filter(pk=contract.pk).update(act_by="2026-11-18")
    assert machine.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_the_etag_of_a_status_is_the_version(machine: Any) -> None:
    contract = make_contract(make_company(), version=7)
    path = f"contracts/{contract.public_id}/status/"
    assert machine.get(path)["ETag"] == '"7"'
    for sent in ('"7"', 'W/"7"', '"7-gzip"', 'W/"7-gzip"', '"5", "7"', "*"):
        assert machine.get(path, headers={"If-None-Match": sent}).status_code == 304, sent
    for sent in ('"6"', '"77"', '"7', "7", ""):
        assert machine.get(path, headers={"If-None-Match": sent}).status_code == 200, sent


def test_a_refusal_has_no_etag(machine: Any) -> None:
    assert not machine.get("contracts/", page_size="0").has_header("ETag")


@pytest.mark.parametrize("sent", ['"a;gzip"', '"a-br"', 'W/"a-zstd"', 'W/"b", W/"a"'])
def test_compressing_proxies_do_not_break_the_comparison(sent: str) -> None:
    """faults B5."""
    assert is_known(sent, '"a"')
