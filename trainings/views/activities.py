"""Pages of marketing activities: the list, one activity, its forms and steps (R88, R89, §6.7)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import FeatureRequest
from accounts.outcome_defaults import uuid_or_none
from accounts.views.forms import FormPage, draft_initial
from trainings.activity_page import results_of
from trainings.enums import ActivityKind, TouchState
from trainings.forms.marketing import ActivityFilter, ActivityForm
from trainings.models import MarketingActivity
from trainings.services.activities import (
    cancel_activity,
    change_activity,
    check_planned,
    finish_activity,
)
from trainings.services.attendance import MARKS
from trainings.services.audiences import plan_with_segment
from upsell_crm.core.access import require
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest, number_sent
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

CHANGED = "activity:changed"


@require_GET
def activity_list(request: PageRequest) -> HttpResponse:
    """Webinars, events and mailings, the latest first, with what came of each."""
    require(request.user, Action.SEE_MARKETING)
    known = MarketingActivity.objects.visible_to(request.user).select_related("product", "owner")
    narrowed = ActivityFilter(request.GET, known, by=request.user)
    page = paginate(narrowed.qs, request.GET, order=("-starts_at", "-pk"))
    context = {
        "filter": narrowed, "page": page, "rows": results_of(page.rows),
        "may_run": bool(request.user.scopes(Action.RUN_MARKETING)),
    }  # fmt: skip
    if request.htmx and request.htmx.target == "activities":
        return render(request, "trainings/_activity_rows.html", context)
    return render(request, "trainings/activity_list.html", context)


@require_GET
def activity_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """One activity: its audience with states, results counted, who was left out and why."""
    activity = the_activity(request, public_id)
    touches = activity.touches.visible_to(request.user).select_related("contact", "company")
    asked = request.GET.get("state", "")
    state = asked if asked in TouchState.values else ""
    if state:
        touches = touches.filter(state=state)
    may_run = bool(request.user.scopes(Action.RUN_MARKETING))
    [results] = results_of([activity])
    context = {
        "activity": activity, "results": results, "takes": activity.audience.get("takes", []), "state": state, "may_run": may_run,
        "page": paginate(touches, request.GET, order=("pk",)),
        "states": [mark for mark in TouchState if mark in (*MARKS[ActivityKind(activity.kind)], state)],
        "marks": [mark for mark in MARKS[ActivityKind(activity.kind)] if may_run],
    }  # fmt: skip
    return render(request, "trainings/activity_detail.html", context)


@require_http_methods(["GET", "POST"])
def create_activity(request: PageRequest) -> HttpResponse:
    """A new one, of a segment (`?segment=`) or of the release of a feature (`?feature=`)."""
    require(request.user, Action.RUN_MARKETING)
    made: list[MarketingActivity] = []
    key = "activity"
    initial = {**_initial(request), **draft_initial(request, key)}
    form = ActivityForm(request.POST or None, instance=MarketingActivity(owner=request.user), initial=initial)

    def save(valid: ActivityForm) -> None:
        segment = valid.cleaned_data["segment"]
        made.append(plan_with_segment(by=request.user, segment=segment, **valid.values()))

    answer = FormPage(
        title=_("New activity"), form=form, save=save, done=_("Planned."), back=reverse("trainings:activity_list"),
        draft=key, event=CHANGED, hint=_("Only people who have given consent are invited.") if initial.get("segment") else "",
    ).answer(request)  # fmt: skip
    if not made:
        return answer
    url = made[0].get_absolute_url()
    response = done(request, _("Planned."), back=url)
    if request.htmx:
        response["HX-Redirect"] = url
    return response


@require_http_methods(["GET", "POST"])
def edit_activity(request: PageRequest, public_id: Any) -> HttpResponse:
    """Other words or another time, while it is planned."""
    activity = the_activity(request, public_id)
    require(request.user, Action.RUN_MARKETING)
    check_planned(activity)
    key = f"activity-{activity.public_id}"
    form = ActivityForm(request.POST or None, instance=activity, initial=draft_initial(request, key))
    return FormPage(
        title=_("Change the activity"), form=form, done=_("Saved."), back=activity.get_absolute_url(), draft=key,
        event=CHANGED, record=activity,
        save=lambda f: change_activity(activity, f.values(), by=request.user, version=f.seen_version),
    ).answer(request)  # fmt: skip


@require_POST
def finish(request: PageRequest, public_id: Any) -> HttpResponse:
    """It took place; the letters went out."""
    activity = the_activity(request, public_id)
    dropped = finish_activity(activity, by=request.user, version=number_sent(request.POST, "version"))
    words = _("Done.")
    if dropped:
        words = _("Done. Left out because consent or state has changed: %d.") % dropped
    return done(request, words, back=activity.get_absolute_url(), event=CHANGED)


@require_POST
def cancel(request: PageRequest, public_id: Any) -> HttpResponse:
    """It does not take place."""
    activity = the_activity(request, public_id)
    cancel_activity(activity, by=request.user, version=number_sent(request.POST, "version"))
    return done(request, _("Cancelled."), back=activity.get_absolute_url(), event=CHANGED)


def the_activity(request: PageRequest, public_id: Any) -> MarketingActivity:
    """An activity that this person may see, else 404."""
    seen = MarketingActivity.objects.visible_to(request.user).select_related("product", "feature", "owner")
    return get_object_or_404(seen, public_id=public_id)


def _initial(request: PageRequest) -> dict[str, Any]:
    """What the address says of a new activity."""
    initial: dict[str, Any] = {"segment": request.GET.get("segment", "")[:2000]}
    feature = FeatureRequest.objects.visible_to(request.user).released().filter(
        public_id=uuid_or_none(request.GET.get("feature", ""))
    ).first()  # fmt: skip
    if feature is None:
        return initial
    return {
        "kind": ActivityKind.MAILING, "title": _("Released: «%s»") % feature.title, "product": feature.product_id,
        "feature": feature.pk, "segment": f"feature={feature.public_id}&concerned=owners",
    }  # fmt: skip
