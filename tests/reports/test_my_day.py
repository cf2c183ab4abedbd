"""The KAM's morning: own clients by score, meetings, promises, news and data to confirm (§6.1)."""

from datetime import timedelta

import pytest

from accounts.enums import InteractionState
from accounts.models import Interaction, Task
from reports.services.ranking import run_ranking
from tests.factories import T, make_company, make_contract, moment

URL = "/my-day/"


@pytest.fixture
def portfolio(cast, references):
    """Lisina's client and a colleague's one of the same team."""
    own, other = make_company("Меридиан", kam=cast.lisina), make_company("Банк", kam=cast.vetrov)
    for company in (own, other):
        make_contract(company, ("casebook", 10))
    run_ranking(by=None)
    return own, other


def test_my_clients_stand_here_and_only_mine(cast, portfolio, client_of):
    """R17: a KAM sees own accounts ranked, with the reasons."""
    answer = client_of(cast.lisina).get(URL)
    (item,) = answer.context["rows"]
    assert item.row.company == portfolio[0]
    assert item.top[0].factor == "renewal"


def test_todays_meeting_offers_to_log_its_outcome(cast, portfolio, client_of):
    """Story 1 starts here."""
    plan = Interaction.objects.create(
        company=portfolio[0], author=cast.lisina, state=InteractionState.PLANNED, starts_at=moment(T, 11)
    )
    html = client_of(cast.lisina).get(URL).content.decode()
    assert f"interaction={plan.public_id}" in html


def test_what_i_promised_and_is_due(cast, portfolio, client_of):
    for title, due in (("Прислать расчёт", T), ("Через неделю", T + timedelta(7))):
        Task.objects.create(title=title, assignee=cast.lisina, due_on=due, company=portfolio[0])
    assert [task.title for task in client_of(cast.lisina).get(URL).context["promises"]] == ["Прислать расчёт"]


def test_what_is_new_at_my_clients_has_its_slot(cast, portfolio, client_of):
    """product.md §3.1: the lane «Есть новость» (its tests: test_signal_list.py)."""
    assert 'hx-get="/signals/mine/"' in client_of(cast.lisina).get(URL).content.decode()


def test_a_new_kam_is_told_what_to_do(cast, references, client_of):
    """§6.1: the empty state."""
    html = client_of(cast.demin).get(URL).content.decode()
    assert "За вами пока нет клиентов" in html


@pytest.mark.slow
def test_the_morning_costs_the_same_with_3_and_30_clients(cast, references, client_of, query_budget):
    """R4: constant and at most twelve."""
    client = client_of(cast.lisina)

    def add(amount):
        for _ in range(amount):
            make_contract(make_company(kam=cast.lisina), ("casebook", 5))
        run_ranking(by=None)

    query_budget(add, lambda: client.get(URL))
