"""Trainings of one client for its card: the index by product with its trend, and what came of them (R36)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Company, Product
from trainings.effect import Levels, levels_by
from trainings.index import index, quality
from trainings.models import Training
from trainings.queries import HeldTraining, read_held
from upsell_crm.core.exact import whole

TREND = 8  # trainings in the line of the trend


@dataclass(frozen=True, slots=True)
class ProductIndex:
    """One product: the index of today, the quality of each of its trainings, oldest first, and the four levels."""

    product: Product
    index: int | None
    trend: list[int]
    levels: Levels
    last_on: date

    @property
    def change(self) -> int:
        """The last training against the one before, in points of 100."""
        return self.trend[-1] - self.trend[-2] if len(self.trend) > 1 else 0


def indices_of(company: Company, today: date) -> tuple[int | None, list[ProductIndex]]:
    """The index of the client as the ranking counts it, and of each product. Three statements at most."""
    held = list(read_held(Training.objects.took_place().filter(company=company)))
    levels = levels_by(held, lambda one: one.product_id)
    by_product: dict[int, list[HeldTraining]] = defaultdict(list)
    for one in held:
        by_product[one.product_id].append(one)
    products = Product.objects.in_bulk(by_product)
    rows = [
        ProductIndex(products[pk], _percent(known, today), _trend(known), levels[pk], known[-1].facts.held_on)
        for pk, known in by_product.items()
    ]
    return _percent(held, today), sorted(rows, key=lambda row: (-row.levels.attended, row.product.pk))


def _percent(held: Sequence[HeldTraining], today: date) -> int | None:
    value = index([one.facts for one in held], today)
    return None if value is None else whole(value * 100)


def _trend(held: Sequence[HeldTraining]) -> list[int]:
    known = [quality(one.facts) for one in held]
    return [whole(value * 100) for value in known if value is not None][-TREND:]
