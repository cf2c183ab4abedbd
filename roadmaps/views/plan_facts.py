"""«Данные»: every fact of the client with value, source and age, one click each (R46–R48)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import rights_on
from accounts.enums import FactResult
from accounts.models import Contact, FactCheck
from accounts.services.facts import confirm_fact, take_back_checks
from roadmaps.enums import PlanState
from roadmaps.fact_lines import fact_lines
from roadmaps.models import Plan
from roadmaps.plan_page import frame, the_plan
from roadmaps.services.confirmations import confirm_shown
from roadmaps.stage1 import points_of, standings
from roadmaps.task_gates import held_by_facts
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.htmx import done, undone
from upsell_crm.core.http import PageRequest

CHANGED = "company:changed"


@require_GET
def plan_facts(request: PageRequest, public_id: Any) -> HttpResponse:
    """The checklist in its order, decision-makers first; what keeps the stage open stands before «Далее»."""
    plan = the_plan(request, public_id)
    today = clock.today()
    facts = standings(plan.company_id, today)
    context = frame(request.user, plan, "plan_facts")
    lines = fact_lines(plan.deal.company, facts, rights_on(request.user, plan.deal.company), today)
    context |= {
        "lines": lines,
        "points": points_of(facts),
        "settled": sum(fact.is_settled for fact in facts),
        "to_confirm": [line for line in lines if line.can_confirm and not line.state.is_fresh],
        "is_stage1": plan.is_roadmap and plan.state in (PlanState.DRAFT, PlanState.INFO),
        "held": held_by_facts(context["outlook"].links, plan, facts, today) if plan.is_open else [],
        "may_name_dm": any(line.form and line.state.contact for line in lines),
    }
    return render(request, "roadmaps/plan_facts.html", context)


@require_POST
def confirm(request: PageRequest, public_id: Any) -> HttpResponse:
    """One fact, or all that were shown as stale (`fact=all`); the toast takes it back."""
    plan = the_plan(request, public_id)
    asked, result = request.POST.get("fact", ""), request.POST.get("result") or FactResult.CONFIRMED
    if result == FactResult.CHANGED:  # comes with the change itself
        raise DomainError("unknown_fact", _("There is no such fact or answer."))
    checks = (
        confirm_shown(plan, request.POST.getlist("shown"), by=request.user)
        if asked == "all"
        else _confirm_one(request, plan, asked, result)
    )
    text = _said(checks, result)
    undo = reverse(
        "roadmaps:take_back_plan_fact", args=[public_id, "-".join(str(check.pk) for check in checks)]
    )
    back = reverse("roadmaps:plan_facts", args=[public_id])
    return done(request, text, back=back, event=CHANGED, undo=undo if checks else "")


@require_POST
def take_back(request: PageRequest, public_id: Any, checks: str) -> HttpResponse:
    """«Отменить» of the toast: the answers are gone as if the click had not been made; history keeps both."""
    plan = the_plan(request, public_id)
    keys = [int(key) for key in checks.split("-") if key.isascii() and key.isdigit() and len(key) < 19]
    take_back_checks(plan.deal.company, keys, by=request.user)
    return undone(request, _("Undone."), back=reverse("roadmaps:plan_facts", args=[public_id]), event=CHANGED)


def _confirm_one(request: PageRequest, plan: Plan, fact: str, result: str) -> list[FactCheck]:
    person = request.POST.get("contact")
    company = plan.deal.company
    try:
        contact = get_object_or_404(Contact, company=company, public_id=person) if person else None
    except ValidationError as problem:  # not a UUID at all
        raise Http404 from problem
    return confirm_fact(company, fact, by=request.user, result=result, contact=contact)


def _said(checks: list[FactCheck], result: str) -> str:
    if not checks:
        return _("Everything was fresh.")
    if result == FactResult.UNKNOWN:
        return _("Noted as unknown.")
    if len(checks) == 1:
        return _("Confirmed today: %s.") % (checks[0].contact or checks[0].get_fact_display())
    return ngettext("%(n)s fact confirmed today.", "%(n)s facts confirmed today.", len(checks)) % {
        "n": len(checks)
    }
