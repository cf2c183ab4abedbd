"""Which ranked clients have a strategy, set-based: for the tile, the filter and the line of a row (R40).

A client has one when an open strategy belongs to a deal of his, or to the deal that covers his row: so the strategy of a
holding project counts for each ДЗО that the project covers in the ranking (docs/decisions/0056).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from deals.models import Deal
from reports.models import RankRow
from roadmaps.enums import OPEN_PLAN_STATES, WORKING_STATES, PlanState
from roadmaps.models import Plan
from roadmaps.plan_status import NONE, PlanWord, plan_word

STATES: dict[str, Collection[str]] = {  # word of the filter → states of the strategy
    "draft": [state for state in OPEN_PLAN_STATES if state not in (*WORKING_STATES, PlanState.REVIEW)],
    "review": [PlanState.REVIEW],
    "approved": WORKING_STATES,
}


def has_strategy(states: Collection[str] = OPEN_PLAN_STATES) -> Q:
    """Rows with a strategy in one of these states; two sets that are read once, however many rows are asked."""
    plans = Plan.objects.filter(state__in=states).order_by()
    return Q(company__in=plans.values("deal__company")) | Q(deal__in=plans.values("deal"))


@dataclass(frozen=True, slots=True)
class Strategy:
    """The strategy of a row: its word, its address, and to which deal it belongs."""

    word: PlanWord
    deal_id: int
    public_id: UUID


@dataclass(frozen=True)
class Strategies:
    """The strategies of the rows of a page."""

    of_deal: dict[int, Strategy] = field(default_factory=dict)
    of_company: dict[int, Strategy] = field(default_factory=dict)

    def at(self, row: RankRow) -> Strategy | None:
        """Of the deal that covers the row, else of any deal of the client."""
        return self.of_deal.get(row.deal_id or 0) or self.of_company.get(row.company_id)

    def word(self, row: RankRow) -> PlanWord:
        """«нет», «черновик», «на проверке», «утверждён»."""
        found = self.at(row)
        return found.word if found else NONE


def strategies_of(rows: Iterable[RankRow]) -> Strategies:
    """One statement, however many rows."""
    listed = list(rows)
    about: Any = Q(deal__in={row.deal_id for row in listed if row.deal_id})
    of_clients = Deal.objects.filter(company__in={row.company_id for row in listed}).order_by()
    about |= Q(deal__in=of_clients.values("pk"))  # both by the index of plans on the deal
    found = Strategies()
    plans = Plan.objects.open().filter(about).order_by("state_since", "pk")
    for deal_id, company_id, state, public_id in plans.values_list(
        "deal", "deal__company", "state", "public_id"
    ):
        found.of_deal[deal_id] = found.of_company[company_id] = Strategy(plan_word(state), deal_id, public_id)
    return found
