"""The companies of the ranking tests: golden rows G1–G7 of domain.md 4.5 and small builders."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import holidays

from accounts.act_by import (
    ContractTerms,
    LeadFacts,
    ProcurementEstimate,
    ProcurementRule,
    ProcurementRules,
)
from accounts.working_days import WorkCalendar
from reports.facts import (
    CompanyFacts,
    ContractFacts,
    DealFacts,
    DecisionMakerFacts,
    EstimateFacts,
    FeatureFacts,
    LineFacts,
    ProductRef,
    References,
    StrengthFacts,
    UsageFacts,
    Weights,
)
from reports.ranking import RankedCompany, Unranked, rank_company
from trainings.index import TrainingFacts

T = date(2026, 11, 24)
ANOTHER_ID = 99  # another company of the same holding


@cache
def russia() -> WorkCalendar:
    known = holidays.country_holidays("RU", years=range(2024, 2030))
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(2192)]
    return WorkCalendar.from_rows([(d, known.is_working_day(d), d.year > 2027) for d in days])


def rule(
    code: str, approval: int, lead: int, ease: str, limit: str = "", then: str = ""
) -> tuple[str, ProcurementRule]:
    known_ease = Decimal(ease) if ease else None
    return code, ProcurementRule(
        code, "", lead, approval, known_ease, Decimal(limit) if limit else None, then
    )


REFERENCES = References(
    [
        ProductRef("casebook", Decimal(36_000), driver="court_load"),
        ProductRef("caselook", Decimal(24_000), driver="legal_headcount"),
        ProductRef("caseone", Decimal(60_000)),
        ProductRef("kad", Decimal(1_000), is_licensable=False),
    ],
    ProcurementRules(
        dict(
            (
                rule("invoice_offer", 0, 5, "1.00"),
                rule("direct", 15, 0, "0.85"),
                rule("small_44", 5, 7, "0.80", "600000", "eshop_44"),
                rule("eshop_44", 5, 8, "0.75", "5000000"),
                rule("auction_44", 15, 35, "0.35"),
                rule("single_223", 20, 20, "0.65"),
                rule("unknown", 15, 25, ""),
            )
        )
    ),
)
WEIGHTS = Weights()


def days_ago(count: int) -> date:
    return T - timedelta(days=count)


def contract(end_on: date, *lines: LineFacts, number: int = 1, **changes: Any) -> ContractFacts:
    terms: dict[str, Any] = {"start_on": end_on - timedelta(days=364), "end_on": end_on}
    terms |= {key: changes.pop(key) for key in list(changes) if key in ContractTerms.__dataclass_fields__}
    plain: dict[str, Any] = {
        "id": number,
        "payer_id": 1,
        "number": f"Л-{number}",
        "status": "active",
    } | changes
    return ContractFacts(terms=ContractTerms(**terms), lines=lines, **plain)


def casebook(seats: int, **changes: Any) -> LineFacts:
    return LineFacts("casebook", seats, **changes)


def profile(code: str, approval: int | None = None, lead: int | None = None) -> LeadFacts:
    return LeadFacts("fz223", "M", ProcurementEstimate(code, approval, lead, days_ago(10)))


def known_by(level: int, last: int = 10, verified: int = 10) -> tuple[DecisionMakerFacts, ...]:
    strength = StrengthFacts(7, level, days_ago(last))
    return (DecisionMakerFacts(5, verified_on=days_ago(verified), strengths=(strength,)),)


def wants(**seats: int) -> tuple[EstimateFacts, ...]:
    return tuple(EstimateFacts(code, target, "interview", days_ago(10)) for code, target in seats.items())


def used(active: int, ago: int = 1, product: str = "casebook") -> tuple[UsageFacts, ...]:
    return (UsageFacts(product, days_ago(ago), active),)


def taught(ago: int = 30) -> TrainingFacts:
    return TrainingFacts(days_ago(ago), "Поиск дел", 20, 18, Decimal("4.2"), Decimal(80), 12, 18)


HALVES = TrainingFacts(days_ago(30), "Отчёты", 20, 10, Decimal(3), Decimal(50), 5, 10)
G4_TRAINING = TrainingFacts(days_ago(30), "Основы", 20, 10, Decimal(3), Decimal(30), 2, 10)
WAITS_RELEASED = FeatureFacts("API мониторинга", "released", released_on=days_ago(5))
WAITS_PLANNED = FeatureFacts("Выгрузка", "planned", planned_on=T + timedelta(days=30))
ON_TRACK = DealFacts(3, "Пролонгация", days_ago(30), (1,), next_step_on=T, last_interaction_on=days_ago(14))

G1 = CompanyFacts(
    company_id=1,
    contracts=(contract(date(2027, 1, 31), casebook(50)),),
    lead=profile("single_223", 20, 20),
    estimates=wants(casebook=70, caselook=10),
    usage=used(46),
    trainings=(replace(taught(), activated=12),),
    features=(WAITS_RELEASED,),
    decision_makers=known_by(4),
)
G2 = CompanyFacts(
    company_id=1,
    contracts=(contract(date(2027, 3, 31), casebook(10)),),
    lead=profile("invoice_offer"),
    estimates=wants(casebook=15),
    usage=used(9),
    decision_makers=known_by(5),
)
G3 = CompanyFacts(
    company_id=1,
    contracts=(contract(date(2027, 2, 28), casebook(30)),),
    lead=profile("auction_44", 15, 35),
    estimates=wants(casebook=55, caselook=25),
    trainings=(TrainingFacts(days_ago(20), "Введение", 10, 8),),
    features=(WAITS_PLANNED,),
    decision_makers=known_by(2, last=100),
)
G4 = CompanyFacts(
    company_id=1,
    contracts=(contract(date(2027, 10, 31), casebook(32), LineFacts("caselook", 8)),),
    lead=profile("direct", 15, 0),
    estimates=wants(casebook=33, caselook=9),
    usage=(*used(10), *used(2, product="caselook")),
    trainings=(G4_TRAINING,),
    decision_makers=known_by(3),
)
G5 = CompanyFacts(company_id=1, contracts=(contract(date(2026, 12, 31), casebook(25)),), usage=used(20))
G6 = CompanyFacts(
    company_id=1,
    contracts=(contract(date(2026, 11, 10), casebook(20), status="expired"),),
    lead=profile("direct", 15, 0),
    estimates=wants(casebook=25, caselook=5),
    usage=used(18),
    trainings=(HALVES,),
    decision_makers=known_by(4, last=100),
)
G7 = replace(G1, deals=(ON_TRACK,))


def rank(
    facts: CompanyFacts, as_of: date = T, weights: Weights = WEIGHTS, calendar: WorkCalendar | None = None
) -> RankedCompany:
    row = rank_company(facts, as_of, calendar or russia(), REFERENCES, weights)
    assert isinstance(row, RankedCompany), row
    return row


def unranked(facts: CompanyFacts, as_of: date = T) -> Unranked:
    row = rank_company(facts, as_of, russia(), REFERENCES, WEIGHTS)
    assert isinstance(row, Unranked), row
    return row


def having(*contracts: ContractFacts, facts: CompanyFacts = G2) -> CompanyFacts:
    return replace(facts, contracts=contracts)


def maker(contact_id: int, level: int, last: int | None = 1, **changes: Any) -> DecisionMakerFacts:
    strength = StrengthFacts(7, level, None if last is None else days_ago(last))
    return DecisionMakerFacts(contact_id, strengths=(strength,), **({"verified_on": days_ago(1)} | changes))
