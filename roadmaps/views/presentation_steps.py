"""Steps of a presentation, its files and logos (R53, R58)."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.forms import FormPage, draft_initial
from roadmaps.enums import PresentationState
from roadmaps.forms.presentations import FreezeForm, LogoForm, ReturnForm, ShownForm
from roadmaps.plan_page import the_plan
from roadmaps.presentation_machine import MACHINE
from roadmaps.presentation_page import CHANGED, files_of, the_presentation
from roadmaps.services.logos import may_set_logo, remove_logo, save_logo
from roadmaps.services.presentation_files import PDF, PPTX, give_out, name_of, request_file
from roadmaps.services.presentation_moves import move_presentation
from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest

S = PresentationState
FORMS: dict[str, Any] = {S.REVIEW: FreezeForm, S.DRAFT: ReturnForm, S.READY: FreezeForm, S.SHOWN: ShownForm}


@require_http_methods(["GET", "POST"])
def presentation_move(request: PageRequest, public_id: Any, to: str) -> HttpResponse:
    """To the lead, back, ready, shown: each with what it needs to know."""
    if to not in FORMS:
        raise Http404
    presentation = the_presentation(request, public_id)
    MACHINE.move_to(presentation, to, by=request.user)
    key = f"move_presentation:{presentation.public_id}:{to}"
    initial = {"version": presentation.version, **draft_initial(request, key)}
    form = FORMS[to](request.POST or None, presentation=presentation, initial=initial)
    return FormPage(
        form=form, company=presentation.plan.deal.company, back=presentation.get_absolute_url(), event=CHANGED, draft=key,
        record=presentation, **_words(to),
        save=lambda f: move_presentation(presentation, to=to, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


def _words(to: str) -> dict[str, Any]:
    words: dict[str, dict[str, Any]] = {
        S.REVIEW: {
            "title": _("Hand the presentation in"), "submit": _("To the lead"), "done": _("The lead has it."),
            "hint": _("While the lead reads it, nothing is changed."),
        },
        S.DRAFT: {
            "title": _("Back to work"), "submit": _("Back to work"), "done": _("The presentation is a draft again."),
        },
        S.READY: {
            "title": _("Make the presentation ready"), "submit": _("Freeze the numbers"),
            "done": _("The presentation is ready, its file is being written."),
            "hint": _("The numbers of today are kept with their sources, and this version never changes again."),
        },
        S.SHOWN: {
            "title": _("Shown to the client"), "submit": _("Shown"), "done": _("Noted: the client has seen it."),
        },
    }  # fmt: skip
    return words[S(to)]


@require_GET
def presentation_files(request: PageRequest, public_id: Any) -> HttpResponse:
    """How far the files are; the page asks until they are ready."""
    presentation = the_presentation(request, public_id)
    context = {"presentation": presentation, **files_of(presentation)}
    return render(request, "roadmaps/_presentation_files.html", context)


@require_POST
def presentation_request(request: PageRequest, public_id: Any, kind: str) -> HttpResponse:
    """Ask for the file in a format."""
    presentation = the_presentation(request, public_id)
    request_file(presentation, by=request.user, file_format=_format(kind))
    if request.htmx:
        return redirect("roadmaps:presentation_files", presentation.public_id)
    return redirect(presentation)


@require_GET
def presentation_file(request: PageRequest, public_id: Any, kind: str) -> FileResponse:
    """The file as a download, logged."""
    presentation = the_presentation(request, public_id)
    content = give_out(presentation, by=request.user, file_format=_format(kind))
    return FileResponse(
        content,
        as_attachment=True,
        filename=name_of(presentation, kind),
        content_type="application/octet-stream",
    )


@require_http_methods(["GET", "POST"])
def logo_edit(request: PageRequest, public_id: Any, whose: str) -> HttpResponse:
    """A picture for the slides: `whose` is «client» or «ours»."""
    plan = the_plan(request, public_id)
    is_ours = _is_ours(whose)
    if not may_set_logo(request.user, plan.deal, is_ours=is_ours):
        raise NotAllowed("not_allowed", _("You may not change this logo."))
    form = LogoForm(request.POST or None, request.FILES or None)
    return FormPage(
        title=_("Our logo") if is_ours else _("Logo of the client"), form=form, company=plan.deal.company,
        done=_("The logo is on the slides."), event=CHANGED, back=reverse("roadmaps:plan_presentation", args=[plan.public_id]),
        save=lambda f: save_logo(f.cleaned_data["file"], by=request.user, deal=plan.deal, is_ours=is_ours),
    ).answer(request)  # fmt: skip


@require_POST
def logo_remove(request: PageRequest, public_id: Any, whose: str) -> HttpResponse:
    """Slides go without it."""
    plan = the_plan(request, public_id)
    remove_logo(by=request.user, deal=plan.deal, is_ours=_is_ours(whose))
    back = reverse("roadmaps:plan_presentation", args=[plan.public_id])
    return done(request, _("The logo is removed."), back=back, event=CHANGED)


def _is_ours(whose: str) -> bool:
    if whose not in ("ours", "client"):
        raise Http404
    return whose == "ours"


def _format(kind: str) -> str:
    if kind not in (PPTX, PDF):
        raise Http404
    return kind
