"""Who has the best contact with the client's deciders: the rule of R63, domain.md §2.6; plain Python, Decimal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FRESH_DAYS, RECENT_DAYS = 90, 180


@dataclass(frozen=True, slots=True)
class Decider:
    """A key ЛПР of the deal and his influence, 1–5."""

    contact_id: int
    influence: int


@dataclass(frozen=True, slots=True)
class Tie:
    """How well a colleague knows a person, 0–5, and the last time the two spoke both ways."""

    level: int
    last_two_way_on: date | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who may lead the communication."""

    user_id: int
    is_responsible: bool
    talks: int  # interactions with the client in the last 12 months
    ties: Mapping[int, Tie]  # by contact


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate with his score, 0–5."""

    candidate: Candidate
    score: Decimal


def recency(last_two_way_on: date | None, day: date) -> Decimal:
    """1 when they spoke at most 90 days ago, 0.7 at most 180, 0.4 earlier, 0 never."""
    if last_two_way_on is None:
        return Decimal(0)
    days = (day - last_two_way_on).days
    return Decimal(1) if days <= FRESH_DAYS else Decimal("0.7") if days <= RECENT_DAYS else Decimal("0.4")


def contact_score(deciders: Sequence[Decider], ties: Mapping[int, Tie], day: date) -> Decimal:
    """Σ influence × strength × recency / Σ influence over the deciders, unrounded; without deciders 0."""
    whole = sum(decider.influence for decider in deciders)
    if not whole:
        return Decimal(0)
    parts = (_part(decider, ties.get(decider.contact_id), day) for decider in deciders)
    return sum(parts, Decimal(0)) / whole


def standings(candidates: Iterable[Candidate], deciders: Sequence[Decider], day: date) -> list[Standing]:
    """The best first; a tie goes to the responsible KAM, then to more interactions, then to the lower user id."""
    scored = [Standing(each, contact_score(deciders, each.ties, day)) for each in candidates]
    return sorted(scored, key=_order)


def proposed(ranked: Sequence[Standing], responsible_id: int) -> int:
    """The user to lead the communication; when nobody knows a decider, the responsible KAM."""
    if not ranked or not ranked[0].score:
        return responsible_id
    return ranked[0].candidate.user_id


def closest_decider(deciders: Iterable[Decider], ties: Mapping[int, Tie], day: date) -> int | None:
    """The decider who gives a candidate most of his score: the one that the proposal names."""
    best = max(deciders, key=lambda d: (_part(d, ties.get(d.contact_id), day), -d.contact_id), default=None)
    return best.contact_id if best and _part(best, ties.get(best.contact_id), day) else None


def _part(decider: Decider, tie: Tie | None, day: date) -> Decimal:
    return decider.influence * tie.level * recency(tie.last_two_way_on, day) if tie else Decimal(0)


def _order(standing: Standing) -> tuple[Decimal, bool, int, int]:
    each = standing.candidate
    return -standing.score, not each.is_responsible, -each.talks, each.user_id
