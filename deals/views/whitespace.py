"""«Белые пятна»: company × product for a portfolio, a team or a holding (R13, R75, product.md §1.7, §4.6)."""

from typing import Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Company, Product
from deals.portfolio import ORDERS, key_of, lines_of, totals_of
from deals.product_cells import legend, may_open_deals
from deals.services.whitespace_export import export_whitespace
from deals.whitespace_filters import WhitespaceFilter
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import PAGE_SIZE, paginate_rows
from upsell_crm.core.roles import Action, Role

PRINTED = 500  # lines on paper: more go into a file


@require_GET
def whitespace(request: PageRequest) -> HttpResponse:
    """The matrix; a KAM comes to his own portfolio, everybody else to all that he may see."""
    require(request.user, Action.SEE_COMPANY)
    if not request.GET and request.user.has_role(Role.KAM):
        return redirect(f"{reverse('deals:whitespace')}?{urlencode({'kam': request.user.username})}")
    user, narrowed = request.user, narrowed_portfolio(request)
    with_money, is_printed = bool(user.scopes(Action.SEE_MONEY)), bool(request.GET.get("print"))
    offered = ORDERS if with_money else ORDERS[1:]
    order = request.GET.get("sort", "")
    order = order if order in offered else offered[0]
    key = key_of(order)
    lines = sorted(_lines(request, narrowed), key=key)
    page = paginate_rows(
        lines, request.GET, key=key, name=f"whitespace:{order}", size=PRINTED if is_printed else PAGE_SIZE
    )
    context: dict[str, Any] = {
        "filter": narrowed, "products": narrowed.shown_products, "page": page, "order": order, "orders": offered,
        "may_see_money": with_money, "legend": legend(), "is_printed": is_printed,
        "may_create": may_open_deals((line.company for line in page.rows), user),
        "may_export": bool(user.scopes(Action.EXPORT)), "query": request.GET.urlencode(),
        "may_see_ranking": bool(user.scopes(Action.SEE_RANKING)), "state": narrowed.in_use.get("state", ""),
    }  # fmt: skip
    part = "deals/_whitespace_table.html"
    is_part = request.htmx and request.htmx.target == "whitespace"
    return render(request, part if is_part else "deals/whitespace.html", context)


@require_GET
def whitespace_totals(request: PageRequest) -> HttpResponse:
    """Each product over the whole filter, asked for when the matrix is on the screen."""
    require(request.user, Action.SEE_COMPANY)
    narrowed = narrowed_portfolio(request)
    lines = _lines(request, narrowed)
    context = {
        "totals": totals_of(lines, narrowed.shown_products), "number": len(lines),
        "may_see_money": bool(request.user.scopes(Action.SEE_MONEY)),
    }  # fmt: skip
    return render(request, "deals/_whitespace_totals.html", context)


@require_POST
def whitespace_export(request: PageRequest) -> HttpResponseBase:
    """The lines of the page's filter that this person may take; each file is logged."""
    file = export_whitespace(
        by=request.user,
        query=request.POST.get("query", "")[:2000],
        file_format=request.POST.get("format", "xlsx"),
    )
    if file.name.endswith("csv"):
        response = StreamingHttpResponse(file.content, content_type=file.content_type)
        response["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return response
    return FileResponse(file.content, as_attachment=True, filename=file.name, content_type=file.content_type)


def narrowed_portfolio(request: PageRequest) -> WhitespaceFilter:
    """The companies of this person under the filters of the address."""
    companies = Company.objects.visible_to(request.user).present()
    products = list(Product.objects.licensable())
    return WhitespaceFilter(request.GET, companies, by=request.user, products=products)


def _lines(request: PageRequest, narrowed: WhitespaceFilter) -> list[Any]:
    companies, state = narrowed.qs, narrowed.in_use.get("state", "")
    return lines_of(companies, narrowed.shown_products, request.user, clock.today(), state)
