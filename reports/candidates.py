"""Which contract of a company is the nearest, and which licences count on which day (domain.md 4.1, 4.10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.act_by import ActBy, LeadTimes, act_by, counted_end, lead_times, slack
from accounts.working_days import WorkCalendar
from reports.facts import PAID, CompanyFacts, ContractFacts, DealFacts, LineFacts, References, Weights

_SIGNED = frozenset({"active", "renewed", "expired", "terminated"})
_ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contract that can drive the renewal factor, with its terms, act-by and slack in working days."""

    contract: ContractFacts
    deal: DealFacts | None
    lead: LeadTimes
    timing: ActBy
    slack: int
    is_expired: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """The nearest contract, the other candidates by act-by, and the paid seats by product that count."""

    nearest: Candidate
    others: tuple[Candidate, ...]
    seats: Mapping[str, int]


class ContractBook:
    """The contracts of one company as they stand on one day: signed ones, counted ends, successors."""

    __slots__ = ("as_of", "ends", "facts", "signed", "successors")

    def __init__(self, facts: CompanyFacts, as_of: date) -> None:
        self.facts = facts
        self.as_of = as_of
        self.signed = [
            c
            for c in facts.contracts
            if c.status in _SIGNED and (c.signed_on is None or c.signed_on <= as_of)
        ]
        self.ends: dict[int, date] = {}
        self.successors: dict[int, list[ContractFacts]] = {}
        for contract in self.signed:
            is_active = contract.status == _ACTIVE
            self.ends[contract.id] = (
                counted_end(contract.terms, as_of)[0] if is_active else contract.terms.end_on
            )
            if contract.renews_id is not None:
                self.successors.setdefault(contract.renews_id, []).append(contract)

    def is_running(self, contract: ContractFacts) -> bool:
        """Signed, not ended on its counted last day, not terminated; it may start later (4.9)."""
        return self.ends[contract.id] >= self.as_of and not is_terminated(contract, self.as_of)

    def line_end(self, contract: ContractFacts, line: LineFacts) -> date:
        """Last day of a line; a line that ends with its contract is prolonged with it (4.10.18)."""
        if line.end_on is None or line.end_on >= contract.terms.end_on:
            return self.ends[contract.id]
        return line.end_on

    def renewed_from(self, contract: ContractFacts, line: LineFacts) -> date | None:
        """Day on which a signed successor's line for the same product and end user starts (4.10.2)."""
        followers = self.successors.get(contract.id)
        if followers is None:
            return None
        end_user_id = line.end_user_id or contract.payer_id
        starts = [
            follower.start_on or successor.terms.start_on
            for successor in followers
            if not is_terminated(successor, self.as_of)
            for follower in successor.lines
            if follower.kind == PAID
            and follower.product == line.product
            and (follower.end_user_id or successor.payer_id) == end_user_id
        ]
        return min(starts, default=None)

    def keeps_candidate(self, contract: ContractFacts) -> bool:
        """Whether a paid line is neither renewed nor ended (4.10.2, 4.10.18)."""
        return any(
            line.kind == PAID
            and self.line_end(contract, line) >= self.as_of
            and self.renewed_from(contract, line) is None
            for line in contract.lines
        )

    def seats_on(self, day: date) -> dict[str, int]:
        """Paid seats by product used by this company on `day`, whoever pays; each line once (4.10.2, .13, .14)."""
        company_id = self.facts.company_id
        seats: dict[str, int] = {}
        for contract in self.signed:
            if self.ends[contract.id] < day or contract.terms.start_on > day or is_terminated(contract, day):
                continue
            for line in contract.lines:
                if line.kind != PAID or (line.end_user_id or contract.payer_id) != company_id:
                    continue
                if (line.start_on or contract.terms.start_on) > day or self.line_end(contract, line) < day:
                    continue
                renewed_from = self.renewed_from(contract, line)
                if renewed_from is None or renewed_from > day:
                    seats[line.product] = seats.get(line.product, 0) + line.seats
        return seats

    def pilot_end(self) -> date | None:
        """Last day of a trial or gift used by this company now (4.10.15)."""
        ends = [
            self.line_end(contract, line)
            for contract in self.signed
            if self.is_running(contract)
            for line in contract.lines
            if line.kind != PAID
            and (line.end_user_id or contract.payer_id) == self.facts.company_id
            and (line.start_on or contract.terms.start_on) <= self.as_of <= self.line_end(contract, line)
        ]
        return max(ends, default=None)


