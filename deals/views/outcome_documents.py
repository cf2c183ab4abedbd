"""A part of the outcome form that this room fills in: the status of a document (R32)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.models import Company
from accounts.services.promises import check_may_log
from deals.document_moves import MoveButton, move_buttons, needs_facts
from deals.document_queries import for_cards
from deals.enums import Approval
from deals.models import Document
from deals.services.outcome_documents import COMMENT, MOVE
from upsell_crm.core.http import PageRequest

MOST = 20
_ELSEWHERE = (
    Approval.SIGNED,
    Approval.CANCELLED,
    Approval.ANNULLED,
)  # need a date, or are no outcome of a talk


@require_GET
def slot(request: PageRequest, public_id: Any) -> HttpResponse:
    """Open documents of the client with the moves that this person may make; empty when there are none."""
    company = get_object_or_404(Company.objects.visible_to(request.user), public_id=public_id)
    check_may_log(request.user, company)
    known = for_cards(
        Document.objects.visible_to(request.user).open().filter(deal__company=company), request.user
    )
    documents = list(known.order_by("-approval_since", "pk")[:MOST])
    groups = [
        (document, [move for move in move_buttons(request.user, document) if _is_said_here(document, move)])
        for document in documents
    ]
    context = {
        "groups": [(document, moves) for document, moves in groups if moves],
        "move": request.GET.get(MOVE, ""), "comment": request.GET.get(COMMENT, ""),
    }  # fmt: skip
    return render(request, "deals/_outcome_documents.html", context)


def _is_said_here(document: Document, move: MoveButton) -> bool:
    if move.target in _ELSEWHERE:
        return False
    return move.target != Approval.INTERNAL or not needs_facts(document.approval, move.target)
