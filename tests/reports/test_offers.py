"""«Кому ещё предложить» and «Похожие клиенты купили»: who, why, for how much; hidden clients are only counted (product.md §4.6)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, Department, DepartmentInterest, PotentialEstimate
from reports.models import RankRow, RankRun, Weights
from reports.references import seed_weights
from tests.factories import Cast, T, make_company, make_contract, make_deal, make_product, moment
from upsell_crm.core.models import User

ClientOf = Callable[[User], Client]
PAGE = "/whitespace/offers/"


def insurer(name: str, kam: User, *owned: tuple[str, int], segment: str = "L") -> Company:
    """A large insurer with licences."""
    company = make_company(name, kam=kam, industry="insurance")
    Company.objects.filter(pk=company.pk).update(segment=segment)
    if owned:
        make_contract(company, *owned)
    return company


@pytest.fixture
def target(cast: Cast) -> Company:
    """Лисина's insurer with Casebook; of its eight peers, all of another team, five have bought Caselook."""
    make_product("caselook", list_price_year=Decimal(24000))
    for number in range(8):
        caselook = [("caselook", 10)] if number < 5 else []
        insurer(f"Тайный страховщик {number}", cast.demin, ("casebook", 5), *caselook)
    return insurer("АО «Меридиан»", cast.lisina, ("casebook", 50))


def rank(company: Company, score: str) -> None:
    """A place in the ranking of today."""
    seed_weights()
    run = RankRun.objects.create(
        as_of=T, kind="manual", state="done", started_at=moment(), weights=Weights.objects.get()
    )
    RankRow.objects.create(run=run, company=company, is_current=True, score=Decimal(score), position=1)


def offered(client: Client, **asked: str) -> list[Any]:
    """The offers of the page."""
    return [offer for offer, _reason in client.get(PAGE, {"product": "caselook", **asked}).context["rows"]]


def test_the_reason_stands_in_words(cast: Cast, target: Company, client_of: ClientOf) -> None:
    """«5 из 8 страховщиков сегмента L с Casebook купили Caselook»; no name of a client that is not mine to see."""
    page = client_of(cast.lisina).get(PAGE, {"product": "caselook"}).content.decode()
    assert "5 из 8 страховщиков сегмента L с Casebook купили Caselook" in page
    assert "Меридиан" in page and "Тайный" not in page


def test_the_sum_can_be_repeated(cast: Cast, target: Company, client_of: ClientOf) -> None:
    """Potential × likeness × score: as its peers have, 10 × 24 000 ₽ × 63 % × 71.2 = 107 654 ₽."""
    rank(target, "71.2")
    (offer,) = offered(client_of(cast.lisina))
    assert (offer.seats, offer.amount, offer.likeness_percent, offer.score) == (
        10,
        240_000,
        63,
        Decimal("71.2"),
    )
    assert offer.value == 107_654
    page = client_of(cast.lisina).get(PAGE, {"product": "caselook"}).content.decode()
    for number in ("240\xa0000\xa0₽", "63\xa0%", "71,2", "107\xa0654"):
        assert number in page
    PotentialEstimate.objects.create(company=target, product=make_product("caselook"), target_seats=4)
    (offer,) = offered(client_of(cast.lisina))
    assert (offer.seats, offer.is_estimated) == (4, True)


def test_buttons_are_offered_to_who_may_press_them(cast: Cast, target: Company, client_of: ClientOf) -> None:
    """§3: the owner opens a deal and logs; a KAM of the team opens a deal; a researcher logs."""
    log, deal = (
        reverse(name, args=[target.public_id]) for name in ("accounts:log_outcome", "deals:create_deal")
    )
    for user, buttons in (
        (cast.lisina, {log, deal}),
        (cast.vetrov, {deal}),
        (cast.rogov, {log}),
        (cast.kim, set()),
    ):
        page = client_of(user).get(PAGE, {"product": "caselook"}).content.decode()
        assert {button for button in (log, deal) if button in page} == buttons, user


def test_nobody_is_asked_twice(cast: Cast, target: Company, client_of: ClientOf) -> None:
    """Owners, refusals, open deals and clients without a need are left out."""
    browser, product = client_of(cast.lisina), make_product("caselook")
    assert len(offered(browser)) == 1
    department = Department.objects.create(company=target, name="Юристы")
    said = DepartmentInterest.objects.create(department=department, product=product, level=0, as_of=T)
    assert offered(browser) == []
    said.delete()
    deal = make_deal(target, ("caselook", 0, 5))
    assert offered(browser) == []
    deal.lines.all().delete()
    estimate = PotentialEstimate.objects.create(company=target, product=product, target_seats=0)
    assert offered(browser) == []
    estimate.delete()
    make_contract(target, ("caselook", 1))
    assert offered(browser) == []


def test_more_value_stands_higher(cast: Cast, target: Company, client_of: ClientOf) -> None:
    """The order: potential × likeness × score; a client outside the ranking counts with 30 points."""
    other = insurer("ООО «Полис»", cast.lisina, ("casebook", 3))
    rank(target, "20.0")
    assert [(offer.company, offer.score) for offer in offered(client_of(cast.lisina))] == [
        (other, 30),
        (target, 20),
    ]
    assert offered(client_of(cast.lisina), industry="bank") == []


def test_the_card_says_what_alike_clients_have_bought(
    cast: Cast, target: Company, client_of: ClientOf
) -> None:
    """The block of the overview, with the door to a deal; without the right to the ranking it is empty."""
    block = reverse("reports:company_offers", args=[target.public_id])
    assert block in client_of(cast.lisina).get(target.get_absolute_url()).content.decode()
    text = client_of(cast.lisina).get(block).content.decode()
    assert "5 из 8 страховщиков" in text and "target-caselook=10" in text
    assert client_of(cast.sokolova).get(block).content == b""


@pytest.mark.slow
def test_the_page_costs_the_same_for_many(
    cast: Cast, target: Company, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    """At most twelve queries, whatever the number of clients."""

    def add(number: int) -> None:
        for one in range(number):
            company = insurer(f"Страховщик {one}", cast.lisina, ("casebook", 1))
            PotentialEstimate.objects.create(
                company=company, product=make_product("caselook"), target_seats=3
            )

    browser = client_of(cast.lisina)
    block = reverse("reports:company_offers", args=[target.public_id])
    query_budget(add, lambda: browser.get(PAGE, {"product": "caselook"}), lambda: browser.get(block))
