"""How the client buys: the profile, whose change moves the act-by in the same request (R10, R22)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import Fact, FactResult
from accounts.models import Company, ProcurementProfile
from accounts.services.act_by import refresh_act_by
from accounts.services.facts import announce_change, note_fact
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action

EDITABLE = frozenset(
    {"default_type", "approval_bd_override", "lead_bd_override", "invoice_offer_policy", "invoice_offer_limit",
     "small_purchase_limit", "annual_small_left", "etp", "edo_operator", "needs_tz", "own_contract_form",
     "budget_month", "notes"}
)  # fmt: skip
OVERRIDES = ("approval_bd_override", "lead_bd_override")


def update_procurement(
    company: Company, values: dict[str, Any], *, by: User, version: int | None = None
) -> dict[str, list[Any]]:
    """Change the procurement profile; returns what changed, act-by dates are recalculated at once.

    Another type clears both own terms unless new ones come with it: terms of one procedure say nothing of
    another (§4.2). Saving confirms the fact. Raises NotAllowed, Stale, DomainError.
    """
    if not may(by, Action.EDIT_PROCUREMENT, company):
        raise NotAllowed("not_allowed", _("You may not change the procurement profile of this company."))
    unknown = set(values) - EDITABLE
    if unknown:
        raise ValueError(f"update_procurement does not change {sorted(unknown)}")
    with transaction.atomic():
        profile = ProcurementProfile.objects.filter(company=company).first()
        if profile is None:
            profile = create(ProcurementProfile(company=company, **values), by=by, event="update_procurement")
            changed = {name: [None, value] for name, value in values.items() if value}
        else:
            values = without_old_terms(profile, values)
            changed = change(profile, values, by=by, event="update_procurement", version=version)
        result = FactResult.CHANGED if changed else FactResult.CONFIRMED
        note_fact(company, Fact.PROCUREMENT, by=by, result=result)
        if changed:
            old, new = (_terms(profile, changed, place) for place in (0, 1))
            announce_change(
                company, Fact.PROCUREMENT, by=by, what=_("How the client buys has changed"), old=old, new=new
            )
        refresh_act_by(company_ids=[company.pk])
        announce("facts_changed", company_id=company.pk)
    return changed


def _terms(profile: ProcurementProfile, changed: dict[str, list[Any]], place: int) -> str:
    """What was (0) or is (1), field by field, in words; a single one needs no name."""
    words = []
    for name, pair in changed.items():
        field: Any = profile._meta.get_field(name)
        value = dict(field.flatchoices or ()).get(pair[place], pair[place])
        if isinstance(value, bool):
            value = _("yes") if value else _("no")
        said = "—" if value in (None, "") else str(value)
        words.append(said if len(changed) == 1 else f"{field.verbose_name}: {said}")
    return "; ".join(words)


def without_old_terms(profile: ProcurementProfile, values: dict[str, Any]) -> dict[str, Any]:
    """`values` that also clear the own terms of the procedure that is being left; imports use it too."""
    if "default_type" not in values or values["default_type"] == profile.default_type:
        return values
    kept = {name: values.get(name) for name in OVERRIDES}
    return {
        **values,
        **{name: None if kept[name] == getattr(profile, name) else kept[name] for name in OVERRIDES},
    }
