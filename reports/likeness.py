"""How like the buyers of a product a client is, and what offering it to him is worth. Plain Python, no Django.

value = potential, ₽ × likeness × score / 100, where likeness = how alike × bought / peers. All three stand on the page
rounded as they are multiplied, so a reader can repeat the sum.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median_low

MIN_PEERS = 3  # of fewer clients nothing follows
UNRANKED_SCORE = Decimal(30)  # a client without a place in the ranking: the imputed value of §4.5
OTHER = "other"  # an industry that says nothing
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Level:
    """What peers have in common with the client, and how much of it that is, 0–1."""

    by_industry: bool
    by_segment: bool
    by_product: bool
    alike: Decimal


LEVELS = (
    Level(True, True, True, Decimal("1.00")),
    Level(True, True, False, Decimal("0.80")),
    Level(True, False, True, Decimal("0.70")),
    Level(False, True, True, Decimal("0.60")),
    Level(True, False, False, Decimal("0.50")),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A client as it is compared: industry, size segment ("" unknown), product → seats that it owns."""

    company_id: int
    industry: str
    segment: str
    owned: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A group of alike clients; "" and 0 = not asked about."""

    level: Level
    industry: str
    segment: str
    base_product: int


@dataclass(frozen=True, slots=True)
class Peers:
    """Of `number` clients in a place, the client himself left out, `bought` own the product; `seats` is their median."""

    place: Place
    number: int
    bought: int
    seats: int

    @property
    def likeness(self) -> Decimal:
        """0–1 to two places."""
        return (self.place.level.alike * self.bought / self.number).quantize(CENT, ROUND_HALF_UP)


class Groups:
    """The clients counted by every place that they stand in: one pass over all, then a look-up per candidate."""

    def __init__(self, clients: Iterable[Profile]) -> None:
        self._number: Counter[Place] = Counter()
        self._seats: dict[tuple[Place, int], list[int]] = defaultdict(list)
        for client in clients:
            if not client.owned:
                continue  # who owns nothing is no buyer to learn from
            for place in places_of(client):
                self._number[place] += 1
                for product_id, seats in client.owned.items():
                    self._seats[place, product_id].append(seats)

    def closest(self, client: Profile, product_id: int) -> Peers | None:
        """The peers that speak loudest for the product; None when too few are like the client or none has bought."""
        found = [
            Peers(place, number, len(seats), median_low(seats))
            for place in places_of(client)
            if place.base_product != product_id
            and (number := self._number[place] - bool(client.owned)) >= MIN_PEERS
            and (seats := self._seats.get((place, product_id)))
        ]
        return max(found, key=lambda one: (one.likeness, one.place.level.alike, one.number), default=None)


def places_of(client: Profile) -> Iterator[Place]:
    """Every place of a client, the closest first; what is not known makes none."""
    for level in LEVELS:
        if (level.by_industry and client.industry in ("", OTHER)) or (
            level.by_segment and not client.segment
        ):
            continue
        industry = client.industry if level.by_industry else ""
        segment = client.segment if level.by_segment else ""
        for base in sorted(client.owned) if level.by_product else [0]:
            yield Place(level, industry, segment, base)


def value_of(potential: Decimal, likeness: Decimal, score: Decimal) -> Decimal:
    """₽ to the rouble, half up."""
    return (potential * likeness * score / 100).quantize(Decimal(1), ROUND_HALF_UP)
