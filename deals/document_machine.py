"""Approval of a document as one declared table: from, to, who, guard, effect (domain.md §2.9).

`move_document` in services/documents.py is its only user. What the e-document exchange says comes by `set_edo`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from deals.access import may
from deals.enums import Approval, Edo, Queue
from deals.models import Document
from upsell_crm.core.errors import DomainError
from upsell_crm.core.machine import Machine, Move
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role, Scope

S = Approval


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What comes with a move; `now` is its moment, `edo` the answer of the exchange that caused it."""

    today: date
    now: datetime
    comment: str = ""
    has_file: bool = False
    signed_on: date | None = None
    promised_on: date | None = None
    edo: str | None = None


def has_comment(document: Document, facts: DocumentFacts) -> None:
    """Words that say why."""
    if not facts.comment.strip():
        text = _("Write what is wrong, in words.")
        raise DomainError("no_comment", text, {"comment": [text]})


def has_disagreement(document: Document, facts: DocumentFacts) -> None:
    """The client's objections: as a file or as text (§6.5)."""
    if not facts.has_file and not facts.comment.strip():
        text = _("Attach the protocol of disagreements, or write what the client objects to.")
        raise DomainError("no_disagreement", text, {"comment": [text]})


def has_new_version(document: Document, facts: DocumentFacts) -> None:
    """After disagreements the lawyers look at another text: a version that came with the move or since."""
    if not facts.has_file and not document.files.filter(step__left_at=None).exists():
        text = _("Attach the new version of the document.")
        raise DomainError("no_new_version", text, {"file": [text]})


def is_signed(document: Document, facts: DocumentFacts) -> None:
    """The day on which both sides signed, not in the future."""
    if facts.signed_on is None or facts.signed_on > facts.today:
        text = _("Enter the date on which both sides signed: today or earlier.")
        raise DomainError("not_signed", text, {"signed_on": [text]})


def is_sent_back(document: Document, facts: DocumentFacts) -> None:
    """The exchange has refused the signature or asked for a correction (§2.9)."""
    if facts.edo not in (Edo.REJECTED, Edo.CORRECTION):
        raise DomainError("no_refusal", _("A document being signed goes back by an answer of the exchange."))


def send(document: Document, facts: DocumentFacts) -> dict[str, Any]:
    """The first dispatch begins the measured approval."""
    return _promise(facts) | {"first_sent_at": document.first_sent_at or facts.now}


def expect(document: Document, facts: DocumentFacts) -> dict[str, Any]:
    """The client has named a day."""
    return _promise(facts)


def agree(document: Document, facts: DocumentFacts) -> dict[str, Any]:
    """The first agreement ends the measured approval."""
    return {"agreed_at": document.agreed_at or facts.now}


def sign(document: Document, facts: DocumentFacts) -> dict[str, Any]:
    """The day of the signature."""
    return {"signed_on": facts.signed_on}


def _promise(facts: DocumentFacts) -> dict[str, Any]:
    return {"promised_on": facts.promised_on} if facts.promised_on else {}


def is_for_backoffice(document: Document) -> bool:
    """It stands in the queue of BackOffice, so BackOffice checks it (docs/decisions/0032)."""
    return document.queue == Queue.BACKOFFICE


K, C, Y, B, L, H = (frozenset({role}) for role in (
    Role.KAM, Role.CLOSER, Role.LAWYER, Role.BACKOFFICE, Role.LEAD, Role.HEAD,
))  # fmt: skip
_MOVE, _ASK, _SIGN = Action.MOVE_DOCUMENT, Action.REQUEST_DOCUMENT, Action.SET_EDO

MOVES: tuple[Move[Document], ...] = (
    Move(S.DRAFT, S.INTERNAL, _MOVE, K | C),
    Move(S.DRAFT, S.INTERNAL, _ASK, L | H),  # by a request (R90)
    Move(S.INTERNAL, S.READY, _MOVE, Y),
    Move(S.INTERNAL, S.READY, _MOVE, B, when=is_for_backoffice),
    Move(S.INTERNAL, S.REWORK, _MOVE, Y, has_comment),
    Move(S.INTERNAL, S.REWORK, _MOVE, B, has_comment, when=is_for_backoffice),
    Move(S.REWORK, S.INTERNAL, _MOVE, K | C | B),
    Move(S.READY, S.SENT, _MOVE, C | B, effect=send),
    Move(S.SENT, S.CLIENT_REVIEW, _MOVE, C, effect=expect),
    Move(S.CLIENT_REVIEW, S.AGREED, _MOVE, C | B, effect=agree),
    Move(S.CLIENT_REVIEW, S.DISAGREEMENT, _MOVE, C, has_disagreement),
    Move(S.CLIENT_REVIEW, S.REFUSED, _MOVE, C | L | H, has_comment),
    Move(S.DISAGREEMENT, S.INTERNAL, _MOVE, C | Y, has_new_version),
    Move(S.AGREED, S.SIGNING, _MOVE, C | B),
    Move(S.SIGNING, S.SIGNED, _SIGN, B, is_signed, sign),
    Move(S.SIGNING, S.REWORK, _SIGN, B, is_sent_back),
    *(
        Move(source, S.CANCELLED, _MOVE, C | B | L | H, has_comment)
        for source in S
        if source not in (S.SIGNED, S.CANCELLED, S.ANNULLED)
    ),
    Move(S.SIGNED, S.ANNULLED, _SIGN, B, has_comment),
)


def may_on_document(user: User, action: Action, document: Document) -> bool:
    """Whether `user` may do `action` on this document: through its deal, or as it stands in his queue (§3 «q»)."""
    if may(user, action, document.deal):
        return True
    if Scope.QUEUE not in user.scopes(action):
        return False
    return Document.objects.allowing(user, action).filter(pk=document.pk).exists()


MACHINE: Machine[Document] = Machine(MOVES, may_on_document, field="approval")

# Needed words and facts per target, for forms and boards: a move without them is one click.
COMMENTED = (S.REWORK, S.DISAGREEMENT, S.REFUSED, S.CANCELLED, S.ANNULLED)
