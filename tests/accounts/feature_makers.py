"""Awaited features and the clients who wait for them, for tests."""

from datetime import timedelta
from typing import Any

from accounts.enums import RELEASED_STATUSES
from accounts.models import Company, FeatureRequest, FeatureWait, Product
from accounts.services.outcome import Outcome
from tests.factories import T, make_product, moment


def make_feature(
    title: str = "API мониторинга", product: Product | None = None, **values: Any
) -> FeatureRequest:
    """A feature of the catalogue; a released one has its date."""
    product = product or Product.objects.filter(code="casebook").first() or make_product("casebook")
    if values.get("status") in RELEASED_STATUSES:
        values.setdefault("released_on", T - timedelta(days=15))
    return FeatureRequest.objects.create(title=title, product=product, **values)


def make_wait(feature: FeatureRequest, company: Company, **values: Any) -> FeatureWait:
    """One client who waits, in his own words."""
    said = {"quote": "Забирать события в свою систему", "asked_on": T - timedelta(days=90), **values}
    return FeatureWait.objects.create(feature=feature, company=company, **said)


def outcome(**values: Any) -> Outcome:
    """A call of yesterday that is complete."""
    typical: dict[str, Any] = {
        "kind": "call", "starts_at": moment(T - timedelta(days=1)), "summary": "Показали", "next_step": "Позвонить",
        "next_step_on": T + timedelta(days=7),
    }  # fmt: skip
    return Outcome(**{**typical, **values})
