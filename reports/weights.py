"""From the stored version of weights to the formula's own (domain.md §4.7)."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from reports import facts
from reports.models import Weights
from upsell_crm.core.errors import DomainError
from upsell_crm.core.parameters import parameters


def active_weights() -> Weights:
    """The one active version; raises DomainError when the reference data was never made."""
    found = Weights.objects.filter(active=True).first()
    if found is None:
        raise DomainError("no_weights", _("There are no weights yet. Run «./crm manage seed_references»."))
    return found


def formula_weights(stored: Weights) -> tuple[facts.Weights, dict[str, int]]:
    """The formula's weights with the administrator's parameters, and the days that facts stay fresh."""
    settings = parameters("valid_days", "caselook_share", "casebook_cases_per_seat", "casebook_cap")
    valid: dict[str, int] = settings["valid_days"]
    known = {
        "usage_valid_days": valid["users"],
        "dm_valid_days": valid["dm"],
        "headcount_share": Decimal(str(settings["caselook_share"])),
        "cases_per_seat": int(settings["casebook_cases_per_seat"]),
        "cases_seats_cap": int(settings["casebook_cap"]),
    }
    return facts.Weights(**stored.weights, params=facts.Params(**{**_typed(stored.params), **known})), valid


def _typed(params: dict[str, Any]) -> dict[str, Any]:
    """JSON keeps decimals as text; the formula's own defaults tell which ones are decimals."""
    defaults = facts.Params()
    return {
        name: Decimal(str(value)) if isinstance(getattr(defaults, name), Decimal) else value
        for name, value in params.items()
    }
