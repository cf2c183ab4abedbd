"""Why a company stands where it stands: flags and the raw numbers of each line (domain.md 4.5, 4.6, 4.9)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.act_by import UNKNOWN_TYPE
from accounts.working_days import WorkCalendar
from reports.candidates import Candidate, Choice
from reports.factors import Evidence, Factor, is_valid_on
from reports.facts import DAMP, CompanyFacts, DealFacts, Params, Weights
from reports.scoring import points

_CHURN_SHARE = Decimal("0.3")
_CHURN_REACTION = 2
_CHURN_DAYS = 365


def flags_of(
    facts: CompanyFacts, nearest: Candidate, values: Mapping[str, Factor], as_of: date, calendar: WorkCalendar
) -> list[str]:
    """Warnings beside the score, never in it (4.5, 4.9)."""
    lead, timing = nearest.lead, nearest.timing
    usage = values["users"].evidence
    checks = (
        ("key", facts.is_key),
        ("churn_risk", _is_churn_risk(facts, usage, as_of)),
        ("over_licence", usage is not None and usage["active"] > usage["seats"]),
        *_decision_maker_flags(facts, values["relation"], as_of),
        ("procurement_unconfirmed", values["procurement"].is_stale or lead.type_code == UNKNOWN_TYPE),
        ("stale_lead_times", lead.is_estimate_stale),
        ("over_limit", lead.is_over_limit),
        ("procedure_too_slow", 2 * nearest.slack < -timing.lead_bd),
        ("documents_rejected", facts.has_rejected_documents),
        ("documents_late", facts.has_late_documents),
        ("overdue_debt", facts.has_overdue_debt),
        (
            "calendar_provisional",
            calendar.is_provisional(timing.end_on) or calendar.is_provisional(timing.act_by),
        ),
        ("calendar_fallback", calendar.is_fallback(timing.end_on) or calendar.is_fallback(timing.act_by)),
    )
    return [code for code, is_raised in checks if is_raised]


def _is_churn_risk(facts: CompanyFacts, usage: Evidence | None, as_of: date) -> bool:
    """u < 0.3, or the last training was rated 2 or less, or a key ЛПР is against us (4.5)."""
    if usage is not None and usage["active"] < _CHURN_SHARE * usage["seats"]:
        return True
    if any(
        m.is_key and m.attitude < 0 and m.state == "active" and is_valid_on(m, as_of)
        for m in facts.decision_makers
    ):
        return True
    rated = [
        t for t in facts.trainings if t.reaction is not None and 0 <= (as_of - t.held_on).days <= _CHURN_DAYS
    ]
    last = max(rated, key=lambda t: t.held_on, default=None)
    return last is not None and last.reaction is not None and last.reaction <= _CHURN_REACTION


def _decision_maker_flags(facts: CompanyFacts, relation: Factor, as_of: date) -> tuple[tuple[str, bool], ...]:
    has_active = relation.evidence is not None
    has_unverified = not has_active and any(
        maker.state == "unverified" and is_valid_on(maker, as_of) for maker in facts.decision_makers
    )
    return (
        ("dm_unknown", not has_active and not has_unverified),
        ("dm_unconfirmed", has_unverified or relation.is_stale),
    )


def evidence_of(
    facts: CompanyFacts,
    choice: Choice,
    values: Mapping[str, Factor],
    on_track: DealFacts | None,
    weights: Weights,
) -> dict[str, Any]:
    """Raw numbers for the lines of 4.6: codes and values, no sentences."""
    evidence: dict[str, Any] = {
        code: factor.evidence for code, factor in values.items() if factor.evidence is not None
    }
    if choice.others:
        evidence["others"] = [
            {"id": c.contract.id, "number": c.contract.number, "end": c.timing.end_on.isoformat()}
            for c in choice.others
        ]
        merge = _merge_hint(choice, weights.params)
        if merge:
            evidence["merge"] = merge
    if facts.budget_month is not None:
        evidence["budget_month"] = facts.budget_month
    if on_track is not None and on_track.next_step_on is not None:
        evidence[DAMP] = {
            "deal_id": on_track.id,
            "title": on_track.title,
            "next_step": on_track.next_step_on.isoformat(),
        }
    gains = _missing_gains(values, weights)
    if gains:
        evidence["missing_gain"] = gains
    return evidence


def _merge_hint(choice: Choice, params: Params) -> list[int]:
    """Ids of candidates whose ends lie at most 30 calendar days apart: «объединить в одну пролонгацию»."""
    ordered = sorted((choice.nearest, *choice.others), key=lambda c: (c.timing.end_on, c.contract.id))
    close: list[int] = []
    for one, other in zip(ordered, ordered[1:], strict=False):
        if (other.timing.end_on - one.timing.end_on).days <= params.merge_days:
            close += [c.contract.id for c in (one, other) if c.contract.id not in close]
    return close


def _missing_gains(values: Mapping[str, Factor], weights: Weights) -> dict[str, str]:
    """Points to be had by filling each missing factor, and in all: «до +N», N = w·(1 − imputed) (4.3)."""
    by_factor = weights.by_factor()
    lost = {code: weight for code, weight in by_factor.items() if values[code].value is None}
    if not lost:
        return {}
    total, gain = sum(by_factor.values()), 1 - weights.params.imputed
    shown = {code: str(points(weight, total, gain)) for code, weight in lost.items()}
    return {**shown, "total": str(points(sum(lost.values()), total, gain))}
