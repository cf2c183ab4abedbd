"""Documents of a deal: entering them, their approval, what the e-document exchange says (domain.md §2.9, R90)."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Contract
from deals.access import may
from deals.document_machine import MACHINE, DocumentFacts, may_on_document
from deals.enums import BACKOFFICE_PAPERS, CONTRACT_LIKE, Approval, DealStage, Edo, Queue
from deals.models import Deal, Document, DocumentStep
from deals.services.document_files import check_file, store_version
from deals.services.measurements import measure_approval
from deals.services.ranked import announce_facts
from deals.services.request_states import requests_follow
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.machine import Move
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action, Role

EDITABLE = frozenset(
    {"number", "dated_on", "amount", "vat", "contract", "closer", "due_on", "promised_on", "paid_on"}
)


def create_document(
    *, by: User, deal: Deal, type: str, contract: Contract | None = None, package: str = "", **values: Any
) -> Document:
    """A draft of a document in a deal; its closer is the deal's one. Raises NotAllowed, DomainError."""
    check_may_prepare(by, deal)
    if unknown := set(values) - EDITABLE:
        raise ValueError(f"create_document does not know {sorted(unknown)}")
    values.setdefault("closer", _closer_of(deal))
    document = Document(
        deal=deal,
        type=type,
        contract=contract,
        package=package,
        queue=queue_of(type),
        approval_since=clock.now(),
        **values,
    )
    _check_contract(document, contract)
    with transaction.atomic():
        create(document, by=by, event="create_document")
        DocumentStep.objects.create(
            document=document, approval=document.approval, entered_at=document.approval_since, by=by
        )
    return document


def queue_of(type: str) -> str:
    """Who prepares documents of this type (§2.10); a request may say otherwise."""
    return Queue.BACKOFFICE if type in BACKOFFICE_PAPERS else Queue.LEGAL


def update_document(
    document: Document, values: dict[str, Any], *, by: User, version: int | None = None
) -> dict[str, Any]:
    """Change number, sums, dates, contract or closer, never a state. Raises NotAllowed, Stale, DomainError."""
    if unknown := set(values) - EDITABLE:
        raise ValueError(f"update_document does not change {sorted(unknown)}")
    if not may_on_document(by, Action.MOVE_DOCUMENT, document):
        raise NotAllowed("not_allowed", _("You may not change this document."))
    _check_contract(document, values.get("contract"))
    return change(document, values, by=by, event="update_document", version=version)


def move_document(
    document: Document, *, to: str, by: User, comment: str = "", file: UploadedFile | None = None,
    signed_on: date | None = None, promised_on: date | None = None, version: int | None = None,
) -> Document:  # fmt: skip
    """Move a document along the table of §2.9: the present step closes, the next one opens, requests follow.

    A file becomes a new version first. Raises IllegalTransition, NotAllowed, Stale, DomainError.
    """
    move = MACHINE.move_to(document, to, by=by)
    facts = DocumentFacts(
        today=clock.today(), now=max(clock.now(), document.approval_since), comment=comment,
        has_file=file is not None, signed_on=signed_on, promised_on=promised_on,
    )  # fmt: skip
    if file is not None:
        check_file(file)
    return _moved(document, move, facts, by=by, file=file, version=version)


def set_edo(
    document: Document, *, edo: str, by: User, comment: str = "", signed_on: date | None = None,
    version: int | None = None,
) -> Document:  # fmt: skip
    """Enter what the exchange says; only on a document being signed does it move the approval (§2.9).

    signed → signed; rejected or correction → rework. In any other state a line of `edo_flag` is raised.
    Raises NotAllowed, Stale, DomainError.
    """
    if not may_on_document(by, Action.SET_EDO, document):
        raise NotAllowed("not_allowed", _("Only BackOffice enters what the e-document exchange says."))
    if edo not in Edo.values:
        text = _("There is no such state of the exchange.")
        raise DomainError("edo", text, {"edo": [text]})
    target = _EFFECTS.get(edo) if document.approval == Approval.SIGNING else None
    if target is None:
        flag = _flag(document, edo)
        return _marked(document, {"edo": edo, "edo_flag": flag}, by=by, comment=comment, version=version)
    words = comment.strip() or str(Edo(edo).label)
    facts = DocumentFacts(
        clock.today(), max(clock.now(), document.approval_since), words, signed_on=signed_on, edo=edo
    )
    move = MACHINE.move_to(document, target, by=by)
    return _moved(document, move, facts, by=by, version=version, extra={"edo": edo, "edo_flag": ""})


