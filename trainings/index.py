"""The training index, 0 to 1: how well the client's people were trained (domain.md §4.3, §4.10.9).

Plain Python with Decimal, as the ranking is, which reads it too (R19).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from upsell_crm.core.exact import EXACT, ratio

WITHIN_DAYS, FULL_DAYS = 365, 90  # a training counts for a year, in full for its first quarter
_ZERO, _ONE = Decimal(0), Decimal(1)
_REACTION, _ATTENDANCE, _TEST, _ACTIVATION = Decimal("0.2"), Decimal("0.2"), Decimal("0.3"), Decimal("0.3")


@dataclass(frozen=True, slots=True)
class TrainingFacts:
    """One held training: counts of people, means of reaction (1–5) and test (0–100).

    `activation_known` is the number of attendees whose activation in 30 days is known.
    """

    held_on: date
    topic: str
    invited: int
    attended: int
    reaction: Decimal | None = None
    test: Decimal | None = None
    activated: int = 0
    activation_known: int = 0


def quality(one: TrainingFacts) -> Decimal | None:
    """q of one training: the known ones of reaction, attendance, test, activation; None without results."""
    has_activation = one.activation_known > 0
    if one.reaction is None and one.test is None and not has_activation:
        return None
    total = points = _ZERO
    if one.reaction is not None:
        total += _REACTION
        points += _REACTION * (one.reaction - 1) / 4
    if one.invited > 0:
        total += _ATTENDANCE
        points += _ATTENDANCE * min(_ONE, ratio(one.attended, one.invited))
    if one.test is not None:
        total += _TEST
        points += _TEST * one.test / 100
    if has_activation:
        total += _ACTIVATION
        points += _ACTIVATION * ratio(one.activated, one.activation_known)
    return EXACT.divide(points, total)


def within_year(trainings: Sequence[TrainingFacts], as_of: date) -> list[TrainingFacts]:
    """Those that count on this day."""
    return [one for one in trainings if 0 <= (as_of - one.held_on).days <= WITHIN_DAYS]


def index(trainings: Sequence[TrainingFacts], as_of: date) -> Decimal | None:
    """Σ q·n·d / Σ n over a year; 0 when none was held, a fact; None when none of the held ones has results."""
    held = within_year(trainings, as_of)
    if not held:
        return _ZERO
    people, points = 0, _ZERO
    for one in held:
        q = quality(one)
        if q is not None and one.attended > 0:
            people += one.attended
            points += q * one.attended * age_weight((as_of - one.held_on).days)
    return EXACT.divide(points, Decimal(people)) if people else None


def age_weight(days: int) -> Decimal:
    """d: whole for 90 days, then falling to nothing after a year."""
    if days <= FULL_DAYS:
        return _ONE
    return ratio(max(0, WITHIN_DAYS - days), WITHIN_DAYS - FULL_DAYS)
