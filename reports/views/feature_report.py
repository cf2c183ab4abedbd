"""What clients said about the features they had waited for, and what they bought after (R25)."""

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from reports.feature_responses import ANSWERS, UPSELL_DAYS, answered_rows, narrowed_waits, summaries
from reports.services.feature_export import export_responses
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

SHOWN = 50  # clients under the table; the file has all


@require_GET
def feature_report(request: PageRequest) -> HttpResponse:
    """By product with the whole filter; the clients behind a number stand below."""
    require(request.user, Action.SEE_FEATURES)
    narrowed = narrowed_waits(request.GET, request.user, clock.today())
    rows = answered_rows(narrowed, request.user)
    products, total = summaries(rows)
    context = {
        "filter": narrowed, "products": products, "total": total, "rows": rows[:SHOWN], "rest": len(rows[SHOWN:]),
        "answers": ANSWERS, "days": UPSELL_DAYS, "query": request.GET.urlencode(),
        "may_see_money": bool(request.user.scopes(Action.SEE_MONEY)),
        "may_see_deals": bool(request.user.scopes(Action.SEE_DEAL)),
        "may_export": bool(rows) and bool(request.user.scopes(Action.EXPORT)),
    }  # fmt: skip
    return render(request, "reports/feature_report.html", context)


@require_POST
def export_feature_report(request: PageRequest) -> HttpResponseBase:
    """The clients of the page's filter that this person may take; each file is logged."""
    query, file_format = request.POST.get("query", "")[:2000], request.POST.get("format", "xlsx")
    file = export_responses(by=request.user, query=query, file_format=file_format)
    if file_format == "csv":
        response = StreamingHttpResponse(file.content, content_type=file.content_type)
        response["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return response
    return FileResponse(file.content, as_attachment=True, filename=file.name, content_type=file.content_type)
