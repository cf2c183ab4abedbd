"""Sums over every deal of a filter: what is open, what stands still, what the team has won and lost (R92)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, F, Q, QuerySet, Sum, Value, When

from deals.deal_page import standing_still
from deals.enums import OPEN_STAGES, DealStage, Forecast
from deals.models import Deal
from upsell_crm.core import clock

RESULT_DAYS = 90  # «за 90 дней»: the results of a team, whoever worked on them
CHANCE = {Forecast.COMMIT: Decimal("0.9"), Forecast.BEST: Decimal("0.6"), Forecast.PIPELINE: Decimal("0.3")}
MONEY = DecimalField(max_digits=18, decimal_places=2)


@dataclass(frozen=True, slots=True)
class Totals:
    """Over the whole filter, ₽; `weighted` multiplies each amount by the chance of its forecast."""

    count: int
    amount: Decimal
    expansion: Decimal
    weighted: Decimal
    stalled: int


def totals(deals: QuerySet[Deal], today: date) -> Totals:
    """Two statements."""
    chance = Case(
        *(When(forecast=code, then=Value(share)) for code, share in CHANCE.items()), default=Value(Decimal(0)),
        output_field=DecimalField(max_digits=3, decimal_places=2),
    )  # fmt: skip
    sums = deals.order_by().aggregate(
        count=Count("pk"), money=Sum("amount"), current=Sum("current_amount"),
        weighted=Sum(F("amount") * chance, output_field=MONEY),
    )  # fmt: skip
    amount, current = sums["money"] or Decimal(0), sums["current"] or Decimal(0)
    still = deals.filter(standing_still(today)).order_by().count()
    return Totals(sums["count"], amount, amount - current, sums["weighted"] or Decimal(0), still)


def results(deals: QuerySet[Deal], today: date) -> dict[str, Any]:
    """Won and lost deals of the last 90 days, in number and money: of the team, not of a person (R92). One statement."""
    since = clock.bounds(today - timedelta(days=RESULT_DAYS))[0]
    closed = deals.filter(closed_at__gte=since).order_by()
    won, lost = Q(stage=DealStage.WON), Q(stage=DealStage.LOST)
    return closed.aggregate(
        won=Count("pk", filter=won), won_amount=Sum("amount", filter=won, default=Decimal(0)),
        lost=Count("pk", filter=lost), lost_amount=Sum("amount", filter=lost, default=Decimal(0)),
    )  # fmt: skip


def by_stage(deals: QuerySet[Deal]) -> dict[str, tuple[int, Decimal]]:
    """Number and sum of each stage over the whole filter. One statement."""
    rows = deals.filter(stage__in=OPEN_STAGES).order_by().values_list("stage")
    return {
        stage: (n, amount or Decimal(0))
        for stage, n, amount in rows.annotate(n=Count("pk"), amount=Sum("amount"))
    }
