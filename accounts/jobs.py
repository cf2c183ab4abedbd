"""Jobs of this room; the whole schedule stands in upsell_crm/schedule.py."""

from dataclasses import asdict
from typing import Any

from accounts.services.contract_day import run_contract_day
from accounts.services.feature_release import fan_out
from upsell_crm.core.jobs import Progress
from upsell_crm.core.models import JobRun


def contracts_daily(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Prolongation, expiry and unpaid invoices as of the run's date (domain.md §2.12)."""
    return asdict(run_contract_day(run.business_date))


def feature_release(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Tasks for clients who wait for what is out or refused; safe to repeat (R24)."""
    return asdict(fan_out(heartbeat=progress))
