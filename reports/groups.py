"""One row for a holding: the head and all its descendants together (domain.md 4.9, 4.10.14)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports.ranking import RankedCompany, Unranked, sort_key


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The holding as the reader may see it; Δ in roubles a year; `hidden` ДЗО belong to other teams."""

    head_id: int
    score: Decimal | None
    act_by: date | None
    slack: int | None
    delta: Decimal | None
    seats: int
    children: tuple[RankedCompany, ...]
    unranked: tuple[Unranked, ...]
    hidden: int


def group_row(
    head_id: int,
    members: Iterable[RankedCompany | Unranked],
    visible_ids: Collection[int] | None = None,
) -> GroupRow:
    """Score = max, act-by = min, Δ = sum of the members, each counted at its own end user once (4.10.14).

    `members` are the head and all descendants; those outside `visible_ids` are only counted, without money.
    """
    known = list(members)
    visible = [m for m in known if visible_ids is None or m.company_id in visible_ids]
    ranked = sorted((m for m in visible if isinstance(m, RankedCompany)), key=sort_key)
    deltas = [m.delta for m in visible if m.delta is not None]
    hidden = {m.company_id for m in known} - {m.company_id for m in visible} - {head_id}
    return GroupRow(
        head_id=head_id,
        score=max((row.score for row in ranked), default=None),
        act_by=min((row.act_by for row in ranked), default=None),
        slack=min((row.slack for row in ranked), default=None),
        delta=sum(deltas, Decimal(0)) if deltas else None,
        seats=sum(m.seats for m in visible),
        children=tuple(ranked),
        unranked=tuple(m for m in visible if isinstance(m, Unranked)),
        hidden=len(hidden),
    )
