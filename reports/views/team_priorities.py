"""«Приоритеты команды»: the ranked table that a lead opens every morning (R17, R98, story 2)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import may
from accounts.key_meetings import key_meetings
from accounts.models import Company
from reports.models import RankRow
from reports.presenters import shown_rows, why
from reports.queries import holdings_for, latest_run, ranked_for, ranking_totals, tile_counts
from reports.ranking_filters import LISTS, TABS, RankingFilter
from reports.strategies import strategies_of
from roadmaps.reviews import waiting_for
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

ORDERS = {
    "": ("-score", "act_by", "-delta", "company_id"),
    "act_by": ("act_by", "-score", "company_id"),
    "delta": ("-delta", "company_id"),
    "confidence": ("confidence", "-score", "company_id"),
    "name": ("company__sort_name", "company_id"),
}
FILLED = ("score", "act_by", "confidence")  # a ranked row has them all
HOLDINGS = 50


@require_GET
def team_priorities(request: PageRequest) -> HttpResponse:
    """The page, or only its table when a filter asks for it."""
    require(request.user, Action.SEE_RANKING)
    listed = _listed(request)
    chosen = RankingFilter(request.GET, ranked_for(request.user).filter(listed=listed), by=request.user)
    context: dict[str, Any] = {
        "filter": chosen,
        "lists": LISTS,
        "tabs": TABS,
        "listed": listed,
        "sort": request.GET.get("sort", ""),
        "run": latest_run(),
        "may_run": bool(request.user.scopes(Action.RUN_RANKING)),
        "leads": bool(request.user.scopes(Action.ASSIGN_KAM)),
        "by_holding": request.GET.get("holdings") == "1",
    }
    if context["by_holding"]:
        context["holdings"] = holdings_for(chosen.qs, request.user, HOLDINGS)
    else:
        order = ORDERS["name"] if listed else ORDERS.get(context["sort"], ORDERS[""])
        context["page"] = page = paginate(chosen.qs, request.GET, order=order, filled=FILLED)
        context["rows"] = shown_rows(page.rows, request.user)
    if not request.htmx:
        context["may_ask"] = bool(request.user.scopes(Action.ASK_KAM))
        context["meetings"] = key_meetings(request.user, clock.now())
    template = "reports/_ranking_table.html" if request.htmx else "reports/team_priorities.html"
    return render(request, template, context)


@require_GET
def ranking_tiles(request: PageRequest) -> HttpResponse:
    """The tiles and the totals over the whole filter, asked for after the table is on the screen."""
    require(request.user, Action.SEE_RANKING)
    listed = _listed(request)
    everything = ranked_for(request.user).select_related(None).order_by()
    judges = bool(request.user.scopes(Action.VALIDATE_PLAN))
    chosen = RankingFilter(request.GET, everything.filter(listed=listed), by=request.user)
    context = {
        "tiles": tile_counts(everything.filter(listed="")),
        "totals": ranking_totals(chosen.qs),
        "focus": request.GET.get("focus", ""),
        "listed": listed,
        "judges": judges,
        "waiting": waiting_for(request.user).count() if judges else 0,
    }
    return render(request, "reports/_ranking_tiles.html", context)


@require_GET
def company_why(request: PageRequest, public_id: str) -> HttpResponse:
    """All lines of one score: the expanded row, the panel, and the slot of the company card."""
    company = get_object_or_404(Company.objects.visible_to(request.user), public_id=public_id)
    row = (
        RankRow.objects.current()
        .visible_to(request.user)
        .filter(company=company)
        .select_related("contract", "run", "deal")
        .first()
    )
    context = {
        "company": company,
        "row": row,
        "why": why(row, request.user) if row and not row.listed else None,
        "may_ask": may(request.user, Action.ASK_KAM, company) and company.owner_kam_id != request.user.pk,
        "may_plan": _may_plan(request, company, row),
        "place": request.GET.get("place", "row"),
    }
    return render(request, "reports/_company_why.html", context)


def _may_plan(request: PageRequest, company: Company, row: RankRow | None) -> bool:
    """Whether the row offers to begin a strategy: there is none, and this person plans for the client (R40, R41)."""
    if row is None or strategies_of([row]).at(row):
        return False
    return may(request.user, Action.EDIT_PLAN, company)


def _listed(request: PageRequest) -> str:
    listed = request.GET.get("list", "")
    return listed if listed in RankRow.Listed.values else ""
