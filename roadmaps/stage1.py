"""Stage 1 of a roadmap: which facts it rests on, and what keeps the stage open (R46–R48).

Decision-makers and procurement must be fresh; every other fact needs an answer within its validity, and «unknown» is
one of them (docs/decisions/0050).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.enums import Fact, FactResult
from accounts.fact_states import FactState, fact_states
from accounts.models import FactCheck
from roadmaps.models import Plan
from upsell_crm.core import clock
from upsell_crm.core.parameters import parameter

CRITICAL = (Fact.DM, Fact.PROCUREMENT)


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One reason why the stage is open, in words, and the fact it speaks of."""

    fact: Fact
    text: str
    contact_id: int | None = None


def open_points(plan: Plan, today: date) -> list[OpenPoint]:
    """What has to be confirmed before stage 1 closes; [] when it may close. Five statements."""
    answered = unknown_on(plan.company_id, today)
    states = fact_states(plan.company_id, today)
    return [_point(state) for state in states if not is_settled(state, answered)]


def is_settled(state: FactState, answered_unknown: set[str]) -> bool:
    """Fresh, or, where it is not critical, lately answered with «unknown»."""
    return state.is_fresh or (state.fact not in CRITICAL and state.fact in answered_unknown)


def unknown_on(company_id: int, today: date) -> set[str]:
    """Facts whose last answer is «unknown» and not older than their validity."""
    return unknown_of([company_id], today)[company_id]


def unknown_of(
    company_ids: Collection[int], today: date, valid_days: Mapping[str, int] | None = None
) -> dict[int, set[str]]:
    """The same of several companies; two statements, whatever their number, one when `valid_days` are read."""
    valid_days = valid_days or parameter("valid_days")
    latest: dict[tuple[int, str], tuple[str, date | None]] = {}
    checks = FactCheck.objects.filter(company_id__in=company_ids).order_by("checked_at", "pk")
    for company_id, fact, result, at in checks.values_list("company_id", "fact", "result", "checked_at"):
        latest[company_id, fact] = (result, clock.local_date(at))
    unknown: dict[int, set[str]] = {company_id: set() for company_id in company_ids}
    for (company_id, fact), (result, day) in latest.items():
        if result == FactResult.UNKNOWN and day is not None and (today - day).days <= valid_days[fact]:
            unknown[company_id].add(fact)
    return unknown


def _point(state: FactState) -> OpenPoint:
    what = str(state.contact or state.label)
    if state.age_days is None:
        text = _("%s: nobody has confirmed it yet") % what
    else:
        text = _("%(what)s: confirmed %(age)s days ago, holds for %(valid)s") % {
            "what": what, "age": state.age_days, "valid": state.valid_days,
        }  # fmt: skip
    return OpenPoint(state.fact, text, state.contact.pk if state.contact else None)
