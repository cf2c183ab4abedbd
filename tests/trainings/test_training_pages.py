"""Pages of trainings: calendar, one training, the tab of a client, offers, what trainings lead to (§6.6)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import AccountMember, Task
from deals.enums import DealStage
from deals.models import Deal
from tests.factories import (
    Cast,
    T,
    make_calendar,
    make_company,
    make_contract,
    make_deal,
    make_product,
    moment,
)
from tests.trainings.makers import make_results, make_training, refused
from trainings.effect import levels_by
from trainings.low_index import low_index_clients
from trainings.models import Trainee, Training, TrainingProposal
from trainings.queries import read_held
from trainings.services.proposals import propose_training
from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.models import User

SignIn = Callable[[User], Client]


def text_of(client: Client, address: str) -> str:
    """The page as text; it must be there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_week_shows_who_teaches_whom(cast: Cast, client_of: SignIn) -> None:
    """§6.6: by tutor and day, only what this person may see; the week after is one link away."""
    own, other = make_company("ООО «Свой»", kam=cast.lisina), make_company("ООО «Чужой»", kam=cast.demin)
    make_training(own, cast.gai, ago=-1)
    make_training(own, cast.gai, ago=-8, topic="Через неделю")
    make_training(other, cast.moroz, ago=-1)
    page = text_of(client_of(cast.lisina), "/trainings/")
    assert "Свой" in page and "Чужой" not in page and "on=2026-12-01" in page
    tutors = client_of(cast.andreeva).get("/trainings/").context["tutors"]
    assert [week.tutor for week in tutors] == [cast.gai, cast.moroz]
    assert [len(day.entries) for day in tutors[0].days] == [0, 0, 1, 0, 0, 0, 0]


@pytest.mark.slow
def test_filters_stand_in_the_address_and_wrong_ones_narrow_nothing(cast: Cast, client_of: SignIn) -> None:
    """§6: tutor, product, state; nonsense is no 500."""
    company = make_company(kam=cast.lisina)
    make_training(company, cast.gai, ago=-1)
    make_training(
        company, cast.moroz, ago=-1, product=make_product("caselook"), state="cancelled", state_reason="x"
    )
    client = client_of(cast.andreeva)
    for query, count in (
        ("tutor=gai", 1),
        ("product=caselook", 1),
        ("state=cancelled", 1),
        ("state=x&tutor=nobody", 2),
    ):
        page = client.get(f"/trainings/?view=list&{query}")
        assert len(page.context["rows"]) == count, query
    for query in ("on=yesterday", "on=9999-12-31", "view=year", "view=month&on=2024-02-29"):
        assert client.get(f"/trainings/?{query}").status_code == 200, query


def test_an_empty_week_offers_trainings(cast: Cast, client_of: SignIn) -> None:
    """§6.6: «Обучений на неделе нет — предложить клиентам с индексом < 40»."""
    page = text_of(client_of(cast.lisina), "/trainings/")
    assert "Обучений на неделе нет — предложить клиентам с индексом &lt; 40" in page
    assert "предложить" not in text_of(client_of(cast.titova), "/trainings/")


@pytest.mark.slow
def test_pages_cost_the_same_whatever_their_number(
    cast: Cast, client_of: SignIn, query_budget: Callable[..., int]
) -> None:
    """Twelve statements at most: calendar, list, a training of thirty people, the tab, offers, the report."""
    company = make_company(kam=cast.lisina)
    make_contract(company, ("casebook", 20))
    shown = make_results(company, cast.gai, invited=2, attended=2, activated=1)
    client = client_of(cast.belova)

    def add(count: int) -> None:
        for number in range(count):
            make_results(
                company, cast.gai, invited=2, attended=1, activated=1, ago=2 + number, topic=f"Тема {number}"
            )
            another = make_company(kam=cast.lisina)
            make_contract(another, ("casebook", 20))
            make_training(another, cast.gai, ago=-1)
            Trainee.objects.create(training=shown, name=f"Новый {Trainee.objects.count()}")

    pages = (
        "/trainings/", "/trainings/?view=month", "/trainings/?view=list", "/trainings/low/", "/trainings/effect/",
        "/trainings/effect/?by=tutor", shown.get_absolute_url(), f"{shown.get_absolute_url()}results/",
        f"{company.get_absolute_url()}trainings/",
    )  # fmt: skip
    query_budget(add, *(lambda page=page: client.get(page) for page in pages))


