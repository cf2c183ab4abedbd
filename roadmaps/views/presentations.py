"""The presentation for the client: the tab of the strategy, one version, its blocks and words (R53–R58)."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.forms import FormPage, draft_initial
from roadmaps.deck.snapshot import Block, look
from roadmaps.enums import BlockKind
from roadmaps.forms.presentations import BlockForm, PresentationForm
from roadmaps.models import Plan, Presentation
from roadmaps.plan_page import the_plan
from roadmaps.presentation_page import CHANGED, page_of, slides_of, the_latest, the_presentation
from roadmaps.services.presentation_files import check_may_look
from roadmaps.services.presentations import (
    check_is_draft,
    create_presentation,
    edit_block,
    move_block,
    new_version,
    rename_presentation,
)
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest, number_sent

PAGE = "roadmaps/plan_presentation.html"


@require_GET
def plan_presentation(request: PageRequest, public_id: Any) -> HttpResponse:
    """The last version, or how to make the first one."""
    plan = the_plan(request, public_id)
    check_may_look(request.user, plan)
    return render(request, PAGE, page_of(request.user, plan, the_latest(plan)))


@require_GET
def presentation_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """One version."""
    presentation = the_presentation(request, public_id)
    return render(request, PAGE, page_of(request.user, presentation.plan, presentation))


@require_GET
def presentation_print(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slides alone, one a sheet; `?notes=1` with the sources under each."""
    presentation, has_notes = the_presentation(request, public_id), bool(request.GET.get("notes"))
    slides = slides_of(presentation, has_notes=has_notes)
    context = {"presentation": presentation, "slides": slides, "has_notes": has_notes}
    return render(request, "roadmaps/presentation_print.html", context)


@require_POST
def presentation_new(request: PageRequest, public_id: Any) -> HttpResponse:
    """One click: blocks that have something to say are on."""
    plan = the_plan(request, public_id)
    return _once(
        plan, lambda: create_presentation(plan, by=request.user, language=request.POST.get("language", "ru"))
    )


@require_POST
def presentation_version(request: PageRequest, public_id: Any) -> HttpResponse:
    """A new draft with the words of this version and the numbers of today."""
    presentation = the_presentation(request, public_id)
    return _once(presentation.plan, lambda: new_version(presentation, by=request.user))


@require_http_methods(["GET", "POST"])
def presentation_edit(request: PageRequest, public_id: Any) -> HttpResponse:
    """Title and language."""
    presentation = the_presentation(request, public_id)
    check_is_draft(request.user, presentation)
    key = f"deck:{presentation.public_id}"
    form = PresentationForm(request.POST or None, instance=presentation, initial=draft_initial(request, key))
    return FormPage(
        title=_("Title and language"), form=form, company=presentation.plan.deal.company, done=_("Saved."), event=CHANGED,
        back=presentation.get_absolute_url(), record=presentation, draft=key,
        save=lambda f: rename_presentation(presentation, f.values(), by=request.user, version=f.seen_version),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def block_edit(request: PageRequest, public_id: Any, kind: str) -> HttpResponse:
    """The words of a block and which of its lines go to the slide."""
    presentation = the_presentation(request, public_id)
    check_is_draft(request.user, presentation)
    block = _block(presentation, kind)
    key = f"deck:{presentation.public_id}:{kind}"
    typed = draft_initial(request, key)
    form = BlockForm(request.POST or None, block=block, initial={"version": presentation.version, **typed})
    return FormPage(
        title=block.label, form=form, company=presentation.plan.deal.company, done=_("Saved."), event=CHANGED,
        back=presentation.get_absolute_url(), record=presentation, draft=key,
        template="roadmaps/_block_form.html",
        save=lambda f: edit_block(presentation, kind, by=request.user, **f.said),
    ).answer(request)  # fmt: skip


@require_POST
def block_switch(request: PageRequest, public_id: Any, kind: str) -> HttpResponse:
    """On or off."""
    presentation, is_on = the_presentation(request, public_id), request.POST.get("on") == "1"
    return _at_once(
        request, presentation, lambda: edit_block(presentation, kind, by=request.user, is_on=is_on, version=number_sent(request.POST, "version"))
    )  # fmt: skip


@require_POST
def block_move(request: PageRequest, public_id: Any, kind: str) -> HttpResponse:
    """To another place among the slides."""
    presentation, place = the_presentation(request, public_id), number_sent(request.POST, "to") or 0
    return _at_once(
        request, presentation, lambda: move_block(presentation, kind, by=request.user, to=place, version=number_sent(request.POST, "version"))
    )  # fmt: skip


def _at_once(request: PageRequest, presentation: Presentation, save: Callable[[], Any]) -> HttpResponse:
    """A change by one click: the page comes anew, a refusal is a toast and the page as it stands."""
    try:
        save()
    except NotAllowed:
        raise
    except DomainError as problem:
        return done(request, str(problem.message), back=presentation.get_absolute_url(), event=CHANGED)
    return redirect(presentation)


def _once(plan: Plan, make: Callable[[], Presentation]) -> HttpResponse:
    """The second of two clicks opens what the first one has made (faults A3)."""
    try:
        return redirect(make())
    except DomainError as problem:
        latest = the_latest(plan) if problem.code == "in_work" else None
        if latest is None or not clock.is_just_made(latest.created_at):
            raise
        return redirect(latest)


def _block(presentation: Presentation, kind: str) -> Block:
    if kind not in BlockKind.values:
        raise Http404
    return next(block for block in look(presentation, clock.today()).blocks if block.kind == kind)
