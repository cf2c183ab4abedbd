"""The list of client companies (§6, R4)."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Company, Contract
from tests.factories import Cast, make_company, make_contract, moment
from upsell_crm.core.models import SavedView
from upsell_crm.core.text import normalise, search_terms

LIST = "/companies/"


def page(client: Client, **asked: str) -> str:
    return client.get(LIST, asked).content.decode()


def test_a_kam_sees_his_team_and_nobody_elses(cast: Cast, client_of) -> None:
    """§3: card T for a KAM."""
    make_company("ООО «Наш»", kam=cast.lisina)
    make_company("ООО «Чужой»", kam=cast.aliev)
    shown = page(client_of(cast.vetrov))
    assert "Наш" in shown and "Чужой" not in shown


@pytest.mark.parametrize("typed", ["теплый КАМ", "ТЁПЛЫЙ", "kam", "тепл"])
def test_search_forgives_case_yo_and_look_alikes(cast: Cast, client_of, typed: str) -> None:
    """§9: «КАМ» typed in Latin letters is the same word; ё = е."""
    make_company("ООО «Тёплый КАМ»", kam=cast.vetrov)
    make_company("ООО «Холодный»", kam=cast.vetrov)
    shown = page(client_of(cast.vetrov), q=typed)
    assert "Тёплый КАМ" in shown and "Холодный" not in shown


def test_search_by_inn(cast: Cast, client_of) -> None:
    company = make_company("ООО «По ИНН»", kam=cast.vetrov)
    make_company("ООО «Другой»", kam=cast.vetrov)
    shown = page(client_of(cast.vetrov), q=company.inn)
    assert "По ИНН" in shown and "Другой" not in shown


@given(st.text(max_size=60))
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    """Twice is once; and every word of a text is found in it."""
    once = normalise(text)
    assert normalise(once) == once
    assert all(term in once for term in search_terms(text))


@given(st.text(alphabet="АВЕКМНОРСТУХавекмнорстухABEKMHOPCTYXabekmhopctyx ё", max_size=40))
def test_look_alike_letters_do_not_matter(text: str) -> None:
    swapped = text.translate(str.maketrans("АВЕКМНОРСТХавекморстухё", "ABEKMHOPCTXabekmopctyxе"))
    swapped = swapped.replace("a", "а")
    assert normalise(swapped) == normalise(text)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kam": "lisina"}, {"Лиса"}),
        ({"status": "active"}, {"Договор"}),
        ({"status": "prospect"}, {"Лиса", "Ключ", "Давно"}),
        ({"key": "on"}, {"Ключ"}),
        ({"no_contact": "30"}, {"Лиса", "Ключ", "Давно"}),
        ({"regime": "fz44"}, {"Давно"}),
        ({"archive": "only"}, {"Архив"}),
        ({"segment": "none"}, {"Лиса", "Ключ", "Давно", "Договор"}),
    ],
)
def test_each_filter_narrows(cast: Cast, client_of, asked: dict, expected: set) -> None:
    make_company("Лиса", kam=cast.lisina)
    make_company("Ключ", kam=cast.vetrov, is_key=True)
    make_company("Давно", kam=cast.vetrov, regime="fz44", last_contact_at=moment(date(2026, 9, 1)))
    make_contract(make_company("Договор", kam=cast.vetrov, last_contact_at=moment()), ("casebook", 3))
    make_company("Архив", kam=cast.vetrov, archived_at=moment())
    rows = client_of(cast.vetrov).get(LIST, asked).context["rows"]
    assert {str(row.company) for row in rows} == expected


def test_a_row_says_what_to_do_and_by_when(cast: Cast, client_of) -> None:
    company = make_company("Ряд", kam=cast.vetrov, next_step="Отправить КП", next_step_on=date(2026, 11, 20))
    contract = make_contract(company, ("casebook", 40), ("caselook", 5))
    contract.act_by = date(2026, 11, 18)
    contract.save()
    row = client_of(cast.vetrov).get(LIST).context["rows"][0]
    assert [(product.code, seats) for product, seats in row.seats] == [("casebook", 40), ("caselook", 5)]
    assert (row.contract, row.slack) == (contract, -4)
    assert "Отправить КП" in page(client_of(cast.vetrov))


def test_a_contract_with_an_active_successor_is_not_the_nearest(cast: Cast, client_of) -> None:
    """§2.9: until it ends it stays active, but it is no candidate any more."""
    company = make_company(kam=cast.vetrov)
    old = make_contract(company, ("casebook", 4))
    new = make_contract(
        company, ("casebook", 4), renews=old, start_date=date(2027, 2, 1), end_date=date(2028, 1, 31)
    )
    assert client_of(cast.vetrov).get(LIST).context["rows"][0].contract == new


def test_the_order_and_the_filters_stand_in_the_url(cast: Cast, client_of) -> None:
    for name in ("Б", "А", "В"):
        make_company(name, kam=cast.vetrov)
    rows = client_of(cast.vetrov).get(LIST, {"sort": "-name"}).context["rows"]
    assert [str(row.company) for row in rows] == ["В", "Б", "А"]


def test_pages_follow_one_another_without_loss(cast: Cast, client_of) -> None:
    """Keyset: 60 companies on three pages, each once."""
    for number in range(60):
        make_company(f"Клиент {number:02}", kam=cast.vetrov)
    client, seen, after = client_of(cast.vetrov), [], ""
    while True:
        shown = client.get(LIST, {"after": after} if after else {}).context
        seen += [str(row.company) for row in shown["rows"]]
        if not (after := shown["page"].after):
            break
    assert seen == sorted(seen) and len(set(seen)) == 60


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow(cast: Cast, client_of, query_budget) -> None:
    client = client_of(cast.vetrov)

    def add(count: int) -> None:
        for _number in range(count):
            company = make_company(kam=cast.vetrov, last_contact_at=moment())
            make_contract(company, ("casebook", 5), ("caselook", 2))
            make_company(kam=cast.lisina, parent=company)

    query_budget(add, lambda: client.get(LIST), at_most=12)


def test_an_empty_list_names_the_cause_and_the_way_out(cast: Cast, client_of) -> None:
    nothing = page(client_of(cast.vetrov))
    assert reverse("accounts:create_company") in nothing
    make_company(kam=cast.vetrov)
    assert 'class="empty"' in page(client_of(cast.vetrov), q="нет такой")


def test_wrong_filters_lose_nothing(cast: Cast, client_of) -> None:
    """A link that was changed by hand is no 500 and no empty page."""
    make_company("Есть", kam=cast.vetrov)
    asked = {"kam": "nobody", "no_contact": "много", "group": "x", "sort": "?", "after": "?", "segment": "Z"}
    answer = client_of(cast.vetrov).get(LIST, asked)
    assert answer.status_code == 200 and "Есть" in answer.content.decode()


def test_totals_follow_the_filter(cast: Cast, client_of) -> None:
    make_company("Раз", kam=cast.vetrov, is_key=True)
    make_company("Два", kam=cast.lisina)
    client = client_of(cast.vetrov)
    assert client.get("/companies/totals/").context["totals"] == {"all": 2, "key": 1, "ownerless": 0}
    assert client.get("/companies/totals/", {"kam": "lisina"}).context["totals"]["all"] == 1


def test_htmx_gets_the_table_alone(cast: Cast, client_of) -> None:
    make_company("Ряд", kam=cast.vetrov)
    headers = {"HX-Request": "true", "HX-Target": "companies"}
    answer = client_of(cast.vetrov).get(LIST, headers=headers).content.decode()
    assert "Ряд" in answer and "<html" not in answer


def test_a_saved_view_is_one_click(cast: Cast, client_of) -> None:
    client = client_of(cast.vetrov)
    client.post(
        "/views/", {"page": "accounts:company_list", "name": "Мои тихие", "query": "no_contact=30&after=x"}
    )
    assert SavedView.objects.get().query == "no_contact=30"
    assert "Мои тихие" in page(client)


def test_one_holding_by_link(cast: Cast, client_of) -> None:
    head = make_company("Головная", kam=cast.vetrov)
    make_company("Дочка", kam=cast.vetrov, parent=head, head=head)
    make_company("Сама", kam=cast.vetrov)
    rows = client_of(cast.vetrov).get(LIST, {"group": str(head.public_id)}).context["rows"]
    assert {str(row.company) for row in rows} == {"Головная", "Дочка"}
    assert Company.objects.count() == 3


@pytest.mark.slow
def test_the_list_is_sorted_by_act_by(cast: Cast, client_of, query_budget) -> None:
    """§4.2, §6.1: who must be called first stands first; without a contract last, both ways; pages do not repeat."""
    for name, day in (
        ("Поздно", date(2026, 12, 20)),
        ("Срочно", date(2026, 11, 20)),
        ("Скоро", date(2026, 12, 1)),
    ):
        Contract.objects.filter(
            pk=make_contract(make_company(name, kam=cast.vetrov), ("casebook", 3)).pk
        ).update(act_by=day)
    make_company("Без договора", kam=cast.vetrov)
    client = client_of(cast.vetrov)

    def names(**asked: str) -> list[str]:
        return [str(row.company) for row in client.get(LIST, asked).context["rows"]]

    assert names(sort="act_by") == ["Срочно", "Скоро", "Поздно", "Без договора"]
    assert names(sort="-act_by") == ["Поздно", "Скоро", "Срочно", "Без договора"]
    for number in range(30):
        make_contract(make_company(f"Ещё {number}", kam=cast.vetrov), ("casebook", 3))
    first = client.get(LIST, {"sort": "act_by"}).context
    rest = names(sort="act_by", after=first["page"].after)
    assert len({str(row.company) for row in first["rows"]} | set(rest)) == 34

    def add(number: int) -> None:
        for each in range(number):
            make_contract(make_company(f"Рост {each}", kam=cast.vetrov), ("casebook", 3))

    query_budget(add, lambda: client.get(LIST, {"sort": "act_by"}), at_most=12)
