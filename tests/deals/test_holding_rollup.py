"""A holding is summed over end users, each licence once; cells tell who works where; plans that collide are found."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import ContractForm, InteractionState
from accounts.models import Company, Contact, Interaction, InteractionContact, LicenceLine, PotentialEstimate
from accounts.queries import seats_on, uses_on
from deals.holding_matrix import matrix_of, orphans
from deals.holding_rollup import roll_up
from deals.product_cells import CellState
from deals.program_conflicts import collisions
from tests.deals.holding import Holding, make_holding
from tests.factories import (
    Cast,
    T,
    make_company,
    make_contact,
    make_contract,
    make_deal,
    make_line,
    make_member,
    make_product,
    moment,
)  # fmt: skip
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role


@pytest.fixture
def holding(cast: Cast) -> Holding:
    """The holding of the story."""
    return make_holding(cast)


def test_a_framework_and_its_orders_are_counted_once(cast: Cast, holding: Holding) -> None:
    """§2.8.12, R75: the head pays 10 + 15 seats, each stands at its end user; the sum of the contract is not added."""
    framework = make_contract(holding.head, form=ContractForm.FRAMEWORK, amount=Decimal(900_000))
    order = make_contract(
        holding.head, form=ContractForm.ORDER, parent_contract=framework, amount=Decimal(900_000)
    )
    make_line(order, seats=10, end_user_company=holding.second)
    make_line(order, seats=15, end_user_company=holding.fifth)
    rollup = roll_up(holding.head, cast.andreeva, T)
    assert (rollup.seats, rollup.amount) == (25, Decimal(900_000))
    by_name = {str(node.company): node.seats_total for node in rollup.nodes}
    assert by_name == {
        "АО «Голова»": 0, "ООО «ДЗО 2»": 10, "ООО «ДЗО 3»": 0, "ООО «ДЗО 4»": 0, "ООО «ДЗО 5»": 15,
    }  # fmt: skip


LINES = st.lists(
    st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 5)), st.integers(1, 40)), max_size=8
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_the_sum_of_the_head_is_the_sum_of_the_lines(holding: Holding, lines: list) -> None:
    """§2.8.12 as a law: whoever pays and whoever uses, every line of the holding's users is counted once."""
    LicenceLine.objects.all().delete()
    outside = Company.objects.filter(name="Чужая").first() or make_company("Чужая")
    users = [holding.head, holding.second, holding.third, holding.fourth, holding.fifth, outside]
    expected = []
    for payer, end_user, seats in lines:
        line = make_line(
            make_contract(users[payer]),
            seats=seats,
            end_user_company=None if end_user is None else users[end_user],
        )
        if end_user != 5:
            expected.append(line)
    ids = [company.pk for company in users[:5]]
    assert sum(sum(own.values()) for own in seats_on(ids, T).values()) == sum(x.seats for x in expected)
    used = [use for uses in uses_on(ids, T).values() for use in uses]
    assert sum(seats for _product, seats, _amount in used) == sum(x.seats for x in expected)
    assert sum(amount for _product, _seats, amount in used) == sum(x.amount for x in expected)


def test_companies_of_other_teams_are_only_counted(cast: Cast, holding: Holding) -> None:
    """§4.9: a lead sees own children; a member of the project sees all of them (Hd)."""
    seen = roll_up(holding.head, cast.belova, T)
    assert ([str(node.company) for node in seen.nodes], seen.hidden) == (["ООО «ДЗО 5»"], 4)
    make_member(holding.deal, cast.lisina, Role.KAM)
    assert roll_up(holding.head, cast.aliev, T).hidden == 0


def test_a_cell_says_what_to_do(cast: Cast, holding: Holding) -> None:
    """product.md §1.7, §3.4: licences against potential, the deal, and demand without an owner."""
    product = make_product()
    make_contract(holding.second, ("casebook", 20))
    for company, target in (
        (holding.second, 45),
        (holding.third, 5),
        (holding.fourth, 8),
        (holding.fifth, 9),
    ):
        PotentialEstimate.objects.create(company=company, product=product, target_seats=target)
    make_contract(holding.third, ("casebook", 5))
    Company.objects.filter(pk=holding.fourth.pk).update(owner_kam=None)
    deal = make_deal(holding.fifth, ("casebook", 0, 9))
    rows = matrix_of(roll_up(holding.head, cast.andreeva, T))
    cells = {str(cell.company): cell for row in rows for cell in row.cells}
    assert {name: cell.state for name, cell in cells.items()} == {
        "АО «Голова»": CellState.EMPTY, "ООО «ДЗО 2»": CellState.GROW, "ООО «ДЗО 3»": CellState.FULL,
        "ООО «ДЗО 4»": CellState.ORPHAN, "ООО «ДЗО 5»": CellState.DEAL,
    }  # fmt: skip
    second = cells["ООО «ДЗО 2»"]
    assert (second.seats, second.target, second.owner) == (20, 45, cast.aliev)
    assert (cells["ООО «ДЗО 5»"].deal, [cell.company for cell in orphans(rows)]) == (deal, [holding.fourth])


def plan(company: Company, person: Contact, author: User, days: int) -> Interaction:
    """A meeting ahead."""
    meeting = Interaction.objects.create(
        company=company,
        author=author,
        starts_at=moment(T + timedelta(days=days)),
        state=InteractionState.PLANNED,
    )
    InteractionContact.objects.create(interaction=meeting, contact=person)
    return meeting


def found(holding: Holding) -> list[tuple[Contact, int]]:
    """Whom two teams will meet, and how many days apart."""
    ids = [holding.head.pk, holding.second.pk, holding.fifth.pk]
    return [(one.contact, one.days_apart) for one in collisions(ids, moment(T), 14)]


def test_planted_collisions_are_found(cast: Cast, holding: Holding) -> None:
    """product.md §1.7: the same ЛПР, two teams, within N days; the day after N is no alarm."""
    person, other = holding.people
    plan(holding.head, person, cast.aliev, 2)
    plan(holding.head, person, cast.demin, 16)
    plan(holding.head, other, cast.aliev, 1)
    plan(holding.head, other, cast.demin, 16)
    assert found(holding) == [(person, 14)]


def test_no_false_alarm(cast: Cast, holding: Holding) -> None:
    """product.md §1.7: one team, one working group, a colleague in both, not a ЛПР, taken back: no collision."""
    person, other = holding.people
    user = make_contact(holding.head, "Юзеров Илья", role="user")
    make_member(holding.deal, cast.lisina, Role.KAM)
    plan(holding.head, person, cast.aliev, 2)
    plan(holding.head, person, cast.lisina, 5)
    for author in (cast.aliev, cast.naumov):
        plan(holding.head, other, author, 3)
    for author in (cast.aliev, cast.demin):
        plan(holding.head, user, author, 2)
    gone = plan(holding.head, person, cast.demin, 4)
    Interaction.objects.filter(pk=gone.pk).update(retracted_at=moment())
    assert found(holding) == []
