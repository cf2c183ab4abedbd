"""Jobs of this room; the whole schedule stands in upsell_crm/schedule.py."""

from dataclasses import asdict
from typing import Any

from accounts.services.contract_day import run_contract_day
from upsell_crm.core.jobs import Progress
from upsell_crm.core.models import JobRun


def contracts_daily(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Prolongation, expiry and unpaid invoices as of the run's date (domain.md §2.12)."""
    return asdict(run_contract_day(run.business_date))
