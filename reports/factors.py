"""The factors of the ranking, each 0 to 1 or missing, with the raw numbers behind it (domain.md 4.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.act_by import LeadTimes, ProcurementEstimate, add_months, is_fresh, slack
from accounts.working_days import WorkCalendar
from reports.candidates import Candidate
from reports.facts import (
    CompanyFacts,
    DecisionMakerFacts,
    FeatureFacts,
    Params,
    ProductRef,
    StrengthFacts,
)
from trainings.index import TrainingFacts, index, within_year
from upsell_crm.core.exact import EXACT, ratio, whole

Evidence = dict[str, Any]

_ZERO, _ONE, _HALF = Decimal(0), Decimal(1), Decimal("0.5")
_SHARE_FROM, _SHARE_SPAN = Decimal("0.5"), Decimal("0.4")
_SHARE_PART, _SIZE_PART, _SIZE_FULL = Decimal("0.7"), Decimal("0.3"), Decimal(50)
_RELEASED, _POSITIVE, _PLANNED = Decimal(1), Decimal("0.8"), Decimal("0.4")
_POSITIVE_DAYS, _PLANNED_DAYS = 90, 30
_APPROVAL_FULL_BD = 40
_INVOICE_OFFER = "invoice_offer"
_RECENCY = ((90, Decimal(1)), (180, Decimal("0.7")))
_RECENCY_OLD = Decimal("0.4")
_MULTI_YEAR_MONTHS = 18


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor: value 0 to 1, None = missing; stale counts half in the confidence; evidence is JSON-able."""

    value: Decimal | None
    is_stale: bool = False
    evidence: Evidence | None = None


def renewal(candidate: Candidate, as_of: date, calendar: WorkCalendar, params: Params) -> Factor:
    """Nearness of the act-by; falling after 20 working days of expiry; anniversaries at half value (R16, 4.3)."""
    timing, terms = candidate.timing, candidate.contract.terms
    evidence: Evidence = _renewal_evidence(candidate, params)
    if candidate.is_expired:
        passed = calendar.between(timing.end_on, as_of)
        evidence["expired_bd"] = passed
        return Factor(_expired_value(passed, params), evidence=evidence)
    value = _nearness(candidate.slack, params)
    if timing.end_on + timedelta(days=1) > add_months(terms.start_on, _MULTI_YEAR_MONTHS):
        anniversary = next_anniversary(terms.start_on, timing.end_on, as_of)
        if anniversary is not None:
            on = calendar.subtract(anniversary, timing.lead_bd)
            left = slack(on, as_of, calendar)
            evidence["anniversary"] = {"on": anniversary.isoformat(), "act_by": on.isoformat(), "slack": left}
            value = max(value, _HALF * _nearness(left, params))
    return Factor(value, evidence=evidence)


def next_anniversary(start_on: date, end_on: date, as_of: date) -> date | None:
    """The next day that is the end less whole years, on or after `as_of` and inside the contract (4.9)."""
    found = None
    for years in range(1, end_on.year - start_on.year + 1):
        day = add_months(end_on, -12 * years)
        if day < as_of or day < start_on:
            break
        found = day
    return found


def _nearness(slack_bd: int, params: Params) -> Decimal:
    if slack_bd <= 0:
        return _ONE
    return ratio(max(0, params.horizon_bd - slack_bd), params.horizon_bd)


def _expired_value(passed: int, params: Params) -> Decimal:
    if passed <= params.expired_full_bd:
        return _ONE
    return ratio(max(0, params.expired_limit_bd - passed), params.expired_limit_bd - params.expired_full_bd)


