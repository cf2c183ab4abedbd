"""Tokens: given once, kept as a hash, refused when they should be (domain.md §7, faults D7, D13)."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.factories import Cast
from upsell_crm.core import clock
from upsell_crm.core.api.clients import create_api_token, revoke_api_token
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import ApiClient, AuditEvent

pytestmark = pytest.mark.django_db
CONTRACTS = "/api/v1/contracts/"


def command(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_the_command_prints_a_token_that_works_and_keeps_only_its_hash() -> None:
    """§7: hashed in the database, shown once."""
    made = json.loads(
        command(
            "create_api_token", "erp", "--scopes", "contracts:read,companies:read", "--days", "30", "--json"
        )
    )
    assert made["scopes"] == ["companies:read", "contracts:read"]
    kept = ApiClient.objects.get(name="erp")
    assert made["token"] not in str(ApiClient.objects.filter(name="erp").values().get())
    assert kept.expires_at - clock.now() < timedelta(days=30, minutes=1)
    answer = Client().get(CONTRACTS, headers={"Authorization": f"Bearer {made['token']}"})
    assert answer.status_code == 200
    assert AuditEvent.objects.filter(event="create_api_token", object_id=kept.pk).exists()
    assert made["token"] not in str(list(AuditEvent.objects.order_by("pk").values()))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--scopes", "contracts:read,all"], "all"),
        (["--scopes", ","], "contracts:read"),
        (["--scopes", "contracts:read", "--days", "0"], "3650"),
        (["--scopes", "contracts:read", "--ip", "10.0.0.300"], "10.0.0.300"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        command("create_api_token", "erp", *arguments)
    assert not ApiClient.objects.exists()


def test_a_name_is_given_once_until_it_is_revoked(machine: Any) -> None:
    """Rotation: revoke, then create by the same name; the old token stays dead."""
    with pytest.raises(CommandError, match="erp"):
        command("create_api_token", "erp", "--scopes", "contracts:read")
    command("revoke_api_token", "erp")
    fresh = command("create_api_token", "erp", "--scopes", "contracts:read").strip()
    assert machine.get("contracts/").status_code == 401
    assert Client().get(CONTRACTS, headers={"Authorization": f"Bearer {fresh}"}).status_code == 200


def test_a_revoked_token_is_dead_at_the_next_request(machine: Any) -> None:
    """faults D7: denied within one request."""
    assert machine.get("contracts/").status_code == 200
    revoke_api_token(by=None, name="erp")
    assert code_of(machine.get("contracts/")) == (401, "invalid_token")


def test_an_expired_token_is_refused(machine: Any) -> None:
    ApiClient.objects.filter(name="erp").update(expires_at=clock.now())
    assert code_of(machine.get("contracts/")) == (401, "expired_token")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer crm",
        "Bearer crm__",
        "Bearer crm_\x00_x",
        "Bearer crm_абв_г",
        "Bearer " + "x" * 5000,
    ],
)
def test_a_header_that_is_no_token_is_401(header: str) -> None:
    answer = Client().get(CONTRACTS, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_another_secret_with_a_right_prefix_is_401(machine: Any) -> None:
    forged = f"crm_{machine.client.token_prefix}_{'A' * 43}"
    answer = Client().get(CONTRACTS, headers={"Authorization": f"Bearer {forged}"})
    assert code_of(answer) == (401, "invalid_token")


@pytest.mark.parametrize("name", ["token", "access_token", "API_KEY", "q"])
def test_a_token_in_the_address_is_refused_even_beside_a_right_header(machine: Any, name: str) -> None:
    """faults D13: addresses are kept in logs."""
    assert code_of(machine.get("contracts/", **{name: machine.token})) == (401, "token_in_query")


def test_a_token_may_be_bound_to_addresses(machine_with: Callable[..., Any]) -> None:
    here = machine_with("contracts:read", allowed_ips=["127.0.0.0/8"])
    there = machine_with("contracts:read", "companies:read", allowed_ips=["10.1.2.3"])
    assert here.get("contracts/").status_code == 200
    assert code_of(there.get("contracts/")) == (401, "address_not_allowed")


def test_behind_our_proxy_the_address_is_the_one_that_the_proxy_saw(
    machine_with: Callable[..., Any], settings: Any
) -> None:
    """A caller may write anything before the last hop; without a proxy the header counts for nothing."""
    there = machine_with("contracts:read", allowed_ips=["10.1.2.3"])
    claimed = {"X-Forwarded-For": "127.0.0.1, 10.1.2.3"}
    assert there.get("contracts/", headers=claimed).status_code == 401
    settings.BEHIND_TLS = True
    assert there.get("contracts/", headers=claimed).status_code == 200
    assert there.get("contracts/", headers={"X-Forwarded-For": "10.1.2.3, 127.0.0.1"}).status_code == 401


def test_the_last_use_is_noted_once_a_minute(machine: Any) -> None:
    machine.get("contracts/")
    first = ApiClient.objects.get(name="erp").last_used_at
    machine.get("contracts/")
    assert ApiClient.objects.get(name="erp").last_used_at == first
    ApiClient.objects.filter(name="erp").update(last_used_at=first - timedelta(minutes=2))
    machine.get("contracts/")
    assert ApiClient.objects.get(name="erp").last_used_at >= first


def test_only_the_administrator_gives_and_takes_tokens(cast: Cast) -> None:
    """§3, the last row."""
    with pytest.raises(NotAllowed):
        create_api_token(by=cast.belova, name="erp", scopes=["contracts:read"])
    create_api_token(by=cast.admin, name="erp", scopes=["contracts:read"])
    with pytest.raises(NotAllowed):
        revoke_api_token(by=cast.titova, name="erp")
    with pytest.raises(DomainError):
        revoke_api_token(by=cast.admin, name="nobody")


def test_a_signed_in_colleague_is_no_machine(cast: Cast, client_of: Callable[..., Client]) -> None:
    """A browser session opens no door of the API."""
    assert client_of(cast.admin).get(CONTRACTS).status_code == 401
