"""Refusals are RFC 9457 problems in the caller's language, never HTML and never a stack trace (domain.md §7)."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from upsell_crm.core.api.problems import CONTENT_TYPE, problem_of
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale

pytestmark = pytest.mark.django_db
MEMBERS = {"type", "title", "status", "detail", "code", "instance", "request_id", "errors"}


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == CONTENT_TYPE
    body = answer.json()
    assert set(body) >= MEMBERS
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"urn:upsell-crm:problem:{code}"
    assert body["request_id"] == answer["X-Request-Id"]
    return body


@pytest.mark.parametrize(
    "address", ["/api/", "/api/v1/", "/api/v2/contracts/", "/api/v1/nothing/", "/api/v1/contracts/1/"]
)
def test_an_unknown_address_is_a_problem(address: str) -> None:
    assert problem(Client().get(address), 404, "not_found")["instance"] == address


def test_an_unknown_record_is_a_problem(machine: Any) -> None:
    problem(machine.get(f"contracts/{uuid4()}/"), 404, "not_found")


def test_a_forbidden_host_is_a_problem() -> None:
    """Refused by a middleware, before any view."""
    with override_settings(ALLOWED_HOSTS=["crm.example"]):
        problem(Client().get("/api/v1/health/", headers={"Host": "evil.example"}), 400, "bad_request")


def test_pages_outside_the_api_keep_their_own_errors() -> None:
    answer = Client().get("/no-such-page/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "text/csv;q=0.5", "nonsense"])
@pytest.mark.parametrize("path", ["contracts/", "health/"])
def test_another_format_is_406(machine: Any, accept: str, path: str) -> None:
    problem(machine.get(path, headers={"Accept": accept}), 406, "not_acceptable")


def test_the_format_is_not_chosen_by_a_parameter(machine: Any) -> None:
    problem(machine.get("contracts/", format="xml"), 400, "unknown_parameter")


def test_a_typo_never_returns_everything(machine: Any) -> None:
    """§7: unknown parameter → 400, each named."""
    body = problem(
        machine.get("contracts/", statuss="active", page_size="7", page="2"), 400, "unknown_parameter"
    )
    assert [error["field"] for error in body["errors"]] == ["statuss", "page"]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"status": "actve"}, "status"),
        ({"status": ["active", "actve"]}, "status"),
        ({"status": ""}, "status"),
        ({"expiring": "yes"}, "expiring"),
        ({"renewal_window": "31"}, "renewal_window"),
        ({"end_date_from": "2026-13-01"}, "end_date_from"),
        ({"end_date_to": "01.12.2026T"}, "end_date_to"),
        ({"updated_since": "2026-11-24"}, "updated_since"),
        ({"updated_since": "2026-11-24T09:00:00"}, "updated_since"),
        ({"updated_since": "2026-11-31T09:00:00+03:00"}, "updated_since"),
        ({"kam": "vetrov"}, "kam"),
        ({"holding": "00000000"}, "holding"),
        ({"inn": ["1", "2"]}, "inn"),
        ({"number": "\x00"}, "number"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "501"}, "page_size"),
        ({"page_size": "-1"}, "page_size"),
        ({"page_size": "١"}, "page_size"),
        ({"page_size": "9" * 400}, "page_size"),
        ({"ordering": "number"}, "ordering"),
        ({"ordering": "-act_by", "updated_since": "2026-11-24T09:00:00Z"}, "ordering"),
        ({"fields": "id,phone"}, "fields"),
        ({"expand": "contacts"}, "expand"),
        ({"cursor": "nonsense"}, "cursor"),
    ],
)  # fmt: skip
def test_a_bad_value_is_400_with_the_parameter(machine: Any, parameters: dict[str, Any], field: str) -> None:
    body = problem(machine.get("contracts/", **parameters), 400, "invalid_parameter")
    assert {error["field"] for error in body["errors"]} == {field}
    for error in body["errors"]:
        assert error["code"] and error["message_ru"] != error["message_en"]


@pytest.mark.parametrize(
    ("language", "title"),
    [
        (None, "Не найдено"),
        ("ru", "Не найдено"),
        ("en-GB,en;q=0.8", "Not found"),
        ("de", "Не найдено"),
        ("*", "Не найдено"),
    ],
)
def test_the_language_is_that_of_accept_language_and_russian_by_default(
    machine: Any, language: str | None, title: str
) -> None:
    headers = {"Accept-Language": language} if language else {}
    body = problem(machine.get(f"contracts/{uuid4()}/", headers=headers), 404, "not_found")
    assert body["title"] == title


def test_each_error_of_a_field_speaks_both_languages(machine: Any) -> None:
    error = machine.get("contracts/", page_size="0").json()["errors"][0]
    assert error == {
        "field": "page_size",
        "code": "invalid",
        "message_ru": "Целое число от 1 до 500.",
        "message_en": "A whole number from 1 to 500.",
    }


def test_our_own_error_says_nothing_of_its_inside(
    machine: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    """500: no stack trace outside, all of it in the log under the same request."""
    machine.browser.raise_request_exception = False
    monkeypatch.setattr("reports.api.views.expiring_until", lambda today: 1 / 0)
    answer = machine.get("renewals/")
    assert answer.status_code == 200  # no rows: the day is not needed
    monkeypatch.setattr("reports.api.views.Contract.objects.with_renewed_by", lambda: 1 / 0)
    body = problem(machine.get("contracts/"), 500, "internal_error")
    assert "ZeroDivision" not in str(body)
    assert "ZeroDivisionError" in caplog.text


def test_a_silent_database_is_503_with_retry_after(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise OperationalError("could not connect to server")

    machine.browser.raise_request_exception = False
    monkeypatch.setattr("upsell_crm.core.api.authentication.find_client", broken)
    answer = machine.get("contracts/")
    assert "could not connect" not in str(problem(answer, 503, "unavailable"))
    assert int(answer["Retry-After"]) > 0


def test_refusals_of_services_have_their_status_code_and_fields() -> None:
    """The writing half raises these; they are told in one place."""
    assert problem_of(DomainError("not_signed", "x", {"signed_on": ["when?"]})).errors[0].field == "signed_on"
    assert problem_of(NotAllowed("not_allowed", "x")).status == 403
    assert problem_of(Stale("version_mismatch", "x")).status == 412
    move = problem_of(IllegalTransition("illegal_transition", "x", current="draft", allowed=["void"]))
    assert (move.status, move.more) == (409, {"current_status": "draft", "allowed": ["void"]})
