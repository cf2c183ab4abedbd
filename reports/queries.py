"""Reads for the dashboards; each takes the day as an argument and never writes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.enums import InteractionState
from accounts.models import Company, Interaction, InteractionUser, Task
from reports.models import RankRow, RankRowQuerySet, RankRun
from reports.ranking_filters import FOCUS, focus_condition
from upsell_crm.core import clock
from upsell_crm.core.models import User


def latest_run() -> RankRun | None:
    """The last full run that succeeded: what the pages show, but for companies ranked again since."""
    done = RankRun.objects.filter(state=RankRun.State.DONE).exclude(kind=RankRun.Kind.SINGLE)
    return done.select_related("weights").order_by("-finished_at").first()


def ranked_for(user: User) -> RankRowQuerySet:
    """The current rows that this person may see, with what the tables show of the company."""
    rows = RankRow.objects.current().visible_to(user)
    return rows.select_related("company__owner_kam", "contract", "deal")


def tile_counts(rows: QuerySet[RankRow]) -> list[dict[str, Any]]:
    """The number behind each tile, over the whole filter, by one statement."""
    counts = rows.aggregate(**{code: Count("pk", filter=focus_condition(code)) for code, _label in FOCUS})
    return [{"code": code, "label": label, "value": counts[code]} for code, label in FOCUS]


def ranking_totals(rows: QuerySet[RankRow]) -> dict[str, Any]:
    """Clients, money being renewed and potential over the whole filter."""
    return rows.aggregate(companies=Count("pk"), amount=Sum("contract__amount"), potential=Sum("delta"))


@dataclass(frozen=True, slots=True)
class Holding:
    """A holding in the ranking: score = best member, act-by = earliest, Δ = sum (§4.9)."""

    head: Company
    is_head_visible: bool
    score: Any
    act_by: date | None
    slack: int | None
    delta: Any
    members: int
    hidden: int


def holdings_for(rows: QuerySet[RankRow], viewer: User, limit: int) -> list[Holding]:
    """The best holdings among the rows; members of other teams are only counted, without money."""
    grouped = (
        rows.filter(Q(company__head__isnull=False) | Q(company__group__isnull=False))
        .order_by()
        .annotate(top=Coalesce("company__head_id", "company_id"))
        .values("top")
        .annotate(
            best=Max("score"),
            first=Min("act_by"),
            least=Min("slack"),
            members=Count("company", distinct=True),
        )
        .order_by("-best", "first", "top")[:limit]
    )
    found = list(grouped)
    tops = [row["top"] for row in found]
    heads = Company.objects.in_bulk(tops)
    seen = set(Company.objects.visible_to(viewer).filter(pk__in=tops).values_list("pk", flat=True))
    deltas = _deltas(rows, tops)
    sizes = _sizes(tops)
    return [
        Holding(
            heads[row["top"]], row["top"] in seen, row["best"], row["first"], row["least"], deltas.get(row["top"], 0),
            row["members"], max(0, sizes.get(row["top"], 0) + 1 - row["members"]),
        )
        for row in found
    ]  # fmt: skip


def _deltas(rows: QuerySet[RankRow], tops: list[int]) -> Mapping[int, Any]:
    """Δ of each group, apart: the join to the members would count a head's own Δ many times."""
    members = rows.filter(Q(company__in=tops) | Q(company__head__in=tops)).order_by()
    summed = (
        members.annotate(top=Coalesce("company__head_id", "company_id"))
        .values("top")
        .annotate(sum=Sum("delta"))
    )
    return {row["top"]: row["sum"] for row in summed}


def _sizes(tops: Iterable[int]) -> Mapping[int, int]:
    rows = Company.objects.present().filter(head__in=tops).order_by().values("head").annotate(n=Count("pk"))
    return {row["head"]: row["n"] for row in rows}


def meetings_on(user: User, day: date) -> QuerySet[Interaction]:
    """Planned communications of the day which this person holds or attends."""
    begins, ends = clock.bounds(day)
    attended = InteractionUser.objects.filter(interaction=OuterRef("pk"), user=user)
    return (
        Interaction.objects.standing()
        .filter(
            Q(author=user) | Exists(attended), state=InteractionState.PLANNED, starts_at__range=(begins, ends)
        )
        .select_related("company", "sync")
        .order_by("starts_at", "pk")
    )


def promises_of(user: User, day: date) -> QuerySet[Task]:
    """Open tasks of this person that are due on or before the day: what we promised; tasks of strategies stand by themselves."""
    return (
        Task.objects.open()
        .filter(assignee=user, due_on__lte=day, plan_link=None)
        .select_related("company")
        .order_by("due_on", "pk")
    )
