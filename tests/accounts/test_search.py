"""The global search: what people type, as they type it, and nothing that is not theirs."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.views.search import find
from tests.factories import Cast, make_company, make_contact, make_contract
from upsell_crm.core.models import User

ClientOf = Callable[[User], Client]
DROPDOWN = {"HX-Request": "true", "HX-Target": "search-results"}


@pytest.mark.parametrize("typed", ["тёплый", "ТЕПЛЫЙ дом", "дом тепл", "77102372", "«Тёплый»"])
def test_a_company_is_found_as_people_type(typed: str, cast: Cast) -> None:
    """R100 and §6: ё = е, any case and order, a part of the ИНН."""
    company = make_company("ООО «Тёплый дом»", kam=cast.vetrov, inn="0077102372")
    make_company("ООО «Холод»", kam=cast.vetrov)
    assert find(cast.vetrov, typed, 5).companies == [company]


def test_latin_kam_finds_cyrillic(cast: Cast) -> None:
    """§9: КАМ and KAM are equal."""
    company = make_company("ООО «КАМ-Логистика»", kam=cast.vetrov)
    assert find(cast.vetrov, "kam", 5).companies == [company]


def test_people_and_contracts_are_found(cast: Cast) -> None:
    company = make_company(kam=cast.vetrov)
    contact, contract = make_contact(company, "Орехов Павел"), make_contract(company, number="Л-112/26")
    assert find(cast.vetrov, "орехов", 5).contacts == [contact]
    assert find(cast.vetrov, "№ л-112", 5).contracts == [contract]


def test_what_is_not_theirs_is_not_found(cast: Cast) -> None:
    """Faults D1, D4: neither the company nor its people nor its contracts."""
    company = make_company("АО «Чужое»", kam=cast.aliev)
    make_contact(company, "Чужов Олег")
    make_contract(company, number="ЧУЖ-1")
    assert not find(cast.vetrov, "чуж", 5)


def test_the_administrator_does_not_find_personal_contacts(cast: Cast) -> None:
    """§3."""
    make_contact(make_company(kam=cast.vetrov), "Орехов Павел")
    assert not find(cast.admin, "орехов", 5).contacts


def test_the_dropdown_is_short_and_leads_to_all(cast: Cast, client_of: ClientOf) -> None:
    for number in range(7):
        make_company(f"ООО «Вектор {number}»", kam=cast.vetrov)
    page = client_of(cast.vetrov).get("/search/", {"q": "вектор"}, headers=DROPDOWN).content.decode()
    assert page.count('role="option"') == 6 and "Показать всё" in page and "<html" not in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "хотя бы две"),
        ("а", "хотя бы две"),
        ("нетникого", "ничего не нашлось"),
        ("%_'\"\\", "ничего не нашлось"),
    ],
)
def test_empty_answers_say_what_to_do(query: str, words: str, cast: Cast, client_of: ClientOf) -> None:
    assert words in client_of(cast.vetrov).get("/search/", {"q": query}).content.decode()


def test_the_number_of_queries_does_not_grow(
    cast: Cast, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    client = client_of(cast.vetrov)

    def add(count: int) -> None:
        for _ in range(count):
            company = make_company(f"ООО «Вектор {count}»", kam=cast.vetrov)
            make_contact(company, "Вектор Анна")
            make_contract(company)

    query_budget(add, lambda: client.get("/search/", {"q": "вектор"}))
