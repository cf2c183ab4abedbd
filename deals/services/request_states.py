"""A request for a document follows the document: sent back, answered or given up together with it (R90)."""

from django.db.models import QuerySet

from deals.enums import Approval, RequestState
from deals.models import Document, DocumentRequest
from upsell_crm.core.commands import change
from upsell_crm.core.models import User

_FOLLOWING = {
    Approval.REWORK: RequestState.RETURNED,
    Approval.READY: RequestState.DONE,
    Approval.CANCELLED: RequestState.CANCELLED,
}


def requests_follow(document: Document, approval: str, comment: str, *, by: User) -> None:
    """Move the requests of a document that has just moved; call inside its transaction.

    internal → rework returns the request with what is missing, internal → ready answers it, and a document that
    comes back from rework comes back to whoever had taken its request.
    """
    if approval == Approval.INTERNAL:
        for request in _of(document, RequestState.RETURNED):
            state = RequestState.TAKEN if request.assignee_id else RequestState.OPEN
            change(request, {"state": state}, by=by, event="send_request_again", reason=comment.strip())
        return
    target = _FOLLOWING.get(Approval(approval))
    if target is None:
        return
    for request in _of(document, RequestState.OPEN, RequestState.TAKEN, RequestState.RETURNED):
        if request.state != target:
            values = {
                "state": target,
                "answer": comment.strip(),
                "assignee": request.assignee or _worker(by, target),
            }
            change(request, values, by=by, event=f"{target}_request", reason=comment.strip())


def _of(document: Document, *states: str) -> QuerySet[DocumentRequest]:
    return DocumentRequest.objects.filter(document=document, state__in=states).select_related(
        "deal", "assignee"
    )


def _worker(by: User, target: str) -> User | None:
    """Who answers a request that nobody had taken has worked on it."""
    return None if target == RequestState.CANCELLED else by
