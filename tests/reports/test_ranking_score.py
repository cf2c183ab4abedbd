"""Damping, flags, rounding and weights: domain.md 4.5, 4.7, 4.10."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.act_by import (
    DealTerms,
    LeadFacts,
    ProcurementEstimate,
)
from reports.facts import (
    FACTORS,
    Params,
    Weights,
)
from reports.scoring import points, score_lines
from tests.reports.ranking_cast import (
    G1,
    G2,
    G3,
    G4,
    G5,
    G6,
    G7,
    ON_TRACK,
    WEIGHTS,
    T,
    casebook,
    contract,
    days_ago,
    having,
    maker,
    profile,
    rank,
    russia,
    taught,
    used,
)

# Deals: damping -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "is_damped"),
    [
        ({}, True),
        ({"next_step_on": days_ago(1)}, False),
        ({"next_step_on": None}, False),
        ({"has_overdue_task": True}, False),
        ({"last_interaction_on": days_ago(15)}, False),
        ({"last_interaction_on": None}, False),
    ],
)
def test_damping(changes: dict[str, Any], is_damped: bool) -> None:
    """4.5, 4.9, 4.10.16: on track only; a next step today counts; a stalled deal is flagged."""
    row = rank(replace(G1, deals=(replace(ON_TRACK, **changes),)))
    assert row.is_damped == is_damped
    assert ("deal_stalled" in row.flags) != is_damped
    assert row.band == ("B" if is_damped else "A")


def test_deal_of_another_contract() -> None:
    """4.5: it must cover the nearest contract."""
    row = rank(replace(G1, deals=(replace(ON_TRACK, contract_ids=(2,)),)))
    assert not row.is_damped
    assert "deal_stalled" not in row.flags


def test_newest_deal_counts() -> None:
    """4.10.18: the newest of two, for damping and for the type."""
    newest = replace(ON_TRACK, id=4, opened_on=days_ago(2), next_step_on=None, terms=DealTerms("direct"))
    row = rank(replace(G1, deals=(newest, ON_TRACK)))
    assert not row.is_damped
    assert row.evidence["procurement"] == {"type": "direct", "source": "deal", "asked_type": "direct"}


def test_holding_deal_damps_a_child() -> None:
    """4.9: a child with an open holding deal is damped by that deal; it does not set the type."""
    holding = replace(ON_TRACK, contract_ids=(), is_holding=True, terms=DealTerms("direct"))
    row = rank(replace(G1, deals=(holding,)))
    assert row.is_damped
    assert row.evidence["procurement"]["type"] == "single_223"


def test_damped_company_is_not_band_a_by_slack() -> None:
    """4.5: slack ≤ 5 and not damped."""
    assert (rank(G3).band, rank(replace(G3, deals=(ON_TRACK,))).band) == ("A", "C")


# Flags --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"is_key": True}, "key"),
        ({"has_rejected_documents": True}, "documents_rejected"),
        ({"has_overdue_debt": True}, "overdue_debt"),
        ({"decision_makers": (maker(1, 5, is_key=True, attitude=-1),)}, "churn_risk"),
        ({"trainings": (replace(taught(), reaction=Decimal(2)),)}, "churn_risk"),
        ({"lead": LeadFacts(profile=ProcurementEstimate("invoice_offer"))}, "procurement_unconfirmed"),
    ],
)
def test_flag(changes: dict[str, Any], flag: str) -> None:
    """4.5: flags, never in the score by themselves."""
    assert rank(replace(G2, **changes)).flags == [flag]


def test_procedure_too_slow() -> None:
    """4.5: slack < −0.5·L."""
    lead = profile("single_223", 20, 20)
    at_half = having(contract(russia().add(T, 23), casebook(1)), facts=replace(G2, lead=lead))
    below = having(contract(russia().add(T, 22), casebook(1)), facts=replace(G2, lead=lead))
    assert (rank(at_half).slack, "procedure_too_slow" in rank(at_half).flags) == (-22, False)
    assert (rank(below).slack, "procedure_too_slow" in rank(below).flags) == (-23, True)


def test_budget_month_is_not_scored() -> None:
    """4.9: an info line only."""
    row = rank(replace(G1, budget_month=12))
    assert (row.evidence["budget_month"], row.score) == (12, rank(G1).score)


# Rounding, weights --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weight", "total", "value", "shown"),
    [
        (1, 100, Decimal("0.05"), "0.1"),
        (3, 100, Decimal(1) / 60, "0.1"),
        (15, 100, Decimal(1) / 3, "5.0"),
        (1, 100, Decimal("0.0499999999"), "0.0"),
        (7, 90, Decimal("0.9"), "7.0"),
    ],
)
def test_one_half_up_rounding(weight: int, total: int, value: Decimal, shown: str) -> None:
    """4.10.11: an exact half goes up, also behind a periodic fraction."""
    assert str(points(weight, total, value)) == shown


def test_stored_factors_give_the_same_lines() -> None:
    """4.8: re-weighting a stored snapshot reproduces the row, also through text."""
    for facts in (G1, G2, G3, G4, G5, G6, G7):
        row = rank(facts)
        stored = {code: None if v is None else Decimal(str(v)) for code, v in row.factors.items()}
        assert score_lines(stored, WEIGHTS, is_damped=row.is_damped).contributions == row.contributions


def test_factors_are_not_rounded() -> None:
    """4.10.11: f_i of a third keeps at least 28 digits."""
    value = rank(having(contract(date(2027, 3, 31), casebook(3)), facts=replace(G2, usage=used(2)))).factors[
        "users"
    ]
    assert value is not None
    assert len(value.as_tuple().digits) >= 28


@pytest.mark.parametrize(
    "values", [(0, 0, 0, 0, 0, 0, 0, 0), (101, 0, 0, 0, 0, 0, 0, 0), (50, -1, 0, 0, 0, 0, 0, 0)]
)
def test_impossible_weights(values: tuple[int, ...]) -> None:
    """4.7: 0 to 100, the sum above zero."""
    named: dict[str, Any] = dict(zip(FACTORS, values, strict=True))
    with pytest.raises(ValueError, match="weights"):
        Weights(**named)


@pytest.mark.parametrize(
    "changes",
    [
        {"horizon_bd": 0},
        {"buffer_bd": -1},
        {"imputed": Decimal(2)},
        {"band_b": Decimal(70)},
        {"expired_limit_bd": 20},
    ],
)
def test_impossible_params(changes: dict[str, Any]) -> None:
    """4.7: parameters that would break the formula are refused."""
    with pytest.raises(ValueError):
        Params(**changes)


def test_renewal_weighs_most() -> None:
    """R16: the renewal weight is the largest by default."""
    assert max(FACTORS, key=lambda code: WEIGHTS.by_factor()[code]) == "renewal"
    assert sum(WEIGHTS.by_factor().values()) == 100
