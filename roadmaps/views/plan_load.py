"""Who is loaded how much by a strategy (R49, R74)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from roadmaps.access import may
from roadmaps.plan_load import plan_load as read_load
from roadmaps.plan_page import the_plan
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.parameters import parameter
from upsell_crm.core.roles import Action


@require_GET
def plan_load(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot under the tasks."""
    plan = the_plan(request, public_id)
    sees_all = may(request.user, Action.SEE_WORKLOAD, plan)
    mondays, loads = read_load(plan, request.user, clock.today(), sees_all=sees_all)
    context = {
        "plan": plan, "mondays": mondays, "loads": loads, "sees_all": sees_all, "most": parameter("overload_tasks_week"),
        "is_over": any(week.is_over for load in loads for week in load.weeks),
    }  # fmt: skip
    return render(request, "roadmaps/_plan_load.html", context)
