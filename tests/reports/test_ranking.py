"""The ranking formula: golden rows, order, groups and laws of domain.md 4."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from json import dumps

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.facts import (
    FACTORS,
    CompanyFacts,
    Weights,
)
from reports.groups import group_row
from reports.ranking import RankedCompany, change_since, rank_company, sort_key
from tests.reports.ranking_cast import (
    G1,
    G2,
    G3,
    G4,
    G5,
    G6,
    G7,
    ON_TRACK,
    REFERENCES,
    WAITS_PLANNED,
    WAITS_RELEASED,
    WEIGHTS,
    T,
    casebook,
    contract,
    having,
    maker,
    profile,
    rank,
    russia,
    taught,
    unranked,
    used,
    wants,
)

# Golden rows ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "lines", "score", "band", "confidence"),
    [
        pytest.param(G1, "35.0 16.0 11.7 7.8 8.0 3.3 2.5 4.0 0.0", "88.3", "A", 100, id="G1"),
        pytest.param(G2, "7.0 6.9 9.0 0.0 0.0 5.0 5.0 5.0 0.0", "37.9", "C", 100, id="G2"),
        pytest.param(G3, "33.1 20.0 3.6 3.0 3.2 1.8 3.1 1.4 0.0", "69.2", "A", 78, id="G3"),
        pytest.param(G4, "0.0 4.0 0.9 3.5 0.0 4.3 3.1 3.0 0.0", "18.8", "D", 100, id="G4"),
        pytest.param(G5, "35.0 6.0 7.7 0.0 0.0 1.5 1.5 0.0 0.0", "51.7", "A", 70, id="G5"),
        pytest.param(G6, "35.0 8.9 9.7 5.0 0.0 4.3 3.1 2.8 0.0", "68.8", "A", 100, id="G6"),
        pytest.param(G7, "35.0 16.0 11.7 7.8 8.0 3.3 2.5 4.0 -35.3", "53.0", "B", 100, id="G7"),
    ],
)
def test_golden(facts: CompanyFacts, lines: str, score: str, band: str, confidence: int) -> None:
    """4.5: the golden scores, each line of them."""
    row = rank(facts)
    assert " ".join(str(p) for p in row.contributions.values()) == lines
    assert (str(row.score), row.band, row.confidence) == (score, band, confidence)
    assert list(row.contributions) == [*FACTORS, "damp"]


@pytest.mark.parametrize(
    ("facts", "act_by", "slack"),
    [
        (G1, date(2026, 11, 18), -4),
        (G2, date(2027, 3, 17), 72),
        (G3, date(2026, 12, 1), 5),
        (G4, date(2027, 10, 1), 211),
        (G5, date(2026, 10, 27), -19),
        (G6, date(2026, 10, 12), -30),
    ],
)
def test_golden_act_by(facts: CompanyFacts, act_by: date, slack: int) -> None:
    """8.1: «Начать до» and «Запас» of the demo companies."""
    assert (rank(facts).act_by, rank(facts).slack) == (act_by, slack)


def test_no_trainings_yet() -> None:
    """8.1: № 13 = 80.5 until trainings exist."""
    assert str(rank(replace(G1, trainings=())).score) == "80.5"


def test_missing_of_golden_rows() -> None:
    """4.3: what is not known, and the points to be had by filling it."""
    assert rank(G3).missing == ["users", "training"]
    assert rank(G3).evidence["missing_gain"] == {"users": "8.4", "training": "7.0", "total": "15.4"}
    assert rank(G5).missing == ["potential", "procurement", "approval"]
    assert rank(G1).missing == []


@pytest.mark.parametrize(("facts", "word"), [(G1, "high"), (G3, "medium"), (replace(G5, usage=()), "medium")])
def test_confidence_word(facts: CompanyFacts, word: str) -> None:
    """4.3: high from 80, medium from 50."""
    assert rank(facts).confidence_word == word


def test_low_confidence() -> None:
    """4.3: below 50."""
    only_users = Weights(0, 80, 10, 0, 0, 10, 0, 0)
    row = rank(G5, weights=only_users)
    assert (row.confidence, row.confidence_word) == (10, "low")


def test_evidence_is_json() -> None:
    """4.6: codes and values, ready to be stored."""
    for facts in (G1, G2, G3, G4, G5, G6, G7):
        assert dumps(rank(facts).evidence)


def test_evidence_of_renewal() -> None:
    """4.6: the numbers of the first line."""
    line = rank(G1).evidence["renewal"]
    assert (line["number"], line["end"], line["act_by"]) == ("Л-1", "2027-01-31", "2026-11-18")
    assert (line["slack"], line["late"], line["approval"], line["procurement"], line["buffer"]) == (
        -4,
        4,
        20,
        20,
        5,
    )
    assert (line["approval_level"], line["procurement_level"]) == (1, 1)


def test_evidence_of_other_lines() -> None:
    """4.6: potential by product, users, training, feature, contact."""
    evidence = rank(G1).evidence
    assert evidence["potential"]["delta"] == "960000.00"
    assert [(p["product"], p["added"], p["basis"]) for p in evidence["potential"]["products"]] == [
        ("casebook", 20, "interview"),
        ("caselook", 10, "interview"),
    ]
    assert (evidence["users"]["active"], evidence["users"]["seats"], evidence["users"]["percent"]) == (
        46,
        50,
        92,
    )
    assert (evidence["training"]["index"], evidence["training"]["topic"]) == (78, "Поиск дел")
    assert (evidence["feature"]["title"], evidence["feature"]["state"]) == ("API мониторинга", "released")
    assert (
        evidence["relation"]["contact_id"],
        evidence["relation"]["user_id"],
        evidence["relation"]["level"],
    ) == (5, 7, 4)
    assert evidence["approval"] == {"days": 20, "level": 1}
    assert rank(G7).evidence["damp"] == {"deal_id": 3, "title": "Пролонгация", "next_step": "2026-11-24"}


# Order, differences, holding ----------------------------------------------------------------------------


def test_order() -> None:
    """4.5: score down, act-by up, Δ down with unknown as 0, company id up."""
    row = rank(G2)
    better = replace(row, company_id=9, score=row.score + 1)
    sooner = replace(row, company_id=8, act_by=row.act_by - timedelta(days=1))
    richer = replace(row, company_id=7, delta=Decimal(999_999))
    unknown = replace(row, company_id=2, delta=None)
    twin = replace(row, company_id=3)
    rows = sorted([unknown, twin, row, richer, sooner, better], key=sort_key)
    assert [r.company_id for r in rows] == [9, 8, 7, 1, 3, 2]


def test_change_since() -> None:
    """4.6: the largest change of a line, with the slack before and after."""
    later = rank(G2, as_of=date(2026, 12, 15))
    change = change_since(rank(G2), later)
    assert change is not None
    assert (change.factor, change.slack_before, change.slack_after) == ("renewal", 72, later.slack)
    assert change.points == later.contributions["renewal"] - Decimal("7.0")
    damped = change_since(rank(G1), rank(G7))
    assert damped is not None
    assert (damped.factor, damped.points) == ("damp", Decimal("-35.3"))
    assert change_since(rank(G1), rank(G1)) is None


def test_holding_row() -> None:
    """4.9, 4.10.14: score = max, act-by = min, Δ and seats summed once at the end users."""
    framework = contract(date(2027, 3, 31), casebook(10), casebook(8, end_user_id=2), payer_id=1, number=1)
    head = rank(having(framework))
    child = unranked(CompanyFacts(2, (framework,), estimates=wants(casebook=9)))
    other = replace(rank(G1), company_id=3)
    group = group_row(1, [head, child, other])
    assert (group.score, group.act_by, group.slack) == (other.score, other.act_by, other.slack)
    assert group.delta == 180_000 + 36_000 + 960_000
    assert group.seats == 10 + 8 + 50
    assert [row.company_id for row in group.children] == [3, 1]
    assert (group.unranked, group.hidden) == ((child,), 0)


def test_holding_of_two_teams() -> None:
    """4.9: other teams' ДЗО are counted, without money."""
    head, mine, other = rank(G2), replace(rank(G4), company_id=2), replace(rank(G1), company_id=3)
    group = group_row(1, [head, mine, other], {1, 2})
    assert (group.hidden, group.score) == (1, head.score)
    assert group.delta == 180_000 + 60_000
    nothing = group_row(1, [head, mine, other], set())
    assert (nothing.score, nothing.delta, nothing.act_by, nothing.hidden) == (None, None, None, 2)


