"""Jobs of this room; the whole schedule stands in upsell_crm/schedule.py."""

from dataclasses import asdict
from typing import Any

from reports.models import RankRun
from reports.services.client_export import run_export
from reports.services.existing_clients import build_existing_clients
from reports.services.ranking import prune_runs, run_ranking
from reports.services.signal_refresh import refresh_signals
from upsell_crm.core.cleaning import learn_sizes
from upsell_crm.core.jobs import Progress
from upsell_crm.core.models import JobRun


def rank(run: JobRun, progress: Progress) -> dict[str, Any]:
    """The ranking of all companies; on demand it is of whoever asked."""
    kind = RankRun.Kind.NIGHTLY if run.kind == JobRun.Kind.SCHEDULED else RankRun.Kind.MANUAL
    ranking = run_ranking(as_of=run.business_date, by=run.requested_by, kind=kind, progress=progress)
    learn_sizes()
    return {"companies": ranking.companies, "ranked": ranking.ranked, "pruned": prune_runs(run.business_date)}


def signals(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Reasons to call of all companies, after the ranking: lists show the strongest client first."""
    return asdict(refresh_signals(as_of=run.business_date, progress=progress))


def existing_clients(run: JobRun, progress: Progress) -> dict[str, Any]:
    """The report on existing clients; the right to start jobs was checked when the run was asked for."""
    report = build_existing_clients(as_of=run.business_date, by=None, progress=progress)
    return {"rows": report.rows_count}


def client_export(run: JobRun, progress: Progress) -> dict[str, Any]:
    """A large file of that report for its requester."""
    return run_export(run, progress)
