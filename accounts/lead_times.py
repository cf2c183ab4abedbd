"""The reference of procedures and the vendor's own medians, as the act-by arithmetic wants them (§4.2)."""

from collections.abc import Iterable
from datetime import date, timedelta

from accounts.act_by import LeadMeasure, ProcurementRule, ProcurementRules, base_medians
from accounts.models import LeadTime, ProcurementType


def procurement_rules(as_of: date) -> ProcurementRules:
    """Procedures by code, and level 3: medians of regime and segment over 24 months."""
    return ProcurementRules({rule.code: rule for rule in _rules()}, base_medians(_measures(as_of), as_of))


def _rules() -> Iterable[ProcurementRule]:
    fields = ("code", "regime", "lead_bd", "approval_bd", "ease", "max_amount", "next_type__code")
    for *values, next_code in ProcurementType.objects.values_list(*fields):
        yield ProcurementRule(*values, next_code or "")  # type: ignore[call-arg]


def _measures(as_of: date) -> Iterable[tuple[str, str, LeadMeasure]]:
    since = as_of - timedelta(days=800)  # base_medians keeps the exact 24 months
    rows = LeadTime.objects.filter(finished_on__gt=since, finished_on__lte=as_of).order_by("pk").values_list(
        "company__regime", "company__segment", "type__code", "kind", "finished_on", "working_days"
    )  # fmt: skip
    for regime, segment, *measure in rows.iterator():
        yield regime, segment, LeadMeasure(*measure)  # type: ignore[arg-type]
