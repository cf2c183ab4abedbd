"""The audience of one activity: marks by ticks or by a list, the way back, a file (R88, R89)."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Contact
from accounts.outcome_defaults import uuid_or_none
from accounts.views.forms import FormPage, draft_initial
from trainings.enums import TouchState
from trainings.forms.marketing import ListForm
from trainings.models import MarketingActivity
from trainings.services.attendance import Marked, mark_list, mark_people
from trainings.services.audiences import clear_audience
from trainings.services.segment_export import export_audience
from trainings.views.activities import CHANGED, the_activity
from trainings.views.segments import file_answer
from upsell_crm.core.access import require
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action


@require_POST
def clear(request: PageRequest, public_id: Any) -> HttpResponse:
    """Nobody is invited any more; `?since=` is the undo of one segment."""
    activity = the_activity(request, public_id)
    since = request.GET.get("since", "")
    moment = datetime.fromtimestamp(float(since), UTC) if _is_number(since) else None
    number = clear_audience(activity, by=request.user, since=moment)
    return done(request, _("Out of the list: %d.") % number, back=activity.get_absolute_url(), event=CHANGED)


@require_POST
def mark(request: PageRequest, public_id: Any) -> HttpResponse:
    """Ticked people came, opened or want no letters; the undo invites them again."""
    activity = the_activity(request, public_id)
    said = request.POST if "state" in request.POST else request.GET
    chosen = [found for text in said.getlist("contact") if (found := uuid_or_none(text))]
    contacts = dict(Contact.objects.filter(public_id__in=chosen).values_list("pk", "public_id"))
    state = said.get("state", "")
    number = mark_people(activity, contacts.keys(), state=state, by=request.user)
    undo = ""
    if state in (TouchState.ATTENDED, TouchState.OPENED):
        back = urlencode({"state": TouchState.INVITED.value, "contact": list(contacts.values())}, doseq=True)
        undo = f"{reverse('trainings:mark_touches', args=[activity.public_id])}?{back}"
    words = _("Marked: %d.") % number if number else _("Tick people in the list first.")
    return done(request, words, back=activity.get_absolute_url(), event=CHANGED, undo=undo if number else "")


@require_http_methods(["GET", "POST"])
def mark_by_list(request: PageRequest, public_id: Any) -> HttpResponse:
    """A pasted or uploaded list; names that nobody bears stay in the form."""
    activity = the_activity(request, public_id)
    require(request.user, Action.RUN_MARKETING)
    results: list[Marked] = []
    key = f"activity-list-{activity.public_id}"
    form = ListForm(
        request.POST or None, request.FILES or None, activity=activity, initial=draft_initial(request, key)
    )  # fmt: skip

    def save(valid: ListForm) -> None:
        data = valid.cleaned_data
        results.append(mark_list(activity, data["lines"], state=data["state"], by=request.user))

    answer = FormPage(
        title=_("Mark by a list"), form=form, save=save, done=_("Marked."), back=activity.get_absolute_url(), draft=key,
        event=CHANGED, submit=_("Mark"),
    ).answer(request)  # fmt: skip
    if not results:
        return answer
    if rest := [*results[0].unknown, *results[0].ambiguous]:
        return _ask_again(request, activity, results[0], rest)
    back = activity.get_absolute_url()
    return done(request, _marked_words(results[0]), back=back, event=CHANGED)


@require_POST
def export(request: PageRequest, public_id: Any) -> HttpResponseBase:
    """The audience as a file, less those who may not be written to by now."""
    activity = the_activity(request, public_id)
    return file_answer(
        export_audience(activity, by=request.user, file_format=request.POST.get("format", "xlsx"))
    )  # fmt: skip


def _marked_words(result: Marked) -> str:
    words = _("Marked: %d.") % result.marked
    if result.walk_ins:
        words += " " + _("Came uninvited: %d.") % result.walk_ins
    return words


def _ask_again(
    request: PageRequest, activity: MarketingActivity, result: Marked, rest: list[str]
) -> HttpResponse:
    """The lines that mean nobody or several people stay in the form, to be corrected or left."""
    words = [_marked_words(result)]
    if result.unknown:
        words.append(_("Nobody found: %d.") % len(result.unknown))
    if result.ambiguous:
        words.append(_("Several people fit: %d. Add the company or the e-mail.") % len(result.ambiguous))
    initial = {"text": "\n".join(rest), "state": request.POST.get("state", "")}
    form = ListForm(activity=activity, initial=initial)
    page = FormPage(
        title=_("Mark by a list"), form=form, save=lambda _form: None, done="", back=activity.get_absolute_url(),
        hint=" ".join(words), submit=_("Mark"),
    )  # fmt: skip
    template = "accounts/form_panel.html" if request.htmx else "accounts/form_page.html"
    response = render(request, template, {"page": page, "form": form, "is_restored": False})
    response["HX-Trigger"] = json.dumps({CHANGED: {}})
    return response


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
