"""Whether a client can pay by invoice-offer, and why: the thirteen rows of domain.md §5.3 as plain Python (R38)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from accounts.act_by import add_months, is_fresh

HISTORY_MONTHS = 24


class Answer(StrEnum):
    """From worst to best; the final answer is the worst of all rows that fire."""

    NO = "no"
    UNKNOWN = "unknown"
    LIMIT = "limit"
    YES = "yes"


WORST_FIRST = tuple(Answer)


@dataclass(frozen=True, slots=True)
class VendorTerms:
    """Settings of the vendor, ₽: its own limit, and the limit of one small purchase under 44-FZ."""

    offer_max: Decimal = Decimal(600_000)
    fz44_max: Decimal = Decimal(600_000)
    valid_days: int = 180  # a procurement fact is fresh for so many calendar days


@dataclass(frozen=True, slots=True)
class PaidOffer:
    """An invoice-offer that the client has paid, ₽."""

    paid_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What the rule has to know about one client; codes as in accounts/enums.py, money in roubles.

    `missing_requisites` names what is empty or not valid: name, inn, kpp. `individual_products` are codes
    of the products in question that are sold only under an individual contract.
    """

    regime: str = "unknown"
    policy: str = "unknown"
    policy_limit: Decimal | None = None
    small_purchase_limit: Decimal | None = None
    annual_small_left: Decimal | None = None
    needs_tz: bool = False
    own_contract_form: bool = False
    overdue_debt: Decimal = Decimal(0)
    missing_requisites: tuple[str, ...] = ()
    individual_products: tuple[str, ...] = ()
    verified_on: date | None = None
    paid_offers: Sequence[PaidOffer] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of the table that fired. `answer` None = a note that leaves the answer as it is."""

    row: int
    code: str
    answer: Answer | None
    limit: Decimal | None = None
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for the amount X, the limit that holds whatever X is, and every reason in row order."""

    answer: Answer
    amount: Decimal
    limit: Decimal | None
    reasons: tuple[Reason, ...]

    @property
    def is_stale(self) -> bool:
        """Whether the answer carries the suffix «проверить» (row 12)."""
        return any(reason.code == "stale" for reason in self.reasons)

    @property
    def leading(self) -> Reason:
        """The reason to show where there is room for one: the last row with the worst answer.

        Later rows are the more telling ones: row 11 names both sums, row 13 the payment.
        """
        return next(reason for reason in reversed(self.reasons) if reason.answer == self.answer)


@dataclass(frozen=True, slots=True)
class _Question:
    facts: OfferFacts
    amount: Decimal
    as_of: date
    vendor: VendorTerms


def decide(facts: OfferFacts, amount: Decimal, as_of: date, vendor: VendorTerms) -> Decision:
    """All thirteen rows for the amount X on a day; the worst answer wins: no, no data, up to a limit, yes."""
    question = _Question(facts, amount, as_of, vendor)
    fired = [reason for row in _ROWS for reason in row(question)]
    limit = min((reason.limit for reason in fired if reason.limit is not None), default=None)
    if limit is not None and amount > limit:
        fired.append(Reason(11, "over_limit", Answer.NO, params={"amount": amount, "limit": limit}))
    fired.sort(key=lambda reason: reason.row)
    answers = {reason.answer for reason in fired}
    answer = next(answer for answer in WORST_FIRST if answer in answers)
    return Decision(answer, amount, limit, tuple(fired))


def _client_forbids(question: _Question) -> Iterator[Reason]:
    if question.facts.policy == "forbidden":
        yield Reason(1, "client_forbids", Answer.NO, params={"date": question.facts.verified_on})


def _needs_contract(question: _Question) -> Iterator[Reason]:
    facts = question.facts
    if facts.needs_tz or facts.own_contract_form:
        yield Reason(2, "needs_contract", Answer.NO)


def _product_needs_contract(question: _Question) -> Iterator[Reason]:
    products = question.facts.individual_products
    if products:
        yield Reason(3, "product_needs_contract", Answer.NO, params={"products": list(products)})


def _debt(question: _Question) -> Iterator[Reason]:
    if question.facts.overdue_debt > 0:
        yield Reason(4, "debt", Answer.NO, params={"sum": question.facts.overdue_debt})


