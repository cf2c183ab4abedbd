"""The tab «Обучения» of a client (R36)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.views.company_card import card_context, visible_company
from trainings.company_page import indices_of
from trainings.models import Trainee, Training
from trainings.queries import with_counts
from trainings.views.training_list import index_of
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate

QUOTES = 5


@require_GET
def company_trainings(request: PageRequest, public_id: Any) -> HttpResponse:
    """Index, trend and levels by product, all trainings, words that may be quoted."""
    company = visible_company(request, public_id)
    context = card_context(request, company, "trainings:company_trainings")
    trainings = with_counts(Training.objects.filter(company=company)).select_related("product", "tutor")
    page = paginate(trainings, request.GET, order=("-starts_at", "-pk"))
    total, products = indices_of(company, clock.today())
    quotes = (
        Trainee.objects.quotable().filter(training__company=company).select_related("contact", "training")
    )
    context |= {
        "page": page, "rows": [(training, index_of(training)) for training in page.rows], "index": total,
        "products": products, "quotes": quotes.order_by("-pk")[:QUOTES],
    }  # fmt: skip
    return render(request, "trainings/company_trainings.html", context)
