"""Totals of the existing-clients report over a whole filter, and its holdings (§5.4, §4.9)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet, Sum

from accounts.models import Company, Product
from reports.existing_clients import SEATS, Column, References
from reports.models import ClientRow, ClientSeats, OfferAnswer

OF_ALL = "all_"  # prefix of a group's number: an annotation may not have the name of a field


@dataclass(frozen=True, slots=True)
class Split:
    """One invoice-offer answer: how many clients, and its part of the bar from 0 to 100."""

    answer: str
    label: str
    number: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a whole filter: each seat and each rouble once, utilisation as Σ active / Σ seats (§5.4)."""

    clients: int
    seats: int
    active_users: int | None
    usage_seats: int
    annual_amount: Decimal
    potential: Decimal | None
    by_product: list[tuple[Product, int]]
    by_offer: list[Split]

    @property
    def utilisation(self) -> Decimal | None:
        """Active users per hundred seats of products with a snapshot."""
        return _utilisation(self.active_users, self.usage_seats)


def _utilisation(active: int | None, seats: int) -> Decimal | None:
    return None if active is None or not seats else Decimal(active * 100) / seats


def totals_of(rows: QuerySet[ClientRow], products: Iterable[Product]) -> Totals:
    """Three statements, however many rows."""
    plain = rows.order_by()
    sums = plain.aggregate(
        clients=Count("pk"), seats=Sum("seats_total"), active=Sum("active_users"), usage=Sum("usage_seats"),
        amount=Sum("annual_amount"), potential=Sum("potential"),
    )  # fmt: skip
    seats = ClientSeats.objects.filter(row__in=plain.values("pk")).order_by().values_list("product")
    by_product = dict(seats.annotate(number=Sum("seats")))
    answers = dict(plain.values_list("offer").annotate(number=Count("pk")))
    return Totals(
        clients=sums["clients"],
        seats=sums["seats"] or 0,
        active_users=sums["active"],
        usage_seats=sums["usage"] or 0,
        annual_amount=sums["amount"] or Decimal(0),
        potential=sums["potential"],
        by_product=[(product, by_product.get(product.pk, 0)) for product in products],
        by_offer=_split(answers, sums["clients"]),
    )


def _split(answers: dict[str, int], clients: int) -> list[Split]:
    """The best answer first, side by side; answers that nobody has take no room."""
    parts, start = [], 0.0
    for answer in reversed(OfferAnswer):
        number = answers.get(answer, 0)
        width = round(number * 100 / clients, 2) if clients else 0.0
        parts.append(Split(answer, str(answer.label), number, round(start, 2), width))
        start += width
    return parts


@dataclass(slots=True)
class Holding:
    """A holding in the report; `hidden` ДЗО belong to other teams and bring no numbers (§4.9)."""

    head: Company
    clients: int
    seats_total: int
    active_users: int | None
    usage_seats: int
    annual_amount: Decimal
    potential: Decimal | None
    end_date: date | None
    act_by: date | None
    slack: int | None
    score: Decimal | None
    hidden: int = 0
    members: list[ClientRow] = field(default_factory=list)
    by_product: dict[int, int] = field(default_factory=dict)
    cells: list[Any] = field(default_factory=list)

    @property
    def utilisation(self) -> Decimal | None:
        """Active users per hundred seats with usage data, over the members."""
        return _utilisation(self.active_users, self.usage_seats)


# Columns of the report that a holding has too; the others are its members' own.
_OF_GROUP = frozenset(
    (
        "seats_total",
        "active_users",
        "utilisation",
        "annual_amount",
        "potential",
        "end_date",
        "act_by",
        "slack",
        "score",
    )
)


def group_value(holding: Holding, column: Column, references: References) -> Any:
    """The value of one column for a whole holding; None where only the members have one."""
    if column.code.startswith(SEATS):
        code = column.code.removeprefix(SEATS)
        return next(holding.by_product.get(one.pk, 0) for one in references.products if one.code == code)
    return getattr(holding, column.code) if column.code in _OF_GROUP else None


def grouped(rows: QuerySet[ClientRow]) -> QuerySet[Any, Any]:
    """Rows by the top of their holding, named; a company outside holdings is a group of one."""
    whole = {"seats_total": Sum, "active_users": Sum, "usage_seats": Sum, "annual_amount": Sum, "potential": Sum,
             "end_date": Min, "act_by": Min, "slack": Min, "score": Max}  # fmt: skip
    sums = {"clients": Count("pk"), **{f"{OF_ALL}{name}": of(name) for name, of in whole.items()}}
    by_head = rows.order_by().values("head_id", head_name=F("head__sort_name")).annotate(**sums)
    return by_head.values_list("head_id", "head_name", *sums, named=True)


def holdings(groups: list[Any], rows: QuerySet[ClientRow], unseen: QuerySet[ClientRow]) -> list[Holding]:
    """The groups with their members of the filter; of the `unseen` rows only the number is told (§4.9)."""
    head_ids = [group.head_id for group in groups]
    members = defaultdict(list)
    for row in rows.filter(head__in=head_ids).order_by("sort_name", "pk"):
        members[row.head_id].append(row)
    hidden = dict(
        unseen.filter(head__in=head_ids).order_by().values_list("head").annotate(number=Count("pk"))
    )
    return [_holding(group, members[group.head_id], hidden) for group in groups]


def _holding(group: Any, members: list[ClientRow], hidden: dict[int, int]) -> Holding:
    numbers = {name.removeprefix(OF_ALL): value for name, value in group._asdict().items()}
    head_id, _name = numbers.pop("head_id"), numbers.pop("head_name")
    by_product: dict[int, int] = defaultdict(int)
    for row in members:
        for one in row.seats.all():
            by_product[one.product_id] += one.seats
    return Holding(
        head=members[0].head, **numbers, hidden=hidden.get(head_id, 0), members=members, by_product=by_product
    )
