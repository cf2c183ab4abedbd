"""The formula of «Кому ещё предложить» in plain Python: who is alike, how much, what it is worth (product.md §4.6)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.likeness import LEVELS, MIN_PEERS, Groups, Profile, places_of, value_of

CASEBOOK, CASELOOK = 1, 2


def client(number: int, industry: str = "insurance", segment: str = "L", **owned: int) -> Profile:
    """A client with seats by product."""
    codes = {"casebook": CASEBOOK, "caselook": CASELOOK}
    return Profile(number, industry, segment, {codes[code]: seats for code, seats in owned.items()})


def test_five_of_eight_insurers_have_bought() -> None:
    """Same industry, size and product: the whole share counts; the client himself is not his own peer."""
    one = client(0, casebook=50)
    peers = [client(n, casebook=10, caselook=n) for n in range(1, 6)] + [
        client(n, casebook=5) for n in (6, 7, 8)
    ]
    found = Groups([one, *peers]).closest(one, CASELOOK)
    assert found is not None
    assert (found.bought, found.number, found.seats, found.likeness) == (5, 8, 3, Decimal("0.63"))
    assert (found.place.industry, found.place.segment, found.place.base_product) == (
        "insurance",
        "L",
        CASEBOOK,
    )


def test_a_wider_group_counts_less() -> None:
    """Nobody of the same size: the industry with the product speaks at 0.7, and alone at 0.5."""
    one = client(0, segment="XL", casebook=50)
    peers = [client(n, casebook=10, caselook=4) for n in range(1, 4)]
    found = Groups([one, *peers]).closest(one, CASELOOK)
    assert found is not None and (found.likeness, found.place.segment) == (Decimal("0.70"), "")
    newcomer = client(9, segment="")
    found = Groups([*peers]).closest(newcomer, CASELOOK)
    assert found is not None and found.likeness == Decimal("0.50")


@pytest.mark.parametrize("bought", [0, 2])
def test_too_few_peers_prove_nothing(bought: int) -> None:
    """Two peers who both bought are no rule, three of whom nobody bought are none either."""
    one = client(0, casebook=1)
    peers = [client(n, casebook=1, caselook=1) for n in range(bought)] + [client(9, casebook=1)] * (
        0 if bought else 3
    )
    assert Groups([one, *peers]).closest(one, CASELOOK) is None


def test_the_value_is_the_product_of_what_stands_on_the_page() -> None:
    """240 000 ₽ × 63 % × 71.2 points = 107 654 ₽: every factor is rounded before it is multiplied."""
    assert value_of(Decimal(240_000), Decimal("0.63"), Decimal("71.2")) == 107_654


CLIENTS = st.lists(
    st.builds(
        Profile,
        st.integers(1, 10**6),
        st.sampled_from(["bank", "insurance", "other", ""]),
        st.sampled_from(["", "S", "L"]),
        st.dictionaries(st.integers(1, 3), st.integers(1, 90), max_size=3),
    ),
    max_size=25,
    unique_by=lambda one: one.company_id,
)


@given(clients=CLIENTS, product=st.integers(1, 3))
def test_peers_are_what_a_plain_count_says(clients: list[Profile], product: int) -> None:
    """As a law: share and number by the one-pass count equal a count by hand, and no wider group is louder."""
    groups = Groups(clients)
    for one in clients:
        if product in one.owned:
            continue
        found = groups.closest(one, product)
        heard = []
        for place in places_of(one):
            peers = [
                other for other in clients
                if other is not one and other.owned and place in set(places_of(other))
            ]  # fmt: skip
            bought = sum(product in other.owned for other in peers)
            if len(peers) >= MIN_PEERS and bought and place.base_product != product:
                heard.append(
                    (place.level.alike * bought / len(peers)).quantize(Decimal("0.01"), "ROUND_HALF_UP")
                )
        assert (found.likeness if found else None) == max(heard, default=None)
        if found:
            assert 0 <= found.likeness <= 1 and 0 < found.bought <= found.number


def test_levels_fall_from_the_closest_to_the_widest() -> None:
    """What has more in common weighs more."""
    weights = [level.alike for level in LEVELS]
    assert weights == sorted(weights, reverse=True) and weights[0] == 1
