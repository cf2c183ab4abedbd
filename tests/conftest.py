"""The strict machine: what would be a bad habit in production fails here (see tests/strict.py).

Warnings are errors (pyproject.toml), naive datetimes among them; Celery rings a bell that nobody hears
(`memory://`, settings.TESTING): a test calls `core.outbox.drain()` or the service of a job itself.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import strict
from tests.factories import Cast, T
from upsell_crm.core.models import User


@pytest.fixture(autouse=True, scope="session")
def strict_machine() -> None:
    """Luck in order, unknown template variables and the network are forbidden."""
    strict.forbid_luck_in_order()
    strict.forbid_unknown_variables()
    strict.forbid_network()


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of the demo story (domain.md §8.1)."""
    return Cast()


@pytest.fixture(autouse=True)
def golden_today(settings: object) -> None:
    """Every test lives on Tuesday 24 November 2026 unless it says otherwise."""
    settings.CRM_TODAY = T


@pytest.fixture
def client_of(db: None) -> Callable[[User], Client]:
    """`client_of(cast.vetrov).get(url)`: a browser in which this colleague has signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def query_budget(db: None) -> Callable[..., int]:
    """`query_budget(add_rows, visit)`: `visit()` costs the same number of queries with 3 and 30 rows.

    `add_rows(n)` makes n more rows; `at_most` is the budget of a page (12). Returns the number.
    """

    def measure(add_rows: Callable[[int], Any], visit: Callable[[], Any], *, at_most: int = 12) -> int:
        add_rows(3)
        with_few = _queries_of(visit)
        add_rows(27)
        with_many = _queries_of(visit)
        assert len(with_few) == len(with_many), _difference(with_few, with_many)
        assert len(with_many) <= at_most, "\n".join(with_many)
        return len(with_many)

    return measure


def _queries_of(visit: Callable[[], Any]) -> list[str]:
    visit()  # the first visit may fill caches of the process
    with CaptureQueriesContext(connection) as captured:
        visit()
    return [query["sql"] for query in captured.captured_queries]


def _difference(few: list[str], many: list[str]) -> str:
    extra = "\n".join(sql for sql in many if sql not in few)
    return f"{len(few)} queries with 3 rows, {len(many)} with 30; new ones:\n{extra}"
