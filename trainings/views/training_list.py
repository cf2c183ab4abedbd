"""The calendar of the tutors: week, month and list, filters in the URL (§6.6)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trainings.calendar_page import MOST, VIEWS, by_tutor, by_week, day_asked, month_of, neighbours, week_of
from trainings.index import quality
from trainings.models import Training
from trainings.queries import facts_of, with_counts
from trainings.training_filters import TrainingFilter
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.exact import whole
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import SavedView
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

PAGE = "trainings:training_list"


@require_GET
def training_list(request: PageRequest) -> HttpResponse:
    """One period of the calendar, or the list by keyset, as far as this person may see."""
    require(request.user, Action.SEE_COMPANY)
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "week"
    narrowed = TrainingFilter(request.GET, Training.objects.visible_to(request.user), by=request.user)
    context: dict[str, Any] = {
        "filter": narrowed,
        "view": view,
        "may_propose": bool(request.user.scopes(Action.PLAN_TRAINING)),
    }
    context |= _list(request, narrowed.qs) if view == "list" else _period(request, view, narrowed.qs)
    if request.htmx and request.htmx.target == "trainings":
        return render(request, "trainings/_trainings.html", context)
    context["saved_views"] = SavedView.objects.filter(user=request.user, page=PAGE)
    return render(request, "trainings/training_list.html", context)


def _list(request: PageRequest, trainings: QuerySet[Training]) -> dict[str, Any]:
    page = paginate(_with_names(with_counts(trainings)), request.GET, order=("-starts_at", "-pk"))
    return {"page": page, "rows": [(training, index_of(training)) for training in page.rows]}


def _period(request: PageRequest, view: str, trainings: QuerySet[Training]) -> dict[str, Any]:
    day = day_asked(request.GET.get("on", ""))
    first, last = month_of(day) if view == "month" else week_of(day)
    since, until = clock.bounds(first)[0], clock.day_end(last)
    shown = list(
        _with_names(trainings.filter(starts_at__gte=since, starts_at__lte=until)).order_by("starts_at", "pk")[
            :MOST
        ]
    )
    before, after = neighbours(view, day)
    context = {
        "day": day,
        "first": first,
        "last": last,
        "before": before,
        "after": after,
        "count": len(shown),
    }
    if view == "month":
        return {**context, "weeks": by_week(shown, first, last, day.month)}
    return {**context, "tutors": by_tutor(shown, first)}


def _with_names(trainings: QuerySet[Training]) -> QuerySet[Training]:
    return trainings.select_related("company", "product", "tutor")


def index_of(training: Any) -> int | None:
    """The index of this training alone on its day, 0–100; None without results. Needs the counts of `with_counts`."""
    value = quality(facts_of(training)) if training.took_place else None
    return None if value is None else whole(value * 100)
