"""What trainings led to: Kirkpatrick's four levels, by training, product or tutor (§4.3).

L1 reaction, L2 test, L3 first use within 30 days, L4 a won expansion within 180 days. L4 is reported here and never fed
back into the score: it would explain the sale by itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from deals.enums import DealStage
from deals.models import DealLine
from trainings.index import TrainingFacts, quality
from trainings.queries import HeldTraining
from upsell_crm.core import clock
from upsell_crm.core.exact import EXACT, ratio, whole

EFFECT_DAYS = 180


@dataclass(frozen=True, slots=True)
class Won:
    """One line of a won deal that brought more than before."""

    line_id: int
    company_id: int
    product_id: int
    on: date
    amount: Decimal


@dataclass
class Levels:
    """The four levels over some trainings; means are over people, not over trainings."""

    trainings: int = 0
    invited: int = 0
    attended: int = 0
    activated: int = 0
    activation_known: int = 0
    won: dict[int, Decimal] = field(default_factory=dict)
    _reaction: list[tuple[Decimal, int]] = field(default_factory=list)
    _test: list[tuple[Decimal, int]] = field(default_factory=list)
    _quality: list[tuple[Decimal, int]] = field(default_factory=list)

    def add(self, facts: TrainingFacts, won: Iterable[Won]) -> None:
        """One more training; a won line counts once, however many trainings came before it."""
        self.trainings += 1
        self.invited += facts.invited
        self.attended += facts.attended
        self.activated += facts.activated
        self.activation_known += facts.activation_known
        for place, value in (
            (self._reaction, facts.reaction),
            (self._test, facts.test),
            (self._quality, quality(facts)),
        ):
            if value is not None:
                place.append((value, facts.attended))
        self.won |= {line.line_id: line.amount for line in won}

    @property
    def attendance(self) -> int | None:
        return whole(min(Decimal(1), ratio(self.attended, self.invited)) * 100) if self.invited else None

    @property
    def reaction(self) -> Decimal | None:
        """L1."""
        return _weighted(self._reaction)

    @property
    def test(self) -> Decimal | None:
        """L2."""
        return _weighted(self._test)

    @property
    def activation(self) -> int | None:
        """L3, per cent of those of whom it is known."""
        return whole(ratio(self.activated, self.activation_known) * 100) if self.activation_known else None

    @property
    def won_count(self) -> int:
        """L4."""
        return len(self.won)

    @property
    def won_amount(self) -> Decimal:
        """L4 in roubles a year."""
        return sum(self.won.values(), Decimal(0))

    @property
    def quality(self) -> int | None:
        """q as on the day of the training, 0–100, without its age."""
        value = _weighted(self._quality)
        return None if value is None else whole(value * 100)


def levels_by(
    trainings: Sequence[HeldTraining], key: Callable[[HeldTraining], int], won: Sequence[Won] | None = None
) -> dict[int, Levels]:
    """The levels of each group of these trainings; one statement for L4."""
    won = won_after(trainings) if won is None else won
    by_pair: dict[tuple[int, int], list[Won]] = defaultdict(list)
    for line in won:
        by_pair[line.company_id, line.product_id].append(line)
    groups: dict[int, Levels] = defaultdict(Levels)
    for one in trainings:
        after = [
            line for line in by_pair[one.company_id, one.product_id] if is_effect(one.facts.held_on, line.on)
        ]
        groups[key(one)].add(one.facts, after)
    return dict(groups)


def is_effect(held_on: date, won_on: date) -> bool:
    """Won on the day of the training or within 180 days after it."""
    return 0 <= (won_on - held_on).days <= EFFECT_DAYS


def won_after(trainings: Sequence[HeldTraining]) -> list[Won]:
    """Expansions of the trained products at these clients since the first training; one statement."""
    if not trainings:
        return []
    first = min(one.facts.held_on for one in trainings)
    last = max(one.facts.held_on for one in trainings) + timedelta(days=EFFECT_DAYS)
    lines: Any = DealLine.objects.filter(
        deal__stage=DealStage.WON, deal__closed_at__gte=clock.bounds(first)[0], deal__closed_at__lte=clock.day_end(last),
        deal__company__in={one.company_id for one in trainings}, product__in={one.product_id for one in trainings},
    ).order_by("pk")  # fmt: skip
    rows = lines.values_list(
        "pk", "deal__company_id", "product_id", "deal__closed_at", "amount", "current_amount"
    )
    return [
        Won(pk, company, product, clock.local_date(closed_at) or first, amount - before)
        for pk, company, product, closed_at, amount, before in rows
        if amount > before
    ]


def _weighted(pairs: Sequence[tuple[Decimal, int]]) -> Decimal | None:
    people = sum(n for _value, n in pairs)
    total = sum((value * n for value, n in pairs), Decimal(0))
    return EXACT.divide(total, Decimal(people)) if people else None
