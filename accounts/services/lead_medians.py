"""Counting the vendor's own medians of terms once a day (§4.2, level 3)."""

from datetime import date

from django.db import transaction

from accounts.act_by import base_medians
from accounts.lead_times import measures
from accounts.models import LeadMedian, ProcurementType


def count_lead_medians(*, today: date) -> int:
    """Replace what is kept of other days by the medians of this one; measurements of the day enter tomorrow."""
    found = base_medians(measures(today), today)
    types = dict(ProcurementType.objects.values_list("code", "pk"))
    with transaction.atomic():
        LeadMedian.objects.all().delete()
        LeadMedian.objects.bulk_create(
            LeadMedian(as_of=today, type_id=types[code], regime=regime, segment=segment, kind=kind, working_days=days)
            for (code, regime, segment, kind), days in found.items()
        )  # fmt: skip
    return len(found)
