"""The ranking formula: facts of one company in, a score with its reasons out (domain.md 4.5, R16, R26, R27)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from accounts.working_days import WorkCalendar
from reports import factors
from reports.candidates import Candidate, Choice, ContractBook, choose, holding_deal
from reports.factors import Factor
from reports.facts import DAMP, FACTORS, PAID, CompanyFacts, DealFacts, Params, References, Weights
from reports.potential import Potential, potential_factor, potential_of, shown_money
from reports.reasons import evidence_of, flags_of
from reports.scoring import band_of, confidence_of, score_lines

NO_CONTRACT = "no_contract"
FORMER = "former"
PILOTS = "pilots"
IN_HEAD_CONTRACT = "in_head_contract"

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class RankedCompany:
    """One row of a run; `contributions` holds the eight factors and `damp`, and sums to `score` exactly.

    `delta` is roubles a year, None when unknown; `factors` keeps f_i unrounded, None = missing (4.8).
    """

    company_id: int
    score: Decimal
    band: str
    act_by: date
    slack: int
    contract_id: int
    end_on: date
    lead_bd: int
    delta: Decimal | None
    contributions: dict[str, Decimal]
    factors: dict[str, Decimal | None]
    confidence: int
    confidence_word: str
    missing: list[str]
    stale: list[str]
    flags: list[str]
    evidence: dict[str, Any]
    is_expired: bool
    is_damped: bool
    seats: int
    deal_id: int | None = None

    @property
    def is_late(self) -> bool:
        """Tab «Опоздание»: the act-by has passed."""
        return self.slack < 0


@dataclass(frozen=True, slots=True)
class Unranked:
    """A company that is not scored, and the list it stands on; `end_on` is the end of a pilot (4.10.15)."""

    company_id: int
    list_code: str
    end_on: date | None = None
    delta: Decimal | None = None
    seats: int = 0


def rank_company(
    facts: CompanyFacts, as_of: date, calendar: WorkCalendar, references: References, weights: Weights
) -> RankedCompany | Unranked:
    """Score one company on `as_of` (Europe/Moscow date), or name the list it belongs to (4.1, 4.5, 4.10.15)."""
    if _has_ceased(facts, as_of):
        return Unranked(facts.company_id, FORMER)
    book = ContractBook(facts, as_of)
    choice = choose(book, calendar, references, weights)
    seats = book.seats_on(as_of) if choice is None else choice.seats
    usage = factors.latest_usage(facts, as_of)
    found = potential_of(facts, seats, usage, references.products, as_of, weights.params)
    if choice is None:
        return _unranked(book, found, sum(seats.values()))
    values = _factors(facts, choice, usage, found, as_of, calendar, references, weights.params)
    return _row(facts, choice, values, found, as_of, calendar, weights)


def sort_key(row: RankedCompany) -> tuple[Decimal, date, Decimal, int]:
    """Order of the list: score down, act-by up, Δ down (unknown as 0), company id up (4.5)."""
    return -row.score, row.act_by, -(row.delta or _ZERO), row.company_id


class Snapshot(Protocol):
    """What two runs are compared by; a stored row has it too."""

    @property
    def contributions(self) -> Mapping[str, Any]: ...
    @property
    def slack(self) -> int: ...
    @property
    def act_by(self) -> date: ...


@dataclass(frozen=True, slots=True)
class LineChange:
    """The line that moved most between two runs, in points, with the slack before and after (4.6)."""

    factor: str
    points: Decimal
    before: Decimal
    after: Decimal
    slack_before: int
    slack_after: int
    act_by_before: date
    act_by_after: date


def change_since(previous: Snapshot, current: Snapshot) -> LineChange | None:
    """The largest change of a line, either way; a tie goes to the earlier factor; None if nothing moved (4.6)."""
    best: LineChange | None = None
    for code in (*FACTORS, DAMP):
        old, new = (str(run.contributions.get(code, 0)) for run in (previous, current))
        if old == new:
            continue
        before, after = Decimal(old), Decimal(new)
        if abs(after - before) > (abs(best.points) if best else 0):
            best = LineChange(
                code, after - before, before, after,
                previous.slack, current.slack, previous.act_by, current.act_by,
            )  # fmt: skip
    return best


def _has_ceased(facts: CompanyFacts, as_of: date) -> bool:
    return facts.legal_state == "ceased" and (facts.ceased_on is None or facts.ceased_on <= as_of)


def _factors(
    facts: CompanyFacts,
    choice: Choice,
    usage: Mapping[str, tuple[date, int]],
    found: Potential,
    as_of: date,
    calendar: WorkCalendar,
    references: References,
    params: Params,
) -> dict[str, Factor]:
    nearest, profile = choice.nearest, facts.lead.profile
    return {
        "renewal": factors.renewal(nearest, as_of, calendar, params),
        "potential": potential_factor(found, params),
        "users": factors.users(choice.seats, usage, references.products, as_of, params),
        "training": factors.training(facts.trainings, as_of),
        "feature": factors.feature(facts.features, as_of),
        "procurement": factors.procurement(nearest.lead, profile, as_of),
        "approval": factors.approval(nearest.lead, profile, as_of),
        "relation": factors.relation(facts.decision_makers, as_of, params),
    }


def _row(
    facts: CompanyFacts,
    choice: Choice,
    values: Mapping[str, Factor],
    found: Potential,
    as_of: date,
    calendar: WorkCalendar,
    weights: Weights,
) -> RankedCompany:
    nearest, params = choice.nearest, weights.params
    deals = _covering_deals(facts, nearest)
    on_track = next((deal for deal in deals if not stalled_by(deal, as_of, params)), None)
    is_damped = on_track is not None
    shown = on_track or next(iter(deals), None)
    plain = {code: factor.value for code, factor in values.items()}
    lines = score_lines(plain, weights, is_damped=is_damped)
    confidence, word = confidence_of(values, weights)
    flags = flags_of(facts, nearest, values, as_of, calendar)
    stalled = {}
    if shown is not None and not is_damped:
        flags.append("deal_stalled")
        stalled = {"stalled": {"title": shown.title, "why": stalled_by(shown, as_of, params)}}
    return RankedCompany(
        company_id=facts.company_id,
        score=lines.score,
        band=band_of(lines.score, nearest.slack, params, is_expired=nearest.is_expired, is_damped=is_damped),
        act_by=nearest.timing.act_by,
        slack=nearest.slack,
        contract_id=nearest.contract.id,
        end_on=nearest.timing.end_on,
        lead_bd=nearest.timing.lead_bd,
        delta=None if found.delta is None else shown_money(found.delta),
        contributions=lines.contributions,
        factors=plain,
        confidence=confidence,
        confidence_word=word,
        missing=[code for code, factor in values.items() if factor.value is None],
        stale=[code for code, factor in values.items() if factor.is_stale],
        flags=flags,
        evidence=evidence_of(facts, choice, values, on_track, weights) | stalled,
        is_expired=nearest.is_expired,
        is_damped=is_damped,
        seats=sum(choice.seats.values()),
        deal_id=None if shown is None else shown.id,
    )


def _covering_deals(facts: CompanyFacts, nearest: Candidate) -> list[DealFacts]:
    """The deal that renews the nearest contract, and the holding deal over the company (4.9)."""
    if not facts.deals:
        return []
    return [deal for deal in (nearest.deal, holding_deal(facts)) if deal is not None]


def stalled_by(deal: DealFacts, as_of: date, params: Params) -> list[str]:
    """What keeps a deal from being on track; empty when it is (4.5, 4.10.16).

    On track = a next step today or later, nothing overdue, and talked to in 14 calendar days.
    """
    quiet = None if deal.last_interaction_on is None else (as_of - deal.last_interaction_on).days
    checks = (
        ("no_step", deal.next_step_on is None),
        ("step_passed", deal.next_step_on is not None and deal.next_step_on < as_of),
        ("overdue", deal.has_overdue_task),
        ("silent", quiet is None or not 0 <= quiet <= params.deal_quiet_days),
    )
    return [code for code, is_so in checks if is_so]


def _unranked(book: ContractBook, found: Potential, seats: int) -> Unranked:
    """The list of a company without a nearest contract (4.10.15, 4.10.18)."""
    facts = book.facts
    delta = None if found.delta is None else shown_money(found.delta)
    if seats:
        return Unranked(facts.company_id, IN_HEAD_CONTRACT, None, delta, seats)
    pilot_end = book.pilot_end()
    if pilot_end is not None:
        return Unranked(facts.company_id, PILOTS, pilot_end, delta)
    own = [c for c in book.signed if c.payer_id == facts.company_id]
    has_paid = any(c.terms.amount > 0 or any(line.kind == PAID for line in c.lines) for c in own)
    return Unranked(facts.company_id, FORMER if has_paid else NO_CONTRACT, None, delta)
