"""Requests to the lawyers and BackOffice: ask, take, send back for missing data, answer with a file (R90, §6.3)."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.calendar import load_calendar
from deals.access import may
from deals.document_machine import may_on_document
from deals.enums import Approval, Queue, RequestState
from deals.models import Deal, Document, DocumentRequest
from deals.services.documents import create_document, move_document
from deals.services.members import join
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

DUE_BD = 3  # working days that a request has by default: the norm of the internal check (§2.9)
ASKABLE = (Approval.DRAFT, Approval.REWORK, Approval.INTERNAL, Approval.DISAGREEMENT)
ANSWERABLE = (Approval.INTERNAL, Approval.DISAGREEMENT)
QUEUE_ROLES = {Queue.LEGAL: Role.LAWYER, Queue.BACKOFFICE: Role.BACKOFFICE}


def request_document(
    *, by: User, deal: Deal, type: str = "", document: Document | None = None, due_on: date | None = None,
    queue: str = "", comment: str = "", **values: Any,
) -> DocumentRequest:  # fmt: skip
    """Ask for a new document, or for a draft that exists; it is «internal» then, in the queue of its type or the named one.

    `due_on` is a working day, by default three from today. Raises NotAllowed, DomainError.
    """
    if not may(by, Action.REQUEST_DOCUMENT, deal):
        raise NotAllowed("not_allowed", _("You may not request documents of this deal."))
    due = _checked_due(due_on)
    with transaction.atomic():
        if document is None:
            document = create_document(by=by, deal=deal, type=type, due_on=due, **values)
        _check_unasked(document)
        change(document, {"queue": queue or document.queue}, by=by, event="request_document")
        request = DocumentRequest(
            deal=deal, document=document, queue=document.queue, requester=by, due_on=due,
            comment=comment.strip(),
        )  # fmt: skip
        if document.approval in (Approval.DRAFT, Approval.REWORK):
            move_document(document, to=Approval.INTERNAL, by=by, comment=comment)
        create(request, by=by, event="request_document")
    return request


def take_request(
    *, by: User, request: DocumentRequest, version: int | None = None, from_colleague: bool = False
) -> DocumentRequest:
    """Somebody of the queue works on it from now; a lawyer joins the deal, so that he sees its card (decision 0031).

    Taking over from a colleague has to be meant. Raises NotAllowed, IllegalTransition, Stale, DomainError.
    """
    _check_works_in(by, request)
    if request.state == RequestState.TAKEN and request.assignee_id == by.pk:
        return request
    if request.state not in (RequestState.OPEN, RequestState.TAKEN):
        raise IllegalTransition(
            "illegal_transition", _("This request does not wait any more."), current=request.state, allowed=[]
        )
    if request.state == RequestState.TAKEN and not from_colleague:
        raise DomainError("taken", _("%s has taken this request already.") % request.assignee)
    with transaction.atomic():
        values = {"state": RequestState.TAKEN, "assignee": by}
        change(request, values, by=by, event="take_request", version=version)
        change(request.document, {"prepared_by": by}, by=by, event="take_request")
        if request.queue == Queue.LEGAL and not _is_member(by, request.deal):
            join(request.deal, by, Role.LAWYER, by=by)
    return request


def return_request(
    *, by: User, request: DocumentRequest, missing: str, version: int | None = None
) -> DocumentRequest:
    """«Не хватает …»: the document goes to rework with the words. Raises as `move_document`."""
    _check_works_in(by, request)
    move_document(request.document, to=Approval.REWORK, by=by, comment=missing, version=version)
    request.refresh_from_db()
    return request


def answer_request(
    *,
    by: User,
    request: DocumentRequest,
    file: UploadedFile | None,
    comment: str = "",
    version: int | None = None,
) -> DocumentRequest:
    """The prepared file: a new version, and the document is ready to send. Raises as `move_document`.

    Without a new file the last version counts, if there is one.
    """
    _check_works_in(by, request)
    if file is None and not request.document.files.exists():
        text = _("Attach the prepared document.")
        raise DomainError("no_file", text, {"file": [text]})
    document = request.document
    if (
        document.approval == Approval.DISAGREEMENT
    ):  # the answer to a protocol is a new version, checked by its author
        move_document(document, to=Approval.INTERNAL, by=by, comment=comment, file=file, version=version)
        file = version = None
    move_document(document, to=Approval.READY, by=by, comment=comment, file=file, version=version)
    request.refresh_from_db()
    return request


def _check_works_in(by: User, request: DocumentRequest) -> None:
    is_of_queue = by.has_role(QUEUE_ROLES[Queue(request.queue)])
    if not (is_of_queue and may_on_document(by, Action.MOVE_DOCUMENT, request.document)):
        raise NotAllowed("not_allowed", _("You do not work in the queue of this request."))


def _checked_due(due_on: date | None) -> date:
    calendar = load_calendar()
    if due_on is None:
        return calendar.add(clock.today(), DUE_BD)
    text = ""
    if due_on < clock.today():
        text = _("The date has passed: choose today or later.")
    elif not calendar.is_working(due_on):
        text = _("This is a day off: choose a working day.")
    if text:
        raise DomainError("due", text, {"due_on": [text]})
    return due_on


def _check_unasked(document: Document) -> None:
    if DocumentRequest.objects.waiting().filter(document=document).exists():
        raise DomainError("asked", _("This document has been requested already."))
    if document.approval not in ASKABLE:
        raise DomainError("prepared", _("This document has been prepared already."))


def _is_member(by: User, deal: Deal) -> bool:
    return deal.members.active_on(clock.today()).filter(user=by, role=Role.LAWYER).exists()
