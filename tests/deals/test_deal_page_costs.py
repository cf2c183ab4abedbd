"""What the pages of deals cost in statements, with few rows and with many."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import (
    Agreement,
    Company,
    Interaction,
    InteractionContact,
    InteractionUser,
    Product,
    ProductFeedback,
    Task,
)
from deals.models import Deal, DealInteraction, DealLine, DealMember, DealTask
from deals.references import seed_checklists
from tests.factories import Cast, T, make_company, make_contact, make_deal, make_product, moment
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

ClientOf = Callable[[User], Client]


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """Лисина's deal with one line and the checklists."""
    seed_checklists()
    return make_deal(make_company("ПАО «Горизонт»", kam=cast.lisina), ("casebook", 3, 5))


def grow(deal: Deal, cast: Cast, n: int) -> None:
    """So many more communications with people and agreements, tasks, lines, members of the deal."""
    company, contact, product = deal.company, make_contact(deal.company), make_product("casebook")
    starts_at = moment(T - timedelta(days=2))
    talks = Interaction.objects.bulk_create(
        Interaction(company=company, author=cast.lisina, starts_at=starts_at, summary="Итог")
        for _row in range(n)
    )
    DealInteraction.objects.bulk_create(DealInteraction(deal=deal, interaction=talk) for talk in talks)
    InteractionContact.objects.bulk_create(
        InteractionContact(interaction=talk, contact=contact) for talk in talks
    )
    InteractionUser.objects.bulk_create(InteractionUser(interaction=talk, user=cast.lisina) for talk in talks)
    ProductFeedback.objects.bulk_create(
        ProductFeedback(interaction=talk, product=product, reaction=1) for talk in talks
    )
    Agreement.objects.bulk_create(
        Agreement(interaction=talk, company=company, side="us", text="Прислать КП") for talk in talks
    )
    tasks = Task.objects.bulk_create(
        Task(company=company, title="Дело", assignee=cast.lisina, due_on=T) for _row in range(n)
    )
    DealTask.objects.bulk_create(DealTask(deal=deal, task=task) for task in tasks)
    count = Product.objects.count()
    products = Product.objects.bulk_create(
        Product(code=f"p{number}", name_ru="Модуль", name_en="Module", list_price_year=1)
        for number in range(count, count + n)
    )
    DealLine.objects.bulk_create(DealLine(deal=deal, product=one, seats_new=1, price=1) for one in products)
    first = User.objects.count()
    people = User.objects.bulk_create(
        User(username=f"member{number}", last_name=f"Участник{number}", team=cast.k1)
        for number in range(first, first + n)
    )
    DealMember.objects.bulk_create(
        DealMember(deal=deal, user=user, role=Role.KAM, since_on=T) for user in people
    )


@pytest.mark.slow
def test_the_page_costs_the_same_with_three_and_three_hundred_rows(
    cast: Cast, deal: Deal, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    """At most 15 statements, flat: the page, its communications, its working group."""
    browser = client_of(cast.lisina)
    slots = [
        reverse(f"deals:{name}", args=[deal.public_id]) for name in ("deal_detail", "deal_talks", "deal_team")
    ]
    visits = [lambda url=url: browser.get(url) for url in slots]
    query_budget(lambda n: grow(deal, cast, n), *visits, at_most=15, many=300)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["deals:deal_list", "deals:deal_board"])
def test_lists_cost_the_same_with_many_rows(
    cast: Cast, client_of: ClientOf, query_budget: Callable[..., int], name: str
) -> None:
    """At most 15 statements, flat."""
    browser = client_of(cast.lisina)
    company: Company = make_company(kam=cast.lisina)

    def add(n: int) -> None:
        for _row in range(n):
            make_deal(company, ("casebook", 1, 2))

    query_budget(add, lambda: browser.get(reverse(name)), at_most=15)
