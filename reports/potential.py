"""What a client could buy on top, Δ in roubles a year (domain.md 4.3, 4.10.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from accounts.act_by import is_fresh
from reports.factors import Evidence, Factor
from reports.facts import CompanyFacts, Params, ProductRef
from upsell_crm.core.exact import EXACT


@dataclass(frozen=True, slots=True)
class Potential:
    """Δ in roubles a year, unrounded; None when nothing tells it (4.10.6)."""

    delta: Decimal | None
    is_stale: bool = False
    is_capped: bool = False
    products: tuple[Evidence, ...] = ()


def potential_of(
    facts: CompanyFacts,
    seats: Mapping[str, int],
    usage: Mapping[str, tuple[date, int]],
    products: Sequence[ProductRef],
    as_of: date,
    params: Params,
) -> Potential:
    """Δ = Σ max(0, target − seats) × price over licensable products, capped by revenue (4.3, 4.10.6)."""
    estimates = {estimate.product: estimate for estimate in facts.estimates}
    licensable = [product for product in products if product.is_licensable]
    is_known = facts.cases_12m is not None or facts.legal_headcount is not None
    if not is_known and not any(product.code in estimates for product in licensable):
        return Potential(None)
    delta, is_stale = Decimal(0), False
    rows: list[Evidence] = []
    for product in licensable:
        owned = seats.get(product.code, 0)
        estimate = estimates.get(product.code)
        if estimate is None:
            target, basis = (
                _default_target(product, owned, usage.get(product.code), facts, params),
                "estimate",
            )
        else:
            target, basis = estimate.target_seats, estimate.basis
            is_stale |= not is_fresh(estimate.verified_on, params.estimate_valid_days, as_of)
        if target > owned:
            amount = (target - owned) * product.price_year
            delta += amount
            rows.append(
                {"product": product.code, "added": target - owned, "seats": owned, "target": target,
                 "amount": str(amount), "basis": basis}
            )  # fmt: skip
    limit = None if facts.revenue is None else facts.revenue * params.revenue_share
    is_capped = limit is not None and delta > limit
    return Potential(limit if is_capped else delta, is_stale, is_capped, tuple(rows))


def _default_target(
    product: ProductRef, owned: int, snapshot: tuple[date, int] | None, facts: CompanyFacts, params: Params
) -> int:
    """Target when nobody asked the client: the largest of the terms that are known (4.10.6)."""
    if not product.driver and not owned:
        return 0
    target = owned
    if snapshot is not None:
        target = max(target, _ceiling(snapshot[1] * params.growth))
    if product.driver == "court_load" and facts.cases_12m is not None:
        target = max(target, min(params.cases_seats_cap, -(-facts.cases_12m // params.cases_per_seat)))
    elif product.driver == "legal_headcount" and facts.legal_headcount is not None:
        target = max(target, _ceiling(facts.legal_headcount * params.headcount_share))
    return target


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))


def potential_factor(found: Potential, params: Params) -> Factor:
    """min(1, √(Δ/Δref)) (4.3)."""
    if found.delta is None:
        return Factor(None)
    value = (
        Decimal(1)
        if found.delta >= params.delta_ref
        else EXACT.sqrt(EXACT.divide(found.delta, params.delta_ref))
    )
    evidence = {
        "delta": str(shown_money(found.delta)),
        "is_capped": found.is_capped,
        "products": list(found.products),
    }
    return Factor(value, found.is_stale, evidence)


def shown_money(amount: Decimal) -> Decimal:
    """Roubles to the kopeck, half up."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
