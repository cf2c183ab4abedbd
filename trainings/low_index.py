"""Clients to whom a training should be offered: they own a product and were trained badly or not at all (§6.6)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from accounts.models import Company, LicenceLine, Product
from trainings.enums import TrainingState
from trainings.index import TrainingFacts, index
from trainings.models import Training, TrainingProposal
from trainings.queries import counting_on, read_held
from upsell_crm.core import clock
from upsell_crm.core.exact import whole
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

LOW = Decimal("0.4")
SHOWN = 10


@dataclass(frozen=True, slots=True)
class LowIndex:
    """A client, the product to train, the index of the day (0 = nobody trained in a year) and the offer that runs."""

    company: Company
    product: Product
    seats: int
    index: int
    is_untrained: bool
    offered: TrainingProposal | None = None


def low_index_clients(user: User, today: date, *, limit: int = SHOWN) -> list[LowIndex]:
    """Trained badly first, the worst above; then untrained ones with the most seats. Six statements, whatever the base.

    A training without results says nothing, so its client is not among them; nor is one who has a training ahead.
    """
    reach = Company.objects.allowing(user, Action.PLAN_TRAINING).present()
    trained = _indices(reach, today)
    known = {company for company, _product in trained}
    low = sorted((value, pair) for pair, value in trained.items() if value is not None and value < LOW)
    ahead = _planned(reach, today)
    seats = {pair: n for pair, n in _seats(reach, today).items() if pair not in ahead}
    known |= {company for company, _product in ahead}
    found = [(pair, whole(value * 100), False) for value, pair in low if seats.get(pair)]
    untrained = sorted(
        (pair for pair in seats if pair[0] not in known), key=lambda pair: (-seats[pair], pair)
    )
    seen: set[int] = set()
    for pair in untrained:  # one product of each, that with the most seats
        if pair[0] not in seen:
            seen.add(pair[0])
            found.append((pair, 0, True))
    return _shown(found[:limit], seats)


def index_of(company: Company, product: Product, today: date) -> int | None:
    """The index of one product of a client, 0–100; None when its trainings have no results."""
    held = Training.objects.filter(company=company, product=product)
    value = index([one.facts for one in read_held(counting_on(today, held))], today)
    return None if value is None else whole(value * 100)


def _indices(reach: Any, today: date) -> dict[tuple[int, int], Decimal | None]:
    trainings = counting_on(today, Training.objects.filter(company__in=reach.order_by().values("pk")))
    facts: dict[tuple[int, int], list[TrainingFacts]] = defaultdict(list)
    for one in read_held(trainings):
        facts[one.company_id, one.product_id].append(one.facts)
    return {pair: index(known, today) for pair, known in facts.items()}


def _planned(reach: Any, today: date) -> set[tuple[int, int]]:
    """Clients and products whose training stands in the calendar already."""
    ahead = Training.objects.filter(
        company__in=reach.order_by().values("pk"),
        state=TrainingState.PLANNED,
        starts_at__gte=clock.bounds(today)[0],
    )
    return set(ahead.order_by().values_list("company_id", "product_id"))


def _seats(reach: Any, today: date) -> dict[tuple[int, int], int]:
    """(payer, product) → seats that count today."""
    lines = LicenceLine.objects.counted_on(today).filter(contract__company__in=reach.order_by().values("pk"))
    rows: Any = lines.order_by().values_list("contract__company_id", "product_id").annotate(n=Sum("seats"))
    return {(company, product): seats for company, product, seats in rows}


def _shown(
    found: list[tuple[tuple[int, int], int, bool]], seats: dict[tuple[int, int], int]
) -> list[LowIndex]:
    companies = Company.objects.select_related("owner_kam").in_bulk([pair[0] for pair, _n, _new in found])
    products = Product.objects.in_bulk([pair[1] for pair, _n, _new in found])
    running = TrainingProposal.objects.running().filter(company__in=companies).select_related("proposed_by")
    offers = {(one.company_id, one.product_id): one for one in running.order_by("pk")}
    return [
        LowIndex(companies[pair[0]], products[pair[1]], seats[pair], value, is_untrained, offers.get(pair))
        for pair, value, is_untrained in found
    ]
