"""The page of jobs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import Cast, T
from upsell_crm.core import clock, jobs
from upsell_crm.core.models import JobRun, User

ADDRESS = "/jobs/"
ClientOf = Callable[[User], Client]


def make_run(**values: object) -> JobRun:
    defaults = {"job": "ranking", "kind": "manual", "business_date": T}
    return JobRun.objects.create(**{**defaults, **values})


def test_the_page_lists_every_job_with_its_schedule(cast: Cast, client_of: ClientOf) -> None:
    """R96."""
    page = client_of(cast.belova).get(ADDRESS).content.decode()
    for job in jobs.registry().values():
        assert str(job.label) in page and str(job.schedule.words) in page
    assert "Задания ещё не запускались" in page


def test_a_failure_shows_its_error_and_attempt(cast: Cast, client_of: ClientOf) -> None:
    make_run(
        state="failed",
        error="database is locked",
        attempts=3,
        started_at=clock.now(),
        finished_at=clock.now(),
    )
    page = client_of(cast.belova).get(ADDRESS).content.decode()
    assert "database is locked" in page and "попытка 3 из 3" in page


def test_run_now_queues_and_the_table_watches(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.belova)
    assert client.post("/jobs/ranking/start/").url == ADDRESS
    assert JobRun.objects.get().requested_by == cast.belova
    assert 'hx-trigger="every 2s"' in client.get(ADDRESS).content.decode()
    fragment = client.get(ADDRESS, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="jobs"') and "<html" not in fragment


def test_a_dead_worker_is_told_with_what_to_do(cast: Cast, client_of: ClientOf) -> None:
    """R96: the site works when the worker is down."""
    run = make_run()
    JobRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    page = client_of(cast.belova).get(ADDRESS).content.decode()
    assert "фоновый процесс не отвечает" in page and "run_job ranking" in page


def test_an_unknown_job_is_a_page_that_does_not_exist(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.belova).post("/jobs/drop_tables/start/").status_code == 404


def test_the_number_of_queries_does_not_grow(
    cast: Cast, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    client = client_of(cast.belova)

    def add(count: int) -> None:
        JobRun.objects.bulk_create(
            JobRun(job="ranking", kind="manual", business_date=T, state="done", requested_by=cast.belova)
            for _ in range(count)
        )

    query_budget(add, lambda: client.get(ADDRESS))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_both_languages_are_whole(language: str, cast: Cast, client_of: ClientOf) -> None:
    """R100: an English page has no Russian words of ours."""
    User.objects.filter(pk=cast.belova.pk).update(language=language)
    page = client_of(cast.belova).get(ADDRESS).content.decode()
    assert ("Run now" in page) == (language == "en")
    assert ("Запустить сейчас" in page) == (language == "ru")