def _renewal_evidence(candidate: Candidate, params: Params) -> Evidence:
    contract, timing, lead = candidate.contract, candidate.timing, candidate.lead
    return {
        "contract_id": contract.id,
        "number": contract.number,
        "end": timing.end_on.isoformat(),
        "act_by": timing.act_by.isoformat(),
        "slack": candidate.slack,
        "late": max(0, -candidate.slack),
        "is_expired": candidate.is_expired,
        "approval": lead.approval_bd,
        "approval_level": lead.approval_level,
        "procurement": lead.procurement_bd,
        "procurement_level": lead.procurement_level,
        "buffer": params.buffer_bd,
        "auto_renew_until": None if timing.window_until is None else timing.window_until.isoformat(),
        "periods_added": timing.periods_added,
        "stale_approval": lead.stale_approval_bd,
        "stale_procurement": lead.stale_procurement_bd,
    }


def latest_usage(facts: CompanyFacts, as_of: date) -> dict[str, tuple[date, int]]:
    """Latest snapshot on or before `as_of` by product: (its date, active users) (4.10.7)."""
    latest: dict[str, tuple[date, int]] = {}
    for snapshot in facts.usage:
        if snapshot.as_of <= as_of:
            known = latest.get(snapshot.product)
            if known is None or snapshot.as_of > known[0]:
                latest[snapshot.product] = (snapshot.as_of, snapshot.active)
    return latest


def users(
    seats: Mapping[str, int],
    usage: Mapping[str, tuple[date, int]],
    products: Sequence[ProductRef],
    as_of: date,
    params: Params,
) -> Factor:
    """Share of bought seats in use and their number, over products with seats and a snapshot (R20, 4.10.7)."""
    active = bought = 0
    oldest = as_of
    for product in products:
        owned = seats.get(product.code, 0)
        snapshot = usage.get(product.code)
        if product.is_licensable and owned and snapshot is not None:
            bought += owned
            active += snapshot[1]
            oldest = min(oldest, snapshot[0])
    if not bought:
        return Factor(None)
    share = ratio(active, bought)
    filled = min(_ONE, max(_ZERO, EXACT.divide(share - _SHARE_FROM, _SHARE_SPAN)))
    value = _SHARE_PART * filled + _SIZE_PART * min(_ONE, Decimal(active) / _SIZE_FULL)
    evidence = {"active": active, "seats": bought, "percent": whole(share * 100), "as_of": oldest.isoformat()}
    return Factor(value, (as_of - oldest).days > params.usage_valid_days, evidence)


def training(trainings: Sequence[TrainingFacts], as_of: date) -> Factor:
    """Index of the trainings held in 365 days, weighted by people and age (R19, 4.3, 4.10.9)."""
    held = within_year(trainings, as_of)
    if not held:
        return Factor(_ZERO)
    last = max(held, key=lambda t: t.held_on)
    evidence: Evidence = {
        "last_on": last.held_on.isoformat(),
        "topic": last.topic,
        "attended": last.attended,
        "count": len(held),
    }
    value = index(held, as_of)
    if value is not None:
        evidence["index"] = whole(value * 100)
    return Factor(value, evidence=evidence)


def feature(features: Sequence[FeatureFacts], as_of: date) -> Factor:
    """The most promising awaited feature; nothing awaited = 0 (R23–R25, 4.10.10)."""
    best, chosen = _ZERO, None
    for wait in features:
        value = _feature_value(wait, as_of)
        if value > best:
            best, chosen = value, wait
    if chosen is None:
        return Factor(_ZERO)
    state = {_RELEASED: "released", _POSITIVE: "positive", _PLANNED: "planned"}[best]
    evidence = {
        "title": chosen.title,
        "state": state,
        "released_on": _iso(chosen.released_on),
        "planned_on": _iso(chosen.planned_on),
        "presented_on": _iso(chosen.presented_on),
        "count": len(features),
    }
    return Factor(best, evidence=evidence)


