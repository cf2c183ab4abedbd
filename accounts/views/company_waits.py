"""The tab «Потребности и ожидания»: matrix of interests, potential, awaited features (R12, R13, R23)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import rights_on
from accounts.interest_matrix import headings, interest_matrix
from accounts.models import FeatureWait, PotentialEstimate, Product
from accounts.queries import seats_on
from accounts.views.company_card import card_context, visible_company
from accounts.views.company_edit import the_company
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest


def company_waits(request: PageRequest, public_id: Any) -> HttpResponse:
    """What the client may want next, and what it was promised; the matrix comes by its slot."""
    company = visible_company(request, public_id)
    context = card_context(request, company, "accounts:company_waits")
    seats = seats_on([company.pk], clock.today()).get(company.pk, {})
    estimates = PotentialEstimate.objects.filter(company=company).select_related("product")
    context |= {
        "estimates": [(estimate, seats.get(estimate.product_id, 0)) for estimate in estimates],
        "waits": FeatureWait.objects.filter(company=company).select_related(
            "feature__product", "company", "contact"
        ),
    }
    return render(request, "accounts/company_waits.html", context)


def company_matrix(request: PageRequest, public_id: Any) -> HttpResponse:
    """Department × product under what is owned and could be sold; a cell opens its communications."""
    company = the_company(request, public_id)
    products = list(Product.objects.licensable())
    heads, competitors = headings(company, products, clock.today())
    context = {
        "company": company,
        "rights": rights_on(request.user, company),
        "headings": heads,
        "competitors": competitors,
        "matrix": interest_matrix(company, products),
    }
    return render(request, "accounts/_company_matrix.html", context)


@require_GET
def company_product(request: PageRequest, public_id: Any, code: str) -> HttpResponse:
    """What stands behind a cell: `?department=` narrows to one row of the matrix of interests."""
    company = the_company(request, public_id)
    product = get_object_or_404(Product.objects.licensable(), code=code)
    heads, competitors = headings(company, [product], clock.today())
    rows = interest_matrix(company, [product])
    asked = request.GET.get("department", "")
    context = {
        "company": company,
        "product": product,
        "rights": rights_on(request.user, company),
        "heading": heads[0],
        "competitors": competitors,
        "rows": [(row.department, row.cells[0]) for row in rows if row.cells[0].as_of],
        "department": next((row.department for row in rows if str(row.department.pk) == asked), None),
    }
    page = "accounts/company_product_panel.html" if request.htmx else "accounts/company_product.html"
    return render(request, page, context)
