"""All facts of a client on one screen, one click each (§6.1)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import rights_on
from accounts.fact_states import fact_states
from accounts.models import Company, Contact
from accounts.services.facts import confirm_fact
from accounts.views.company_edit import the_company
from upsell_crm.core import clock
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest

FORMS = {  # fact → the form that changes it
    "procurement": "accounts:edit_procurement",
    "revenue": "accounts:save_revenue",
    "court_load": "accounts:save_court_load",
    "departments": "accounts:save_department",
    "requisites": "accounts:edit_company",
    "dm": "accounts:add_contact",
}


def facts(request: PageRequest, public_id: Any) -> HttpResponse:
    """Stale facts first; each is confirmed, corrected or marked as unknown."""
    company = the_company(request, public_id)
    states = sorted(fact_states(company.pk, clock.today()), key=lambda state: state.is_fresh)
    context = {
        "company": company,
        "rights": rights_on(request.user, company),
        "states": [(state, FORMS.get(state.fact, "")) for state in states],
        "stale": sum(not state.is_fresh for state in states),
    }
    page = "accounts/facts_panel.html" if request.htmx else "accounts/facts.html"
    return render(request, page, context)


@require_POST
def confirm(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Подтвердить»: one fact, or all that a click can confirm (`fact=all`)."""
    company = the_company(request, public_id)
    asked = request.POST.get("fact", "")
    result = request.POST.get("result") or "confirmed"
    if asked == "all":
        confirmed = _confirm_all(company, request)
        text = (
            _("Confirmed: %(facts)s.") % {"facts": ", ".join(confirmed)}
            if confirmed
            else _("Everything was fresh.")
        )
    else:
        person = request.POST.get("contact")
        contact = get_object_or_404(Contact, company=company, public_id=person) if person else None
        confirm_fact(company, asked, by=request.user, result=result, contact=contact)
        text = _("Confirmed today.") if result == "confirmed" else _("Noted: it has to be found out.")
    return _answer(request, company, text)


def _confirm_all(company: Company, request: PageRequest) -> list[str]:
    stale = [
        state
        for state in fact_states(company.pk, clock.today())
        if not state.is_fresh and (state.fact != "dm" or state.contact)
    ]
    for state in stale:
        confirm_fact(company, state.fact, by=request.user, contact=state.contact)
    return [str(state.contact or state.label) for state in stale]


def _answer(request: PageRequest, company: Company, text: str) -> HttpResponse:
    """On the facts screen the list is drawn anew; elsewhere a toast says it."""
    if request.htmx and request.htmx.target == "facts":
        response = facts(request, company.public_id)
        response["HX-Trigger"] = "company:changed"
        return response
    return done(request, text, back=company.get_absolute_url(), event="company:changed")
