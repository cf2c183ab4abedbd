"""Pages of notes: the list with its filters, one note, writing, votes, the lead's choice (R80)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.forms import FormPage, draft_initial
from trainings.forms.experience import NoteFilter, NoteForm, ThanksForm
from trainings.models import KnowledgeNote, Thanks
from trainings.note_queries import shown_to, with_counts
from trainings.services.notes import (
    change_note,
    check_may_change,
    hide_note,
    may_moderate,
    pick_note,
    vote_for_note,
    write_note,
)
from trainings.services.thanks import thank_for_note
from upsell_crm.core.access import require
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

CHANGED = "note:changed"
LATEST = 10  # lines of history on a note


@require_GET
def note_list(request: PageRequest) -> HttpResponse:
    """What the team has learnt: chosen ones first, then the newest."""
    require(request.user, Action.WRITE_NOTE)
    known = with_counts(KnowledgeNote.objects.visible_to(request.user), request.user)
    narrowed = NoteFilter(request.GET, known, by=request.user)
    page = paginate(narrowed.qs, request.GET, order=("-is_pick", "-pk"))
    context = {"filter": narrowed, "page": page, "rows": shown_to(page.rows, request.user)}
    template = "trainings/note_list.html"
    if request.htmx and request.htmx.target == "notes":
        template = "trainings/_note_rows.html"
    return render(request, template, context)


@require_GET
def note_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """One note with its numbers, thanks and history."""
    note = the_note(request, public_id)
    [shown] = shown_to([note], request.user)
    is_mine, moderates = note.author_id == request.user.pk, may_moderate(request.user, note)
    thanks = list(Thanks.objects.filter(note=note).select_related("from_user"))
    context = {
        "shown": shown, "note": note, "is_mine": is_mine, "may_change": is_mine or moderates, "moderates": moderates,
        "thanks": thanks, "has_thanked": any(each.from_user_id == request.user.pk for each in thanks),
        "history": AuditEvent.objects.filter(
            object_type="trainings.knowledgenote", object_id=note.pk, event__in=["write_note", "change_note"]
        )[:LATEST],
    }  # fmt: skip
    return render(request, "trainings/note_detail.html", context)


@require_http_methods(["GET", "POST"])
def create_note(request: PageRequest) -> HttpResponse:
    """A new note; `?objection=` begins an answer to it."""
    require(request.user, Action.WRITE_NOTE)
    key, made = "note", list[KnowledgeNote]()
    begun = {"objection_category": request.GET.get("objection", "")}
    form = NoteForm(
        request.POST or None, by=request.user, instance=KnowledgeNote(author=request.user),
        initial={**begun, **draft_initial(request, key)},
    )  # fmt: skip
    answer = FormPage(
        title=_("New note"), form=form, done=_("Written."), back=reverse("trainings:note_list"), draft=key, event=CHANGED,
        save=lambda f: made.append(
            write_note(by=request.user, may_name=f.cleaned_data["may_name"], **f.values_of_note)
        ),
    ).answer(request)  # fmt: skip
    if not made:
        return answer
    response = done(request, _("Written. The team sees it."), back=made[0].get_absolute_url())
    if request.htmx:
        response["HX-Redirect"] = made[0].get_absolute_url()
    return response


@require_http_methods(["GET", "POST"])
def edit_note(request: PageRequest, public_id: Any) -> HttpResponse:
    """Its author or his lead."""
    note = the_note(request, public_id)
    check_may_change(request.user, note)
    key = f"note-{note.public_id}"
    form = NoteForm(request.POST or None, by=request.user, instance=note, initial=draft_initial(request, key))
    return FormPage(
        title=_("Change the note"), form=form, done=_("Saved."), back=note.get_absolute_url(), draft=key, event=CHANGED,
        record=note,
        save=lambda f: change_note(
            note, f.values_of_note, by=request.user, version=f.seen_version, may_name=f.cleaned_data["may_name"]
        ),
    ).answer(request)  # fmt: skip


@require_POST
def vote(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Полезно», and again to take it back."""
    note = the_note(request, public_id)
    stands = vote_for_note(note, by=request.user)
    words = _("Marked as useful.") if stands else _("The mark is taken back.")
    again = reverse("trainings:vote_for_note", args=[note.public_id])
    return done(request, words, back=note.get_absolute_url(), event=CHANGED, undo=again)


@require_POST
def pick(request: PageRequest, public_id: Any) -> HttpResponse:
    """The lead's choice, and again to take it back."""
    note = the_note(request, public_id)
    pick_note(note, is_pick=not note.is_pick, by=request.user)
    words = _("Chosen: it stands first.") if note.is_pick else _("The choice is taken back.")
    again = reverse("trainings:pick_note", args=[note.public_id])
    return done(request, words, back=note.get_absolute_url(), event=CHANGED, undo=again)


@require_POST
def hide(request: PageRequest, public_id: Any) -> HttpResponse:
    """Out of the list for all but its author and his lead; and again to show it."""
    note = the_note(request, public_id)
    hide_note(note, is_hidden=note.hidden_at is None, by=request.user)
    words = _("Hidden.") if note.hidden_at else _("Shown again.")
    again = reverse("trainings:hide_note", args=[note.public_id])
    return done(request, words, back=note.get_absolute_url(), event=CHANGED, undo=again)


@require_http_methods(["GET", "POST"])
def thank(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Спасибо» to the author."""
    note = the_note(request, public_id)
    return FormPage(
        title=_("Thank %s") % note.author, form=ThanksForm(request.POST or None), submit=_("Say thanks"),
        done=_("The team sees your thanks."), back=note.get_absolute_url(), event=CHANGED,
        save=lambda f: thank_for_note(note, by=request.user, text=f.cleaned_data["text"]),
    ).answer(request)  # fmt: skip


def the_note(request: PageRequest, public_id: Any) -> KnowledgeNote:
    """A note that this person may see, else 404."""
    seen = with_counts(KnowledgeNote.objects.visible_to(request.user), request.user)
    return get_object_or_404(seen, public_id=public_id)
