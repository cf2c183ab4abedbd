"""«Мой день»: what strategies want of me now, and what has been done for me (R42, R50)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.calendar import load_calendar
from accounts.models import Task
from roadmaps.queries import at_work
from roadmaps.task_gates import holds_of
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest

AHEAD_BD = 3  # working days ahead that a day looks
LANE = 7


@require_GET
def my_plan_tasks(request: PageRequest) -> HttpResponse:
    """The slot; empty when nothing is owed and nothing waits."""
    today = clock.today()
    links = list(at_work(request.user, load_calendar().add(today, AHEAD_BD))[: LANE + 1])
    holds = holds_of(links[:LANE], today)
    context = {
        "rows": [(link, holds[link.pk].reasons) for link in links[:LANE]], "has_more": len(links) > LANE,
        "to_accept": Task.objects.awaiting(request.user).count(),
    }  # fmt: skip
    return render(request, "roadmaps/_my_plan_tasks.html", context)
