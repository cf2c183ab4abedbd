"""Deals in the card of a client: a tab, the slot of the overview, and the field of the outcome form (R14, R18)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import rights_on
from accounts.act_by import slack
from accounts.calendar import load_calendar
from accounts.models import Company
from accounts.views.company_card import card_context, visible_company
from accounts.views.company_edit import the_company
from deals.deal_page import blockers, with_counts
from deals.models import Deal
from deals.proposals import renewable_contracts
from deals.services.deal_interactions import deals_to_choose
from deals.views.deal_list import with_names
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.paging import paginate

WINDOW_BD = 40  # the renewal window: slack in working days (§4.1)
SHOWN = 3


@require_GET
def company_deals(request: PageRequest, public_id: Any) -> HttpResponse:
    """The tab «Сделки»; `?place=overview` is the slot of the overview."""
    if request.GET.get("place") == "overview":
        return _overview(request, the_company(request, public_id))
    company = visible_company(request, public_id)
    today = clock.today()
    context = card_context(request, company, "deals:company_deals")
    deals = with_counts(with_names(_of_company(request.user, company)), today)
    page = paginate(deals, request.GET, order=("-pk",))
    context |= {
        "page": page, "rows": [(deal, blockers(deal, today)) for deal in page.rows], "may_see_money": context["rights"]["see_money"],
        "is_offered": _is_offered(company),
    }  # fmt: skip
    return render(request, "deals/company_deals.html", context)


@require_GET
def outcome_deals(request: PageRequest, public_id: Any) -> HttpResponse:
    """The field «Сделка» of the outcome form; nothing when there is nothing to choose."""
    company = the_company(request, public_id)
    deals = list(
        deals_to_choose(company.pk).filter(pk__in=Deal.objects.visible_to(request.user).values("pk"))[:20]
    )
    chosen = request.GET.get("deal")
    return render(request, "deals/_outcome_deals.html", {"deals": deals, "chosen": chosen})


def _overview(request: PageRequest, company: Company) -> HttpResponse:
    rights = rights_on(request.user, company)
    deals = with_names(_of_company(request.user, company).open()).order_by("-pk")[:SHOWN]
    context = {"company": company, "rights": rights, "deals": deals, "is_offered": _is_offered(company)}
    return render(request, "deals/_company_deals_slot.html", context)


def _of_company(user: User, company: Company) -> Any:
    """Deals of the client, and projects over its holding."""
    heads = {company.pk, company.head_id or company.pk}
    own = Deal.objects.visible_to(user).filter(company=company)
    return own | Deal.objects.visible_to(user).filter(company_id__in=heads, kind="holding")


def _is_offered(company: Company) -> bool:
    """Whether a contract in the renewal window waits for a deal (R18)."""
    nearest = renewable_contracts(company).first()
    if nearest is None or nearest.act_by is None:
        return False
    return slack(nearest.act_by, clock.today(), load_calendar()) <= WINDOW_BD
