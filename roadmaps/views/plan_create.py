"""«Стратегия» from a deal, a client or a row of the ranking: one panel, everything proposed (R41, R43, §2.9)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms.base import add_problem
from accounts.models import Company
from accounts.views.company_edit import the_company
from accounts.views.forms import FormPage
from deals.access import may
from deals.models import Deal
from deals.views.team import the_deal
from roadmaps.enums import PlanState
from roadmaps.forms.choice import NewPlanForm, steps_form, steps_said
from roadmaps.models import Plan
from roadmaps.plan_proposal import PlanProposal, propose_for_deal, propose_with_deal
from roadmaps.services.plan_start import PlanSaid, begin_plan, begin_with_deal, check_may_begin_with_deal
from upsell_crm.core import clock
from upsell_crm.core.drafts import draft_data, drop_draft, save_draft
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

Begin = Callable[[PlanSaid], Plan]


@require_http_methods(["GET", "POST"])
def create_plan(request: PageRequest, public_id: Any) -> HttpResponse:
    """The strategy of a deal; when there is one already, it opens."""
    deal = the_deal(request, public_id)
    if not may(request.user, Action.EDIT_PLAN, deal):
        raise NotAllowed("not_allowed", _("You may not plan for this deal."))
    plan = Plan.objects.open().filter(deal=deal).first()
    if plan and (request.method == "GET" or _is_second_click(request, plan)):
        return _to(request, plan.get_absolute_url())
    proposal = propose_for_deal(deal, clock.today())
    key, back = f"create_plan:{deal.public_id}", deal.get_absolute_url()
    return _answer(
        request, deal.company, proposal, key, back, lambda said: begin_plan(deal, said, by=request.user)
    )


@require_http_methods(["GET", "POST"])
def create_company_plan(request: PageRequest, public_id: Any) -> HttpResponse:
    """The strategy of a client: of its open deal, of one among several, or of a deal that the same save opens."""
    company = the_company(request, public_id)
    deals = list(Deal.objects.visible_to(request.user).open().filter(company=company).order_by("-pk")[:10])
    if deals and request.method == "POST":
        return _overtaken(request, deals)
    if len(deals) == 1:
        return _to(request, f"{deals[0].get_absolute_url()}plan/new/")
    if deals:
        return _choice(request, company, deals)
    check_may_begin_with_deal(request.user, company)
    proposal = propose_with_deal(company, clock.today(), request.user)
    opens = proposal.opens
    assert opens is not None
    key, back = f"create_company_plan:{company.public_id}", company.get_absolute_url()
    begin: Begin = lambda said: begin_with_deal(company, opens, said, by=request.user)  # noqa: E731
    return _answer(request, company, proposal, key, back, begin)


def _overtaken(request: PageRequest, deals: list[Deal]) -> HttpResponse:
    """Somebody has opened the deal meanwhile: what was typed goes along to its own form (faults B7)."""
    plans = {plan.deal_id: plan for plan in Plan.objects.open().filter(deal__in=deals)}
    if mine := next((plan for plan in plans.values() if _is_second_click(request, plan)), None):
        return _to(request, mine.get_absolute_url())
    free = [deal for deal in deals if deal.pk not in plans]
    if not free:
        raise DomainError("planned_already", _("This deal has a strategy already."))
    for deal in free:
        save_draft(request.user, f"create_plan:{deal.public_id}", dict(request.POST.lists()))
    return _to(request, f"{free[0].get_absolute_url()}plan/new/")


def _is_second_click(request: PageRequest, plan: Plan) -> bool:
    """The same person has begun it a moment ago (faults A3)."""
    return plan.created_by_id == request.user.pk and clock.is_just_made(plan.created_at)


def _answer(
    request: PageRequest, company: Company, proposal: PlanProposal, key: str, back: str, begin: Begin
) -> HttpResponse:  # fmt: skip
    is_post = request.method == "POST"
    typed = request.POST if is_post else (None if "fresh" in request.GET else draft_data(request.user, key))
    form = NewPlanForm(typed, proposal=proposal)
    steps = steps_form(typed, proposal)
    if is_post and form.is_valid() and (form.is_roadmap or steps.is_valid()):
        plan = _begun(request, proposal, form, steps, begin)
        if plan is not None:
            drop_draft(request.user, key)
            messages.success(request, BEGUN[plan.state](plan))
            return _to(request, plan.get_absolute_url())
    page = FormPage(
        title=_("Strategy: %s") % company, form=form, company=company, done="", back=back, draft=key,
        save=lambda f: None, template="roadmaps/_new_plan.html",
    )  # fmt: skip
    context = {
        "page": page, "form": form, "steps": steps, "proposal": proposal, "company": company,
        "is_restored": not is_post and typed is not None, "needs_lead": company.is_key,
    }  # fmt: skip
    return _panel(request, context, status=422 if is_post else 200)


def _begun(
    request: PageRequest, proposal: PlanProposal, form: NewPlanForm, steps: Any, begin: Begin
) -> Plan | None:
    said = PlanSaid(
        type=form.cleaned_data["type"], suggestion=proposal.suggestion, head=form.head,
        steps=[] if form.is_roadmap else steps_said(steps), comment=form.cleaned_data["override_comment"],
        is_draft="draft" in request.POST,
    )  # fmt: skip
    try:
        return begin(said)
    except NotAllowed:
        raise
    except DomainError as problem:
        add_problem(form, problem)
        return None


def _choice(request: PageRequest, company: Company, deals: list[Deal]) -> HttpResponse:
    """Several open deals: each has its own strategy, or may have one."""
    plans = dict(Plan.objects.open().filter(deal__in=deals).values_list("deal", "public_id"))
    page = FormPage(
        title=_("Strategy: %s") % company, form=Form(), save=lambda f: None, done="", back=company.get_absolute_url(),
        company=company, template="roadmaps/_deal_choice.html",
    )  # fmt: skip
    return _panel(request, {"page": page, "rows": [(deal, plans.get(deal.pk)) for deal in deals]})


def _panel(request: PageRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "accounts/form_panel.html" if request.htmx else "accounts/form_page.html"
    return render(request, template, context, status=status)


def _to(request: PageRequest, url: str) -> HttpResponse:
    """The page itself, not into the panel."""
    if request.htmx and "/new/" not in url:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


BEGUN: dict[str, Callable[[Plan], str]] = {
    PlanState.DRAFT: lambda plan: _("The strategy is kept as a draft."),
    PlanState.INFO: lambda plan: _("The roadmap has begun: first the facts about the client."),
    PlanState.REVIEW: lambda plan: _("The plan is with the lead: this is a key client."),
    PlanState.ACTIVE: lambda plan: _("The plan is in work."),
}
