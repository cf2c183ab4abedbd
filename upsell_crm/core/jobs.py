"""Background jobs: declared in the roof, run from rows of JobRun; Celery is only the doorbell (R96, faults A14–A29).

A run is queued → running → done, or back to queued after a failure until its third attempt has failed.
Who works on it holds it by a heartbeat: one silent for ten minutes is taken over.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from upsell_crm.celery import app
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import JobRun, User
from upsell_crm.core.roles import Action

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
SILENCE = timedelta(minutes=10)
State, Kind = JobRun.State, JobRun.Kind
Progress = Callable[[int], None]


class Schedule(Protocol):
    """When a job is due, Moscow time."""

    @property
    def words(self) -> Promise:
        """How the page says it."""

    def due_on(self, moment: datetime) -> date | None:
        """The business date whose run should exist by this moment; None = not yet."""


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at a time; a night without a worker is made up for on the same day."""

    at: time
    words: Promise

    def due_on(self, moment: datetime) -> date | None:
        local = timezone.localtime(moment)
        return local.date() if local.time() >= self.at else None


@dataclass(frozen=True, slots=True)
class Weekly:
    """Once a week; `weekday` 0 = Monday; made up for until the next one."""

    weekday: int
    at: time
    words: Promise

    def due_on(self, moment: datetime) -> date | None:
        local = timezone.localtime(moment)
        back = (local.weekday() - self.weekday) % 7
        return None if back == 0 and local.time() < self.at else local.date() - timedelta(days=back)


@dataclass(frozen=True, slots=True)
class Every:
    """Many times a day. One row a day is queued again and again, so the table of runs does not grow by the minute."""

    pause: timedelta
    words: Promise

    def due_on(self, moment: datetime) -> date | None:
        return timezone.localtime(moment).date()


@dataclass(frozen=True, slots=True)
class OnDemand:
    """Never by the clock: a service queues a run for somebody, with parameters."""

    words: Promise

    def due_on(self, moment: datetime) -> date | None:
        return None


@dataclass(frozen=True, slots=True)
class Job:
    """A declared job. `work` gets the run and a progress callback (per cent) and returns numbers for the page.

    It must be safe to run twice, and calls `progress` outside its transactions: that is its heartbeat.
    """

    code: str
    label: Promise
    about: Promise
    schedule: Schedule
    work: Callable[[JobRun, Progress], Mapping[str, Any] | None]

    @property
    def is_startable(self) -> bool:
        """Whether a person may run it now: one on demand needs the parameters of its service."""
        return not isinstance(self.schedule, OnDemand)


class TakenOver(Exception):
    """Another worker took this run after a long silence; this one must stop."""


@cache
def registry() -> dict[str, Job]:
    """The declared jobs by code, in the order of the page; listed in the roof (settings.SCHEDULE)."""
    return {job.code: job for job in import_module(settings.SCHEDULE).JOBS}


def request_run(*, code: str, by: User | None) -> JobRun:
    """Queue a run now; a run that waits or works already is returned instead. Raises NotAllowed, DomainError."""
    if by is not None:
        require(by, Action.MANAGE_JOBS)
    if code not in registry():
        raise DomainError("unknown_job", _("There is no job with this code."))
    if not registry()[code].is_startable:
        raise DomainError("on_demand", _("This job starts by itself when somebody asks for its result."))
    with transaction.atomic():
        waiting = JobRun.objects.filter(job=code, state__in=[State.QUEUED, State.RUNNING]).first()
        if waiting:
            return waiting
        run = JobRun.objects.create(job=code, kind=Kind.MANUAL, business_date=clock.today(), requested_by=by)
        transaction.on_commit(lambda: ring(run.pk))
    return run


def ring(run_id: int) -> None:
    """Wake a worker; when the broker is silent, the row waits for the next `start_due`."""
    try:
        app.send_task("core.run_job", args=[run_id], retry=False, ignore_result=True)
    except Exception as problem:  # whatever the broker throws, the row is already safe
        log.warning("broker did not answer: %s", problem)


