"""«Белые пятна»: the matrix of a portfolio says what each client owns, could use, wants and refuses (R13, product.md §4.6)."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import ObjectionCategory
from accounts.models import (
    Company,
    Department,
    DepartmentInterest,
    Interaction,
    Objection,
    PotentialEstimate,
    Product,
    ProductFeedback,
)
from accounts.whitespace import Whitespace, read_whitespace
from deals.portfolio import key_of, lines_of, totals_of
from deals.product_cells import Cell, CellState
from tests.factories import Cast, T, make_company, make_contract, make_deal, make_product, moment
from upsell_crm.core.models import ExportLog, User

ClientOf = Callable[[User], Client]
PAGE = "/whitespace/"


def could_use(company: Company, seats: int, code: str = "casebook") -> None:
    """An estimate of the client's need."""
    PotentialEstimate.objects.create(company=company, product=make_product(code), target_seats=seats)


def says(
    company: Company, level: int, code: str = "casebook", days: int = 5, name: str = "Юристы"
) -> Interaction:
    """A department spoke of a product at a meeting so many days ago."""
    department, _new = Department.objects.get_or_create(company=company, name=name)
    day = T - timedelta(days=days)
    talk = talks(company, days=days)
    DepartmentInterest.objects.create(
        department=department, product=make_product(code), level=level, as_of=day, interaction=talk
    )
    return talk


def talks(company: Company, *, days: int = 5, about: str = "", **values: Any) -> Interaction:
    """A held meeting, with feedback on a product when `about` names one."""
    author = company.owner_kam or User.objects.order_by("pk").first()
    talk = Interaction.objects.create(
        company=company, author=author, starts_at=moment(T - timedelta(days=days)), summary="Итог", **values
    )
    if about:
        ProductFeedback.objects.create(interaction=talk, product=make_product(about), reaction=-1)
    return talk


def states(company: Company, user: User) -> dict[str, CellState]:
    """Product code → state of the cell, over the products that can be sold."""
    products = [make_product(), make_product("caselook")]
    (line,) = lines_of(Company.objects.filter(pk=company.pk), products, user, T)
    return {cell.product.code: cell.state for cell in line.cells}


def test_a_cell_is_built_from_what_was_said_and_bought(cast: Cast) -> None:
    """R12, R13: owned, potential, interested, refused, competitor, a deal: each has its state."""
    company = make_company(kam=cast.vetrov)
    assert states(company, cast.vetrov) == {"casebook": CellState.EMPTY, "caselook": CellState.EMPTY}
    make_contract(company, ("casebook", 20))
    assert states(company, cast.vetrov)["casebook"] == CellState.USED
    could_use(company, 45)
    assert states(company, cast.vetrov)["casebook"] == CellState.GROW
    talks(company, about="caselook", competitor="Право.Поиск")
    assert states(company, cast.vetrov)["caselook"] == CellState.COMPETITOR
    says(company, 2, "caselook", days=4)
    assert states(company, cast.vetrov)["caselook"] == CellState.WANTED
    make_deal(company, ("caselook", 0, 5))
    assert states(company, cast.vetrov)["caselook"] == CellState.DEAL


def test_the_last_word_of_each_department_counts(cast: Cast) -> None:
    """R12: a refusal takes back an interest; another department that still wants outweighs it."""
    company, product = make_company(kam=cast.vetrov), make_product()
    says(company, 3, days=30)
    says(company, 0, days=5)
    assert read_whitespace([company.pk], T).at(company.pk, product).is_refused
    for level, is_wanted in ((1, False), (2, True)):
        says(company, level, days=90 - level, name="Безопасность")
        known = read_whitespace([company.pk], T).at(company.pk, product)
        assert (known.level, known.is_wanted, known.is_refused) == (level, is_wanted, False)


def test_an_objection_names_a_competitor_until_it_is_handled(cast: Cast) -> None:
    """R13, R31: «конкурент» without a name is a competitor too, at the product that was spoken of."""
    company, product = make_company(kam=cast.vetrov), make_product()
    talk = talks(company, about="casebook")
    objection = Objection.objects.create(
        interaction=talk, company=company, category=ObjectionCategory.COMPETITOR
    )
    assert read_whitespace([company.pk], T).at(company.pk, product).competitor
    Objection.objects.filter(pk=objection.pk).update(state="handled")
    assert not read_whitespace([company.pk], T).at(company.pk, product).competitor
    taken_back = talks(company, about="casebook", competitor="Х", retracted_at=moment())
    assert taken_back and not read_whitespace([company.pk], T).competitors


def test_public_services_are_no_whitespace(cast: Cast) -> None:
    """R3, §0.8: what cannot be licensed has no cell, whatever was said about it."""
    company, kad = make_company(kam=cast.vetrov), make_product("kad", is_licensable=False)
    could_use(company, 10, "kad")
    assert read_whitespace([company.pk], T).at(company.pk, kad) == Whitespace()


