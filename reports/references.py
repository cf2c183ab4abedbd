"""The first version of the ranking weights that a new installation starts with (domain.md §4.3)."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from reports import facts
from reports.models import Weights


def seed_weights() -> int:
    """Version 1 with the defaults of §4.3, unless there are weights already; returns how many were added."""
    if Weights.objects.exists():
        return 0
    defaults = facts.Weights()
    Weights.objects.create(
        version=1, weights=dict(defaults.by_factor()), params=default_params(), active=True, comment="§4.3"
    )
    return 1


def default_params() -> dict[str, Any]:
    """The parameters of the formula as JSON: amounts and shares as text, so that nothing is rounded."""
    return {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in asdict(facts.Params()).items()
    }
