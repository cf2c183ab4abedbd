"""Revisions of a strategy: the list, two of them compared, the plan as it was (R52)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from roadmaps.models import Plan
from roadmaps.plan_history import compared, content_at, plan_then, revisions_of, told_revisions
from roadmaps.plan_page import frame, the_plan
from upsell_crm.core.http import PageRequest, number_sent


@require_GET
def plan_revisions(request: PageRequest, public_id: Any) -> HttpResponse:
    """Numbered revisions, the newest first, each with who, when, why and what; `?before=` is the next page."""
    plan = the_plan(request, public_id)
    context, revisions = frame(request.user, plan, "plan_revisions"), revisions_of(plan)
    told, following = told_revisions(
        revisions, before=number_sent(request.GET, "before"), links=context["outlook"].links
    )
    context |= {
        "told": told, "following": following, "numbers": [one.number for one in reversed(revisions)],
        "newest": plan.revision, "former": max(plan.revision - 1, 1),
    }  # fmt: skip
    return render(request, "roadmaps/plan_revisions.html", context)


@require_GET
def revision_compare(request: PageRequest, public_id: Any) -> HttpResponse:
    """What leads from revision `?from=` to `?to=`; without them, the last change."""
    plan = the_plan(request, public_id)
    numbers = _numbers(plan)
    newest = numbers[0] if numbers else 0
    new = number_sent(request.GET, "to") or newest
    old = number_sent(request.GET, "from") or max(new - 1, 1)
    if numbers and not {old, new} <= set(numbers):
        raise Http404
    context = {
        **frame(request.user, plan, "plan_revisions"), "numbers": numbers, "former": old, "newest": new,
        "lines": compared(plan, old, new) if numbers else [],
    }  # fmt: skip
    return render(request, "roadmaps/revision_compare.html", context)


@require_GET
def revision_detail(request: PageRequest, public_id: Any, number: int) -> HttpResponse:
    """«Как было»: the plan as this revision has left it, replayed."""
    plan = the_plan(request, public_id)
    revision = get_object_or_404(plan.revisions.select_related("by"), number=number)
    context = {
        **frame(request.user, plan, "plan_revisions"), "revision": revision, "numbers": _numbers(plan),
        "then": plan_then(content_at(plan, number)),
    }  # fmt: skip
    return render(request, "roadmaps/revision_detail.html", context)


def _numbers(plan: Plan) -> list[int]:
    """The newest first."""
    return list(plan.revisions.order_by("-number").values_list("number", flat=True))
