"""The moves of documents as people see them: labels, what a move has to be told, the buttons of many cards at once."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from deals.document_machine import COMMENTED, MACHINE
from deals.enums import Approval, RequestState
from deals.models import Document
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope

S = Approval
LABELS: dict[str, Callable[[], str]] = {
    S.INTERNAL: lambda: _("Pass to the check"),
    S.READY: lambda: _("Ready to send"),
    S.REWORK: lambda: _("Return for rework"),
    S.SENT: lambda: _("Sent to the client"),
    S.CLIENT_REVIEW: lambda: _("With the client"),
    S.AGREED: lambda: _("The client has agreed"),
    S.DISAGREEMENT: lambda: pgettext("approval", "Protocol of disagreements"),
    S.REFUSED: lambda: _("The client has refused"),
    S.SIGNING: lambda: _("Pass to signing"),
    S.SIGNED: lambda: _("Signed by both sides"),
    S.CANCELLED: lambda: _("Cancel the document"),
    S.ANNULLED: lambda: _("Annul by agreement"),
}
DANGEROUS = (S.REFUSED, S.CANCELLED, S.ANNULLED)
_MACHINE_ACTIONS = (Action.MOVE_DOCUMENT, Action.REQUEST_DOCUMENT, Action.SET_EDO)


@dataclass(frozen=True, slots=True)
class MoveButton:
    """One allowed move of one document; a quick one needs no words, so one click makes it."""

    target: str
    label: str
    url: str
    is_quick: bool
    is_danger: bool


def needs_facts(source: str, target: str) -> bool:
    """Whether the move has to be told something: a reason, a file, a date."""
    return target in (*COMMENTED, S.SIGNED) or (source, target) == (S.DISAGREEMENT, S.INTERNAL)


def is_by_exchange(source: str, target: str) -> bool:
    """Only an answer of the exchange makes this move: no button offers it."""
    return (source, target) == (S.SIGNING, S.REWORK)


def with_rights(documents: QuerySet[Document], user: User) -> QuerySet[Document]:
    """Annotates each document with whether this person may move, request and sign it: no statement per row."""
    return documents.annotate(**{f"may_{action}": _reach(user, action) for action in _MACHINE_ACTIONS})


def has_right(document: Document, action: Action) -> bool:
    """What `with_rights` has found."""
    return bool(getattr(document, f"may_{action}"))


def move_buttons(user: User, document: Document) -> list[MoveButton]:
    """The moves that this person may make; the document comes `with_rights`."""
    found: dict[str, MoveButton] = {}
    for move in MACHINE.moves_from(document):
        source, target = document.approval, str(move.target)
        is_mine = bool(move.roles & user.role_codes) and has_right(document, move.action)
        if is_mine and not is_by_exchange(source, target):
            url = reverse("deals:move_document", args=[document.public_id, target])
            found[target] = MoveButton(
                target, LABELS[target](), url, not needs_facts(source, target), target in DANGEROUS
            )
    return list(found.values())


def _reach(user: User, action: Action) -> Exists | Value:
    scopes = user.scopes(action)
    if not scopes or Scope.ALL in scopes:
        return Value(bool(scopes))
    return Exists(Document.objects.allowing(user, action).filter(pk=OuterRef("pk")))


def request_tone(state: str) -> str:
    """The colour of a request's state."""
    return {
        RequestState.OPEN: "accent", RequestState.TAKEN: "info", RequestState.RETURNED: "warn", RequestState.DONE: "good",
    }.get(RequestState(state), "")  # fmt: skip


def approval_tone(approval: str) -> str:
    """The colour of a state of approval."""
    if approval in (S.AGREED, S.SIGNED, S.READY):
        return "good"
    if approval in (S.REFUSED, S.CANCELLED, S.ANNULLED):
        return "bad"
    if approval in (S.REWORK, S.DISAGREEMENT):
        return "warn"
    return "" if approval == S.DRAFT else "info"
