"""The list of client companies: search, filters and order in the URL, pages by keyset, totals apart."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.access import within_reach
from accounts.company_filters import CompanyFilter
from accounts.company_rows import company_rows, with_act_by, with_row_relations
from accounts.models import Company
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import SavedView
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

PAGE = "accounts:company_list"
ORDERS = {
    "name": ("sort_name", "pk"),
    "-name": ("-sort_name", "-pk"),
    "contact": ("last_contact_at", "pk"),
    "-contact": ("-last_contact_at", "-pk"),
    "act_by": ("act_by", "pk"),
    "-act_by": ("-act_by", "-pk"),
}


def company_list(request: PageRequest) -> HttpResponse:
    """One page of the companies whose cards this person may open."""
    require(request.user, Action.SEE_COMPANY)
    narrowed = _narrowed(request)
    order = request.GET.get("sort", "name")
    order = order if order in ORDERS else "name"
    companies = with_row_relations(narrowed.qs)
    if "act_by" in order:  # reads the contracts of every company of the list, so only when asked
        companies = with_act_by(companies)
    page = paginate(companies, request.GET, order=ORDERS[order])
    context: dict[str, Any] = {
        "filter": narrowed,
        "page": page,
        "rows": company_rows(page.rows, clock.today()),
        "order": order,
        "may_add": bool(request.user.scopes(Action.EDIT_COMPANY)),
    }
    if request.htmx and request.htmx.target == "companies":
        return render(request, "accounts/_company_table.html", context)
    context["saved_views"] = SavedView.objects.filter(user=request.user, page=PAGE)
    return render(request, "accounts/company_list.html", context)


def company_totals(request: PageRequest) -> HttpResponse:
    """How many companies the whole filter holds; asked for after the page is on the screen."""
    require(request.user, Action.SEE_COMPANY)
    totals = (
        _narrowed(request)
        .qs.order_by()
        .aggregate(
            all=Count("pk"),
            key=Count("pk", filter=Q(is_key=True)),
            ownerless=Count("pk", filter=Q(owner_kam=None)),
        )
    )
    return render(request, "accounts/_company_totals.html", {"totals": totals})


def company_options(request: PageRequest) -> HttpResponse:
    """Suggestions for fields in which a company is chosen."""
    found = Company.objects.visible_to(request.user).present().matching(request.GET.get("q", ""))
    rows = found.order_by("sort_name", "pk").values_list("inn", "name")[:10]
    return JsonResponse({"options": [{"value": inn or name, "label": name} for inn, name in rows]})


def _narrowed(request: PageRequest) -> CompanyFilter:
    companies = Company.objects.filter(within_reach(request.user, Action.SEE_COMPANY))
    return CompanyFilter(request.GET, companies, by=request.user)
