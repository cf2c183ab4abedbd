"""How the clients buy, how much they use and need, and who confirmed it when."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.enums import EstimateBasis, Fact, FactResult, LeadTimeKind, LineKind, OfferPolicy
from accounts.models import (
    FactCheck,
    LeadTime,
    LicenceLine,
    PotentialEstimate,
    ProcurementProfile,
    UsageSnapshot,
)
from upsell_crm.demo.clients_table import BY_NUMBER, GOLDEN, OVERRIDDEN, Client
from upsell_crm.demo.world import World

P = OfferPolicy
NEVER_CONFIRMED = frozenset({11, 22})  # nobody has asked how they buy
STALE_PROCUREMENT = {19: 200, 9: 195, 32: 210}  # № → days since it was confirmed
PROFILES: dict[int, dict[str, Any]] = {
    1: {"invoice_offer_policy": P.FORBIDDEN, "etp": "ЭТП «Лучина»", "own_contract_form": True},
    2: {"invoice_offer_policy": P.ALLOWED, "etp": "ЭТП «Лучина»"},
    4: {"invoice_offer_policy": P.FORBIDDEN, "etp": "ЭТП «Лучина»", "needs_tz": True},
    5: {"invoice_offer_policy": P.ALLOWED},
    7: {"invoice_offer_policy": P.ALLOWED, "small_purchase_limit": Decimal(500_000)},
    8: {"invoice_offer_policy": P.FORBIDDEN, "etp": "ЭТП «Торг-Ладья»", "own_contract_form": True, "budget_month": 10},
    9: {"invoice_offer_policy": P.UP_TO_LIMIT, "invoice_offer_limit": Decimal(150_000)},
    12: {"invoice_offer_policy": P.FORBIDDEN, "needs_tz": True, "own_contract_form": True, "budget_month": 11},
    13: {"invoice_offer_policy": P.ALLOWED, "small_purchase_limit": Decimal(100_000), "budget_month": 12},
    14: {"invoice_offer_policy": P.ALLOWED},
    15: {"invoice_offer_policy": P.ALLOWED},
    16: {"invoice_offer_policy": P.FORBIDDEN, "needs_tz": True, "budget_month": 9},
    17: {"invoice_offer_policy": P.ALLOWED, "annual_small_left": Decimal(450_000)},
    18: {"invoice_offer_policy": P.ALLOWED, "budget_month": 12},
    19: {"invoice_offer_policy": P.ALLOWED, "small_purchase_limit": Decimal(300_000),
         "approval_bd_override": 15, "lead_bd_override": 25,
         "notes": "Клиент принял новую редакцию Положения о закупке, сроки надо уточнить."},
    20: {"invoice_offer_policy": P.FORBIDDEN, "etp": "ЭТП «Лучина»", "needs_tz": True, "budget_month": 3},
    21: {"invoice_offer_policy": P.FORBIDDEN, "own_contract_form": True, "budget_month": 12},
    22: {"invoice_offer_policy": P.UNKNOWN},
    25: {"invoice_offer_policy": P.UP_TO_LIMIT, "invoice_offer_limit": Decimal(300_000)},
    26: {"invoice_offer_policy": P.ALLOWED},
    27: {"invoice_offer_policy": P.UNKNOWN},
    28: {"invoice_offer_policy": P.FORBIDDEN, "own_contract_form": True},
    29: {"invoice_offer_policy": P.FORBIDDEN, "etp": "ЭТП «Каскад-Торг»", "needs_tz": True},
    30: {"invoice_offer_policy": P.ALLOWED},
    35: {"invoice_offer_policy": P.FORBIDDEN, "own_contract_form": True, "budget_month": 10},
    37: {"invoice_offer_policy": P.ALLOWED, "small_purchase_limit": Decimal(500_000), "etp": "ЭТП «Лучина»"},
    38: {"invoice_offer_policy": P.ALLOWED},
}  # fmt: skip
TARGETS: dict[int, tuple[int, int]] = {  # № → Casebook and Caselook seats the client could use
    13: (70, 10), 14: (15, 0), 15: (33, 9), 16: (55, 25), 23: (25, 5),  # G1, G2, G4, G3, G6
    25: (8, 2), 27: (0, 5), 17: (6, 0), 6: (6, 2), 38: (3, 0), 34: (1, 3),
}  # fmt: skip
NOT_ASKED = frozenset({7, 11, 18, 22, 24, 32, 40})  # no estimate
ACTIVE: dict[tuple[int, str], int] = {  # active users where the story gives them
    (13, "casebook"): 46, (14, "casebook"): 9, (15, "casebook"): 10, (15, "caselook"): 2, (22, "casebook"): 20,
    (23, "casebook"): 18, (36, "casebook"): 9, (10, "caselook"): 7, (34, "caselook"): 1,
}  # fmt: skip
NO_SNAPSHOT = frozenset({11, 16, 24, 40})
OLD_SNAPSHOT = {9: 60, 32: 75}  # № → days since the last one
MEASURED = {  # № → measured approvals and procurements, working days; medians equal the table
    4: ((14, 15, 17), (29, 30, 33)),
    8: ((13, 15, 16), (28, 30, 31)),
    20: ((19, 20, 24), (43, 45, 49)),
    29: ((15, 15, 18), (27, 30, 30)),
}


def make_needs(world: World) -> None:
    """Procurement profiles, measured lead times, usage by month, estimates and fact checks."""
    world.save(ProcurementProfile, (_profile(world, no) for no in world.companies))
    LeadTime.objects.bulk_create(_measures(world))
    UsageSnapshot.objects.bulk_create(_usage(world), batch_size=500)
    PotentialEstimate.objects.bulk_create(_estimates(world))
    FactCheck.objects.bulk_create(_checks(world), batch_size=500)


def _profile(world: World, no: int) -> ProcurementProfile:
    client = BY_NUMBER[no]
    values = {"edo_operator": "Диадок", "invoice_offer_policy": P.UNKNOWN, **PROFILES.get(no, {})}
    if no in OVERRIDDEN:
        values |= {"approval_bd_override": client.approval_bd, "lead_bd_override": client.lead_bd}
    return ProcurementProfile(
        company=world.companies[no], default_type=world.procedures[client.procedure],
        created_by=world.companies[no].owner_kam, **values,
    )  # fmt: skip


def _measures(world: World) -> Iterator[LeadTime]:
    for no, rows in MEASURED.items():
        for kind, days in zip((LeadTimeKind.APPROVAL, LeadTimeKind.PROCUREMENT), rows, strict=True):
            for place, working_days in enumerate(days):
                finished = world.working_day(-330 + 90 * place)
                yield LeadTime(
                    company=world.companies[no], type=world.procedures[BY_NUMBER[no].procedure], kind=kind,
                    started_on=world.calendar.subtract(finished, working_days), finished_on=finished,
                    working_days=working_days,
                )  # fmt: skip


def _usage(world: World) -> Iterator[UsageSnapshot]:
    running = LicenceLine.objects.filter(
        contract__in=world.contracts.values(), kind__in=[LineKind.PAID, LineKind.TRIAL]
    )
    numbers = {contract.pk: no for no, contract in world.contracts.items()}
    for line in running.select_related("product").order_by("pk"):
        no, code = numbers[line.contract_id], line.product.code
        if no in NO_SNAPSHOT:
            continue
        active = ACTIVE.get((no, code), line.seats * world.dice.randint(58, 96) // 100)
        for month in range(12):
            trend = max(1, active * (100 - month * world.dice.randint(0, 4)) // 100)
            count = active if month == 0 else trend
            yield UsageSnapshot(
                company=world.companies[no], product=line.product, active_users_30d=count,
                as_of=world.day(-OLD_SNAPSHOT.get(no, 3) - 30 * month), logins_30d=count * world.dice.randint(5, 14),
            )  # fmt: skip


def _estimates(world: World) -> Iterator[PotentialEstimate]:
    for no, company in world.companies.items():
        if no in NOT_ASKED:
            continue
        for code, seats in zip(("casebook", "caselook"), _targets(world, BY_NUMBER[no]), strict=True):
            if not seats:
                continue
            is_fresh = no in GOLDEN or no in TARGETS or world.dice.random() < 0.8
            days = world.dice.randint(10, 150) if is_fresh else world.dice.randint(190, 320)
            yield PotentialEstimate(
                company=company, product=world.products[code], target_seats=seats, verified_by=company.owner_kam,
                basis=EstimateBasis.INTERVIEW if is_fresh else EstimateBasis.ESTIMATE,
                verified_at=world.moment(world.working_day(-days), 16),
            )  # fmt: skip


def _targets(world: World, client: Client) -> tuple[int, int]:
    if client.no in TARGETS:
        return TARGETS[client.no]
    casebook = client.casebook + world.dice.randint(0, 4 + client.casebook // 4)
    caselook = client.caselook + world.dice.randint(0, 3 + client.caselook // 4)
    return casebook, caselook


def _checks(world: World) -> Iterator[FactCheck]:
    """Confirmations of the last year by the people of the account; those of ЛПР stand in contacts.py."""
    for no, company in world.companies.items():
        kam = company.owner_kam
        for day in _procurement_days(world, no):
            yield _check(world, no, Fact.PROCUREMENT, day, kam)
        if no == 22:
            yield _check(world, no, Fact.PROCUREMENT, world.working_day(-70), kam, FactResult.UNKNOWN)
        for fact, chance in (
            (Fact.REQUISITES, 0.9),
            (Fact.DEPARTMENTS, 0.6),
            (Fact.REVENUE, 0.7),
            (Fact.LICENCES, 0.5),
        ):
            if world.dice.random() < chance:
                by = world.users["titova"] if fact == Fact.REQUISITES else kam
                yield _check(world, no, fact, world.working_day(-world.dice.randint(5, 220)), by)


def _procurement_days(world: World, no: int) -> list[date]:
    if no in NEVER_CONFIRMED:
        return []
    last = STALE_PROCUREMENT.get(no, world.dice.randint(8, 120))
    return [world.working_day(-last), world.working_day(-last - 180)]


def _check(
    world: World, no: int, fact: str, day: date, by: Any, result: str = FactResult.CONFIRMED
) -> FactCheck:
    at = world.moment(day, world.dice.randint(9, 18), world.dice.randint(0, 59))
    return FactCheck(company=world.companies[no], fact=fact, result=result, checked_at=at, checked_by=by)
