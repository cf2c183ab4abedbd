"""The page of one strategy: its head, what opens next, the chain of tasks."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import may as may_on_company
from accounts.history_lines import history_line
from roadmaps.plan_gates import rests_on_stage1
from roadmaps.plan_head import known_to_page, locks_of
from roadmaps.plan_page import frame, the_plan
from roadmaps.stage1 import standings
from roadmaps.task_rows import task_table
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.roles import Action

CHANGES = 15


@require_GET
def plan_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """Tasks by phase under the head of the plan; `?person= &dzo= &phase= &state= &sort=` narrow and sort them."""
    plan, today = the_plan(request, public_id), clock.today()
    context = frame(request.user, plan, "plan_detail")
    facts = standings(plan.company_id, today) if rests_on_stage1(plan) else None
    outlook = context["outlook"]
    context |= task_table(plan, request.user, context["rights"], request.GET, today, outlook.before, facts)
    outlook.links = context["links"]  # read once for the list and for the forecast
    read = known_to_page(plan, today, context, facts)
    return render(request, "roadmaps/plan_detail.html", context | locks_of(plan, read, today))


@require_GET
def plan_history(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot with the changes of the strategy as sentences (R15)."""
    plan = the_plan(request, public_id)
    events = AuditEvent.objects.filter(object_type="roadmaps.plan", object_id=plan.pk).order_by("-id")[
        :CHANGES
    ]
    may_see_money = may_on_company(request.user, Action.SEE_MONEY, plan.deal.company)
    lines = [history_line(event, may_see_money=may_see_money) for event in events]
    return render(request, "deals/_deal_history.html", {"deal": plan.deal, "lines": lines})
