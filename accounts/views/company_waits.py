"""The tab «Потребности и ожидания»: matrix of interests, potential, awaited features (R12, R13, R23)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.company_card import product_use
from accounts.interest_matrix import interest_matrix
from accounts.models import FeatureWait, PotentialEstimate, Product
from accounts.views.company_card import card_context, visible_company
from upsell_crm.core import clock


def company_waits(request: HttpRequest, public_id: Any) -> HttpResponse:
    """What the client may want next, and what it was promised."""
    company = visible_company(request, public_id)
    context = card_context(request, company, "accounts:company_waits")
    products = list(Product.objects.licensable())
    seats = {use.product.pk: use.seats for use in product_use(company, clock.today())}
    estimates = PotentialEstimate.objects.filter(company=company).select_related("product", "verified_by")
    context |= {
        "products": [(product, seats.get(product.pk, 0)) for product in products],
        "matrix": interest_matrix(company, products),
        "estimates": [(estimate, seats.get(estimate.product_id, 0)) for estimate in estimates],
        "waits": FeatureWait.objects.filter(company=company).select_related("feature__product", "contact"),
    }
    return render(request, "accounts/company_waits.html", context)
