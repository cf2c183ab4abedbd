"""What a new installation starts with: the references of every room, and the first ranking weights (domain.md §4.3)."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from accounts.references import seed_calendar, seed_procedures, seed_products
from deals.references import seed_checklists
from reports import facts
from reports.models import Weights
from roadmaps.references import seed_plan_templates


def seed_weights() -> int:
    """Version 1 with the defaults of §4.3, unless there are weights already; returns how many were added."""
    if Weights.objects.exists():
        return 0
    defaults = facts.Weights()
    Weights.objects.create(
        version=1, weights=dict(defaults.by_factor()), params=default_params(), active=True, comment="§4.3"
    )
    return 1


def seed_references() -> dict[str, int]:
    """Adds what is missing in every room and changes nothing; what → how many were added."""
    return {
        "products": seed_products(), "procurement types": seed_procedures(), "days": seed_calendar(),
        "weights": seed_weights(), "checklist items": seed_checklists(), "templates of plans": seed_plan_templates(),
    }  # fmt: skip


def default_params() -> dict[str, Any]:
    """The parameters of the formula as JSON: amounts and shares as text, so that nothing is rounded."""
    return {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in asdict(facts.Params()).items()
    }
