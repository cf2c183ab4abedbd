"""The reference of procedures and the vendor's own medians, as the act-by arithmetic wants them (§4.2)."""

from collections.abc import Iterable
from datetime import date, timedelta

from accounts.act_by import LeadMeasure, MedianKey, ProcurementRule, ProcurementRules, base_medians
from accounts.models import LeadMedian, LeadTime, ProcurementType


def procurement_rules(as_of: date) -> ProcurementRules:
    """Procedures by code, and level 3: medians of regime and segment over 24 months, those of the day where it has them."""
    medians = stored_medians(as_of) or base_medians(measures(as_of), as_of)
    return ProcurementRules({rule.code: rule for rule in _rules()}, medians)


def stored_medians(as_of: date) -> dict[MedianKey, int]:
    """What `services.lead_medians` has counted for that very day."""
    rows = LeadMedian.objects.filter(as_of=as_of).values_list(
        "type__code", "regime", "segment", "kind", "working_days"
    )
    return {(code, regime, segment, kind): days for code, regime, segment, kind, days in rows}


def _rules() -> Iterable[ProcurementRule]:
    fields = ("code", "regime", "lead_bd", "approval_bd", "ease", "max_amount", "next_type__code")
    for *values, next_code in ProcurementType.objects.values_list(*fields):
        yield ProcurementRule(*values, next_code or "")  # type: ignore[call-arg]


def measures(as_of: date) -> Iterable[tuple[str, str, LeadMeasure]]:
    """Measurements that may count on a day, with regime and segment of their company."""
    since = as_of - timedelta(days=800)  # base_medians keeps the exact 24 months
    rows = LeadTime.objects.filter(finished_on__gt=since, finished_on__lte=as_of).order_by("pk").values_list(
        "company__regime", "company__segment", "type__code", "kind", "finished_on", "working_days"
    )  # fmt: skip
    for regime, segment, *measure in rows.iterator():
        yield regime, segment, LeadMeasure(*measure)  # type: ignore[arg-type]
