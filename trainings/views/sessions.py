"""Exchanges of experience: the list, one of them with its protocol, its forms (R80)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.forms import FormPage, draft_initial
from trainings.forms.experience import HoldForm, SessionForm
from trainings.models import ExchangeSession
from trainings.services.sessions import (
    cancel_session,
    change_session,
    check_may_lead,
    hold_session,
    plan_session,
)
from upsell_crm.core.access import require
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action, Scope

CHANGED = "session:changed"


@require_GET
def session_list(request: PageRequest) -> HttpResponse:
    """Exchanges of one's team and those one is invited to, the latest first."""
    require(request.user, Action.WRITE_NOTE)
    seen = ExchangeSession.objects.visible_to(request.user).select_related("leader", "team")
    context = {
        "page": paginate(seen, request.GET, order=("-starts_at", "-pk")),
        "may_plan": bool(request.user.scopes(Action.MODERATE_NOTE)),
    }
    return render(request, "trainings/session_list.html", context)


@require_GET
def session_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """One exchange: who comes, the protocol."""
    session = the_session(request, public_id)
    context = {
        "session": session, "members": session.members.select_related("user").order_by("user__last_name", "pk"),
        "may_lead": may_lead(request.user, session),
    }  # fmt: skip
    return render(request, "trainings/session_detail.html", context)


@require_http_methods(["GET", "POST"])
def create_session(request: PageRequest) -> HttpResponse:
    """The lead plans one, or a series."""
    require(request.user, Action.MODERATE_NOTE)
    key = "exchange"
    form = SessionForm(
        request.POST or None, by=request.user, instance=ExchangeSession(leader=request.user),
        initial=draft_initial(request, key),
    )  # fmt: skip
    return FormPage(
        title=_("Plan an exchange"), form=form, done=_("Planned."), back=reverse("trainings:session_list"), draft=key,
        event=CHANGED,
        save=lambda f: plan_session(by=request.user, members=list(f.cleaned_data["members"]), **f.values()),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def edit_session(request: PageRequest, public_id: Any) -> HttpResponse:
    """Another topic, time or circle."""
    session = the_session(request, public_id)
    check_may_lead(request.user, session)
    key = f"exchange-{session.public_id}"
    initial = {"members": list(session.members.values_list("user", flat=True)), **draft_initial(request, key)}
    form = SessionForm(request.POST or None, by=session.leader, instance=session, initial=initial)
    return FormPage(
        title=_("Change the exchange"), form=form, done=_("Saved."), back=session.get_absolute_url(), draft=key,
        event=CHANGED, record=session,
        save=lambda f: change_session(
            session, f.values(), by=request.user, members=list(f.cleaned_data["members"]), version=f.seen_version
        ),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def hold(request: PageRequest, public_id: Any) -> HttpResponse:
    """What was shared and decided; the next one of a series is made."""
    session = the_session(request, public_id)
    check_may_lead(request.user, session)
    key = f"protocol-{session.public_id}"
    form = HoldForm(request.POST or None, session=session, initial=draft_initial(request, key))
    words = _("Held. The next exchange is planned.") if session.repeat_weeks else _("Held.")
    return FormPage(
        title=_("Protocol"), form=form, done=words, back=session.get_absolute_url(), draft=key, event=CHANGED,
        save=lambda f: hold_session(
            session, by=request.user, protocol=f.cleaned_data["protocol"], attended=list(f.cleaned_data["attended"]),
            version=f.cleaned_data["version"],
        ),
    ).answer(request)  # fmt: skip


@require_POST
def cancel(request: PageRequest, public_id: Any) -> HttpResponse:
    """It does not take place; a series goes on."""
    session = the_session(request, public_id)
    following = cancel_session(session, by=request.user)
    words = _("Cancelled. The next exchange is planned.") if following else _("Cancelled.")
    return done(request, words, back=session.get_absolute_url(), event=CHANGED)


def the_session(request: PageRequest, public_id: Any) -> ExchangeSession:
    """An exchange that this person may see, else 404."""
    seen = ExchangeSession.objects.visible_to(request.user).select_related("leader", "team")
    return get_object_or_404(seen, public_id=public_id)


def may_lead(user: User, session: ExchangeSession) -> bool:
    """Whether the page offers the steps of the leader."""
    return session.leader_id == user.pk or Scope.ALL in user.scopes(Action.MODERATE_NOTE)
