"""The page of background jobs: last run, duration, error, schedule, run now (R96)."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from upsell_crm.core import jobs
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import JobRun
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

NO_WORKER_AFTER = timedelta(seconds=90)  # a bell is rung each minute


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job with its last run; `is_stuck` when it waits longer than a living worker would let it."""

    job: jobs.Job
    run: JobRun | None
    is_stuck: bool


@require_GET
def job_list(request: PageRequest) -> HttpResponse:
    """All jobs and the latest runs; while something waits or works, the table asks for itself again."""
    require(request.user, Action.MANAGE_JOBS)
    rows = _rows()
    context = {"rows": rows, "is_busy": any(row.run and row.run.is_open for row in rows)}
    if request.htmx:
        return render(request, "core/_job_table.html", context)
    runs = JobRun.objects.select_related("requested_by")
    page = paginate(runs, request.GET, order=("-id",), size=15)
    for run in page.rows:
        run.label = jobs.registry()[run.job].label if run.job in jobs.registry() else run.job
    return render(request, "core/job_list.html", {**context, "page": page})


@require_POST
def job_start(request: PageRequest, code: str) -> HttpResponse:
    """Run now; a second click finds the same run."""
    if code not in jobs.registry():
        raise Http404
    run = jobs.request_run(code=code, by=request.user)
    if run.requested_by_id != request.user.pk:
        messages.info(request, _("This job waits or works already."))
    return redirect("core:job_list")


def _rows() -> list[JobRow]:
    latest = JobRun.objects.values("job").annotate(latest=Max("pk")).order_by().values("latest")
    last_runs = {run.job: run for run in JobRun.objects.filter(pk__in=latest).select_related("requested_by")}
    return [
        JobRow(job, last_runs.get(code), is_stuck(last_runs.get(code)))
        for code, job in jobs.registry().items()
    ]


def is_stuck(run: JobRun | None) -> bool:
    """Waits longer than a living worker would let it."""
    if run is None or run.state != JobRun.State.QUEUED:
        return False
    return timezone.now() - run.created_at > NO_WORKER_AFTER
