"""Background jobs as rows: once per date, one at a time, taken over after silence, given up after three attempts."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tests.factories import MOSCOW, Cast, T, moment
from upsell_crm.core import clock, jobs
from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.jobs import Daily, Every, Job, Weekly
from upsell_crm.core.models import JobRun

pytestmark = pytest.mark.django_db
State = JobRun.State
AT_FIVE = Daily(time(5), _("daily at 05:00"))


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`declare(work)` makes one job «test», due daily at five, and nothing else."""

    def only(work: Callable[..., Any], schedule: Any = AT_FIVE) -> None:
        job = Job("test", _("Cleaning"), _("Cleaning"), schedule, work)
        monkeypatch.setattr(jobs, "registry", lambda: {"test": job})

    return only


def at(monkeypatch: pytest.MonkeyPatch, when: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: when)


def fails(run: JobRun, progress: jobs.Progress) -> None:
    raise ValueError("no such table")


def test_a_run_leaves_its_numbers_and_duration(declare: Callable[..., None]) -> None:
    """R96."""
    seen: list[int] = []

    def work(run: JobRun, progress: jobs.Progress) -> dict[str, int]:
        progress(40)
        seen.append(JobRun.objects.get(pk=run.pk).progress)
        return {"rows": 7}

    declare(work)
    run = jobs.execute(jobs.request_run(code="test", by=None).pk)
    assert (run.state, run.result, run.progress, run.attempts) == (State.DONE, {"rows": 7}, 100, 1)
    assert run.seconds >= 0 and seen == [40]


def test_it_is_due_once_a_day_after_its_time(
    declare: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """§2.12, faults A29: two beats make one run; a morning without a worker is made up for."""
    declare(lambda run, progress: None)
    at(monkeypatch, moment(T, 4))
    jobs.start_due()
    assert not JobRun.objects.exists()
    for hour in (5, 9, 9):
        at(monkeypatch, moment(T, hour))
        jobs.start_due()
    run = JobRun.objects.get()
    assert (run.kind, run.business_date) == (JobRun.Kind.SCHEDULED, T)
    at(monkeypatch, moment(T + timedelta(days=1), 6))
    jobs.start_due()
    assert JobRun.objects.count() == 2


def test_a_weekly_job_is_made_up_for_until_the_next_one() -> None:
    sunday = Weekly(6, time(3), _("on Sundays at 03:00"))
    assert sunday.due_on(moment(T, 12)) == T - timedelta(days=2)
    early = datetime.combine(T - timedelta(days=2), time(2), tzinfo=MOSCOW)
    assert sunday.due_on(early) is None


def test_a_job_of_minutes_repeats_the_row_of_its_day(
    declare: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """§2.12, «each 10 min»: due again ten minutes after it began, in the same row; a new day has its own."""
    runs: list[int] = []
    declare(lambda run, progress: runs.append(run.pk), Every(timedelta(minutes=10), _("every 10 minutes")))
    monkeypatch.setattr(jobs, "ring", lambda run_id: jobs.execute(run_id))
    for minute in (0, 1, 9, 10, 15, 20):
        at(monkeypatch, moment(T, 9) + timedelta(minutes=minute))
        jobs.start_due()
    assert len(runs) == 3 and JobRun.objects.count() == 1
    at(monkeypatch, moment(T + timedelta(days=1), 9))
    jobs.start_due()
    assert len(runs) == 4 and JobRun.objects.count() == 2


def test_the_database_lets_one_run_of_a_job_work() -> None:
    """Faults A29: the lock is a constraint, not a hope."""
    JobRun.objects.create(job="test", kind="manual", business_date=T, state=State.RUNNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        JobRun.objects.create(job="test", kind="manual", business_date=T, state=State.RUNNING)


def test_a_second_run_waits_for_the_first(declare: Callable[..., None]) -> None:
    declare(lambda run, progress: None)
    JobRun.objects.create(
        job="test", kind="manual", business_date=T, state=State.RUNNING, heartbeat_at=clock.now()
    )
    waiting = JobRun.objects.create(job="test", kind="scheduled", business_date=T)
    assert jobs.execute(waiting.pk) is None
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (State.QUEUED, 0)


def test_a_finished_run_is_not_done_twice(declare: Callable[..., None]) -> None:
    """Faults A14: a doorbell that rings twice does the work once."""
    calls: list[int] = []
    declare(lambda run, progress: calls.append(run.pk))
    run = jobs.request_run(code="test", by=None)
    jobs.execute(run.pk)
    assert jobs.execute(run.pk) is None and len(calls) == 1


def test_three_failures_are_the_end_and_the_error_is_kept(declare: Callable[..., None]) -> None:
    """Faults A25."""
    declare(fails)
    run = jobs.request_run(code="test", by=None)
    states = [jobs.execute(run.pk).state for _ in range(3)]
    assert states == [State.QUEUED, State.QUEUED, State.FAILED]
    run.refresh_from_db()
    assert run.error == "no such table" and run.attempts == 3
    assert jobs.execute(run.pk) is None


def test_a_silent_run_is_taken_over(declare: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults A14: a worker killed in the middle does not hold the job for ever; its own late word is ignored."""
    declare(lambda run, progress: {"by": "second"})
    run = jobs.request_run(code="test", by=None)
    assert jobs._take(run)
    first = jobs._heartbeat(run)
    at(monkeypatch, clock.now() + timedelta(minutes=9))
    jobs.free_silent()
    assert JobRun.objects.get().state == State.RUNNING
    at(monkeypatch, clock.now() + timedelta(minutes=2))
    jobs.free_silent()
    assert jobs.execute(run.pk).result == {"by": "second"}
    with pytest.raises(jobs.TakenOver):
        first(50)


def test_a_job_that_kills_its_worker_is_given_up(
    declare: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults A25: exactly three runs of a poisoned job."""
    declare(lambda run, progress: None)
    run = jobs.request_run(code="test", by=None)
    for _attempt in range(3):
        run.refresh_from_db()
        assert jobs._take(run)
        at(monkeypatch, clock.now() + timedelta(minutes=11))
        jobs.free_silent()
    run.refresh_from_db()
    assert (run.state, run.attempts) == (State.FAILED, 3) and "silent" in run.error


def test_a_second_request_finds_the_first(declare: Callable[..., None], cast: Cast) -> None:
    """Faults A3."""
    declare(lambda run, progress: None)
    assert jobs.request_run(code="test", by=cast.belova) == jobs.request_run(code="test", by=cast.andreeva)


def test_a_kam_may_not_start_jobs(cast: Cast) -> None:
    """§3."""
    with pytest.raises(NotAllowed):
        jobs.request_run(code="clean_up", by=cast.vetrov)


def test_the_command_runs_it_and_says_what_happened(
    declare: Callable[..., None], capsys: pytest.CaptureFixture
) -> None:
    declare(lambda run, progress: {"rows": 3})
    call_command("run_job", "test")
    assert '"rows": 3' in capsys.readouterr().out
    with pytest.raises(CommandError, match="the jobs are: test"):
        call_command("run_job", "tset")
    declare(fails)
    with pytest.raises(CommandError, match="no such table"):
        call_command("run_job", "test")


@pytest.mark.parametrize("code", ["contracts_daily", "clean_up"])
def test_declared_jobs_run_on_an_empty_product(code: str) -> None:
    assert jobs.execute(jobs.request_run(code=code, by=None).pk).state == State.DONE
