"""The single factors of the ranking against domain.md 4.3 and 4.10."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reports.factors import feature, training
from reports.facts import (
    DecisionMakerFacts,
    EstimateFacts,
    FeatureFacts,
    LineFacts,
)
from tests.reports.ranking_cast import (
    G2,
    G4_TRAINING,
    HALVES,
    WAITS_PLANNED,
    WAITS_RELEASED,
    T,
    casebook,
    contract,
    days_ago,
    having,
    maker,
    rank,
    taught,
    used,
    wants,
)
from trainings.index import TrainingFacts

# Trainings, features ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "index"),
    [
        (taught(), "0.7800"),
        (replace(taught(), test=None), "0.7714"),
        (taught(200), "0.4680"),
        (taught(365), "0.0000"),
        (G4_TRAINING, "0.3500"),
        (HALVES, "0.5000"),
    ],
)
def test_training_index(one: TrainingFacts, index: str) -> None:
    """4.3: the golden training index."""
    value = training((one,), T).value
    assert value is not None
    assert str(value.quantize(Decimal("0.0001"))) == index


def test_trainings_weigh_by_people() -> None:
    """4.3: Σ q·n·d / Σ n."""
    value = training(
        (HALVES, replace(taught(), attended=0), replace(HALVES, attended=30, invited=30)), T
    ).value
    assert value == (Decimal("0.5") * 10 + Decimal("0.6") * 30) / 40


def test_old_training_is_a_fact() -> None:
    """4.3: none held in 365 days = 0, not missing."""
    assert training((taught(366),), T).value == 0


def test_training_without_results_is_left_out() -> None:
    """4.10.9: of both sums; if none is left, missing."""
    bare = TrainingFacts(days_ago(3), "Введение", 100, 90)
    assert training((bare, HALVES), T).value == Decimal("0.5")
    assert training((bare,), T).value is None


def test_future_training_does_not_count() -> None:
    """4.8: nothing later than the day leaks in."""
    assert training((taught(-1),), T).value == 0


@pytest.mark.parametrize(
    ("wait", "value"),
    [
        (WAITS_RELEASED, "1"),
        (replace(WAITS_RELEASED, status="closed"), "1"),
        (replace(WAITS_RELEASED, released_on=T + timedelta(days=1)), "0"),
        (replace(WAITS_RELEASED, presented_on=days_ago(90), response="positive"), "0.8"),
        (replace(WAITS_RELEASED, presented_on=days_ago(91), response="positive"), "0"),
        (replace(WAITS_RELEASED, presented_on=days_ago(1), response="neutral"), "0"),
        (WAITS_PLANNED, "0.4"),
        (replace(WAITS_PLANNED, planned_on=T), "0.4"),
        (replace(WAITS_PLANNED, planned_on=T + timedelta(days=31)), "0"),
        (replace(WAITS_PLANNED, planned_on=days_ago(1)), "0"),
        (replace(WAITS_PLANNED, status="declined"), "0"),
    ],
)
def test_feature(wait: FeatureFacts, value: str) -> None:
    """R23–R25, 4.10.10: released and not shown, positive for 90 days, planned within 30."""
    assert feature((wait,), T).value == Decimal(value)


def test_best_feature_counts() -> None:
    """4.3: max over waits."""
    assert feature((WAITS_PLANNED, WAITS_RELEASED), T).value == 1


# Potential ----------------------------------------------------------------------------------------------

BARE = replace(G2, estimates=(), usage=())


@pytest.mark.parametrize(
    ("changes", "delta"),
    [
        ({}, None),
        ({"usage": used(100)}, None),
        ({"cases_12m": 0}, 0),
        ({"cases_12m": 401}, 1 * 36_000),
        ({"cases_12m": 1_000_000}, 190 * 36_000),
        ({"cases_12m": 0, "usage": used(10)}, 1 * 36_000),
        ({"legal_headcount": 11}, 7 * 24_000),
        ({"legal_headcount": 0, "usage": used(4, product="caselook")}, 5 * 24_000),
        ({"legal_headcount": 0, "usage": used(100, product="caseone")}, 0),
        ({"estimates": wants(caseone=2)}, 2 * 60_000),
        ({"estimates": wants(casebook=4), "cases_12m": 9_999}, 0),
        ({"estimates": wants(kad=50)}, None),
        ({"cases_12m": 401, "revenue": Decimal(20_000_000)}, 10_000),
    ],
)
def test_potential(changes: dict[str, Any], delta: int | None) -> None:
    """R3, R8, 4.10.6: which terms count (court load; no public service), what is missing, cap by revenue."""
    row = rank(replace(BARE, **changes))
    assert row.delta == delta
    assert ("potential" in row.missing) == (delta is None)


def test_owned_product_grows_with_use() -> None:
    """4.3: other products only if owned: ceil(active·1.1)."""
    facts = having(contract(date(2027, 3, 31), LineFacts("caseone", 10)), facts=replace(BARE, cases_12m=0))
    assert rank(replace(facts, usage=used(11, product="caseone"))).delta == 3 * 60_000


def test_root_of_potential() -> None:
    """4.3: min(1, √(Δ/Δref))."""
    assert rank(replace(BARE, estimates=wants(casebook=1_000))).factors["potential"] == 1
    value = rank(G2).factors["potential"]
    assert value is not None
    assert abs(value * value - Decimal("0.12")) < Decimal("1e-30")


@pytest.mark.parametrize(
    ("verified_on", "is_stale"), [(days_ago(180), False), (days_ago(181), True), (None, True)]
)
def test_stale_potential(verified_on: date | None, is_stale: bool) -> None:
    """4.10.6: an estimate used that is older than 180 days or never verified; a calculation is never stale."""
    estimate = EstimateFacts("casebook", 15, verified_on=verified_on)
    assert ("potential" in rank(replace(BARE, estimates=(estimate,))).stale) == is_stale
    assert rank(replace(BARE, cases_12m=400)).stale == []


# Users --------------------------------------------------------------------------------------------------


def test_users_only_with_seats_and_snapshot() -> None:
    """4.10.7: Σ active / Σ seats over products with both, the latest snapshot on or before T."""
    facts = having(contract(date(2027, 3, 31), casebook(10), LineFacts("caselook", 90)))
    usage = (*used(1, ago=50), *used(9, ago=2), *used(3, ago=-1), *used(70, product="caseone"))
    line = rank(replace(facts, usage=usage)).evidence["users"]
    assert (line["active"], line["seats"]) == (9, 10)


@pytest.mark.parametrize(("ago", "is_stale"), [(45, False), (46, True)])
def test_stale_users(ago: int, is_stale: bool) -> None:
    """4.10.7: the oldest of the snapshots used is older than 45 days."""
    facts = having(contract(date(2027, 3, 31), casebook(10), LineFacts("caselook", 5)))
    row = rank(replace(facts, usage=(*used(9), *used(5, ago, "caselook"))))
    assert ("users" in row.stale) == is_stale
    assert row.confidence == (94 if is_stale else 100)


@pytest.mark.parametrize(
    ("active", "flags"), [(2, ["churn_risk"]), (3, []), (10, []), (11, ["over_licence"]), (0, ["churn_risk"])]
)
def test_users_flags(active: int, flags: list[str]) -> None:
    """R20, 4.5: u < 0.3 and u > 1."""
    assert rank(replace(G2, usage=used(active))).flags == flags


# Contact ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("makers", "value", "flags"),
    [
        ((), "0", ["dm_unknown"]),
        ((maker(1, 5, state="left"),), "0", ["dm_unknown"]),
        ((maker(1, 5, state="unverified"),), "0", ["dm_unconfirmed"]),
        ((maker(1, 5, state="unverified"), maker(2, 3)), "0.6", []),
        ((maker(1, 5, valid_to=days_ago(1)),), "0", ["dm_unknown"]),
        ((maker(1, 5, valid_from=T + timedelta(days=1)),), "0", ["dm_unknown"]),
        ((maker(1, 5, 90),), "1", []),
        ((maker(1, 5, 91),), "0.7", []),
        ((maker(1, 5, 180),), "0.7", []),
        ((maker(1, 5, 181),), "0.4", []),
        ((maker(1, 5, None),), "0", []),
        ((maker(1, 5, verified_on=days_ago(91)),), "1", ["dm_unconfirmed"]),
    ],
)
def test_relation(makers: tuple[DecisionMakerFacts, ...], value: str, flags: list[str]) -> None:
    """4.3, 4.10.8: strength/5 × recency of active ЛПР; nobody or all unverified = 0, a fact."""
    row = rank(replace(G2, decision_makers=makers))
    assert row.factors["relation"] == Decimal(value)
    assert row.flags == flags
    assert "relation" not in row.missing


def test_stale_contact_is_the_best_one() -> None:
    """4.10.8, 4.10.18: staleness of the ЛПР who gives the maximum; of equals the freshest."""
    old = maker(1, 5, verified_on=days_ago(91))
    assert rank(replace(G2, decision_makers=(old, maker(2, 4)))).stale == ["relation"]
    assert rank(replace(G2, decision_makers=(old, maker(2, 5)))).stale == []
