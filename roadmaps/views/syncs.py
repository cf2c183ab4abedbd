"""Syncs of a strategy: the list, one of them with its agenda, its forms and its protocol (R51, R52)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.forms import FormPage, draft_initial
from roadmaps.agenda import SyncOutlook, agenda_of, is_empty
from roadmaps.forms.protocol import ProtocolForm
from roadmaps.forms.syncs import NotesForm, SyncForm, SyncReasonForm
from roadmaps.models import Plan, Sync
from roadmaps.plan_page import CHANGED, frame, the_plan
from roadmaps.services.plans import check_may_edit
from roadmaps.services.protocol import hold_sync
from roadmaps.services.syncs import (
    cancel_sync,
    correct_notes,
    move_sync,
    participants_of,
    plan_sync,
    sync_at_once,
)
from roadmaps.sync_page import agenda_now, agenda_shown, begins_now, first_time, the_sync, told_for
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action


@require_GET
def plan_syncs(request: PageRequest, public_id: Any) -> HttpResponse:
    """What has piled up for the next sync, those ahead and those held."""
    plan = the_plan(request, public_id)
    read = SyncOutlook(plan, clock.today())
    context, syncs = frame(request.user, plan, "plan_syncs", read), read.syncs
    ahead = [sync for sync in reversed(syncs) if sync.is_planned]
    agenda = agenda_of(plan, ahead[0] if ahead else None, clock.today(), read) if plan.is_open else {}
    context |= {
        "syncs": syncs, "ahead": ahead, "may_edit": context["rights"][Action.EDIT_PLAN],
        "agenda": agenda_shown(agenda, told_for(agenda, read)), "is_empty": is_empty(agenda), "upcoming": ahead[0] if ahead else None,
    }  # fmt: skip
    return render(request, "roadmaps/plan_syncs.html", context)


@require_GET
def sync_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """One sync: agenda (frozen when it was held), protocol, decisions, what changed in the plan."""
    sync = the_sync(request, public_id)
    plan = sync.plan
    read = SyncOutlook(plan, clock.today())
    context, agenda = frame(request.user, plan, "plan_syncs", read), agenda_now(sync, clock.today(), read)
    decided = [sync.revision.number] if sync.revision else []
    told = told_for(agenda, read, *decided)
    context |= {
        "sync": sync, "agenda": agenda_shown(agenda, told), "may_edit": context["rights"][Action.EDIT_PLAN],
        "is_empty": is_empty(agenda), "people": sync.interaction.our_people.select_related("user"),
        "decisions": sync.decisions.select_related("task__task"), "told": [told[number] for number in decided],
    }  # fmt: skip
    return render(request, "roadmaps/sync_detail.html", context)


@require_http_methods(["GET", "POST"])
def new_sync(request: PageRequest, public_id: Any) -> HttpResponse:
    """Into the calendar of everybody who comes."""
    plan = the_plan(request, public_id)
    check_may_edit(request.user, plan)
    key = f"sync:{plan.public_id}"
    initial = {
        "starts_at": timezone.localtime(first_time(plan, clock.today(), clock.now())), "duration_min": 60,
        "participants": [person.pk for person in participants_of(plan)], **draft_initial(request, key),
    }  # fmt: skip
    return FormPage(
        title=_("Plan a sync"), form=SyncForm(request.POST or None, plan=plan, initial=initial), company=plan.deal.company,
        done=_("The sync stands in the calendar of everybody who comes."), back=_list_url(plan), submit=_("Plan"),
        draft=key, event=CHANGED, save=lambda f: plan_sync(plan, by=request.user, **f.values),
    ).answer(request)  # fmt: skip


@require_POST
def sync_now(request: PageRequest, public_id: Any) -> HttpResponse:
    """The group has met already: a sync of this hour, straight to its protocol."""
    plan = the_plan(request, public_id)
    check_may_edit(request.user, plan)
    sync = sync_at_once(plan, by=request.user, starts_at=begins_now(clock.now()))
    return redirect("roadmaps:sync_protocol", sync.public_id)


@require_http_methods(["GET", "POST"])
def edit_sync(request: PageRequest, public_id: Any) -> HttpResponse:
    """Another time or circle."""
    sync = the_sync(request, public_id)
    check_may_edit(request.user, sync.plan)
    meeting = sync.interaction
    key = f"move-sync:{sync.public_id}"
    initial = {
        "version": meeting.version, "starts_at": timezone.localtime(meeting.starts_at), "duration_min": meeting.duration_min,
        "participants": list(meeting.our_people.values_list("user", flat=True)), **draft_initial(request, key),
    }  # fmt: skip
    form = SyncForm(request.POST or None, plan=sync.plan, sync=sync, initial=initial)
    return FormPage(
        title=_("Move the sync"), form=form, company=sync.plan.deal.company, done=_("Saved."), draft=key, event=CHANGED,
        back=sync.get_absolute_url(), record=sync.interaction,
        save=lambda f: move_sync(sync, by=request.user, version=f.cleaned_data["version"], **f.values),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def drop_sync(request: PageRequest, public_id: Any) -> HttpResponse:
    """It does not take place."""
    sync = the_sync(request, public_id)
    check_may_edit(request.user, sync.plan)
    key = f"cancel-sync:{sync.public_id}"
    initial = {"version": sync.interaction.version, **draft_initial(request, key)}
    return FormPage(
        title=_("Call the sync off"), form=SyncReasonForm(request.POST or None, initial=initial), danger=True, draft=key,
        company=sync.plan.deal.company, done=_("The sync is called off."), back=sync.get_absolute_url(), event=CHANGED,
        submit=_("Call off"), record=sync.interaction, save=lambda f: cancel_sync(sync, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def sync_notes(request: PageRequest, public_id: Any) -> HttpResponse:
    """Other words of the protocol; the history keeps who and what."""
    sync = the_sync(request, public_id)
    check_may_edit(request.user, sync.plan)
    key = f"sync-notes:{sync.public_id}"
    form = NotesForm(request.POST or None, instance=sync, initial=draft_initial(request, key))
    return FormPage(
        title=_("Correct the notes"), form=form, company=sync.plan.deal.company, done=_("Saved."), draft=key, event=CHANGED,
        back=sync.get_absolute_url(), record=sync,
        save=lambda f: correct_notes(sync, by=request.user, version=f.seen_version, **f.values()),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def sync_protocol(request: PageRequest, public_id: Any) -> HttpResponse:
    """The protocol in one form: one save, one revision."""
    sync = the_sync(request, public_id)
    check_may_edit(request.user, sync.plan)
    if not sync.is_planned and (request.method == "GET" or sync.updated_by_id == request.user.pk):
        return redirect(sync.get_absolute_url())  # the words of another person come back with the refusal
    key = f"protocol:{sync.public_id}"
    read = SyncOutlook(sync.plan, clock.today())
    agenda = agenda_of(sync.plan, sync, clock.today(), read)
    typed = request.POST.dict() | _ticks(request) if "more" in request.POST else draft_initial(request, key)
    data = (
        None if "more" in request.POST else request.POST or None
    )  # more rows: nothing is saved, nothing is lost
    form = ProtocolForm(data, sync=sync, agenda=agenda, typed=typed, read=read)

    def save(filled: ProtocolForm) -> None:
        try:
            hold_sync(sync, filled.said, by=request.user, version=filled.cleaned_data["version"])
        except (NotAllowed, Stale):
            raise
        except DomainError as problem:
            filled.place(problem)
            raise

    page = ProtocolPage(
        title=_("Sync № %(n)s: protocol") % {"n": sync.number}, form=form, company=sync.plan.deal.company, draft=key,
        done=_("The protocol is kept; the plan is up to date."), back=sync.get_absolute_url(), event=CHANGED,
        record=sync.plan, save=save,
        template="roadmaps/_protocol_form.html", page="roadmaps/sync_protocol.html", sync=sync,
        agenda=agenda_shown(agenda, told_for(agenda, read)),
    )  # fmt: skip
    return page.answer(request)


class ProtocolPage(FormPage):
    """The form with its sync and agenda at hand."""

    def __init__(self, *, sync: Sync, agenda: dict[str, Any], **words: Any) -> None:
        super().__init__(**words)
        self.sync, self.agenda = sync, agenda


def _ticks(request: PageRequest) -> dict[str, Any]:
    """Fields with several values."""
    return {name: request.POST.getlist(name) for name in ("attended", "heard") if name in request.POST}


def _list_url(plan: Plan) -> str:
    return f"/plans/{plan.public_id}/syncs/"
