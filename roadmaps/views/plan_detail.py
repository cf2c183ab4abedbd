"""The page of one strategy: its head, what opens next, the chain of tasks."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from roadmaps.models import PlanTask
from roadmaps.plan_page import frame, the_plan
from upsell_crm.core.http import PageRequest


@require_GET
def plan_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """Tasks in order under the head of the plan."""
    plan = the_plan(request, public_id)
    links = PlanTask.objects.filter(plan=plan).standing().in_order()
    context = {
        **frame(request.user, plan, "plan_detail"),
        "links": list(links.select_related("task__assignee", "task__receiver", "task__company")),
    }
    return render(request, "roadmaps/plan_detail.html", context)
