"""Confirming many facts of a client by one click (R46–R48)."""

from collections.abc import Collection

from django.db import transaction

from accounts.access import rights_on
from accounts.models import FactCheck
from accounts.services.facts import confirm_fact
from roadmaps.fact_lines import fact_lines
from roadmaps.models import Plan
from roadmaps.stage1 import standings
from upsell_crm.core import clock
from upsell_crm.core.models import User


def confirm_shown(plan: Plan, shown: Collection[str], *, by: User) -> list[FactCheck]:
    """The lines that this person saw as stale and may confirm, all or none; what went stale since is left for another look.

    Raises NotAllowed, DomainError.
    """
    company, today = plan.deal.company, clock.today()
    lines = fact_lines(company, standings(company.pk, today), rights_on(by, company), today)
    asked = [
        line.state for line in lines if line.can_confirm and not line.state.is_fresh and line.key in shown
    ]
    checks: list[FactCheck] = []
    with transaction.atomic():
        for state in asked:
            checks += confirm_fact(company, state.fact, by=by, contact=state.contact)
    return checks
