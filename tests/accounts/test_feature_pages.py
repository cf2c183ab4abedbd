"""The board of features, the page of one, and the tab of a client: what each reader sees and may do (R23–R25)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.enums import FeatureStatus, Response
from accounts.models import Company, FeatureRequest, FeatureWait
from accounts.services.feature_waits import answer_wait, drop_wait, edit_wait, save_wait
from tests.accounts.feature_makers import make_feature, make_wait
from tests.factories import Cast, T, make_company, make_contact, make_contract, make_product
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent, User

ClientOf = Callable[[User], Client]
S = FeatureStatus


@pytest.fixture
def bank(cast: Cast) -> Company:
    return make_company("Северодар Банк", kam=cast.vetrov)


def features_of(page: Any) -> dict[str, Any]:
    return {feature.title: feature for group in page.context["groups"] for feature in group.features}


def test_the_board_counts_all_and_sums_what_the_reader_may_see(
    cast: Cast, bank: Company, client_of: ClientOf
) -> None:
    """R23: money of other teams' clients is nobody's business, their number is everybody's."""
    feature, other = make_feature(), make_company("Чужой", kam=cast.aliev)
    for company in (bank, other):
        make_contract(company, ("casebook", 10), amount=Decimal(360_000))
        make_wait(feature, company)
    seen = features_of(client_of(cast.vetrov).get("/features/"))[feature.title]
    assert (seen.clients, seen.money) == (2, 360_000)
    assert features_of(client_of(cast.andreeva).get("/features/"))[feature.title].money == 720_000


def test_the_road_first_the_rest_by_a_tile(cast: Cast, client_of: ClientOf) -> None:
    """Closed and declined do not stand in the way; words, product and status narrow the board."""
    make_feature("Отказ", status=S.DECLINED), make_feature("Обмен с 1С", status=S.DEV)
    make_feature("Судья", product=make_product("caselook"))
    client = client_of(cast.vetrov)
    assert set(features_of(client.get("/features/"))) == {"Обмен с 1С", "Судья"}
    assert set(features_of(client.get("/features/?status=declined"))) == {"Отказ"}
    assert set(features_of(client.get("/features/?q=обмен"))) == {"Обмен с 1С"}
    assert set(features_of(client.get("/features/?product=caselook"))) == {"Судья"}
    assert "Ничего не нашлось" in client.get("/features/?q=нет").content.decode()


def test_the_board_is_sorted_by_money_clients_and_title(
    cast: Cast, bank: Company, client_of: ClientOf
) -> None:
    rich, loved = make_feature("Дорогая"), make_feature("Любимая")
    make_contract(bank, ("casebook", 10), amount=Decimal(100))
    make_wait(rich, bank)
    for n in range(2):
        make_wait(loved, make_company(f"Клиент {n}", kam=cast.vetrov))
    client = client_of(cast.vetrov)
    assert list(features_of(client.get("/features/"))) == ["Дорогая", "Любимая"]
    assert list(features_of(client.get("/features/?sort=clients"))) == ["Любимая", "Дорогая"]


def test_the_cost_of_the_board(cast: Cast, client_of: ClientOf, query_budget: Callable[..., int]) -> None:
    client = client_of(cast.vetrov)

    def add(number: int) -> None:
        for _each in range(number):
            make_wait(
                make_feature(f"Функция {FeatureRequest.objects.count()}"), make_company(kam=cast.vetrov)
            )

    query_budget(add, lambda: client.get("/features/"))


@pytest.mark.slow
def test_the_cost_of_a_feature(cast: Cast, client_of: ClientOf, query_budget: Callable[..., int]) -> None:
    client, feature = client_of(cast.vetrov), make_feature(status=S.RELEASED)

    def add(number: int) -> None:
        for _each in range(number):
            make_wait(feature, make_company(kam=cast.vetrov))

    query_budget(add, lambda: client.get(feature.get_absolute_url()))


def test_only_visible_clients_are_named(cast: Cast, bank: Company, client_of: ClientOf) -> None:
    """R23: a client of another team is a number; its words are nowhere on the page."""
    feature, other = make_feature(), make_company("Чужой", kam=cast.aliev)
    make_wait(feature, bank, quote="Свои слова"), make_wait(feature, other, quote="Чужие слова")
    page = client_of(cast.vetrov).get(feature.get_absolute_url())
    text = page.content.decode()
    assert "Свои слова" in text and "Чужие слова" not in text and "Чужой" not in text
    assert (page.context["answers"].total, page.context["answers"].hidden) == (2, 1)


