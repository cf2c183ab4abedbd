"""The board of awaited features and the page of one: who waits, what was said, the steps to release (R23–R25)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import FeatureStatus
from accounts.feature_filters import FeatureFilter
from accounts.feature_machine import MACHINE
from accounts.feature_queries import ORDERS, ROAD, answers_of, board, status_counts, waits_of
from accounts.forms.feature import FeatureForm, FeatureMoveForm, needs_form
from accounts.history_lines import history_line
from accounts.models import FeatureRequest
from accounts.services.feature_release import responsible_for
from accounts.services.features import (
    check_may_edit,
    check_may_enter,
    create_feature,
    edit_feature,
    move_feature,
)
from accounts.views.forms import FormPage, draft_initial
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

CHANGED = "feature:changed"
LINES = 20  # of the history beside the page


@require_GET
def feature_board(request: PageRequest) -> HttpResponse:
    """Features by status with the clients who wait and the money behind them."""
    require(request.user, Action.SEE_FEATURES)
    narrowed = FeatureFilter(request.GET, FeatureRequest.objects.visible_to(request.user), by=request.user)
    order = request.GET.get("sort", "")
    order = order if order in ORDERS else "money"
    status = narrowed.in_use.get("status", "")
    context = {
        "filter": narrowed, "order": order, "status": status, "tiles": status_counts(narrowed.qs),
        "groups": board(narrowed.qs, request.user, order, [status] if status else ROAD), "today": clock.today(),
        "may_see_money": bool(request.user.scopes(Action.SEE_MONEY)), "may_enter": _may_enter(request),
    }  # fmt: skip
    return render(request, "accounts/feature_board.html", context)


@require_GET
def feature_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """One feature; clients whom the reader may not see are counted only."""
    feature = the_feature(request, public_id)
    page = paginate(waits_of(feature, request.user), request.GET, order=["-importance", "pk"])
    events = AuditEvent.objects.filter(object_type="accounts.featurerequest", object_id=feature.pk)[:LINES]
    moves = [
        (FeatureStatus(move.target), needs_form(move.target))
        for move in MACHINE.open_to(request.user, feature)
    ]
    context = {
        "feature": feature, "page": page, "today": clock.today(), "road": _road(feature), "moves": moves,
        "rows": [(wait, responsible_for(wait)) for wait in page.rows], "answers": answers_of(feature, request.user),
        "lines": [history_line(event, may_see_money=False) for event in events],
        "may_edit": _may_edit(request, feature),
        "may_mail": feature.is_released and bool(request.user.scopes(Action.RUN_MARKETING)),
    }  # fmt: skip
    return render(request, "accounts/feature_detail.html", context)


@require_http_methods(["GET", "POST"])
def feature_new(request: PageRequest) -> HttpResponse:
    """A new line of the catalogue."""
    check_may_enter(request.user)
    key = "feature:new"
    form = FeatureForm(request.POST or None, instance=FeatureRequest(), initial=draft_initial(request, key))
    return FormPage(
        title=_("New feature"), form=form, done=_("The feature is added."), back=reverse("accounts:feature_board"),
        draft=key, event=CHANGED, save=lambda f: create_feature(by=request.user, **f.values()),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def feature_edit(request: PageRequest, public_id: Any) -> HttpResponse:
    """Correct the words."""
    feature = the_feature(request, public_id)
    check_may_edit(request.user, feature)
    key = f"feature:{feature.public_id}"
    form = FeatureForm(request.POST or None, instance=feature, initial=draft_initial(request, key))
    return FormPage(
        title=_("Edit the feature"), form=form, done=_("Saved."), back=feature.get_absolute_url(), draft=key, event=CHANGED,
        save=lambda f: edit_feature(feature, by=request.user, version=f.seen_version, **f.values()),
        record=feature,
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def feature_move(request: PageRequest, public_id: Any, to: str) -> HttpResponse:
    """One step of the table: a press, or a small form where it needs a date or a reason."""
    if to not in FeatureStatus.values:
        raise Http404
    feature, target = the_feature(request, public_id), FeatureStatus(to)
    MACHINE.move_to(feature, to, by=request.user)
    form = FeatureMoveForm(request.POST or None, feature=feature, to=to)
    if request.method == "POST" and not needs_form(to):
        form.full_clean()
        move_feature(feature, to=to, by=request.user, version=form.cleaned_data.get("version"))
        return done(request, _("«%s»: done.") % target.label, back=feature.get_absolute_url(), event=CHANGED)
    return FormPage(
        title=f"{feature}: {target.label}", form=form, done=_told(feature, target), back=feature.get_absolute_url(),
        event=CHANGED, submit=str(target.label), hint=_hint(feature, target), danger=target == FeatureStatus.DECLINED,
        save=lambda f: move_feature(feature, to=to, by=request.user, **f.said()),
        record=feature,
    ).answer(request)  # fmt: skip


def the_feature(request: PageRequest, public_id: Any) -> FeatureRequest:
    """A feature that this person may see, else 404."""
    features = FeatureRequest.objects.visible_to(request.user).select_related("product", "created_by")
    return get_object_or_404(features, public_id=public_id)


def _road(feature: FeatureRequest) -> list[tuple[FeatureStatus, str]]:
    """The strip of states: each step with «past», «here» or nothing."""
    if feature.status == FeatureStatus.DECLINED:
        return [(FeatureStatus.NEW, "past"), (FeatureStatus.DECLINED, "here")]
    steps = [*ROAD, FeatureStatus.CLOSED]
    here = steps.index(FeatureStatus(feature.status))
    return [(step, "past" if n < here else "here" if n == here else "") for n, step in enumerate(steps)]


def _told(feature: FeatureRequest, target: FeatureStatus) -> str:
    if target == FeatureStatus.PLANNED:
        return _("The release is planned.")
    return _("Done. The KAMs of the clients who wait get their tasks.")


def _hint(feature: FeatureRequest, target: FeatureStatus) -> str:
    if target == FeatureStatus.PLANNED:
        return ""
    waiting = feature.waits.count()
    return _("The KAM of each client who waits gets one task with the client's words. Clients: %d.") % waiting


def _may_edit(request: PageRequest, feature: FeatureRequest) -> bool:
    try:
        check_may_edit(request.user, feature)
    except NotAllowed:
        return False
    return True


def _may_enter(request: PageRequest) -> bool:
    return bool(request.user.scopes(Action.CREATE_FEATURE) or request.user.scopes(Action.SET_FEATURE))