def _feature_value(wait: FeatureFacts, as_of: date) -> Decimal:
    is_released = wait.status in ("released", "closed") and (
        wait.released_on is None or wait.released_on <= as_of
    )
    is_presented = wait.presented_on is not None and wait.presented_on <= as_of
    if is_released and not is_presented:
        return _RELEASED
    if wait.presented_on is not None and is_presented and wait.response == "positive":
        return _POSITIVE if (as_of - wait.presented_on).days <= _POSITIVE_DAYS else _ZERO
    is_waiting = not is_released and wait.status != "declined" and wait.planned_on is not None
    if is_waiting and wait.planned_on is not None and 0 <= (wait.planned_on - as_of).days <= _PLANNED_DAYS:
        return _PLANNED
    return _ZERO


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def procurement(lead: LeadTimes, profile: ProcurementEstimate | None, as_of: date) -> Factor:
    """Ease of the type in use; an unknown type is missing; stale with the procurement fact (R22, 4.3)."""
    evidence = {"type": lead.type_code, "source": lead.type_source, "asked_type": lead.asked_code}
    is_stale = lead.ease is not None and not _is_confirmed(profile, as_of)
    return Factor(lead.ease, is_stale, evidence)


def approval(lead: LeadTimes, profile: ProcurementEstimate | None, as_of: date) -> Factor:
    """1 − min(1, approval/40), known from levels 1 to 3 only; an invoice-offer is always 1 (R21, 4.3)."""
    evidence = {"days": lead.approval_bd, "level": lead.approval_level}
    if lead.type_code == _INVOICE_OFFER:
        return Factor(_ONE, not _is_confirmed(profile, as_of), evidence)
    if lead.approval_level > 3:
        return Factor(None, evidence=evidence)
    value = ratio(max(0, _APPROVAL_FULL_BD - lead.approval_bd), _APPROVAL_FULL_BD)
    return Factor(value, not _is_confirmed(profile, as_of), evidence)


def _is_confirmed(profile: ProcurementEstimate | None, as_of: date) -> bool:
    return profile is not None and profile.is_fresh(as_of)


def relation(makers: Sequence[DecisionMakerFacts], as_of: date, params: Params) -> Factor:
    """The best contact of ours with an active ЛПР; nobody or all unverified = 0, a fact (4.10.8, 4.10.18)."""
    best: tuple[Decimal, date] | None = None
    chosen: tuple[DecisionMakerFacts, StrengthFacts | None] | None = None
    for maker in makers:
        if maker.state != "active" or not is_valid_on(maker, as_of):
            continue
        value, strength = _best_contact(maker, as_of)
        rank = (value, maker.verified_on or date.min)
        if best is None or rank > best:
            best, chosen = rank, (maker, strength)
    if best is None or chosen is None:
        return Factor(_ZERO)
    maker, strength = chosen
    evidence = {
        "contact_id": maker.contact_id,
        "user_id": None if strength is None else strength.user_id,
        "level": 0 if strength is None else strength.level,
        "last_contact_on": None if strength is None else _iso(strength.last_contact_on),
        "verified_on": _iso(maker.verified_on),
    }
    return Factor(best[0], not is_fresh(maker.verified_on, params.dm_valid_days, as_of), evidence)


def is_valid_on(maker: DecisionMakerFacts, as_of: date) -> bool:
    """Whether the role ЛПР holds on `as_of`."""
    return (maker.valid_from is None or maker.valid_from <= as_of) and (
        maker.valid_to is None or maker.valid_to >= as_of
    )


def _best_contact(maker: DecisionMakerFacts, as_of: date) -> tuple[Decimal, StrengthFacts | None]:
    best, chosen = _ZERO, None
    for strength in maker.strengths:
        value = strength.level * _recency(strength.last_contact_on, as_of) / 5
        if chosen is None or value > best:
            best, chosen = value, strength
    return best, chosen


def _recency(last_on: date | None, as_of: date) -> Decimal:
    """1 up to 90 calendar days after the last two-way contact, 0.7 up to 180, then 0.4; never = 0 (2.6)."""
    if last_on is None or last_on > as_of:
        return _ZERO
    age = (as_of - last_on).days
    return next((value for days, value in _RECENCY if age <= days), _RECENCY_OLD)
