"""Numbers of the business that an administrator may change, each with its default and source."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from upsell_crm.core.models.preferences import Parameter

DEFAULTS: dict[str, Any] = {
    "offer_max": "600000.00",  # ₽, the vendor's limit of an invoice-offer (domain.md §10.2)
    "valid_days": {  # how long a confirmed fact is fresh, calendar days (domain.md §2.1 FactCheck)
        "dm": 90, "procurement": 180, "requisites": 180, "users": 45,
        "departments": 180, "court_load": 180, "revenue": 400, "licences": 30,
    },
    "caselook_share": "0.6",  # target seats of Caselook per head of the legal department
    "casebook_cases_per_seat": 40,
    "casebook_cap": 200,
    "export_rows_kam": 500,
    "no_contact_days": 14,
    "document_norms": {"internal": 3, "signing": 5},  # working days in one state of approval (§2.9)
    "handover_long_days": 180,  # a KAM so long with a client introduces his successor in person (R60)
    "handover_strength": 3,  # or one who knows a decision-maker so well, 0–5
    "collision_days": 14,  # two teams plan contact with one ЛПР closer than this (product.md §1.7)
    "signal_thresholds": {  # reasons to call (product.md §1.12, §1.17); 0 switches a rule off
        "licences_full": 100,  # active users, % of licences
        "trained_over": 1,  # people trained beyond the licences
        "trained_idle": 3,  # trained people who have not begun within 30 days
        "cases_up": 20,  # growth of cases against the last quarter, %
        "feature_shipped": 1,  # clients told nothing yet: on or off
        "dm_changed": 60,  # days after which the change is no news
        "dm_silent": 90,  # days without contact with a key decision-maker
        "single_thread": 180,  # days in which only one person of the client was spoken to
        "budget_month": 45,  # days before the month of the budget
    },
    "overload_tasks_week": 8,  # tasks due in one week on one person; more is an overload (R74)
    "roadmap_potential": "1000000.00",  # ₽ a year; from here on a roadmap is suggested, not an action plan (R43)
    "roadmap_departments": 3,  # or from so many interested departments
    "buffer_bd": 5,  # working days added to every lead time (§4.2); activating weights sets it
}  # fmt: skip


def parameter(code: str) -> Any:
    """The administrator's value, else the default; unknown codes are a programming error."""
    default = DEFAULTS[code]
    return Parameter.objects.filter(code=code).values_list("value", flat=True).first() or default


def parameters(*codes: str) -> dict[str, Any]:
    """Several at once, by one statement."""
    stored = dict(Parameter.objects.filter(code__in=codes).values_list("code", "value"))
    return {code: stored.get(code, DEFAULTS[code]) for code in codes}


def check_parameter(code: str, value: Any) -> str:
    """What is wrong with a new value, in words; "" when it has the kind of the default and is not negative."""
    default = DEFAULTS[code]
    if isinstance(default, dict):
        is_same = (
            isinstance(value, dict) and set(value) == set(default) and all(map(_is_count, value.values()))
        )
        return (
            ""
            if is_same
            else _("Give whole numbers for exactly these keys: %(keys)s.") % {"keys": ", ".join(default)}
        )
    if isinstance(default, int):
        return "" if _is_count(value) else _("Give a whole number, zero or more.")
    return (
        ""
        if isinstance(value, str) and _is_amount(value)
        else _('Give a number in quotation marks, for example "0.6".')
    )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000


def _is_amount(text: str) -> bool:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return False
    return amount.is_finite() and amount >= 0
