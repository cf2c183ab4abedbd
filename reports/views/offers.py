"""«Кому ещё предложить»: per product over one's clients, and the block of a client's card (product.md §4.6)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import rights_on
from accounts.models import Company, Product
from accounts.views.company_edit import the_company
from deals.product_cells import may_open_deals, surely_within
from reports.likeness import UNRANKED_SCORE
from reports.likeness_words import reason_of
from reports.lookalikes import Offer, offers, order_of
from reports.offer_filters import OfferFilter
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate_rows
from upsell_crm.core.roles import Action

SHOWN = 3  # in the block of a card


@require_GET
def offer_list(request: PageRequest) -> HttpResponse:
    """Clients like those who bought the product, the most valuable first, each with the reason."""
    require(request.user, Action.SEE_RANKING)
    products = list(Product.objects.licensable())
    companies = Company.objects.allowing(request.user, Action.SEE_RANKING).present()
    narrowed = OfferFilter(request.GET, companies, by=request.user)
    chosen = next((one for one in products if one.code == request.GET.get("product")), None)
    product = chosen or next(iter(products), None)
    found = offers(narrowed.qs, [product] if product else [], clock.today())
    page = paginate_rows(found, request.GET, key=order_of, name=f"offers:{product}")
    context = {
        "filter": narrowed, "products": products, "product": product, "page": page,
        "rows": _rows(page.rows, products), "number": len(found), "unranked_score": UNRANKED_SCORE,
        "may_see_money": bool(request.user.scopes(Action.SEE_MONEY)),
        "may_create": may_open_deals((offer.company for offer in page.rows), request.user),
        "may_log": surely_within((offer.company for offer in page.rows), request.user, Action.LOG_INTERACTION),
    }  # fmt: skip
    is_part = request.htmx and request.htmx.target == "offers"
    return render(request, "reports/_offer_table.html" if is_part else "reports/offer_list.html", context)


@require_GET
def company_offers(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Похожие клиенты купили»: what to offer to this client; empty when nothing speaks for anything."""
    company = the_company(request, public_id)
    rights = rights_on(request.user, company)
    if not rights["see_ranking"]:
        return HttpResponse()
    products = list(Product.objects.licensable())
    found = offers(Company.objects.filter(pk=company.pk).present(), products, clock.today())[:SHOWN]
    context = {"company": company, "rights": rights, "rows": _rows(found, products)}
    return render(request, "reports/_company_offers.html", context)


def _rows(found: list[Offer], products: list[Product]) -> list[tuple[Offer, str]]:
    by_id = {product.pk: product for product in products}
    return [(offer, reason_of(offer, by_id)) for offer in found]
