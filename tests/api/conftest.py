"""A machine with a token, as the tests of the API meet it."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from upsell_crm.core.api.clients import create_api_token

ROOT = "/api/v1/"
READING = ("contracts:read", "companies:read")


class Machine:
    """Calls the API with one token: `machine.get("contracts/", status="active")`."""

    def __init__(self, name: str, *scopes: str, **terms: Any) -> None:
        self.client, self.token = create_api_token(by=None, name=name, scopes=scopes or READING, **terms)
        self.browser = Client()

    def get(self, path: str, headers: dict[str, str] | None = None, **parameters: Any) -> HttpResponse:
        """One request; `path` may also be a whole address from «next»."""
        address = path if "://" in path else ROOT + path
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self.browser.get(address, parameters or None, headers=sent)

    def post(self, path: str, body: Any, version: int | str | None = None, **headers: str) -> HttpResponse:
        """One change; `version` goes into If-Match."""
        sent = {"Authorization": f"Bearer {self.token}", **headers}
        if version is not None:
            sent["If-Match"] = f'"{version}"' if isinstance(version, int) else version
        return self.browser.post(ROOT + path, body, content_type="application/json", headers=sent)

    def read(self, path: str, **parameters: Any) -> Any:
        """The body of an answer that must be a success."""
        answer = self.get(path, **parameters)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def walk(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        """All rows, page after page."""
        page = self.read(path, **parameters)
        rows = list(page["results"])
        while page["next"]:
            page = self.read(page["next"])
            rows += page["results"]
        return rows


@pytest.fixture
def machine(db: None) -> Machine:
    """A system that may read contracts and companies."""
    return Machine("erp")


@pytest.fixture
def machine_with(db: None) -> Callable[..., Machine]:
    """`machine_with("companies:read", "contacts:read")`: one more system, with these scopes only."""
    numbers = count(1)
    return lambda *scopes, **terms: Machine(f"system {next(numbers)}", *scopes, **terms)
