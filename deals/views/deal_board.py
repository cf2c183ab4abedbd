"""The board: stages as columns with number and sum; cards move by mouse and by keyboard (product.md §3)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deals.checklists import WITHOUT_PROCEDURE
from deals.deal_filters import DealFilter
from deals.deal_page import standing_still
from deals.deal_totals import by_stage
from deals.enums import OPEN_STAGES, DealStage
from deals.models import Deal
from deals.views.deal_list import PAGE, narrowed_deals, with_names
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import SavedView
from upsell_crm.core.paging import first_of_each
from upsell_crm.core.roles import Action

CARDS = 20  # of a column; the list shows the rest


@dataclass(frozen=True, slots=True)
class Column:
    """One stage: how many deals of the filter stand there, for how much, and the first of them."""

    stage: DealStage
    count: int
    amount: Decimal
    cards: list[Deal]

    @property
    def rest(self) -> int:
        """Deals that do not fit on the board."""
        return self.count - len(self.cards)


@require_GET
def deal_board(request: PageRequest) -> HttpResponse:
    """The same filters as the list."""
    require(request.user, Action.SEE_DEAL)
    narrowed = narrowed_deals(request)
    context = {
        "filter": narrowed, "columns": _columns(narrowed), "view": "board", "order": "step",
        "may_see_money": bool(request.user.scopes(Action.SEE_MONEY)),
    }  # fmt: skip
    if request.htmx and request.htmx.target == "deals":
        return render(request, "deals/_deal_board.html", context)
    context["saved_views"] = SavedView.objects.filter(user=request.user, page=PAGE)
    return render(request, "deals/deal_list.html", context)


def _columns(narrowed: DealFilter) -> list[Column]:
    """Three statements, whatever the number of deals."""
    deals = narrowed.qs.filter(closed_at=None)
    sums = by_stage(deals)
    first = first_of_each(deals, "stage", OPEN_STAGES, order=("next_step_on", "pk"), size=CARDS)
    cards: dict[str, list[Deal]] = {}
    for deal in _in_full(first):
        deal.skips_procedure = deal.type_code in WITHOUT_PROCEDURE  # type: ignore[attr-defined]
        cards.setdefault(deal.stage, []).append(deal)
    return [Column(stage, *sums.get(stage, (0, Decimal(0))), cards.get(stage, [])) for stage in OPEN_STAGES]


def _in_full(ids: list[int]) -> QuerySet[Deal]:
    """The deals of the board with their names and marks."""
    type_code = Coalesce("procurement_type__code", "company__procurement__default_type__code")
    still = ExpressionWrapper(standing_still(clock.today()), output_field=BooleanField())
    deals = with_names(Deal.objects.filter(pk__in=ids)).annotate(type_code=type_code, stands_still=still)
    return deals.order_by("next_step_on", "pk")
