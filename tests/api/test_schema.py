"""The OpenAPI document is true: it equals the file, its examples fit, and so does every answer (domain.md §7, faults E15)."""

import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from typing import Any

import pytest
import yaml
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from accounts.references import seed_procedures
from reports.references import seed_weights
from reports.services.existing_clients import build_existing_clients
from tests.factories import (
    Cast,
    make_calendar,
    make_company,
    make_contact,
    make_contract,
    make_deal,
    make_document,
)
from tests.roadmaps.makers import make_plan, make_plan_task
from upsell_crm.core.api import throttling
from upsell_crm.core.api.scopes import ApiScope

FILE = django_settings.BASE_DIR / "docs" / "api" / "openapi.yaml"
COMMAND = "python -m upsell_crm.launch.openapi"


@cache
def document() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text())


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(
        {**schema, "components": document()["components"]}, format_checker=FormatChecker()
    )


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document()["paths"].items():
        if "get" in methods:
            yield path, methods["get"]


def every_operation() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Changes too."""
    for path, methods in document()["paths"].items():
        assert set(methods) in ({"get"}, {"post"}), path
        yield from ((path, method, operation) for method, operation in methods.items())


def answer_schema(operation: dict[str, Any], status: int) -> dict[str, Any]:
    (content,) = operation["responses"][str(status)]["content"].values()
    return content["schema"]


@pytest.mark.slow
def test_the_file_is_the_one_that_the_code_makes() -> None:
    out = StringIO()
    call_command("spectacular", "--lang", "en", "--validate", "--fail-on-warn", stdout=out)
    assert out.getvalue() == FILE.read_text(), f"make it anew: {COMMAND}"


@pytest.mark.slow
def test_the_served_document_is_the_same_in_every_language(db: None) -> None:
    """Public, in English for everybody; it says nothing of our data."""
    for language in ("ru", "en"):
        answer = Client().get("/api/v1/schema/", headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert answer.content.decode() == FILE.read_text()


def test_the_page_has_no_inline_script_or_style(db: None) -> None:
    """Strict CSP: the start of the page is a file of its own."""
    answer = Client().get("/api/v1/schema/page/")
    text = answer.content.decode()
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    assert not re.search(r"<style|\bstyle=|\bon\w+=|<script(?![^>]*\bsrc=)", text)
    script = re.findall(r'src="([^"]+)"', text)[-1].replace("&amp;", "&")
    answer = Client().get(script)
    assert answer["Content-Type"].startswith("application/javascript")
    assert "/api/v1/schema/" in answer.content.decode()


def test_every_parameter_is_described_and_every_parameter_of_the_code_is_there() -> None:
    for path, _method, operation in every_operation():
        view = resolve(re.sub(r"{\w+}", "01a209c5-9f86-79d7-bd2e-93205b43fd01", path)).func.cls()
        listed = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "query"}
        assert set(listed) == view.parameter_names(), path
        for name, one in listed.items():
            assert one["description"] and one["schema"], f"{path} {name}"


def test_every_address_tells_its_scopes_errors_and_headers() -> None:
    for path, method, operation in every_operation():
        own = {"304"} if method == "get" else {"409", "412", "415", "422", "428"}
        assert own | {"200", "400", "401", "403", "406", "429", "500", "503"} <= set(
            operation["responses"]
        ), path
        assert ("404" in operation["responses"]) == ("{" in path)
        assert "ETag" in operation["responses"]["200"]["headers"]
        if path != "/api/v1/health/":
            assert "Scopes: `" in operation["description"] and operation["security"] == [{"token": []}]


def test_every_example_fits_its_schema() -> None:
    seen = 0
    for path, _method, operation in every_operation():
        for status, response in operation["responses"].items():
            for media in response.get("content", {}).values():
                examples = [one["value"] for one in media.get("examples", {}).values()]
                examples += [media["example"]] if "example" in media else []
                assert examples, f"{path} {status} has no example"
                for value in examples:
                    validator(media["schema"]).validate(value)
                    assert not (set(value) - known_fields(media["schema"])), f"{path} {status}"
                    seen += 1
    assert seen > 60


def known_fields(schema: dict[str, Any]) -> set[str]:
    name = schema["$ref"].rpartition("/")[2]
    return set(document()["components"]["schemas"][name]["properties"]) | {"current_status", "allowed"}


@pytest.fixture
def populated(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """One client in every part, the report built; path variable → identifier."""
    monkeypatch.setattr(throttling, "REQUESTS_PER_MINUTE", 100_000)
    make_calendar(2025, 2027)
    seed_procedures()
    seed_weights()
    head = make_company("Голова", kam=cast.vetrov)
    company = make_company("ДЗО", kam=cast.vetrov, parent=head, head=head)
    make_contact(company)
    make_contract(company, ("caselook", 1))
    contract = make_contract(company, ("casebook", 2))
    deal = make_deal(company, ("casebook", 2, 4), renews=contract)
    document = make_document(deal, contract=contract, edo="sent_wait")
    make_plan_task(make_plan(deal), cast.vetrov, built_on=["procurement"])
    build_existing_clients(by=None)
    records = {"contracts": contract, "companies": company, "deals": deal, "documents": document}
    return {name: str(record.public_id) for name, record in records.items()}


def here(path: str, populated: dict[str, str]) -> str:
    return re.sub(
        r"(contracts|companies|deals|documents)/{\w+}",
        lambda found: f"{found[1]}/{populated[found[1]]}",
        path,
    )


@pytest.mark.django_db
def test_every_answer_fits_its_schema(machine_with: Any, populated: dict[str, str]) -> None:
    """200 whole and with parts chosen, 400 and 404; nothing in the body that the document does not name."""
    machine = machine_with(*(str(scope) for scope in ApiScope))
    for path, operation in operations():
        address = here(path, populated).removeprefix("/api/v1/")
        takes = {one["name"] for one in operation.get("parameters", [])}
        variants: list[dict[str, str]] = [{}]
        if "expand" in takes:
            variants.append({"expand": "contacts" if "companies" in path else "licences,documents"})
        if "fields" in takes:
            variants.append({"fields": "status" if "history" in path else "id"})
        for asked in variants:
            body = machine.read(address, **asked)
            validator(answer_schema(operation, 200)).validate(body)
            rows = body.get("results", [body])
            assert rows or "history" in path, f"{path}: nothing to compare"
            for row in rows:
                assert_named(row, row_schema(operation))
        validator(answer_schema(operation, 400)).validate(machine.get(address, nonsense="1").json())


def row_schema(operation: dict[str, Any]) -> dict[str, Any]:
    schemas = document()["components"]["schemas"]
    schema = schemas[answer_schema(operation, 200)["$ref"].rpartition("/")[2]]
    items = schema["properties"].get("results", {}).get("items")
    return schemas[items["$ref"].rpartition("/")[2]] if items else schema


def assert_named(row: dict[str, Any], schema: dict[str, Any]) -> None:
    assert set(row) <= set(schema["properties"]), set(row) - set(schema["properties"])


# Words for parameters: what a client may send by mistake or on purpose.
HOSTILE = st.one_of(
    st.sampled_from(
        ["", " ", "0", "-1", "true", "null", "active", "9" * 40, "\x00", "%00", "2026-11-24", "9999-12-31", "0001-01-01",
         "2026-11-24T09:00:00+99:99", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "' OR 1=1 --", "\ud7ff", "ё" * 300]
    ),
    st.text(max_size=30),
    st.dates().map(str),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
)  # fmt: skip


@pytest.mark.django_db
@given(data=st.data())
def test_no_parameter_breaks_the_service(
    machine: Any, populated: dict[str, str], data: st.DataObject
) -> None:
    """faults E15: whatever the values, the answer is 200 or 400 and fits the document."""
    path, operation = data.draw(st.sampled_from(list(operations())))
    listed = [one for one in operation.get("parameters", []) if one["in"] == "query"]
    asked = {}
    for one in data.draw(st.lists(st.sampled_from(listed), max_size=3)) if listed else []:
        schema = one["schema"].get("items", one["schema"])
        known = [str(word) for word in schema.get("enum", [])]
        asked[one["name"]] = data.draw(st.sampled_from(known) | HOSTILE if known else HOSTILE)
    answer = machine.get(here(path, populated).removeprefix("/api/v1/"), **asked)
    assert answer.status_code in (200, 400, 403), (asked, answer.content)
    validator(answer_schema(operation, answer.status_code)).validate(answer.json())
