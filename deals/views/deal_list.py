"""The list of deals: filters and order in the URL, pages by keyset, totals over the whole filter apart."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deals.deal_filters import DealFilter
from deals.deal_page import blockers, with_counts
from deals.deal_totals import RESULT_DAYS, results, totals
from deals.deal_words import words_of
from deals.models import Deal
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import SavedView
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

PAGE = "deals:deal_list"
ORDERS = {
    "step": ("next_step_on", "pk"),
    "target": ("target_date", "pk"),
    "-amount": ("-amount", "-pk"),
    "amount": ("amount", "pk"),
    "-target": ("-target_date", "-pk"),
    "-contact": ("-last_contact_at", "-pk"),
    "contact": ("last_contact_at", "pk"),
}


@require_GET
def deal_list(request: PageRequest) -> HttpResponse:
    """One page of the deals that this person may open."""
    require(request.user, Action.SEE_DEAL)
    narrowed = narrowed_deals(request)
    order = request.GET.get("sort", "step")
    order = order if order in ORDERS else "step"
    today = clock.today()
    page = paginate(narrowed.qs, request.GET, order=ORDERS[order])
    words = words_of(page.rows)
    context: dict[str, Any] = {
        "filter": narrowed, "page": page, "order": order, "view": "list",
        "rows": [(deal, blockers(deal, today), words[deal.pk]) for deal in _in_full(page.rows, today)],
        "may_see_money": bool(request.user.scopes(Action.SEE_MONEY)),
    }  # fmt: skip
    if request.htmx and request.htmx.target == "deals":
        return render(request, "deals/_deal_table.html", context)
    context["saved_views"] = SavedView.objects.filter(user=request.user, page=PAGE)
    return render(request, "deals/deal_list.html", context)


@require_GET
def deal_totals(request: PageRequest) -> HttpResponse:
    """Number, money, expansion, forecast and standstill over the whole filter; team results beside them (R92)."""
    require(request.user, Action.SEE_DEAL)
    narrowed, today = narrowed_deals(request), clock.today()
    context = {
        "totals": totals(narrowed.qs, today), "days": RESULT_DAYS,
        "results": results(_of_team(request, narrowed), today),
        "may_see_money": bool(request.user.scopes(Action.SEE_MONEY)),
    }  # fmt: skip
    return render(request, "deals/_deal_totals.html", context)


def narrowed_deals(request: PageRequest) -> DealFilter:
    """The deals of this person under the filters of the address."""
    return DealFilter(request.GET, Deal.objects.visible_to(request.user), by=request.user)


def _in_full(deals: Sequence[Deal], today: date) -> list[Deal]:
    """The deals of one page with names and counts: joins of the whole list would keep an index from its order."""
    found = with_counts(with_names(Deal.objects.filter(pk__in=[deal.pk for deal in deals])), today).in_bulk()
    return [found[deal.pk] for deal in deals if deal.pk in found]


def with_names(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    """What a row shows of other tables."""
    return deals.select_related("company", "responsible_kam", "team", "lead_communicator")


def _of_team(request: PageRequest, narrowed: DealFilter) -> QuerySet[Deal]:
    """Results are those of the chosen team, else of all that the person sees: never of one KAM."""
    deals = Deal.objects.visible_to(request.user)
    team = narrowed.form.cleaned_data.get("team") if narrowed.form.is_valid() else None
    return deals.filter(team=team) if team else deals
