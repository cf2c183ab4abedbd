"""The strategy on the page of a deal and in the card of a client: slots filled by htmx (R40, R41)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.views.company_edit import the_company
from deals.access import may
from deals.models import Deal
from deals.views.team import the_deal
from roadmaps.models import Plan
from roadmaps.plan_numbers import criterion_words
from roadmaps.plan_status import NONE, plan_word
from roadmaps.queries import with_task_numbers
from roadmaps.services.plan_start import may_begin_with_deal
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

SHOWN = 3


@require_GET
def deal_plan(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot of the deal page: the open strategy, else the last one, else the button that begins one."""
    deal = the_deal(request, public_id)
    plans = Plan.objects.filter(deal=deal).open_first().select_related("deal__company")
    plan = with_task_numbers(plans, clock.today()).first()
    may_begin = deal.is_open and not (plan and plan.is_open) and may(request.user, Action.EDIT_PLAN, deal)
    context: dict[str, Any] = {"deal": deal, "plan": plan, "may_begin": may_begin, "word": NONE}
    if plan is not None:
        context |= {
            "criterion": criterion_words(plan), "tasks": plan.tasks_all, "tasks_done": plan.tasks_all - plan.tasks_owed,
            "tasks_late": plan.tasks_late,
        }  # fmt: skip
    return render(request, "roadmaps/_deal_plan.html", context)


@require_GET
def company_plan(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot of the overview: strategies of the client's deals, or the offer to begin one."""
    company = the_company(request, public_id)
    plans = Plan.objects.visible_to(request.user).open().filter(deal__company=company).select_related("deal")
    found = [(plan, plan_word(plan.state)) for plan in plans.order_by("-pk")[:SHOWN]]
    may_begin = not found and _may_begin(request.user, company)
    context = {"company": company, "plans": found, "none": NONE, "may_begin": may_begin}
    return render(request, "roadmaps/_company_plan.html", context)


def _may_begin(user: User, company: Any) -> bool:
    """Of an open deal whoever plans for it, otherwise whoever may open one with its plan."""
    deals = list(Deal.objects.visible_to(user).open().filter(company=company).order_by("-pk")[:SHOWN])
    if deals:
        return any(may(user, Action.EDIT_PLAN, deal) for deal in deals)
    return may_begin_with_deal(user, company)