KNOWN = st.builds(
    Whitespace,
    seats=st.integers(0, 50),
    target=st.one_of(st.none(), st.integers(0, 80)),
    level=st.one_of(st.none(), st.integers(0, 3)),
    competitor=st.sampled_from(["", "Право.Поиск"]),
)


@given(known=KNOWN, has_owner=st.booleans())
def test_every_cell_has_one_state_and_hides_nothing(known: Whitespace, has_owner: bool) -> None:
    """product.md §3.4: whatever is known, the letter and the small letters beside it tell all of it."""
    owner = User(is_active=True) if has_owner else None
    cell = Cell(Company(owner_kam=owner), Product(code="casebook"), known, None)
    told = {cell.state.label, *(words for _letter, words in cell.also), cell.words}
    assert cell.state in CellState and cell.letter and cell.words
    if known.competitor and cell.state != CellState.COMPETITOR:
        assert any("Право.Поиск" in str(words) for words in told)
    if known.room and not cell.owner:
        assert cell.state == CellState.ORPHAN
    assert known.room >= 0 and (known.room == 0 or known.target == known.seats + known.room)


@pytest.fixture
def portfolio(cast: Cast) -> dict[str, Company]:
    """Three clients of Ветров and one of another team."""
    make_product("caselook", list_price_year=Decimal(24000))
    big = make_company("Большой", kam=cast.vetrov, industry="bank")
    small = make_company("Малый", kam=cast.vetrov, industry="insurance")
    empty = make_company("Пустой", kam=cast.vetrov)
    alien = make_company("Чужой", kam=cast.demin)
    make_contract(big, ("casebook", 20))
    could_use(big, 45)
    could_use(small, 5, "caselook")
    could_use(alien, 99)
    return {"big": big, "small": small, "empty": empty, "alien": alien}


def names(answer: Any) -> list[str]:
    """The clients of a page in its order."""
    return [str(line.company) for line in answer.context["page"].rows]


def test_a_kam_comes_to_his_own_portfolio(cast: Cast, portfolio: dict, client_of: ClientOf) -> None:
    """product.md §4.6: seats of potential in the cell, the most roubles first, nobody of another team."""
    answer = client_of(cast.vetrov).get(PAGE, follow=True)
    assert answer.redirect_chain == [("/whitespace/?kam=vetrov", 302)]
    assert names(answer) == ["Большой", "Малый", "Пустой"]
    page = answer.content.decode()
    assert "20/45" in page and "0/5" in page and "900\xa0000\xa0₽" in page and "Чужой" not in page


@pytest.mark.slow
def test_filters_stand_in_the_address(cast: Cast, portfolio: dict, client_of: ClientOf) -> None:
    """product.md §4.6: KAM, team, holding, industry, product, state of a cell."""
    make_company("Дочка", kam=cast.lisina, parent=portfolio["big"], head=portfolio["big"])
    browser = client_of(cast.andreeva)

    def found(**asked: str) -> list[str]:
        return sorted(names(browser.get(PAGE, {"sort": "name", **asked})))

    assert found(kam="demin") == ["Чужой"]
    assert found(team="K1") == ["Большой", "Дочка", "Малый", "Пустой"]
    assert found(holding="Дочка") == ["Большой", "Дочка"]
    assert found(industry="bank") == ["Большой"]
    assert found(state="grow") == ["Большой", "Малый", "Чужой"]
    assert found(state="grow", product="caselook") == ["Малый"]
    assert [str(p) for p in browser.get(PAGE, {"product": "caselook"}).context["products"]] == ["Caselook"]


def test_totals_are_the_sum_of_the_cells(cast: Cast, portfolio: dict, client_of: ClientOf) -> None:
    """product.md §4.6: over the whole filter, by a second request; the target counts no seat twice."""
    answer = client_of(cast.vetrov).get("/whitespace/totals/", {"kam": "vetrov"})
    totals = {
        str(t.product): (t.owners, t.seats, t.target, t.room, t.amount) for t in answer.context["totals"]
    }
    assert totals == {
        "Casebook": (1, 20, 45, 25, Decimal(900_000)), "Caselook": (0, 0, 5, 5, Decimal(120_000)),
    }  # fmt: skip


def test_money_is_for_who_may_see_it(cast: Cast, portfolio: dict, client_of: ClientOf) -> None:
    """§3: marketing sees seats; neither roubles nor an order by them."""
    browser = client_of(cast.sokolova)
    for address in (f"{PAGE}?sort=potential", "/whitespace/totals/"):
        answer = browser.get(address)
        assert answer.status_code == 200 and "₽" not in answer.content.decode().replace("budget, ₽", "")
    assert browser.get(PAGE).context["order"] == "seats"