def test_a_client_without_a_kam_is_marked(cast: Cast, client_of: ClientOf) -> None:
    """R24: who gets no task stays listed."""
    feature = make_feature(status=S.RELEASED)
    make_wait(feature, make_company("Сирота"))
    assert "без ответственного" in client_of(cast.andreeva).get(feature.get_absolute_url()).content.decode()


def test_the_page_offers_what_the_machine_allows(cast: Cast, client_of: ClientOf) -> None:
    feature = make_feature(status=S.SUBMITTED)
    offered = {move for move, _form in client_of(cast.admin).get(feature.get_absolute_url()).context["moves"]}
    assert offered == {S.PLANNED, S.DECLINED}
    assert client_of(cast.vetrov).get(feature.get_absolute_url()).context["moves"] == []


def test_the_administrator_plans_by_a_form_and_starts_by_a_press(cast: Cast, client_of: ClientOf) -> None:
    feature, client = make_feature(status=S.SUBMITTED), client_of(cast.admin)
    url = f"{feature.get_absolute_url()}move"
    assert client.post(f"{url}/planned/", {"version": 1}).status_code == 422
    assert client.post(f"{url}/planned/", {"version": 1, "planned_on": str(T)}).status_code == 302
    assert client.post(f"{url}/dev/", {"version": 2}).status_code == 302
    feature.refresh_from_db()
    assert feature.status == S.DEV
    assert client.post(f"{url}/closed/").status_code == 409


def test_another_day_of_the_plan_is_a_correction(cast: Cast, client_of: ClientOf) -> None:
    """§4.10.10: the factor looks at the planned day, so the administrator may move it while the feature is on its way."""
    feature, client = make_feature(status=S.DEV, planned_release=T), client_of(cast.admin)
    typed = {
        "title": feature.title,
        "product": feature.product_id,
        "planned_release": "2026-12-10",
        "version": 1,
    }
    assert client.post(f"{feature.get_absolute_url()}edit/", typed).status_code == 302
    feature.refresh_from_db()
    assert str(feature.planned_release) == "2026-12-10"


def test_the_tab_adds_corrects_answers_and_drops(cast: Cast, bank: Company, client_of: ClientOf) -> None:
    """R23, R25: the card of the client."""
    zuev, client = make_contact(bank, "Зуев Пётр Ильич"), client_of(cast.vetrov)
    make_product("casebook")
    typed = {
        "feature": "Обмен с 1С",
        "contact": zuev.pk,
        "quote": "Нужно",
        "asked_on": str(T),
        "importance": "3",
    }
    assert client.post(f"/companies/{bank.public_id}/waits/new/", typed).status_code == 302
    wait = FeatureWait.objects.get()
    assert (wait.feature.title, wait.importance, wait.contact) == ("Обмен с 1С", 3, zuev)
    edited = {**typed, "quote": "Очень нужно", "version": wait.version}
    assert client.post(f"/waits/{wait.public_id}/edit/", edited).status_code == 302
    assert "Очень нужно" in client.get(f"/companies/{bank.public_id}/waits/").content.decode()
    FeatureRequest.objects.update(status=S.RELEASED, released_on=T)
    answer = {"response": "positive", "presented_on": str(T), "version": 2}
    assert client.post(f"/waits/{wait.public_id}/answer/", answer).status_code == 302
    wait.refresh_from_db()
    assert (wait.response, wait.answered_on) == ("positive", T)
    assert client.post(f"/waits/{wait.public_id}/drop/", {"reason": "Ошибка"}).status_code == 422


def test_a_dropped_wait_is_gone_and_in_history(cast: Cast, bank: Company) -> None:
    wait = make_wait(make_feature(), bank)
    with pytest.raises(DomainError):
        drop_wait(wait, by=cast.vetrov, reason=" ")
    drop_wait(wait, by=cast.vetrov, reason="Купили у другого")
    assert not FeatureWait.objects.exists()
    assert AuditEvent.objects.filter(event="drop_wait", company_id=bank.pk).exists()


def test_services_refuse_what_is_not_theirs(cast: Cast, bank: Company) -> None:
    """§3 and §2.8: another team, a stranger's contact, an unreleased feature, an old version."""
    feature, stranger = make_feature(), make_contact(make_company("Иной", kam=cast.aliev))
    with pytest.raises(NotAllowed):
        save_wait(bank, feature, by=cast.aliev)
    with pytest.raises(DomainError):
        save_wait(bank, feature, by=cast.vetrov, contact=stranger)
    wait = save_wait(bank, feature, by=cast.vetrov)
    with pytest.raises(DomainError):
        answer_wait(wait, by=cast.vetrov, response=Response.POSITIVE)
    edit_wait(wait, by=cast.vetrov, version=1, quote="Раз")
    with pytest.raises(Stale):
        edit_wait(wait, by=cast.vetrov, version=1, quote="Два")
