"""Reads over awaited features and the clients who wait for them (R23–R25)."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from accounts.access import within_reach
from accounts.enums import ContractStatus, FeatureStatus, Response
from accounts.models import Company, FeatureRequest, FeatureWait
from accounts.models.feature import FeatureQuerySet, WaitQuerySet
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

OFFERED = 300  # titles that the combobox offers; another one is typed
BOARD = 400  # features of the board; a filter shows the rest
ROAD = (
    FeatureStatus.NEW,
    FeatureStatus.SUBMITTED,
    FeatureStatus.PLANNED,
    FeatureStatus.DEV,
    FeatureStatus.RELEASED,
)  # what the board shows unasked; closed and declined have a tile
ORDERS = {
    "money": ("-money", "-clients", "-pk"), "clients": ("-clients", "-money", "-pk"),
    "date": ("planned_release", "released_on", "pk"), "title": ("title", "pk"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StatusGroup:
    """The features of one status; `clients` counts waits, so a client of two features counts twice."""

    status: FeatureStatus
    features: list[Any]

    @property
    def clients(self) -> int:
        return sum(feature.clients for feature in self.features)

    @property
    def money(self) -> Decimal:
        return sum((feature.money for feature in self.features), Decimal(0))


def catalogue() -> FeatureQuerySet:
    """What a client may wait for: everything but the declined, the newest first."""
    known = FeatureRequest.objects.exclude(status=FeatureStatus.DECLINED).select_related("product")
    return known.order_by("-pk")[:OFFERED]


def waits_to_answer(company: Company) -> WaitQuerySet:
    """Released features of which this client has not said yet what he thinks."""
    return (
        FeatureWait.objects.filter(company=company).to_answer().select_related("feature__product", "contact")
    )


def with_demand(features: FeatureQuerySet, user: User) -> FeatureQuerySet:
    """`clients` = how many still wait, whoever reads; `money` = running contracts of those whose money he may see."""
    waiting = FeatureWait.objects.filter(feature=OuterRef("pk"), response="", company__archived_at=None)
    clients = waiting.order_by().values("feature").annotate(n=Count("pk")).values("n")
    running = Q(company__contracts__status=ContractStatus.ACTIVE)
    money = (
        waiting.filter(within_reach(user, Action.SEE_MONEY, "company__"))
        .order_by()
        .values("feature")
        .annotate(sum=Sum("company__contracts__amount", filter=running))
        .values("sum")
    )
    return features.annotate(
        clients=Coalesce(Subquery(clients), 0), money=Coalesce(Subquery(money), Value(Decimal(0)))
    )


def board(features: FeatureQuerySet, user: User, order: str, statuses: Collection[str]) -> list[StatusGroup]:
    """The groups of the board along the road of a feature; one statement."""
    rows = with_demand(features.filter(status__in=statuses), user).select_related("product")
    groups: dict[str, list[Any]] = {}
    for feature in rows.order_by(*ORDERS[order])[:BOARD]:
        groups.setdefault(feature.status, []).append(feature)
    return [StatusGroup(status, groups[status]) for status in FeatureStatus if status in groups]


def status_counts(features: FeatureQuerySet) -> list[tuple[FeatureStatus, int]]:
    """How many features stand in each status: the tiles of the board."""
    counts = dict(features.order_by().values_list("status").annotate(n=Count("pk")))
    return [(status, counts.get(status, 0)) for status in FeatureStatus]


@dataclass(frozen=True, slots=True)
class Answers:
    """What clients said about one feature; all of them, whoever reads: numbers name nobody."""

    total: int
    positive: int
    neutral: int
    negative: int
    shown: int
    hidden: int  # clients whose cards this reader may not open

    @property
    def not_answered(self) -> int:
        """Shown, and silent so far."""
        return self.shown - self.positive - self.neutral - self.negative


def answers_of(feature: FeatureRequest, user: User) -> Answers:
    """One statement."""
    said = {value: Count("pk", filter=Q(response=value)) for value in Response.values}
    seen = within_reach(user, Action.SEE_COMPANY, "company__")
    return Answers(
        **FeatureWait.objects.filter(feature=feature).aggregate(
            total=Count("pk"), shown=Count("pk", filter=Q(presented_on__isnull=False)),
            hidden=Count("pk", filter=~seen), **said,
        )
    )  # fmt: skip


def waits_of(feature: FeatureRequest, user: User) -> WaitQuerySet:
    """The clients of this feature whom the reader may see, with what a row shows and what he may do."""
    reach = Company.objects.filter(pk=OuterRef("company_id"))
    return (
        FeatureWait.objects.filter(feature=feature)
        .visible_to(user)
        .annotate(
            may_log=Exists(reach.allowing(user, Action.LOG_INTERACTION)),
            may_wait=Exists(reach.allowing(user, Action.CREATE_FEATURE)),
        )
        .select_related("company__owner_kam", "company__team__lead", "contact", "feature")
    )
