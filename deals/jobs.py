"""Jobs of this room; the whole schedule stands in upsell_crm/schedule.py."""

from dataclasses import asdict
from typing import Any

from deals.services.deal_day import run_deal_day
from upsell_crm.core.jobs import Progress
from upsell_crm.core.models import JobRun


def deals_daily(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Pauses whose date has come (domain.md §2.12)."""
    return asdict(run_deal_day(run.business_date))
