"""What clients said about released features, and what they bought after they had seen them (R25).

A feature counts in the period in which it was shown; what is released and not shown yet counts in the period of its
release. An upsell is a deal won with more than was renewed, within 90 days after the feature was shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import RELEASED_STATUSES, Response
from accounts.forms.base import DATE
from accounts.models import FeatureWait, Product
from deals.enums import DealStage
from deals.models import Deal
from upsell_crm.core import clock
from upsell_crm.core.filters import PageFilter
from upsell_crm.core.models import User

UPSELL_DAYS = 90  # calendar days after the feature was shown
YEAR = timedelta(days=365)
SILENT, NOT_SHOWN = "silent", "not_shown"
ANSWERS = [*Response.choices, (SILENT, _("shown, no answer yet")), (NOT_SHOWN, _("not shown yet"))]
_CONDITIONS = {
    **{value: Q(response=value) for value in Response.values},
    SILENT: Q(presented_on__isnull=False, response=""), NOT_SHOWN: Q(presented_on=None),
}  # fmt: skip


class ResponseFilter(PageFilter):
    """Period, product and answer; a year back unless said otherwise."""

    since = filters.DateFilter(method="by_since", label=_("Shown or released since"), widget=DATE)
    until = filters.DateFilter(method="by_until", label=_("until"), widget=DATE)
    product = filters.ModelChoiceFilter(
        "feature__product", to_field_name="code", label=_("Product"), empty_label=_("all"),
        queryset=lambda request: Product.objects.all(),
    )  # fmt: skip
    answer = filters.ChoiceFilter(
        choices=ANSWERS, method="by_answer", label=_("Answer"), empty_label=_("all")
    )
    upsell = filters.BooleanFilter(method="untouched", label=_("Bought more"), widget=forms.CheckboxInput)

    class Meta:
        model = FeatureWait
        fields: list[str] = []

    MAIN = ("since", "until", "product", "answer", "upsell")

    def by_since(self, waits: QuerySet[FeatureWait], _name: str, day: date) -> QuerySet[FeatureWait]:
        return waits.filter(Q(presented_on__gte=day) | Q(presented_on=None, feature__released_on__gte=day))

    def by_until(self, waits: QuerySet[FeatureWait], _name: str, day: date) -> QuerySet[FeatureWait]:
        return waits.filter(Q(presented_on__lte=day) | Q(presented_on=None, feature__released_on__lte=day))

    def by_answer(self, waits: QuerySet[FeatureWait], _name: str, answer: str) -> QuerySet[FeatureWait]:
        return waits.filter(_CONDITIONS[answer])

    def untouched(self, waits: QuerySet[FeatureWait], _name: str, _value: bool) -> QuerySet[FeatureWait]:
        """Deals are joined in memory, see `answered_rows`."""
        return waits


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """One client and one feature; `deals` are the upsells that followed, `gain` their sum in ₽."""

    wait: FeatureWait
    deals: list[Deal]

    @property
    def gain(self) -> Decimal:
        return sum((deal.expansion for deal in self.deals), Decimal(0))


@dataclass(slots=True)
class Summary:
    """One product, or all; a deal that followed two features is counted once."""

    product: Product | None = None
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys([code for code, _label in ANSWERS], 0)
    )
    deals: dict[int, Deal] = field(default_factory=dict)

    def add(self, row: AnsweredRow) -> None:
        """Count one client's answer."""
        self.counts[answer_of(row.wait)] += 1
        self.deals |= {deal.pk: deal for deal in row.deals}

    @property
    def by_answer(self) -> list[tuple[str, Any, int]]:
        """The columns of the table: code, label, number."""
        return [(code, label, self.counts[code]) for code, label in ANSWERS]

    @property
    def shown(self) -> int:
        return sum(self.counts.values()) - self.counts[NOT_SHOWN]

    @property
    def positive_share(self) -> Decimal | None:
        """Per cent of positive among the answered; None while nobody has answered."""
        answered = sum(self.counts[value] for value in Response.values)
        if not answered:
            return None
        share = Decimal(100 * self.counts[Response.POSITIVE]) / answered
        return share.quantize(Decimal(1), ROUND_HALF_UP)

    @property
    def gain(self) -> Decimal:
        return sum((deal.expansion for deal in self.deals.values()), Decimal(0))


def answer_of(wait: FeatureWait) -> str:
    """The column of the report in which this client stands."""
    return wait.response or (SILENT if wait.presented_on else NOT_SHOWN)


def narrowed_waits(asked: Mapping[str, Any], user: User, today: date) -> ResponseFilter:
    """Released features of the clients whom this person may see, under the filters of the address."""
    said = asked.copy() if hasattr(asked, "copy") else dict(asked)
    if not said.get("since"):
        said["since"] = (today - YEAR).isoformat()
    waits = FeatureWait.objects.visible_to(user).filter(feature__status__in=RELEASED_STATUSES)
    return ResponseFilter(said, waits.filter(company__archived_at=None), by=user)


def answered_rows(narrowed: ResponseFilter, user: User) -> list[AnsweredRow]:
    """The clients of the filter, the latest first, each with the upsells that followed; two statements."""
    related = ("feature__product", "company__owner_kam", "contact")
    waits = list(
        narrowed.qs.select_related(*related).order_by(F("presented_on").desc(nulls_first=True), "-pk")
    )
    upsells = _upsells(waits, user)
    rows = [AnsweredRow(wait, _followed(wait, upsells.get(wait.company_id, []))) for wait in waits]
    return [row for row in rows if row.deals] if narrowed.in_use.get("upsell") else rows


def summaries(rows: Iterable[AnsweredRow]) -> tuple[list[Summary], Summary]:
    """By product, the most shown first; and over all."""
    total, products = Summary(), dict[int, Summary]()
    for row in rows:
        product = row.wait.feature.product
        products.setdefault(product.pk, Summary(product)).add(row)
        total.add(row)
    return sorted(products.values(), key=lambda each: (-each.shown, str(each.product))), total


def _upsells(waits: list[FeatureWait], user: User) -> dict[int, list[Deal]]:
    """Deals won with more than was renewed, by company, in order of their day."""
    shown = [wait.presented_on for wait in waits if wait.presented_on]
    if not shown:
        return {}
    won = Deal.objects.visible_to(user).filter(
        stage=DealStage.WON, amount__gt=F("current_amount"), company__in={wait.company_id for wait in waits},
        closed_at__gte=clock.bounds(min(shown))[0],
    )  # fmt: skip
    found: dict[int, list[Deal]] = defaultdict(list)
    for deal in won.order_by("closed_at", "pk"):
        found[deal.company_id].append(deal)
    return found


def _followed(wait: FeatureWait, deals: list[Deal]) -> list[Deal]:
    if wait.presented_on is None:
        return []
    last = wait.presented_on + timedelta(days=UPSELL_DAYS)
    days = [clock.local_date(deal.closed_at) or date.min for deal in deals]
    return [deal for deal, day in zip(deals, days, strict=True) if wait.presented_on <= day <= last]
