"""A note taken to answer an objection: said in the outcome form, or beside an open objection (R80)."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db import transaction

from accounts.enums import InteractionState
from accounts.models import Interaction, Objection
from accounts.services.promises import check_may_log, handle_objection
from trainings.models import KnowledgeNote, NoteUse
from upsell_crm.core import audit
from upsell_crm.core.models import AuditEvent, User

SAID = "note-"  # «note-<public id>» = category of the objection, as the slot of the outcome form names it


def use_said_notes(*, interaction: Interaction, by: User, context: Mapping[str, str]) -> None:
    """Reaction to `interaction_logged`. A note that was hidden meanwhile keeps nobody from saving his outcome."""
    said = said_notes(context)
    if not said or interaction.state == InteractionState.PLANNED or interaction.retracted_at:
        return
    notes = KnowledgeNote.objects.visible_to(by).filter(public_id__in=said).order_by("pk")
    objections = {objection.category: objection for objection in interaction.objections.order_by("-pk")}
    pairs = [(note, objections[said[note.public_id]]) for note in notes if said[note.public_id] in objections]
    _write(pairs, by=by)


def said_notes(context: Mapping[str, str]) -> dict[UUID, str]:
    """Public id of a note → the objection it was taken for."""
    found: dict[UUID, str] = {}
    for name, category in context.items():
        if name.startswith(SAID):
            try:
                found[UUID(name.removeprefix(SAID))] = category
            except ValueError:
                continue
    return found


def answer_objection(
    *, by: User, objection: Objection, notes: Collection[KnowledgeNote], state: str, how: str,
    version: int | None = None,
) -> None:  # fmt: skip
    """Beside an open objection: which notes helped, and how it ended; without words the title of the note says how.

    Raises NotAllowed, Stale, DomainError.
    """
    check_may_log(by, objection.company)
    words = how.strip() or next((note.title for note in notes), objection.handled_how)
    with transaction.atomic():
        if state != objection.state or words != objection.handled_how:
            handle_objection(by=by, objection=objection, state=state, how=words, version=version)
        _write([(note, objection) for note in notes], by=by)


def _write(pairs: Iterable[tuple[KnowledgeNote, Objection]], *, by: User) -> None:
    """Each note once for an objection; the client's history says who took it."""
    known = set(
        NoteUse.objects.filter(objection__in=[pair[1] for pair in pairs]).values_list(
            "note_id", "objection_id"
        )
    )
    fresh = [(note, objection) for note, objection in pairs if (note.pk, objection.pk) not in known]
    NoteUse.objects.bulk_create(
        [NoteUse(note=note, objection=objection, user=by) for note, objection in fresh], ignore_conflicts=True
    )
    AuditEvent.objects.bulk_create(
        audit.build_event("use_note", objection, by=by, company_id=objection.company_id, reason=note.title)
        for note, objection in fresh
    )
