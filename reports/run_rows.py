"""What a run writes of each company: the columns of RankRow as plain values, with the change since the run before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reports.models import RankRow, RankRun
from reports.ranking import LineChange, RankedCompany, Unranked, change_since
from reports.spans import Span

_BLANK: dict[str, Any] = {
    "is_current": False, "listed": "", "contract": None, "deal": None, "is_damped": False,
    "has_stuck_documents": False, "position": None, "previous_position": None, "score": None,
    "band": "", "act_by": None, "slack": None, "confidence": None, "contributions": {}, "factors": {}, "missing": [],
    "stale": [], "flags": [], "evidence": {}, "change": {},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Before:
    """What the run before said of a company, as far as a change is told from it."""

    position: int | None
    contributions: dict[str, str]
    slack: int
    act_by: date


def run_rows(run: RankRun, found: Iterable[RankedCompany | Unranked], span: Span) -> Iterator[dict[str, Any]]:
    """A row for every company of the span, as core.bulk.insert_rows wants it."""
    before = {company_id: Before(*values) for company_id, *values in _current(span)}
    for one in found:
        row = _BLANK | {"run": run.pk, "company": one.company_id, "delta": one.delta or Decimal(0)}
        row |= _listed(one) if isinstance(one, Unranked) else _ranked(one, before.get(one.company_id))
        yield row


def _current(span: Span) -> Iterable[tuple[Any, ...]]:
    wanted = ("company_id", "position", "contributions", "slack", "act_by")
    rows = RankRow.objects.current().filter(span.of("company_id"), listed="")
    return rows.order_by("company_id").values_list(*wanted)


def _listed(one: Unranked) -> dict[str, Any]:
    return {"listed": one.list_code, "evidence": {"end": one.end_on.isoformat()} if one.end_on else {}}


def _ranked(one: RankedCompany, before: Before | None) -> dict[str, Any]:
    """The place is that of the run before, until the run is placed as a whole (run_order.py)."""
    place = before.position if before else None
    return {
        "contract": one.contract_id,
        "deal": one.deal_id,
        "is_damped": one.is_damped,
        "has_stuck_documents": bool({"documents_rejected", "documents_late"} & set(one.flags)),
        "position": place,
        "previous_position": place,
        "score": one.score,
        "band": one.band,
        "act_by": one.act_by,
        "slack": one.slack,
        "confidence": one.confidence,
        "contributions": {code: str(points) for code, points in one.contributions.items()},
        "factors": {code: None if value is None else str(value) for code, value in one.factors.items()},
        "missing": one.missing,
        "stale": one.stale,
        "flags": one.flags,
        "evidence": one.evidence,
        "change": _change(change_since(before, one)) if before else {},
    }


def _change(change: LineChange | None) -> dict[str, Any]:
    if change is None:
        return {}
    return {
        "factor": change.factor,
        "points": str(change.points),
        "slack_before": change.slack_before,
        "slack_after": change.slack_after,
    }