def test_the_tab_shows_the_index_by_product_and_its_trend(cast: Cast, client_of: SignIn) -> None:
    """R36: index of each product, the line of its trainings, the change of the last one; quotes with permission only."""
    company = make_company(kam=cast.lisina)
    make_results(company, cast.gai, ago=60, attended=10, reaction="3", test=50, activated=5)
    last = make_results(company, cast.gai, ago=5)
    make_results(company, cast.gai, ago=5, product=make_product("caselook"), test=None)
    Trainee.objects.filter(training=last, attended=True).update(comment="Очень полезно")
    quoted = last.trainees.order_by("pk")[0]
    Trainee.objects.filter(pk=quoted.pk).update(can_quote=True, comment="Экономит час в день")
    page = client_of(cast.lisina).get(f"{company.get_absolute_url()}trainings/")
    rows = {row.product.code: row for row in page.context["products"]}
    assert rows["casebook"].trend == [50, 78] and rows["casebook"].change == 28
    assert rows["caselook"].index == 77
    text = page.content.decode()
    assert "Экономит час в день" in text and "Очень полезно" not in text and 'class="sparkline"' in text


def test_an_expansion_within_180_days_is_the_fourth_level(cast: Cast) -> None:
    """§4.3: L4 is the won growth of the trained product; 181 days later, another product and less seats do not count."""
    company = make_company(kam=cast.lisina)
    make_results(company, cast.gai, ago=200)
    for lines, days in (
        (("casebook", 10, 15), 179),
        (("casebook", 10, 20), 181),
        (("caselook", 1, 9), 10),
        (("casebook", 9, 5), 10),
    ):
        deal = make_deal(company, lines)
        won_at = moment(T - timedelta(200) + timedelta(days))
        Deal.objects.filter(pk=deal.pk).update(
            stage=DealStage.WON, closed_at=won_at, main_reason="training_effect", return_stage="signing"
        )
    levels = levels_by(list(read_held(Training.objects.all())), lambda one: one.product_id)
    [only] = levels.values()
    assert (only.won_count, only.won_amount) == (1, Decimal(5 * 36_000))
    assert (only.attendance, only.activation, only.quality) == (90, 67, 78)


def test_money_of_the_fourth_level_is_for_who_may_see_it(cast: Cast, client_of: SignIn) -> None:
    """§3: marketing sees the training and no amounts."""
    training = make_results(make_company(kam=cast.lisina), cast.gai)
    assert not client_of(cast.sokolova).get(training.get_absolute_url()).context["may_see_money"]
    assert client_of(cast.lisina).get(training.get_absolute_url()).context["may_see_money"]


def test_clients_with_a_low_index_come_the_worst_first(cast: Cast) -> None:
    """§6.6: index below 40, then owners of licences whom nobody trained; not one without results."""
    make_calendar()
    companies = [make_company(f"ООО «{n}»", kam=cast.lisina) for n in "АБВГДЕ"]
    good, poor, worse, new, silent, booked = companies
    for company in companies:
        make_contract(company, ("casebook", 20))
    make_results(good, cast.gai)
    make_results(poor, cast.gai, attended=10, reaction="3", test=30, activated=2)
    make_results(worse, cast.gai, attended=5, reaction="1", test=10, activated=0)
    make_training(silent, cast.gai, ago=5, state="held")
    make_training(booked, cast.gai, ago=-5)
    found = low_index_clients(cast.lisina, T)
    assert [(one.company, one.is_untrained) for one in found] == [(worse, False), (poor, False), (new, True)]
    assert [one.index for one in found] == [8, 35, 0]
    assert low_index_clients(cast.demin, T) == []


def test_a_training_is_offered_once(cast: Cast) -> None:
    """§6.6: one task of the KAM, whoever asks the second time; a finished one lets the next quarter ask again."""
    make_calendar()
    company = make_company(kam=cast.lisina)
    AccountMember.objects.create(company=company, user=cast.moroz, role="csm", since_on=T)
    propose_training(by=cast.moroz, company=company, product=make_product(), index=35)
    task = Task.objects.get()
    assert (task.assignee, task.origin, task.company) == (cast.lisina, "training", company)
    with refused("proposed"):
        propose_training(by=cast.belova, company=company, product=make_product(), index=35)
    with pytest.raises(NotAllowed):
        propose_training(by=cast.demin, company=company, product=make_product(), index=35)
    assert Task.objects.count() == TrainingProposal.objects.count() == 1


def test_a_client_reads_in_the_report_when_it_was_trained(cast: Cast, client_of: SignIn) -> None:
    """R35, R36: the page of a training names its people, its new ones and whom they may be."""
    company = make_company(kam=cast.lisina)
    training = make_training(company, cast.gai, ago=1, state="held")
    Trainee.objects.create(training=training, name="Новиков Пётр", attended=True)
    text = text_of(client_of(cast.gai), training.get_absolute_url())
    assert "Новиков Пётр" in text and "Новый контакт" in text
    text = text_of(client_of(cast.lisina), training.get_absolute_url())  # a KAM records nothing
    assert "Новиков Пётр" in text and "Новый контакт" not in text
    assert client_of(cast.demin).get(training.get_absolute_url()).status_code == 404
