"""How many seats a company has on a day: the one number of the card, the report and the API."""

from datetime import date, timedelta

import pytest

from accounts.enums import ContractForm, ContractStatus
from accounts.models import Contract
from accounts.queries import seats_on
from tests.factories import T, make_company, make_contract, make_line, make_product

pytestmark = pytest.mark.django_db


def casebook(company: object, day: date = T) -> int:
    return seats_on([company.pk], day).get(company.pk, {}).get(make_product("casebook").pk, 0)


def test_seats_of_all_active_paid_lines_add_up() -> None:
    """R39: two contracts and two products; a pilot does not count."""
    company = make_company()
    make_contract(company, ("casebook", 12), ("caselook", 3))
    second = make_contract(company, ("casebook", 8))
    make_line(second, "casebook", 50, kind="trial")
    assert casebook(company) == 20
    assert sum(seats_on([company.pk], T)[company.pk].values()) == 23


@pytest.mark.parametrize(("day", "seats"), [(-1, 0), (0, 9), (30, 9), (31, 0)])
def test_both_ends_of_the_period_are_inclusive(day: int, seats: int) -> None:
    """§2.1: start ≤ d ≤ end."""
    company = make_company()
    make_contract(company, ("casebook", 9), start_date=T, end_date=T + timedelta(days=30))
    assert casebook(company, T + timedelta(days=day)) == seats


@pytest.mark.parametrize("status", ["draft", "approval", "signing", "issued", "void"])
def test_an_unsigned_contract_has_no_seats(status: str) -> None:
    company = make_company()
    make_contract(company, ("casebook", 9), status=status, signed_on=None)
    assert casebook(company) == 0


def test_a_terminated_contract_counts_until_the_day_before() -> None:
    """§4.9: not eligible from the termination date; a past day is counted as it stood."""
    company = make_company()
    make_contract(company, ("casebook", 9), status=ContractStatus.TERMINATED, terminated_on=T)
    assert (casebook(company, T - timedelta(days=1)), casebook(company)) == (9, 0)


def test_a_line_counts_at_its_end_user_once() -> None:
    """§4.10.14, §2.8.12: the head pays the framework, the subsidiary uses the seats."""
    head, child = make_company(), make_company()
    contract = make_contract(head, ("casebook", 40), form=ContractForm.FRAMEWORK)
    make_line(contract, "casebook", 10, end_user_company=child)
    assert (casebook(head), casebook(child)) == (40, 10)


def renewed(old: Contract, start: date, *lines: tuple[str, int]) -> Contract:
    return make_contract(
        old.company, *lines, renews=old, start_date=start, end_date=start + timedelta(days=364), signed_on=T
    )


def test_a_renewed_line_gives_way_on_the_day_its_successor_starts() -> None:
    """§4.10.2: no seat is counted twice while both contracts run."""
    company = make_company()
    old = make_contract(company, ("casebook", 10), ("caselook", 4))
    renewed(old, T + timedelta(days=5), ("casebook", 15))
    assert casebook(company) == 10
    assert casebook(company, T + timedelta(days=5)) == 15
    both = seats_on([company.pk], T + timedelta(days=5))[company.pk]
    assert both[make_product("caselook").pk] == 4, "what the successor does not renew still counts"


def test_one_statement_for_any_number_of_companies(django_assert_num_queries: object) -> None:
    companies = [make_company() for _ in range(5)]
    for company in companies:
        make_contract(company, ("casebook", 2))
    with django_assert_num_queries(1):
        assert len(seats_on([company.pk for company in companies], T)) == 5
