"""The list of strategies: filters and order in the URL, pages by keyset (§6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from roadmaps.models import Plan
from roadmaps.plan_filters import PlanFilter
from roadmaps.plan_numbers import criterion_words
from roadmaps.queries import with_task_numbers
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import SavedView
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

PAGE = "roadmaps:plan_list"
ORDERS = {
    "deadline": ("deadline", "pk"),
    "-deadline": ("-deadline", "-pk"),
    "state": ("state_since", "pk"),
    "-state": ("-state_since", "-pk"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A strategy in the list."""

    plan: Plan
    criterion: str
    tasks: int
    tasks_done: int
    tasks_late: int
    is_late: bool


@require_GET
def plan_list(request: PageRequest) -> HttpResponse:
    """One page of the strategies that this person may open, the nearest deadline first."""
    require(request.user, Action.SEE_DEAL)
    narrowed = PlanFilter(request.GET, Plan.objects.visible_to(request.user), by=request.user)
    order = request.GET.get("sort", "deadline")
    order = order if order in ORDERS else "deadline"
    page = paginate(narrowed.qs, request.GET, order=ORDERS[order])
    context: dict[str, Any] = {
        "filter": narrowed,
        "page": page,
        "order": order,
        "rows": _rows(page.rows, clock.today()),
    }
    if request.htmx and request.htmx.target == "plans":
        return render(request, "roadmaps/_plan_table.html", context)
    context["saved_views"] = SavedView.objects.filter(user=request.user, page=PAGE)
    return render(request, "roadmaps/plan_list.html", context)


def _rows(plans: Sequence[Plan], today: date) -> list[Row]:
    """The strategies of one page with names and numbers of tasks. One statement."""
    shown = Plan.objects.filter(pk__in=[plan.pk for plan in plans])
    found = with_task_numbers(
        shown.select_related("deal__company", "deal__responsible_kam", "deal__team"), today
    ).in_bulk()
    return [_row(found[plan.pk], today) for plan in plans if plan.pk in found]


def _row(plan: Any, today: date) -> Row:
    is_late = plan.is_open and plan.deadline is not None and plan.deadline < today
    return Row(
        plan,
        criterion_words(plan),
        plan.tasks_all,
        plan.tasks_all - plan.tasks_owed,
        plan.tasks_late,
        is_late,
    )
