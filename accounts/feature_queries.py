"""Reads over awaited features and the clients who wait for them (R23–R25)."""

from accounts.enums import FeatureStatus
from accounts.models import Company, FeatureRequest, FeatureWait
from accounts.models.feature import FeatureQuerySet, WaitQuerySet

OFFERED = 300  # titles that the combobox offers; another one is typed


def catalogue() -> FeatureQuerySet:
    """What a client may wait for: everything but the declined, the newest first."""
    known = FeatureRequest.objects.exclude(status=FeatureStatus.DECLINED).select_related("product")
    return known.order_by("-pk")[:OFFERED]


def waits_to_answer(company: Company) -> WaitQuerySet:
    """Released features of which this client has not said yet what he thinks."""
    return (
        FeatureWait.objects.filter(company=company).to_answer().select_related("feature__product", "contact")
    )