# Laws ---------------------------------------------------------------------------------------------------

weights = st.builds(Weights, **{code: st.integers(1, 100) for code in FACTORS})
companies = st.builds(
    lambda end, seats, active, code, target, cases, trainings, features, makers, deals, approval: (
        CompanyFacts(
            company_id=1,
            contracts=(contract(T + timedelta(days=end), casebook(seats)),),
            lead=profile(code, approval),
            estimates=() if target is None else wants(casebook=target),
            usage=() if active is None else used(active),
            cases_12m=cases,
            trainings=tuple(trainings),
            features=tuple(features),
            decision_makers=tuple(makers),
            deals=tuple(deals),
        )
    ),
    st.integers(-60, 800),
    st.integers(1, 300),
    st.none() | st.integers(0, 400),
    st.sampled_from(["", "unknown", "direct", "small_44", "auction_44", "invoice_offer"]),
    st.none() | st.integers(0, 400),
    st.none() | st.integers(0, 50_000),
    st.lists(st.builds(taught, st.integers(0, 400)), max_size=2),
    st.lists(st.sampled_from([WAITS_RELEASED, WAITS_PLANNED]), max_size=2),
    st.lists(
        st.builds(maker, st.integers(1, 9), st.integers(0, 5), st.none() | st.integers(0, 300)), max_size=2
    ),
    st.lists(st.just(ON_TRACK), max_size=1),
    st.none() | st.integers(0, 250),
)