def _requisites(question: _Question) -> Iterator[Reason]:
    missing = question.facts.missing_requisites
    if missing:
        yield Reason(5, "requisites", Answer.UNKNOWN, params={"missing": list(missing)})


def _unknown_policy(question: _Question) -> Iterator[Reason]:
    facts = question.facts
    is_limitless = facts.policy == "up_to_limit" and facts.policy_limit is None
    is_unknown = "unknown" in (facts.regime, facts.policy) or is_limitless
    if is_unknown and _largest_paid(question) is None:
        yield Reason(6, "unknown_policy", Answer.UNKNOWN)


def _commercial(question: _Question) -> Iterator[Reason]:
    """An allowed client has the vendor's limit: «ok» below it, above it row 11 refuses and the limit is shown."""
    facts, offer_max = question.facts, question.vendor.offer_max
    if facts.regime != "commercial":
        return
    if facts.policy == "allowed" and question.amount <= offer_max:
        yield Reason(7, "ok", Answer.YES, offer_max, {"limit": offer_max})
    elif facts.policy == "allowed":
        yield Reason(7, "limit", Answer.LIMIT, offer_max, {"limit": offer_max, "by": "vendor"})
    elif facts.policy == "up_to_limit" and facts.policy_limit is not None:
        limit = min(facts.policy_limit, offer_max)
        by = "client" if facts.policy_limit <= offer_max else "vendor"
        yield Reason(7, "limit", Answer.LIMIT, limit, {"limit": limit, "by": by})


def _fz44(question: _Question) -> Iterator[Reason]:
    """Amount above one purchase → fz44_limit, above the year's rest → fz44_year; unknown rest is only a note."""
    if question.facts.regime != "fz44":
        return
    one = min(question.vendor.fz44_max, question.vendor.offer_max)
    left = question.facts.annual_small_left
    limit = one if left is None else min(one, left)
    params = {"limit": limit}
    is_above_one = question.amount > one
    is_above_year = left is not None and (question.amount > left or left <= 0)
    if is_above_one or not is_above_year:
        yield Reason(8, "fz44_limit", Answer.NO if is_above_one else Answer.LIMIT, limit, params)
    if is_above_year:
        yield Reason(8, "fz44_year", Answer.NO, limit, {"left": left})
    if left is None:
        yield Reason(8, "fz44_year_unknown", None)


def _fz223(question: _Question) -> Iterator[Reason]:
    facts = question.facts
    if facts.regime != "fz223":
        return
    if facts.small_purchase_limit is None:
        yield Reason(10, "fz223_unknown", Answer.UNKNOWN)
        return
    limit = min(facts.small_purchase_limit, question.vendor.offer_max)
    yield Reason(9, "fz223_rules", Answer.LIMIT, limit, {"limit": limit})


def _stale(question: _Question) -> Iterator[Reason]:
    verified_on = question.facts.verified_on
    if not is_fresh(verified_on, question.vendor.valid_days, question.as_of):
        yield Reason(12, "stale", None, params={"date": verified_on})


def _history(question: _Question) -> Iterator[Reason]:
    paid = _largest_paid(question)
    if paid is not None:
        limit = min(paid.amount, question.vendor.offer_max)
        yield Reason(13, "history", Answer.LIMIT, limit, {"date": paid.paid_on, "sum": paid.amount})


def _largest_paid(question: _Question) -> PaidOffer | None:
    """The largest invoice-offer paid in the last 24 months; counts only while the policy is unknown (row 13)."""
    if question.facts.policy != "unknown":
        return None
    since = add_months(question.as_of, -HISTORY_MONTHS)
    paid = [offer for offer in question.facts.paid_offers if since <= offer.paid_on <= question.as_of]
    return max(paid, key=lambda offer: (offer.amount, offer.paid_on), default=None)


_ROWS: tuple[Callable[[_Question], Iterator[Reason]], ...] = (
    _client_forbids, _needs_contract, _product_needs_contract, _debt, _requisites, _unknown_policy,
    _commercial, _fz44, _fz223, _stale, _history,
)  # fmt: skip
