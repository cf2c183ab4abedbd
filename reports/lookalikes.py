"""«Кому ещё предложить»: clients like those who bought, read set-based for one page (product.md §4.6).

Peers are counted over all clients, whoever may see them: a number names nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from accounts.models import Company, LicenceLine, PotentialEstimate, Product
from accounts.whitespace import strongest_words
from deals.models import Deal, DealLine
from deals.portfolio import SHOWN
from reports.likeness import UNRANKED_SCORE, Groups, Peers, Profile, value_of
from reports.models import RankRow


@dataclass(frozen=True, slots=True)
class Offer:
    """A product to offer to a client. Amounts in ₽; `value` = `amount` × likeness × `score` / 100."""

    company: Company
    product: Product
    peers: Peers
    seats: int
    is_estimated: bool  # the client's own estimate; else as many as its peers have
    score: Decimal
    is_ranked: bool

    @property
    def amount(self) -> Decimal:
        """₽ a year of the seats at the list price."""
        return self.seats * self.product.list_price_year

    @property
    def likeness_percent(self) -> Decimal:
        return self.peers.likeness * 100

    @property
    def value(self) -> Decimal:
        return value_of(self.amount, self.peers.likeness, self.score)


def offers(candidates: QuerySet[Company], products: Sequence[Product], today: date) -> list[Offer]:
    """The best first. Not offered: what the client owns, has refused, buys in an open deal, or has no room for.

    Six statements whatever the number of companies.
    """
    score = RankRow.objects.filter(company=OuterRef("pk"), is_current=True).values("score")[:1]
    shown = candidates.select_related("owner_kam", "team").only(*SHOWN, "segment")
    found: list[Any] = list(shown.annotate(rank_score=Subquery(score)))
    ids = [company.pk for company in found]
    profiles = _profiles(today)
    groups = Groups(profiles.values())
    targets = _targets(ids, products)
    words, busy = strongest_words(ids), _being_sold(ids)
    made = [
        _offer(company, product, profiles[company.pk], groups, targets.get((company.pk, product.pk)))
        for company in found
        for product in products
        if company.pk in profiles
        and not profiles[company.pk].owned.get(product.pk)
        and words.get((company.pk, product.pk)) != 0
        and (company.pk, product.pk) not in busy
    ]
    return sorted((offer for offer in made if offer), key=order_of)


def order_of(offer: Offer) -> tuple[Decimal, str, int, int]:
    """The most valuable first; unique over a page."""
    return -offer.value, offer.company.sort_name, offer.company.pk, offer.product.pk


def _offer(
    company: Any, product: Product, profile: Profile, groups: Groups, target: int | None
) -> Offer | None:
    peers = groups.closest(profile, product.pk)
    seats = target if target is not None else peers.seats if peers else 0
    if peers is None or not seats:
        return None
    is_ranked = company.rank_score is not None
    score = company.rank_score if is_ranked else UNRANKED_SCORE
    return Offer(company, product, peers, seats, target is not None, score, is_ranked)


def _profiles(today: date) -> dict[int, Profile]:
    """Every client that is not archived, with its seats of the day. Two statements."""
    owned: dict[int, dict[int, int]] = defaultdict(dict)
    lines = LicenceLine.objects.counted_on(today).filter(product__is_licensable=True, product__active=True)
    rows = lines.order_by().values_list("used_by_id", "product").annotate(number=Sum("seats"))  # type: ignore[misc]
    for company_id, product_id, number in rows:
        owned[company_id][product_id] = number
    companies = Company.objects.present().order_by().values_list("pk", "industry", "segment")
    return {pk: Profile(pk, industry, segment, owned.get(pk, {})) for pk, industry, segment in companies}


def _targets(ids: Sequence[int], products: Sequence[Product]) -> dict[tuple[int, int], int]:
    rows = PotentialEstimate.objects.filter(company__in=ids, product__in=products).order_by()
    return {(one, two): seats for one, two, seats in rows.values_list("company", "product", "target_seats")}


def _being_sold(ids: Iterable[int]) -> set[tuple[int, int]]:
    """(company, product) of open deals, also of those that the reader may not open: twice is once too often."""
    lines = DealLine.objects.filter(deal__in=Deal.objects.open()).order_by()
    known = set(ids)
    rows = lines.values_list("end_user_company", "deal__company", "product")
    return {(user or payer, product) for user, payer, product in rows if (user or payer) in known}
