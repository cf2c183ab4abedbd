"""Which products interest a client, and who of us knows them: gaps before a meeting (R64, R65)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.company_card import ProductUse, product_use
from accounts.enums import InterestLevel
from accounts.models import (
    Company,
    DepartmentInterest,
    Expertise,
    PotentialEstimate,
    Product,
    ProductFeedback,
)
from deals.models import Deal, DealLine, DealMember
from upsell_crm.core.models import User

PROPOSED = 3  # people per product


@dataclass(frozen=True, slots=True)
class Covered:
    """A product of interest and who of those present is expert in it."""

    product: Product
    experts: list[User]


@dataclass(frozen=True, slots=True)
class Gap:
    """A product of interest that nobody present knows, and whom to invite: members, then the team, then others."""

    product: Product
    people: list[User]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Products of interest against the people who would be there."""

    covered: list[Covered]
    gaps: list[Gap]
    sold: frozenset[int]  # products in open deals

    @property
    def products(self) -> list[Product]:
        """Everything that interests the client."""
        return [row.product for row in self.covered] + [gap.product for gap in self.gaps]

    @property
    def not_shown(self) -> list[Product]:
        """R65: one product is offered to a client with interest in several; what else to show."""
        if len(self.sold) != 1 or len(self.products) < 2:
            return []
        return [product for product in self.products if product.pk not in self.sold]


def coverage(
    company: Company, people: Collection[int], today: date, *, members: Collection[int] = (),
    uses: Sequence[ProductUse] | None = None,
) -> Coverage:  # fmt: skip
    """Whom of `people` (user ids) covers what; `members` of the working group are proposed first.

    `uses` = `product_use` of the client where it was read already.
    """
    known_of = Product.objects.annotate(is_sold=Exists(_sold(company).filter(product=OuterRef("pk"))))
    wanted = list(known_of.filter(Q(is_sold=True) | Q(pk__in=_interesting(company, today, uses))))
    sold = frozenset(product.pk for product in wanted if product.is_sold)
    products = [product for product in wanted if product.active and product.is_licensable]
    experts: dict[int, list[User]] = defaultdict(list)
    known = Expertise.objects.filter(product__in=products, user__is_active=True).select_related("user__team")
    for row in known.order_by("user__last_name", "user__first_name", "pk"):
        experts[row.product_id].append(row.user)
    covered, gaps = [], []
    for product in products:
        present = [user for user in experts[product.pk] if user.pk in people]
        if present:
            covered.append(Covered(product, present))
        else:
            gaps.append(Gap(product, _nearest(experts[product.pk], members, company.team_id)))
    return Coverage(covered, gaps, sold)


def member_ids(deals: Iterable[int], today: date) -> set[int]:
    """Active members of these deals."""
    active = DealMember.objects.active_on(today).filter(deal__in=deals).order_by()
    return set(active.values_list("user_id", flat=True))


def _sold(company: Company) -> QuerySet[DealLine]:
    """Lines of the client's open deals."""
    return DealLine.objects.filter(deal__in=Deal.objects.open().filter(company=company).values("pk"))


def _interesting(company: Company, today: date, uses: Sequence[ProductUse] | None) -> set[int]:
    """The last word of a department is at least «present», the last reaction positive, or more seats are possible."""
    wanted = _last(DepartmentInterest.objects.filter(department__company=company), "department", "as_of")
    liked = _last(
        ProductFeedback.objects.filter(interaction__company=company, interaction__retracted_at=None),
        "interaction__company", "interaction__starts_at",
    )  # fmt: skip
    known = product_use(company, today) if uses is None else uses
    seats = {use.product.pk: use.seats for use in known}
    targets = (
        PotentialEstimate.objects.filter(company=company).order_by().values_list("product_id", "target_seats")
    )
    return {
        *(row.product_id for row in wanted if row.level >= InterestLevel.PRESENT),
        *(row.product_id for row in liked if row.reaction > 0),
        *(product for product, target in targets if target > seats.get(product, 0)),
    }


def _last(rows: Any, of: str, moment: str) -> Any:
    """The newest row of each product in each `of`; what it says is judged outside, where the window is closed."""
    newest = Window(
        RowNumber(), partition_by=[F(of), F("product")], order_by=[F(moment).desc(), F("pk").desc()]
    )
    return rows.annotate(place=newest).filter(place=1).order_by("pk")


def _nearest(experts: list[User], members: Collection[int], team_id: int | None) -> list[User]:
    def distance(user: User) -> int:
        return 0 if user.pk in members else 1 if team_id and user.team_id == team_id else 2

    return sorted(experts, key=distance)[:PROPOSED]