@given(companies, weights)
def test_contributions_sum_to_the_score(facts: CompanyFacts, chosen: Weights) -> None:
    """R26: the lines sum to the score exactly, each to 0.1."""
    row = rank_company(facts, T, russia(), REFERENCES, chosen)
    if isinstance(row, RankedCompany):
        assert sum(row.contributions.values()) == row.score
        assert all(line.as_tuple().exponent == -1 for line in row.contributions.values())


@given(companies, weights)
def test_score_and_confidence_stay_in_bounds(facts: CompanyFacts, chosen: Weights) -> None:
    """4.5: 0 to 100; eight roundings may add 0.4."""
    row = rank_company(facts, T, russia(), REFERENCES, chosen)
    if isinstance(row, RankedCompany):
        assert 0 <= row.score <= Decimal("100.4")
        assert 0 <= row.confidence <= 100
        assert all(value is None or 0 <= value <= 1 for value in row.factors.values())


@given(companies)
def test_same_facts_same_row(facts: CompanyFacts) -> None:
    """R27: same data, weights and date give the same row."""
    first, second = (rank_company(facts, T, russia(), REFERENCES, WEIGHTS) for _ in range(2))
    assert first == second


@given(companies, st.integers(0, 500), st.integers(0, 500), weights)
def test_earlier_act_by_never_ranks_lower(facts: CompanyFacts, one: int, two: int, chosen: Weights) -> None:
    """R16: with all else equal, the account with the earlier act-by is never lower."""
    near, far = (
        rank_company(
            having(contract(T + timedelta(days=end), *facts.contracts[0].lines), facts=facts),
            T, russia(), REFERENCES, chosen,
        )
        for end in sorted((one, two))
    )  # fmt: skip
    assert isinstance(near, RankedCompany)
    assert isinstance(far, RankedCompany)
    assert near.act_by <= far.act_by
    assert sort_key(near) <= sort_key(far)


@given(st.integers(1, 60), st.integers(0, 60))
def test_expiry_never_raises_the_factor(first: int, more: int) -> None:
    """4.3: after the end the renewal factor only falls."""
    expired = having(contract(T, casebook(20), status="expired"), facts=G6)
    values = []
    for days in (first, first + more):
        row = rank_company(expired, T + timedelta(days=days), russia(), REFERENCES, WEIGHTS)
        values.append(row.factors["renewal"] if isinstance(row, RankedCompany) else Decimal(0))
    assert values[0] is not None
    assert values[1] is not None
    assert values[0] >= values[1]
