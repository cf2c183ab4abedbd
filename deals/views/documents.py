"""«Документы»: the queue of lawyers and BackOffice by deadline, and the Closer's board (§6.3, §6.5, R90)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from deals.document_moves import request_tone
from deals.document_needs import needs_of
from deals.document_queries import board, waiting_for_client, with_needs
from deals.enums import RequestState
from deals.models import DocumentRequest
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate
from upsell_crm.core.parameters import parameter
from upsell_crm.core.roles import Action, Role

TABS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "waiting": (_("Waiting"), (RequestState.OPEN, RequestState.TAKEN)),
    "returned": (pgettext_lazy("requests", "Returned"), (RequestState.RETURNED,)),
    "done": (pgettext_lazy("requests", "Done"), (RequestState.DONE, RequestState.CANCELLED)),
}
QUEUE_WORKERS = (Role.LAWYER, Role.BACKOFFICE)


@require_GET
def document_list(request: PageRequest) -> HttpResponse:
    """Requests by deadline; a lawyer and BackOffice see their queues, others what they have asked for."""
    require(request.user, Action.SEE_DOCUMENT)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "waiting"
    wanted = DocumentRequest.objects.visible_to(request.user).filter(state__in=TABS[tab][1])
    if request.user.has_role(*QUEUE_WORKERS):
        wanted = wanted.in_queues_of(request.user)
    page = paginate(
        with_needs(wanted), request.GET, order=("due_on", "pk") if tab != "done" else ("-due_on", "-pk")
    )
    rows = [(row, needs_of(row.document_of_deal()), request_tone(row.state)) for row in page.rows]
    context: dict[str, Any] = {
        "page": page,
        "rows": rows,
        "tab": tab,
        "tabs": [(code, label) for code, (label, _s) in TABS.items()],
    }
    context["is_worker"] = request.user.has_role(*QUEUE_WORKERS)
    if not page.rows and tab == "waiting":
        context["norm"] = parameter("document_norms")["signing"]
        context["unsigned"] = waiting_for_client(request.user, clock.today(), context["norm"])
    return render(request, "deals/document_list.html", context)


@require_GET
def document_board(request: PageRequest) -> HttpResponse:
    """Columns are states of approval; a closer begins with his own documents."""
    require(request.user, Action.SEE_DOCUMENT)
    is_mine = request.GET.get("who", "mine" if request.user.has_role(Role.CLOSER) else "all") == "mine"
    query = request.GET.get("q", "").strip()
    columns = board(request.user, clock.today(), is_mine=is_mine, query=query)
    context = {
        "columns": columns, "is_mine": is_mine, "query": query, "count": sum(column.count for column in columns),
        "is_cut": any(column.rest for column in columns), "late": sum(column.late for column in columns),
    }  # fmt: skip
    return render(request, "deals/document_board.html", context)
