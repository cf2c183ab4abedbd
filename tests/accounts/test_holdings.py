"""The stored top of a holding (§4.10.14: the group is the head and all its descendants)."""

from accounts.models import Company
from accounts.services.holdings import refresh_heads, refresh_heads_below
from tests.factories import make_company


def make_chain(levels: int) -> list[Company]:
    chain = [make_company()]
    for _level in range(levels - 1):
        chain.append(make_company(parent=chain[-1]))
    return chain


def heads(companies: list[Company]) -> list[int | None]:
    stored = dict(Company.objects.values_list("pk", "head"))
    return [stored[company.pk] for company in companies]


def test_every_level_knows_the_top(db):
    """§2.8.1: five levels at most; the top itself and loners have no head."""
    chain, loner = make_chain(5), make_company()
    refresh_heads()
    assert heads(chain) == [None, *[chain[0].pk] * 4]
    assert heads([loner]) == [None]


def test_a_branch_that_moves_takes_its_children_along(db):
    chain, other = make_chain(4), make_company()
    refresh_heads()
    Company.objects.filter(pk=chain[1].pk).update(parent=other)
    refresh_heads_below(chain[1])
    assert heads(chain) == [None, *[other.pk] * 3]


def test_leaving_a_holding_makes_a_new_top(db):
    chain = make_chain(3)
    refresh_heads()
    Company.objects.filter(pk=chain[1].pk).update(parent=None)
    refresh_heads_below(chain[1])
    assert heads(chain) == [None, None, chain[1].pk]
