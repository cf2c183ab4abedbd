"""What the ranking has to know about one company on one day, and what the lead may tune (domain.md 4.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from accounts.act_by import ContractTerms, DealTerms, LeadFacts, ProcurementRules
from trainings.index import TrainingFacts

FACTORS = ("renewal", "potential", "users", "training", "feature", "procurement", "approval", "relation")
DAMP = "damp"
PAID = "paid"


@dataclass(frozen=True, slots=True)
class ProductRef:
    """A product of the catalogue: price in roubles a seat and year; `driver` of the default target.

    `driver` is "court_load" (Casebook), "legal_headcount" (Caselook) or "" (counted only if owned), 4.10.6.
    """

    code: str
    price_year: Decimal
    is_licensable: bool = True
    driver: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """What all companies of a run share: products and procedures."""

    products: Sequence[ProductRef]
    procurement: ProcurementRules


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One licence line; empty dates are the contract's, an empty end user is the payer."""

    product: str
    seats: int
    kind: str = PAID
    start_on: date | None = None
    end_on: date | None = None
    end_user_id: int | None = None


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """One contract with its lines: paid by the company, or paid by another one for its end users (4.10.14)."""

    id: int
    payer_id: int
    number: str
    status: str
    terms: ContractTerms
    lines: Sequence[LineFacts] = ()
    signed_on: date | None = None
    terminated_on: date | None = None
    renews_id: int | None = None


@dataclass(frozen=True, slots=True)
class DealFacts:
    """One open deal: the contracts it renews, or a holding deal that covers the whole company (4.9)."""

    id: int
    title: str
    opened_on: date
    contract_ids: Sequence[int] = ()
    terms: DealTerms = DealTerms()
    next_step_on: date | None = None
    has_overdue_task: bool = False
    last_interaction_on: date | None = None
    is_holding: bool = False


@dataclass(frozen=True, slots=True)
class EstimateFacts:
    """PotentialEstimate: seats the client could use; basis "interview" or "estimate"."""

    product: str
    target_seats: int
    basis: str = "estimate"
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class UsageFacts:
    """UsageSnapshot: people active in 30 days."""

    product: str
    as_of: date
    active: int


@dataclass(frozen=True, slots=True)
class FeatureFacts:
    """One awaited feature: state of the request and what the client answered."""

    title: str
    status: str
    planned_on: date | None = None
    released_on: date | None = None
    presented_on: date | None = None
    response: str = ""


@dataclass(frozen=True, slots=True)
class StrengthFacts:
    """How well one of our users knows a contact: level 0–5, last two-way contact."""

    user_id: int
    level: int
    last_contact_on: date | None = None


@dataclass(frozen=True, slots=True)
class DecisionMakerFacts:
    """One contact with the role ЛПР; state "active", "unverified" or "left"."""

    contact_id: int
    state: str = "active"
    is_key: bool = False
    attitude: int = 0
    verified_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    strengths: Sequence[StrengthFacts] = ()


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """Everything the formula reads about one company; one row of the set-based query.

    `contracts` are those it pays and those of other payers with lines for it; money in roubles.
    """

    company_id: int
    contracts: Sequence[ContractFacts] = ()
    lead: LeadFacts = LeadFacts()
    deals: Sequence[DealFacts] = ()
    estimates: Sequence[EstimateFacts] = ()
    usage: Sequence[UsageFacts] = ()
    cases_12m: int | None = None
    legal_headcount: int | None = None
    revenue: Decimal | None = None
    trainings: Sequence[TrainingFacts] = ()
    features: Sequence[FeatureFacts] = ()
    decision_makers: Sequence[DecisionMakerFacts] = ()
    is_key: bool = False
    legal_state: str = "active"
    ceased_on: date | None = None
    has_rejected_documents: bool = False
    has_late_documents: bool = False
    has_overdue_debt: bool = False
    budget_month: int | None = None


@dataclass(frozen=True, slots=True)
class Params:
    """Settings of the formula beside the weights (4.3, 4.5, 4.7); days are working days unless said."""

    horizon_bd: int = 90
    delta_ref: Decimal = Decimal(1_500_000)
    buffer_bd: int = 5
    imputed: Decimal = Decimal("0.3")
    damp: Decimal = Decimal("0.4")
    band_a: Decimal = Decimal(65)
    band_b: Decimal = Decimal(45)
    band_c: Decimal = Decimal(25)
    slack_a_bd: int = 5
    expired_full_bd: int = 20
    expired_limit_bd: int = 60
    revenue_share: Decimal = Decimal("0.0005")
    growth: Decimal = Decimal("1.1")
    cases_per_seat: int = 40
    cases_seats_cap: int = 200
    headcount_share: Decimal = Decimal("0.6")
    estimate_valid_days: int = 180  # calendar days, as the three below
    usage_valid_days: int = 45
    dm_valid_days: int = 90
    deal_quiet_days: int = 14
    merge_days: int = 30

    def __post_init__(self) -> None:
        if self.horizon_bd <= 0 or self.delta_ref <= 0:
            raise ValueError("the horizon and the reference potential must be above zero")
        if self.buffer_bd < 0 or not 0 <= self.expired_full_bd < self.expired_limit_bd:
            raise ValueError("working days must not be negative, and expiry must fall off")
        if not 0 <= self.imputed <= 1 or not 0 <= self.damp <= 1:
            raise ValueError("the imputed value and the damping must lie between 0 and 1")
        if not self.band_a > self.band_b > self.band_c:
            raise ValueError("the bands must fall from A to C")


@dataclass(frozen=True, slots=True)
class Weights:
    """Eight whole weights 0–100, not all zero, and the parameters of one version (4.3, 4.7)."""

    renewal: int = 35
    potential: int = 20
    users: int = 12
    training: int = 10
    feature: int = 8
    procurement: int = 5
    approval: int = 5
    relation: int = 5
    params: Params = field(default_factory=Params)

    def __post_init__(self) -> None:
        values = self.by_factor().values()
        if any(not 0 <= value <= 100 for value in values) or not sum(values):
            raise ValueError("weights are whole numbers 0 to 100, and not all of them zero")

    def by_factor(self) -> Mapping[str, int]:
        """The weights in the fixed order of the factors."""
        return {
            "renewal": self.renewal,
            "potential": self.potential,
            "users": self.users,
            "training": self.training,
            "feature": self.feature,
            "procurement": self.procurement,
            "approval": self.approval,
            "relation": self.relation,
        }
