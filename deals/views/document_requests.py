"""One request: its data beside the list, and the three answers to it (§6.3: take, return, file with a state)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from deals.document_machine import may_on_document
from deals.document_moves import request_tone
from deals.document_needs import needs_of
from deals.document_queries import with_needs
from deals.enums import Approval, Queue, RequestState
from deals.models import DocumentRequest
from deals.services.document_requests import (
    ANSWERABLE,
    QUEUE_ROLES,
    answer_request,
    return_request,
    take_request,
)
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

EVENT = "document:changed"


@require_GET
def request_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """What is needed, what is missing, and the buttons; a fragment for the list, a page of its own otherwise."""
    return _show(request, _found(request, public_id))


@require_POST
def take(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Взять»."""
    asked = _found(request, public_id)
    return _answered(
        request, asked, _("The request is yours."),
        lambda: take_request(by=request.user, request=asked, from_colleague="take_over" in request.POST),
    )  # fmt: skip


@require_POST
def send_back(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Вернуть: не хватает …»."""
    asked = _found(request, public_id)
    return _answered(
        request, asked, _("Returned to %s.") % asked.requester,
        lambda: return_request(by=request.user, request=asked, missing=request.POST.get("missing", "")),
    )  # fmt: skip


@require_POST
def answer(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Готов к отправке», with the file."""
    asked = _found(request, public_id)
    return _answered(
        request, asked, _("%s is ready to send.") % asked.document,
        lambda: answer_request(
            by=request.user, request=asked, file=request.FILES.get("file"), comment=request.POST.get("comment", "")
        ),
    )  # fmt: skip


def _found(request: PageRequest, public_id: Any) -> DocumentRequest:
    known = with_needs(DocumentRequest.objects.visible_to(request.user))
    return get_object_or_404(known, public_id=public_id)


def _answered(request: PageRequest, asked: DocumentRequest, text: str, act: Any) -> HttpResponse:
    try:
        act()
    except NotAllowed:
        raise
    except DomainError as problem:
        return _show(
            request, _found(request, asked.public_id), problem=str(problem.message), status=problem.status
        )
    return done(request, text, back=reverse("deals:document_request", args=[asked.public_id]), event=EVENT)


def _show(request: PageRequest, asked: DocumentRequest, problem: str = "", status: int = 200) -> HttpResponse:
    document = asked.document_of_deal()
    works_here = request.user.has_role(QUEUE_ROLES[Queue(asked.queue)])
    may_move = works_here and may_on_document(request.user, Action.MOVE_DOCUMENT, document)
    is_waiting = asked.state in (RequestState.OPEN, RequestState.TAKEN) and document.approval in ANSWERABLE
    context = {
        "asked": asked, "document": document, "needs": needs_of(document), "tone": request_tone(asked.state),
        "files": document.files.select_related("uploaded_by"), "problem": problem,
        "may_answer": may_move and is_waiting, "is_mine": asked.assignee_id == request.user.pk,
        "may_return": document.approval == Approval.INTERNAL,
    }  # fmt: skip
    template = "deals/_request.html" if request.htmx else "deals/request_detail.html"
    return render(request, template, context, status=status)
