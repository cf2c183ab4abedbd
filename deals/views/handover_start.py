"""The form that starts a handover, of a client or of one deal."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Company
from accounts.views.forms import FormPage, draft_initial
from deals.enums import IntroMode
from deals.forms.handover import StartForm
from deals.handover_machine import leads
from deals.handover_mode import suggest_mode, suggestion_words
from deals.models import Deal, Handover
from deals.services.handovers import check_may_start, start_handover
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User


@require_http_methods(["GET", "POST"])
def start_company_handover(request: PageRequest, public_id: Any) -> HttpResponse:
    """A whole client goes to another KAM."""
    companies = Company.objects.visible_to(request.user).select_related("owner_kam", "team")
    company = get_object_or_404(companies, public_id=public_id)
    return _start(request, company, None)


@require_http_methods(["GET", "POST"])
def start_deal_handover(request: PageRequest, public_id: Any) -> HttpResponse:
    """One deal goes, the client stays."""
    deals = Deal.objects.visible_to(request.user).select_related("company__owner_kam", "responsible_kam")
    deal = get_object_or_404(deals, public_id=public_id)
    return _start(request, deal.company, deal)


def may_start(user: User, company: Company, deal: Deal | None) -> bool:
    """Whether the button stands there."""
    try:
        check_may_start(user, _probe(user, company, deal))
    except DomainError:
        return False
    return True


def _start(request: PageRequest, company: Company, deal: Deal | None) -> HttpResponse:
    probe = _probe(request.user, company, deal)
    check_may_start(request.user, probe)
    key = f"handover-{(deal or company).public_id}"
    form = StartForm(
        request.POST or None, giver=probe.from_user, is_lead=leads(request.user, probe),
        initial=draft_initial(request, key),
    )  # fmt: skip
    made: list[Handover] = []
    back = (deal or company).get_absolute_url()
    answer = FormPage(
        title=_("Hand the deal over") if deal else _("Hand the client over"), form=form, company=company,
        hint=_hint(company, deal, probe.from_user), submit=_("Gather the dossier"), done=_("The handover is begun."),
        back=back, draft=key, event="handover:changed",
        save=lambda f: made.append(start_handover(by=request.user, company=company, deal=deal, **f.cleaned_data)),
    ).answer(request)  # fmt: skip
    if not made:
        return answer
    url = made[0].get_absolute_url()
    response = done(request, _("The dossier is gathered. Check it and propose the handover."), back=url)
    if request.htmx:
        response["HX-Redirect"] = url
    return response


def _probe(user: User, company: Company, deal: Deal | None) -> Handover:
    """A handover as it would be, to ask for the right."""
    answers = deal.responsible_kam if deal else company.owner_kam
    return Handover(company=company, deal=deal, from_user=answers or user)


def _hint(company: Company, deal: Deal | None, giver: User) -> str:
    suggestion = suggest_mode(company, deal, giver, clock.today())
    why = suggestion_words(suggestion.mode, suggestion.facts, giver)
    return _("By the rule: %(mode)s (%(why)s).") % {"mode": IntroMode(suggestion.mode).label, "why": why}
