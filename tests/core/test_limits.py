"""Counting of tries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from upsell_crm.core import clock, limits
from upsell_crm.core.models import RateCounter

pytestmark = pytest.mark.django_db


def test_each_try_is_counted_by_one_statement() -> None:
    """Faults F8: get-then-set would miss parallel tries."""
    with CaptureQueriesContext(connection) as queries:
        assert limits.count_try("login:vetrov", seconds=900) == 1
    assert len(queries) == 1
    assert limits.count_try("login:vetrov", seconds=900) == 2
    assert RateCounter.objects.get().count == 2


def test_keys_do_not_share_a_count() -> None:
    limits.count_try("login:vetrov", seconds=900)
    assert limits.count_try("login:lisina", seconds=900) == 1


def test_the_eleventh_try_is_one_too_many() -> None:
    answers = [limits.is_over("login:vetrov", limit=10, seconds=900) for _ in range(11)]
    assert answers == [False] * 10 + [True]


def test_a_new_window_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    limits.count_try("login:vetrov", seconds=900)
    later = clock.now() + timedelta(seconds=900)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert limits.count_try("login:vetrov", seconds=900) == 1


def test_success_forgets_the_tries() -> None:
    limits.count_try("login:vetrov", seconds=900)
    limits.forget("login:vetrov")
    assert limits.count_try("login:vetrov", seconds=900) == 1
