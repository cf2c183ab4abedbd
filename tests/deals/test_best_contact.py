"""The rule of the best contact, by itself (R63, §2.6)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deals.best_contact import Candidate, Decider, Tie, contact_score, proposed, recency, standings
from tests.factories import T

RESPONSIBLE = 1
any_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
YESTERDAY = T - timedelta(days=1)
dates = st.none() | st.dates(min_value=date(2024, 1, 1), max_value=T)
ties = st.dictionaries(st.integers(1, 4), st.builds(Tie, st.integers(0, 5), dates))
deciders = st.lists(
    st.builds(Decider, st.integers(1, 4), st.integers(1, 5)), unique_by=lambda d: d.contact_id
)
groups = st.lists(
    st.builds(Candidate, st.integers(1, 9), st.booleans(), st.integers(0, 30), ties),
    unique_by=lambda c: c.user_id, max_size=6,
)  # fmt: skip


def test_two_deciders_give_4_2_against_2_0() -> None:
    """R63, story 6: influence 3 and 2, strength 5 and 3 → (3×5 + 2×3) / 5 = 4.2; 2 and 2 → 2.0."""
    people = [Decider(1, 3), Decider(2, 2)]
    lisina = Candidate(7, False, 5, {1: Tie(5, YESTERDAY), 2: Tie(3, YESTERDAY)})
    vetrov = Candidate(RESPONSIBLE, True, 9, {1: Tie(2, YESTERDAY), 2: Tie(2, YESTERDAY)})
    ranked = standings([vetrov, lisina], people, T)
    assert [(each.candidate.user_id, each.score) for each in ranked] == [
        (7, Decimal("4.2")), (RESPONSIBLE, Decimal("2.0")),
    ]  # fmt: skip
    assert proposed(ranked, RESPONSIBLE) == 7


@pytest.mark.parametrize(
    ("days", "value"), [(0, "1"), (90, "1"), (91, "0.7"), (180, "0.7"), (181, "0.4"), (2000, "0.4"), (None, "0")]
)  # fmt: skip
def test_recency_steps_down_at_90_and_180_days(days: int | None, value: str) -> None:
    """§2.6: 1 up to 90 days, 0.7 up to 180, 0.4 earlier, 0 never."""
    assert recency(None if days is None else T - timedelta(days=days), T) == Decimal(value)


def test_a_tie_goes_to_the_responsible_then_to_more_talks_then_to_the_lower_id() -> None:
    """§2.6, the order of equals."""
    same = {1: Tie(3, YESTERDAY)}
    group = [Candidate(4, False, 2, same), Candidate(3, False, 2, same), Candidate(8, False, 6, same)]
    assert [each.candidate.user_id for each in standings(group, [Decider(1, 4)], T)] == [8, 3, 4]
    group.append(Candidate(9, True, 0, same))
    assert standings(group, [Decider(1, 4)], T)[0].candidate.user_id == 9


def test_when_nobody_knows_a_decider_the_responsible_leads() -> None:
    """§2.6: all zero → the responsible KAM, also when he is no candidate himself or there are no deciders."""
    stranger = Candidate(5, False, 40, {})
    assert proposed(standings([stranger], [Decider(1, 5)], T), RESPONSIBLE) == RESPONSIBLE
    assert proposed(standings([stranger], [], T), RESPONSIBLE) == RESPONSIBLE
    assert proposed([], RESPONSIBLE) == RESPONSIBLE


@any_machine
@given(deciders, ties)
def test_a_score_lies_between_zero_and_five(people: list[Decider], known: dict[int, Tie]) -> None:
    """A weighted mean of 0–5 never leaves 0–5."""
    assert 0 <= contact_score(people, known, T) <= 5


@any_machine
@given(deciders, ties, st.integers(2, 5))
def test_only_the_proportion_of_influence_counts(
    people: list[Decider], known: dict[int, Tie], n: int
) -> None:
    """Σ in numerator and denominator: the same influence n times over changes nothing."""
    louder = [Decider(each.contact_id, each.influence * n) for each in people]
    assert abs(contact_score(people, known, T) - contact_score(louder, known, T)) < Decimal("1e-20")


@any_machine
@given(groups, deciders)
def test_the_proposed_one_is_nobodys_second(group: list[Candidate], people: list[Decider]) -> None:
    """The proposal has the greatest score, and the order of the members in the database does not matter."""
    ranked = standings(group, people, T)
    assert ranked == standings(reversed(group), people, T)
    best = proposed(ranked, RESPONSIBLE)
    scores = {each.candidate.user_id: each.score for each in ranked}
    if not any(scores.values()):
        assert best == RESPONSIBLE
    else:
        assert scores[best] == max(scores.values())


@any_machine
@given(deciders, ties, st.integers(0, 5))
def test_knowing_a_person_better_never_lowers_the_score(
    people: list[Decider], known: dict[int, Tie], level: int
) -> None:
    """Monotonous in strength."""
    for contact_id, tie in known.items():
        better = {**known, contact_id: Tie(max(tie.level, level), tie.last_two_way_on)}
        assert contact_score(people, better, T) >= contact_score(people, known, T)
