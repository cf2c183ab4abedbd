"""The tab «Потребности и ожидания»: matrix of interests, potential, awaited features (R12, R13, R23)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import rights_on
from accounts.interest_matrix import interest_matrix
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
        "waits": FeatureWait.objects.filter(company=company).select_related("feature__product", "contact"),
    }
    return render(request, "accounts/company_waits.html", context)


def company_matrix(request: PageRequest, public_id: Any) -> HttpResponse:
    """Department × product with what is owned; a cell opens its communications."""
    company = the_company(request, public_id)
    products = list(Product.objects.licensable())
    seats = seats_on([company.pk], clock.today()).get(company.pk, {})
    context = {
        "company": company,
        "rights": rights_on(request.user, company),
        "products": [(product, seats.get(product.pk, 0)) for product in products],
        "matrix": interest_matrix(company, products),
    }
    return render(request, "accounts/_company_matrix.html", context)
