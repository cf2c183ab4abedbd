"""What happens to deals when a day begins: pauses end on their date (§2.9, §2.12)."""

import logging
from dataclasses import dataclass, field
from datetime import date

from deals.enums import DealStage
from deals.models import Deal
from deals.services.deal_moves import resume_deal
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError

log = logging.getLogger(__name__)


@dataclass(slots=True)
class DealDay:
    """What one run has done; `failed` are the ids of deals that a rule stopped, see the log."""

    resumed: int = 0
    failed: list[int] = field(default_factory=list)


def run_deal_day(today: date | None = None) -> DealDay:
    """The job of 00:10: a second run on the same day finds nothing to do. Each deal is its own transaction."""
    day, done = today or clock.today(), DealDay()
    due = Deal.objects.filter(stage=DealStage.HOLD, hold_until__lte=day)
    for deal in due.select_related("company", "team", "responsible_kam").order_by("pk"):
        try:
            resume_deal(deal, by=None, today=day)
            done.resumed += 1
        except DomainError as problem:
            log.error("deal %s stays on hold: %s", deal.pk, problem)
            done.failed.append(deal.pk)
    return done
