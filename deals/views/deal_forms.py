"""Panels over a deal: a new one, its terms, its lines."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import may as may_on_company
from accounts.forms.base import add_problem
from accounts.models import Company
from accounts.views.company_edit import the_company
from accounts.views.forms import FormPage, draft_initial
from deals.forms.deal import DealForm, LineFormSet, NewDealForm, lines_of_proposal, lines_said
from deals.forms.lines import LinesForm
from deals.forms.moves import ProposeForm
from deals.models import Deal
from deals.proposals import Proposal, propose_renewal, targets_said
from deals.services.deals import check_may_edit, set_lines, update_deal
from deals.services.renewals import check_may_propose, open_deal, propose_deal
from deals.views.team import CHANGED, the_deal
from upsell_crm.core import clock
from upsell_crm.core.drafts import draft_data, drop_draft
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action


@require_http_methods(["GET", "POST"])
def create_deal(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Создать сделку» prefilled: the second click saves (R18). `?merge=1` takes contracts that end together."""
    company = the_company(request, public_id)
    if not may_on_company(request.user, Action.CREATE_DEAL, company):
        raise NotAllowed("not_allowed", _("You may not open deals with this client."))
    proposal = propose_renewal(
        company, clock.today(), targets=targets_said(request.GET), merge="merge" in request.GET
    )
    key = f"create_deal:{company.public_id}"
    typed = request.POST if request.method == "POST" else _typed(request, key)
    form = NewDealForm(typed, company=company, proposal=proposal)
    lines = LineFormSet(
        typed, prefix="lines", initial=lines_of_proposal(proposal), form_kwargs={"company": company}
    )
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        deal = _opened(request, company, proposal, form, lines)
        if deal is not None:
            drop_draft(request.user, key)
            return _to_deal(request, deal)
    page = FormPage(
        title=_("New deal: %s") % company, form=form, company=company, done="", back=company.get_absolute_url(),
        save=lambda f: None, draft=key, template="deals/_new_deal.html",
    )  # fmt: skip
    context = {"page": page, "form": form, "lines": lines, "proposal": proposal, "company": company,
               "is_restored": request.method == "GET" and typed is not None}  # fmt: skip
    return _form_answer(request, context)


@require_http_methods(["GET", "POST"])
def edit_deal(request: PageRequest, public_id: Any) -> HttpResponse:
    """Next step, dates, forecast, procurement type."""
    deal = the_deal(request, public_id)
    check_may_edit(request.user, deal)
    key = f"edit_deal:{deal.public_id}"
    form = DealForm(request.POST or None, instance=deal, initial=draft_initial(request, key))
    return FormPage(
        title=_("Edit the deal"), form=form, company=deal.company, done=_("Saved."), back=deal.get_absolute_url(),
        save=lambda f: update_deal(deal, f.values(), by=request.user, version=f.seen_version), draft=key, event=CHANGED,
        record=deal,
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def edit_lines(request: PageRequest, public_id: Any) -> HttpResponse:
    """All lines of the deal at once; the amounts follow."""
    deal = the_deal(request, public_id)
    check_may_edit(request.user, deal)
    key = f"edit_lines:{deal.public_id}"
    form = LinesForm(request.POST or None, deal=deal, draft=_typed(request, key))
    return FormPage(
        title=_("Lines of the deal"), form=form, company=deal.company, done=_("The lines are saved."), draft=key,
        back=deal.get_absolute_url(), event=CHANGED, template="deals/_lines_form.html",
        record=deal,
        save=lambda f: set_lines(deal, f.said, by=request.user, version=f.cleaned_data["version"]),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def suggest_deal(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Предложить сделку»: a task for the KAM."""
    company = the_company(request, public_id)
    check_may_propose(request.user, company)
    key = f"propose_deal:{company.public_id}"
    form = ProposeForm(request.POST or None, initial=draft_initial(request, key))
    return FormPage(
        title=_("Propose a deal"), form=form, company=company, done=_("The KAM has a task."), submit=_("Propose"),
        back=company.get_absolute_url(), draft=key, hint=_("The responsible KAM gets a task due in two working days."),
        save=lambda f: propose_deal(by=request.user, company=company, text=f.cleaned_data["text"]),
    ).answer(request)  # fmt: skip


def _typed(request: PageRequest, key: str) -> Any:
    """What this person has typed here before and not saved."""
    return None if "fresh" in request.GET else draft_data(request.user, key)


def _opened(
    request: PageRequest, company: Company, proposal: Proposal, form: NewDealForm, lines: Any
) -> Deal | None:
    terms = dict(form.cleaned_data)
    steps = proposal.steps if terms.pop("with_tasks") else []
    renews = list(terms.pop("renews", []))
    try:
        return open_deal(
            by=request.user, company=company, lines=lines_said(lines), renews=renews, steps=steps, **terms
        )
    except NotAllowed:
        raise
    except DomainError as problem:
        add_problem(form, problem)
        return None


def _to_deal(request: PageRequest, deal: Deal) -> HttpResponse:
    """The new deal opens."""
    messages.success(request, _("The deal is open: %s") % deal.title)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": deal.get_absolute_url()})
    return redirect(deal.get_absolute_url())


def _form_answer(request: PageRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    template = "accounts/form_panel.html" if request.htmx else "accounts/form_page.html"
    return render(request, template, context, status=status)
