"""The tree of a holding with seats, potential, money, stage and owner per company, each counted once (R75, §2.8.12)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import Company, Product
from accounts.queries import uses_on
from accounts.whitespace import Map, read_whitespace
from deals.models import Deal
from deals.product_cells import open_deals
from upsell_crm.core.models import User


@dataclass
class Node:
    """One company of the tree; `level` 0 is the head."""

    company: Company
    level: int
    seats: dict[int, int] = field(default_factory=dict)  # product → paid seats that it uses
    targets: dict[int, int] = field(default_factory=dict)  # product → potential seats
    amount: Decimal = Decimal(0)  # ₽ of the licences that it uses
    deals: list[Deal] = field(default_factory=list)  # open ones that this person may see
    deal_of: dict[int, Deal] = field(default_factory=dict)  # product → the open deal that sells it there

    def use(self, product_id: int, seats: int, amount: Decimal) -> None:
        """One more licence of this end user."""
        self.seats[product_id] = self.seats.get(product_id, 0) + seats
        self.amount += amount

    @property
    def seats_total(self) -> int:
        return sum(self.seats.values())

    @property
    def target_total(self) -> int:
        return sum(self.targets.values())


@dataclass
class Rollup:
    """What this person may see of a holding; companies of other teams are only counted."""

    nodes: list[Node]
    hidden: int
    products: list[Product]
    known: Map  # what the cells of the matrix show

    @property
    def seats(self) -> int:
        return sum(node.seats_total for node in self.nodes)

    @property
    def target(self) -> int:
        return sum(node.target_total for node in self.nodes)

    @property
    def amount(self) -> Decimal:
        return sum((node.amount for node in self.nodes), Decimal(0))


def roll_up(head: Company, user: User, day: date) -> Rollup:
    """The holding below and with `head`; eight statements whatever its size."""
    seen, hidden = _companies(head, user)
    nodes = {node.company.pk: node for node in _in_tree_order(head, seen)}
    for company_id, uses in uses_on(nodes, day).items():
        for product_id, seats, amount in uses:
            nodes[company_id].use(product_id, seats, amount)
    known = read_whitespace(nodes, day, {pk: node.seats for pk, node in nodes.items()})
    for (company_id, product_id), cell in known.cells.items():
        if cell.target is not None:
            nodes[company_id].targets[product_id] = cell.target
    _add_deals(nodes, user)
    return Rollup(list(nodes.values()), hidden, list(Product.objects.licensable()), known)


def _companies(head: Company, user: User) -> tuple[list[Company], int]:
    """Those that may be seen, and how many more there are."""
    below = Company.objects.below(head).present().values("pk")
    whole = Company.objects.filter(Q(pk=head.pk) | Q(pk__in=below)).annotate(
        is_seen=Exists(Company.objects.visible_to(user).filter(pk=OuterRef("pk")))
    )
    found: list[Any] = list(whole.select_related("owner_kam", "team").order_by("sort_name", "pk"))
    seen: list[Company] = [company for company in found if company.is_seen]
    return seen, len(found) - len(seen)


def _in_tree_order(head: Company, companies: Iterable[Company]) -> list[Node]:
    """Each company after its parent; one whose parent is hidden stands under the head."""
    known = {company.pk: company for company in companies}
    children: dict[int, list[Company]] = {}
    for company in known.values():
        if company.pk != head.pk:
            parent_id = company.parent_id if company.parent_id in known else head.pk
            children.setdefault(parent_id or head.pk, []).append(company)
    nodes = [Node(head, 0)] if head.pk in known else []

    def descend(parent_id: int, level: int) -> None:
        for company in children.get(parent_id, []):
            nodes.append(Node(company, level))
            descend(company.pk, level + 1)

    descend(head.pk, 1)
    return nodes


def _add_deals(nodes: dict[int, Node], user: User) -> None:
    """Open deals at their company, and each product at the company that will use it."""
    deals = Deal.objects.visible_to(user).open()
    for deal in deals.filter(company__in=nodes).select_related("responsible_kam").order_by("-pk"):
        nodes[deal.company_id].deals.append(deal)
    for (company_id, product_id), deal in open_deals(nodes, user).items():
        nodes[company_id].deal_of[product_id] = deal