_EFFECTS: dict[str, Approval] = {
    Edo.SIGNED: Approval.SIGNED,
    Edo.REJECTED: Approval.REWORK,
    Edo.CORRECTION: Approval.REWORK,
}
_EXPECTED = (Edo.NONE, Edo.DRAFT, Edo.SENT_WAIT)  # tell nothing that contradicts the approval


def check_may_prepare(by: User, deal: Deal) -> None:
    """Whoever asks for documents of the deal or moves them, while the deal is not lost; raises NotAllowed, DomainError."""
    if not (may(by, Action.REQUEST_DOCUMENT, deal) or may(by, Action.MOVE_DOCUMENT, deal)):
        raise NotAllowed("not_allowed", _("You may not prepare documents of this deal."))
    if deal.stage == DealStage.LOST:
        raise DomainError("lost", _("The deal is lost: it gets no new documents."))


def _moved(
    document: Document, move: Move[Document], facts: DocumentFacts, *, by: User,
    file: UploadedFile | None = None, version: int | None = None, extra: dict[str, Any] | None = None,
) -> Document:  # fmt: skip
    move.guard(document, facts)
    values = {
        "approval": move.target,
        "approval_since": facts.now,
        **move.effect(document, facts),
        **(extra or {}),
    }
    old, is_agreed_first = document.approval, move.target == Approval.AGREED and document.agreed_at is None
    with transaction.atomic():
        change(document, values, by=by, event="move_document", version=version, reason=facts.comment.strip())
        if file is not None:
            store_version(document, file, facts.comment, by=by)
        document.steps.filter(left_at=None).update(left_at=facts.now)
        DocumentStep.objects.create(
            document=document,
            approval=move.target,
            entered_at=facts.now,
            by=by,
            comment=facts.comment.strip(),
        )
        requests_follow(document, move.target, facts.comment, by=by)
        if is_agreed_first and document.type in CONTRACT_LIKE:
            measure_approval(document)
        announce("document_moved", document=document, old=old, new=move.target, by=by)
        announce_facts(document.deal)
    return document


def _marked(
    document: Document, values: dict[str, Any], *, by: User, comment: str, version: int | None
) -> Document:
    with transaction.atomic():
        change(document, values, by=by, event="set_edo", version=version, reason=comment.strip())
        announce_facts(document.deal)
    return document


def _flag(document: Document, edo: str) -> str:
    """What to look into: the exchange says something that the approval does not know of."""
    if edo in _EXPECTED or (edo == Edo.SIGNED and document.approval == Approval.SIGNED):
        return ""
    state = document.get_approval_display()
    return _("The exchange says «%(edo)s», while the document is «%(state)s».") % {
        "edo": Edo(edo).label, "state": state,
    }  # fmt: skip


def _check_contract(document: Document, contract: Contract | None) -> None:
    """A contract of the deal's client or of its holding."""
    if contract is None:
        return
    company = document.deal.company
    group = {company.pk, company.head_id or company.pk}
    if not {contract.company_id, contract.company.head_id} & group:
        text = _("This contract belongs to another client.")
        raise DomainError("other_company", text, {"contract": [text]})


def _closer_of(deal: Deal) -> User | None:
    member = (
        deal.members.active_on(clock.today())
        .filter(role=Role.CLOSER)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    return member.user if member else None
