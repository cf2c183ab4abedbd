"""The page of one strategy: its head, what opens next, the chain of tasks."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from roadmaps.plan_page import frame, the_plan
from roadmaps.task_rows import task_table
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest


@require_GET
def plan_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """Tasks by phase under the head of the plan; `?person= &dzo= &phase= &state= &sort=` narrow and sort them."""
    plan = the_plan(request, public_id)
    context = frame(request.user, plan, "plan_detail")
    context |= task_table(plan, request.user, context["rights"], request.GET, clock.today())
    context["outlook"].links = context["links"]  # read once for the list and for the forecast
    return render(request, "roadmaps/plan_detail.html", context)
