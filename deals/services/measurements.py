"""Measured lead times of a client: approval of its documents, its procurement procedures (domain.md §4.2, R21)."""

from datetime import date, datetime
from typing import Any

from accounts.act_by import MAX_LEAD_BD, UNKNOWN_TYPE
from accounts.calendar import load_calendar
from accounts.enums import LeadTimeKind
from accounts.models import LeadTime, ProcurementType
from accounts.services.act_by import refresh_act_by
from deals.enums import DealStage
from deals.models import Deal, Document
from deals.services.ranked import announce_facts
from upsell_crm.core import clock

_AFTER_PROCUREMENT = (
    DealStage.SIGNING,
    DealStage.WON,
)  # the procedure is over; back, lost or hold measure nothing


def measure_approval(document: Document) -> LeadTime | None:
    """Working days from the first dispatch to the agreement; the act-by of the client follows."""
    return _measure(document.deal, LeadTimeKind.APPROVAL, document.first_sent_at, document.agreed_at)


def measure_procurement(deal: Deal, old: str, new: str, since: datetime, **_facts: Any) -> None:
    """Reaction to `deal_stage_changed`: the deal has gone through its procedure since that moment."""
    if old == DealStage.PROCUREMENT and new in _AFTER_PROCUREMENT:
        _measure(deal, LeadTimeKind.PROCUREMENT, since, clock.now())


def _measure(
    deal: Deal, kind: str, started_at: datetime | None, finished_at: datetime | None
) -> LeadTime | None:
    started, finished, type_ = clock.local_date(started_at), clock.local_date(finished_at), _type_of(deal)
    if started is None or finished is None or type_ is None:
        return None
    measured = LeadTime.objects.create(
        company=deal.company, type=type_, kind=kind, started_on=started, finished_on=finished,
        working_days=_working_days(started, finished),
    )  # fmt: skip
    refresh_act_by(company_ids=[deal.company_id])
    announce_facts(deal)
    return measured


def _working_days(started: date, finished: date) -> int:
    return min(load_calendar().between(started, finished), MAX_LEAD_BD)


def _type_of(deal: Deal) -> ProcurementType | None:
    """The procedure that counts (§4.2): the deal's, else the client's usual one, else of the renewed contract."""
    profile = getattr(deal.company, "procurement", None)
    renewal = deal.renewals.select_related("contract__procurement_type").first()
    return (
        deal.procurement_type
        or (profile and profile.default_type)
        or (renewal and renewal.contract.procurement_type)
        or ProcurementType.objects.filter(code=UNKNOWN_TYPE).first()
    )
