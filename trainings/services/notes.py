"""Notes of experience: written, corrected, found useful, chosen and hidden by a lead (R80)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from trainings.client_names import clients_named_in
from trainings.models import KnowledgeNote, NoteVote
from upsell_crm.core import audit, clock
from upsell_crm.core.access import require
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope

FIELDS = frozenset({"kind", "title", "body", "tags", "objection_category", "product", "industry", "company"})
MOST_NAMED = 3  # clients that a warning repeats


def write_note(*, by: User, may_name: bool = False, **values: Any) -> KnowledgeNote:
    """A note for the whole team. A text that names a client is refused once: `may_name` = the author means it.

    Raises NotAllowed, DomainError.
    """
    require(by, Action.WRITE_NOTE)
    _check_fields(values)
    _check_names(by, values, may_name)
    return create(KnowledgeNote(author=by, **values), by=by, event="write_note")


def change_note(
    note: KnowledgeNote,
    values: dict[str, Any],
    *,
    by: User,
    version: int | None = None,
    may_name: bool = False,
) -> None:
    """The author or his lead corrects it; the history keeps what stood there. Raises NotAllowed, Stale, DomainError."""
    check_may_change(by, note)
    _check_fields(values)
    _check_names(by, values, may_name)
    change(note, {**values, **_search(note, values)}, by=by, event="change_note", version=version)


def pick_note(note: KnowledgeNote, *, is_pick: bool, by: User) -> None:
    """The lead's choice stands before other notes; the same again changes nothing."""
    check_may_moderate(by, note)
    values = {"is_pick": is_pick, "picked_by": by if is_pick else None}
    change(note, values, by=by, event="pick_note" if is_pick else "unpick_note")


def hide_note(note: KnowledgeNote, *, is_hidden: bool, by: User, reason: str = "") -> None:
    """Nobody finds it any more but its author and his lead; and back again."""
    check_may_moderate(by, note)
    if is_hidden == bool(note.hidden_at):
        return
    values = {"hidden_at": clock.now() if is_hidden else None}
    change(note, values, by=by, event="hide_note" if is_hidden else "show_note", reason=reason.strip())


def vote_for_note(note: KnowledgeNote, *, by: User) -> bool:
    """«Полезно», or taken back when it was said before; returns whether it stands now."""
    require(by, Action.WRITE_NOTE)
    if note.author_id == by.pk:
        raise DomainError("own_note", _("Colleagues say whether your note is useful."))
    with transaction.atomic():
        _vote, is_new = NoteVote.objects.get_or_create(note=note, user=by)
        if not is_new:
            NoteVote.objects.filter(note=note, user=by).delete()
        audit.record("vote_for_note" if is_new else "take_vote_back", note, by=by)
    return is_new


def check_may_change(by: User, note: KnowledgeNote) -> None:
    """Raises NotAllowed for anybody but the author and who moderates him."""
    if note.author_id != by.pk and not may_moderate(by, note):
        raise NotAllowed("not_author", _("Only the author and his lead change a note."))


def check_may_moderate(by: User, note: KnowledgeNote) -> None:
    """Raises NotAllowed for who does not lead the author."""
    if not may_moderate(by, note):
        raise NotAllowed("moderate_note", _("Only the lead of the author chooses and hides notes."))


def may_moderate(user: User, note: KnowledgeNote) -> bool:
    """The head for everybody, a lead for his team (§3)."""
    scopes = user.scopes(Action.MODERATE_NOTE)
    if Scope.ALL in scopes:
        return True
    return Scope.TEAM in scopes and bool(user.team_id) and note.author.team_id == user.team_id


def _search(note: KnowledgeNote, values: dict[str, Any]) -> dict[str, str]:
    """The search column follows; `change` writes columns, not the whole record."""
    return {"search_text": note.search_words(**values)}


def _check_fields(values: dict[str, Any]) -> None:
    if unknown := values.keys() - FIELDS:
        raise ValueError(f"a note has no {sorted(unknown)} to fill in")


def _check_names(by: User, values: dict[str, Any], may_name: bool) -> None:
    if may_name:
        return
    named = clients_named_in(f"{values.get('title', '')}\n{values.get('body', '')}", by)
    if named:
        names = ", ".join(str(company) for company in named[:MOST_NAMED])
        text = (
            _(
                "The text names a client: %s. Everybody will read it. Take the name out, or say that it may stay."
            )
            % names
        )
        raise DomainError("names_client", text, {"may_name": [text]})
