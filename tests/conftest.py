"""The strict machine: what would be a bad habit in production fails here (see tests/strict.py).

Warnings are errors (pyproject.toml), naive datetimes among them; Celery rings a bell that nobody hears
(`memory://`, settings.TESTING): a test calls `core.outbox.drain()` or the service of a job itself.
"""

import gc
import os
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase

from tests import strict
from tests.factories import AFTERNOON, Cast, T, keep_calendar
from upsell_crm.core.models import User

QUICK, THOROUGH = (
    "quick",
    "thorough",
)  # how many examples a law gets: in the fast suite, and in `./crm test --all`


def pytest_configure(config: pytest.Config) -> None:
    """Laws: no deadline, no tracing of a failure (it slows the shrinking tenfold), fixtures made once a test.

    Garbage is collected rarely: a tenth of the time of a suite went into looking for it.
    """
    gc.set_threshold(100_000, 50, 50)
    for name, examples in ((QUICK, 12), (THOROUGH, 200)):
        hypothesis.settings.register_profile(
            name,
            max_examples=examples,
            deadline=None,
            phases=set(Phase) - {Phase.explain},
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        )
    hypothesis.settings.load_profile(QUICK if "not slow" in config.option.markexpr else THOROUGH)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The empty database of the suite, with a copy of the calendar at hand (`factories.make_calendar`)."""
    with django_db_blocker.unblock():
        keep_calendar()


@pytest.fixture(autouse=True, scope="session")
def strict_machine() -> None:
    """Luck in order, unknown template variables and the network are forbidden; it is afternoon when a suite begins."""
    strict.forbid_luck_in_order()
    strict.forbid_unknown_variables()
    strict.forbid_network()
    settings.CRM_TIME, os.environ["CRM_TIME"] = (
        AFTERNOON,
        str(AFTERNOON),
    )  # here, and in processes of the tests


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of the demo story (domain.md §8.1)."""
    return Cast()


@pytest.fixture(autouse=True)
def golden_today(settings: Any) -> None:
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
    """`query_budget(add_rows, visit, …)`: each visit costs the same number of queries with 3 and `many` (30) rows.

    `add_rows(n)` makes n more rows; `at_most` is the budget of a page (12). Returns the largest number.
    """

    def measure(
        add_rows: Callable[[int], Any], *visits: Callable[[], Any], at_most: int = 12, many: int = 30
    ) -> int:
        add_rows(3)
        with_few = [_queries_of(visit) for visit in visits]
        add_rows(many - 3)
        with_many = [_queries_of(visit) for visit in visits]
        for few, more in zip(with_few, with_many, strict=True):
            assert len(few) == len(more), _difference(few, more)
            assert len(more) <= at_most, "\n".join(more)
        return max(map(len, with_many))

    return measure


def _queries_of(visit: Callable[[], Any]) -> list[str]:
    visit()  # the first visit may fill caches of the process
    with CaptureQueriesContext(connection) as captured:
        visit()
    return [query["sql"] for query in captured.captured_queries]


def _difference(few: list[str], many: list[str]) -> str:
    extra = "\n".join(sql for sql in many if sql not in few)
    return f"{len(few)} queries with 3 rows, {len(many)} with more; new ones:\n{extra}"