def is_terminated(contract: ContractFacts, day: date) -> bool:
    """Terminated on or before `day`; a termination without a date counts at once (4.9)."""
    if contract.terminated_on is None:
        return contract.status == "terminated"
    return contract.terminated_on <= day


def choose(
    book: ContractBook, calendar: WorkCalendar, references: References, weights: Weights
) -> Choice | None:
    """The nearest contract of 4.1: by act-by, then larger amount, then smaller id; None = not ranked."""
    own = [c for c in book.signed if c.payer_id == book.facts.company_id]
    active = [c for c in own if book.is_running(c) and book.keeps_candidate(c)]
    if not active:
        return _last_expired(book, own, calendar, references, weights)
    found = [_candidate(book, c, calendar, references, weights, is_expired=False) for c in active]
    if len(found) > 1:
        found.sort(key=_nearness)
    nearest = found[0]
    return Choice(nearest, tuple(found[1:]), _seats_now(book, nearest))


def covering_deal(facts: CompanyFacts, contract_id: int) -> DealFacts | None:
    """The open deal that renews the contract, the newest of several (4.10.18)."""
    covering = [deal for deal in facts.deals if contract_id in deal.contract_ids]
    return max(covering, key=_age, default=None) if covering else None


def holding_deal(facts: CompanyFacts) -> DealFacts | None:
    """The newest open holding deal over the company (4.9)."""
    return max((deal for deal in facts.deals if deal.is_holding), key=_age, default=None)


def _age(deal: DealFacts) -> tuple[date, int]:
    return deal.opened_on, deal.id


def _nearness(candidate: Candidate) -> tuple[object, ...]:
    return candidate.timing.act_by, -candidate.contract.terms.amount, candidate.contract.id


def _candidate(
    book: ContractBook,
    contract: ContractFacts,
    calendar: WorkCalendar,
    references: References,
    weights: Weights,
    *,
    is_expired: bool,
) -> Candidate:
    facts, as_of = book.facts, book.as_of
    deal = covering_deal(facts, contract.id) if facts.deals else None
    terms = None if deal is None else deal.terms
    lead = lead_times(facts.lead, contract.terms, terms, references.procurement, as_of)
    timing = act_by(
        contract.terms, lead, as_of, calendar, weights.params.buffer_bd,
        can_prolong=contract.status == _ACTIVE,
    )  # fmt: skip
    return Candidate(contract, deal, lead, timing, slack(timing.act_by, as_of, calendar), is_expired)


def _last_expired(
    book: ContractBook,
    own: list[ContractFacts],
    calendar: WorkCalendar,
    references: References,
    weights: Weights,
) -> Choice | None:
    """The contract that expired last, at most 60 working days ago, never one with a signed successor."""
    as_of, limit = book.as_of, weights.params.expired_limit_bd
    expired = [
        c
        for c in own
        if book.ends[c.id] < as_of
        and not is_terminated(c, as_of)
        and c.id not in book.successors
        and any(line.kind == PAID for line in c.lines)
        and calendar.between(book.ends[c.id], as_of) <= limit
    ]
    if not expired:
        return None
    last_on = max(book.ends[c.id] for c in expired)
    found = [
        _candidate(book, c, calendar, references, weights, is_expired=True)
        for c in expired
        if book.ends[c.id] == last_on
    ]
    return Choice(min(found, key=_nearness), (), book.seats_on(last_on))


def _seats_now(book: ContractBook, nearest: Candidate) -> Mapping[str, int]:
    """Seats on T; or on the first day of a signed contract that starts later, when nothing runs on T."""
    seats = book.seats_on(book.as_of)
    start_on = nearest.contract.terms.start_on
    return book.seats_on(start_on) if not seats and start_on > book.as_of else seats