def test_a_cell_opens_what_is_behind_it(cast: Cast, portfolio: dict, client_of: ClientOf) -> None:
    """R13: the panel has the words of departments, the communications of the product, and the door to a deal."""
    big = portfolio["big"]
    said, shown, other = says(big, 2), talks(big, about="casebook"), talks(big, about="caselook")
    browser = client_of(cast.vetrov)
    cell = f"{big.get_absolute_url()}products/casebook/"
    assert cell in browser.get(PAGE, {"kam": "vetrov"}).content.decode()
    panel = browser.get(cell, headers={"HX-Request": "true"}).content.decode()
    assert (
        f"{reverse('deals:create_deal', args=[big.public_id])}?target-casebook=45" in panel
        and "Юристы" in panel
    )
    lines = browser.get(f"{big.get_absolute_url()}timeline/", {"product": "casebook"}).context["lines"]
    behind = {line.talk for line in lines}
    assert behind == {said, shown} and other not in behind


def test_a_deal_is_two_clicks_away(cast: Cast, portfolio: dict, client_of: ClientOf) -> None:
    """product.md §4.6: «+» of a cell opens the deal with the product filled in; the second click saves it."""
    small, browser = portfolio["small"], client_of(cast.vetrov)
    door = f"{reverse('deals:create_deal', args=[small.public_id])}?target-caselook=5"
    assert door in browser.get(PAGE, {"kam": "vetrov"}).content.decode()
    lines = browser.get(door).context["lines"]
    assert (lines[0]["product"].value(), lines[0]["seats_new"].value()) == ("caselook", 5)
    assert (
        door not in client_of(cast.rogov).get(PAGE).content.decode()
    )  # a researcher proposes, he does not open


def test_a_file_holds_what_may_be_exported(cast: Cast, portfolio: dict, client_of: ClientOf) -> None:
    """§3: own clients only for a KAM, logged; the sum of the file is the sum of the page."""
    make_company("Соседа", kam=cast.lisina)
    answer = client_of(cast.vetrov).post("/whitespace/export/", {"query": "", "format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["Компания"] for row in rows] == ["Большой", "Малый", "Пустой"]
    assert sum(Decimal(row["Потенциал, ₽"].replace(",", ".")) for row in rows) == 1_020_000
    log = ExportLog.objects.get(kind="whitespace")
    assert (log.user, log.rows) == (cast.vetrov, 3)
    book = client_of(cast.vetrov).post("/whitespace/export/", {"query": "kam=vetrov", "format": "xlsx"})
    assert b"".join(book.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert client_of(cast.sokolova).post("/whitespace/export/", {"format": "csv"}).status_code == 403


@pytest.mark.slow
def test_pages_follow_one_another_without_gaps(cast: Cast, client_of: ClientOf) -> None:
    """product.md §2: by keyset, in every order; a client that grew in between is not shown twice."""
    make_product()
    for number in range(60):
        could_use(make_company(f"Клиент {number:02}", kam=cast.vetrov), number % 7 + 1)
    browser = client_of(cast.vetrov)
    for order in ("potential", "seats", "name"):
        seen: list[str] = []
        page = browser.get(PAGE, {"kam": "vetrov", "sort": order}).context["page"]
        while True:
            seen += [str(line.company) for line in page.rows]
            if not page.after:
                break
            asked = {"kam": "vetrov", "sort": order, "after": page.after}
            following = browser.get(PAGE, asked).context["page"]
            back = browser.get(PAGE, {"kam": "vetrov", "sort": order, "before": following.before}).context[
                "page"
            ]
            assert [line.company for line in back.rows] == [line.company for line in page.rows]
            page = following
        assert len(seen) == len(set(seen)) == 60
    spoilt = browser.get(PAGE, {"kam": "vetrov", "after": "x"}).context["page"]
    assert spoilt.note and spoilt.is_first


@pytest.mark.slow
def test_two_hundred_clients_cost_twelve_queries(
    cast: Cast, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    """The bar of issue 4: a portfolio of 200 companies in at most 12 queries, the totals and the panel too."""
    first = make_company(kam=cast.vetrov)

    def add(number: int) -> None:
        for _one in range(number):
            company = make_company(kam=cast.vetrov)
            make_contract(company, ("casebook", 2), ("caselook", 1))
            could_use(company, 9)
            says(company, 2)
            says(first, 1, name=f"Отдел {first.departments.count()}")
            talks(company, about="casebook", competitor="Х")
            make_deal(company, ("caselook", 1, 3))

    browser = client_of(cast.vetrov)
    visits = [
        lambda: browser.get(PAGE, {"kam": "vetrov"}), lambda: browser.get("/whitespace/totals/", {"kam": "vetrov"}),
        lambda: browser.get(f"{first.get_absolute_url()}products/casebook/"),
    ]  # fmt: skip
    query_budget(add, *visits, at_most=12, many=200)


def test_the_sum_of_the_page_is_the_sum_of_its_lines(cast: Cast, portfolio: dict) -> None:
    """product.md §4.6: the order by roubles uses the numbers that the totals add up."""
    products = [make_product(), make_product("caselook")]
    lines = lines_of(Company.objects.filter(owner_kam=cast.vetrov), products, cast.vetrov, T)
    assert sum(line.amount for line in lines) == sum(total.amount for total in totals_of(lines, products))
    assert [line.amount for line in sorted(lines, key=key_of("potential"))] == [900_000, 120_000, 0]