def start_due() -> int:
    """Each minute: free what fell silent, queue what is due and absent, ring what waits; returns how many rang."""
    free_silent()
    moment = clock.now()
    for job in registry().values():
        if due := job.schedule.due_on(moment):
            _queue_once(job.code, due)
            if isinstance(job.schedule, Every):
                _queue_again(job.code, due, moment - job.schedule.pause)
    waiting = list(JobRun.objects.filter(state=State.QUEUED).order_by("id").values_list("pk", flat=True))
    for run_id in waiting:
        ring(run_id)
    return len(waiting)


def _queue_once(code: str, business_date: date) -> None:
    """The database lets one scheduled run per date in, whoever asks (faults A29)."""
    scheduled = JobRun.objects.filter(job=code, kind=Kind.SCHEDULED, business_date=business_date)
    if scheduled.exists():
        return
    try:
        with transaction.atomic():
            JobRun.objects.create(job=code, kind=Kind.SCHEDULED, business_date=business_date)
    except IntegrityError:
        log.info("another beat has queued %s of %s", code, business_date)


def _queue_again(code: str, business_date: date, before: datetime) -> None:
    """The day's run that ended is due once more when it began long enough ago; of two beats one finds it."""
    ended = JobRun.objects.filter(
        job=code, kind=Kind.SCHEDULED, business_date=business_date, started_at__lte=before
    )
    ended.filter(state__in=[State.DONE, State.FAILED]).update(state=State.QUEUED, attempts=0, error="")


def free_silent() -> None:
    """Runs whose worker has died go back to the queue, or fail after the third attempt (faults A25)."""
    silent = JobRun.objects.filter(state=State.RUNNING, heartbeat_at__lt=clock.now() - SILENCE)
    text = "the worker fell silent; the run was taken from it"
    silent.filter(attempts__gte=MAX_ATTEMPTS).update(state=State.FAILED, finished_at=clock.now(), error=text)
    silent.update(state=State.QUEUED, error=text)


def execute(run_id: int) -> JobRun | None:
    """Do one queued run; None when it is not queued any more, or another run of the same job works."""
    run = JobRun.objects.filter(pk=run_id, state=State.QUEUED).first()
    if run is None or not _take(run):
        return None
    try:
        result = registry()[run.job].work(run, _heartbeat(run))
    except TakenOver:
        log.warning("job %s was taken over", run)
    except Exception as problem:  # a failed job is a row that a page shows, not a dead worker
        log.exception("job %s failed", run)
        is_last = run.attempts >= MAX_ATTEMPTS
        error = (str(problem) or type(problem).__name__)[:2000]
        _close(run, State.FAILED if is_last else State.QUEUED, error=error)
    else:
        _close(run, State.DONE, result=dict(result or {}), progress=100, error="")
    run.refresh_from_db()
    return run


def _take(run: JobRun) -> bool:
    """From queued to running by compare-and-swap; the database lets one run of a job work at a time."""
    moment = clock.now()
    waiting = JobRun.objects.filter(pk=run.pk, state=State.QUEUED, attempts=run.attempts)
    run.attempts += 1
    try:
        with transaction.atomic():
            return bool(
                waiting.update(
                    state=State.RUNNING, attempts=run.attempts, progress=0,
                    started_at=moment, heartbeat_at=moment, finished_at=None,
                )
            )  # fmt: skip
    except IntegrityError:
        return False


def _mine(run: JobRun) -> Any:
    return JobRun.objects.filter(pk=run.pk, state=State.RUNNING, attempts=run.attempts)


def _heartbeat(run: JobRun) -> Progress:
    def progress(percent: int) -> None:
        if not _mine(run).update(progress=min(max(int(percent), 0), 100), heartbeat_at=clock.now()):
            raise TakenOver

    return progress


def _close(run: JobRun, state: str, **values: Any) -> None:
    _mine(run).update(state=state, finished_at=clock.now(), **values)
