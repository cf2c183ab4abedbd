"""The reference of procedures and the vendor's own medians, as the act-by arithmetic wants them (§4.2)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, QuerySet, Value

from accounts.act_by import LeadMeasure, MedianKey, ProcurementRule, ProcurementRules, base_medians
from accounts.models import LeadMedian, LeadTime, ProcurementType

Measure = tuple[str, str, LeadMeasure]  # with regime and segment of the company


def procurement_rules(as_of: date) -> ProcurementRules:
    """Procedures by code, and level 3: medians of regime and segment over 24 months, those of the day where it has them."""
    return ProcurementRules({rule.code: rule for rule in _rules()}, _medians(as_of))


def measures(as_of: date) -> Iterable[Measure]:
    """Measurements that may count on a day."""
    for regime, segment, *measure in _measured(as_of).iterator():
        yield regime, segment, LeadMeasure(*measure)


def _rules() -> Iterable[ProcurementRule]:
    fields = ("code", "regime", "lead_bd", "approval_bd", "ease", "max_amount", "next_type__code")
    for *values, next_code in ProcurementType.objects.values_list(*fields):
        yield ProcurementRule(*values, next_code or "")  # type: ignore[call-arg]


def _medians(as_of: date) -> dict[MedianKey, int]:
    """What `services.lead_medians` has kept for that very day, else counted at once; one statement in both cases."""
    kept = LeadMedian.objects.filter(as_of=as_of)
    medians = kept.order_by().values_list(
        "regime", "segment", "type__code", "kind", "as_of", "working_days", Value(1)
    )
    counted = _measured(as_of, Value(0)).filter(~Exists(kept))
    stored: dict[MedianKey, int] = {}
    fresh: list[Measure] = []
    for regime, segment, code, kind, day, days, is_median in medians.union(counted, all=True).iterator():
        if is_median:
            stored[code, regime, segment, kind] = days
        else:
            fresh.append((regime, segment, LeadMeasure(code, kind, day, days)))
    return stored or base_medians(fresh, as_of)


def _measured(as_of: date, *more: Value) -> QuerySet[LeadTime, Any]:
    since = as_of - timedelta(days=800)  # base_medians keeps the exact 24 months
    return LeadTime.objects.filter(finished_on__gt=since, finished_on__lte=as_of).order_by().values_list(
        "company__regime", "company__segment", "type__code", "kind", "finished_on", "working_days", *more
    )  # fmt: skip
