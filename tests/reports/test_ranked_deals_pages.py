"""Deals on the lead's page, in «Мой день» and in «почему» (§6.1, §6.2, R18)."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Company
from deals.enums import Approval, DealStage
from reports.services.ranking import run_ranking
from tests.factories import Cast, T, make_company, make_contract, make_deal, make_document
from tests.reports.test_ranking_deals import talk
from upsell_crm.core.models import User

SignIn = Callable[[User], Client]
URL, DAY = "/priorities/", "/my-day/"
pytestmark = pytest.mark.usefixtures("references")


@pytest.fixture
def pipeline(cast: Cast) -> dict[str, Company]:
    """Three clients of one KAM in the renewal window: a deal on track, a deal that stands, and no deal."""
    found = {}
    for name in ("В работе", "Стоит", "Без сделки"):
        company = found[name] = make_company(name, kam=cast.lisina)
        contract = make_contract(company, ("casebook", 10))
        if name == "Без сделки":
            continue
        deal = make_deal(company, renews=contract, stage=DealStage.PRESENTATION, title=f"Сделка «{name}»")
        if name == "В работе":
            talk(deal)
        else:
            make_document(deal, Approval.REFUSED)
    run_ranking(by=None)
    return found


def names(answer: object) -> set[str]:
    """The companies in the table."""
    return {item.row.company.name for item in answer.context["rows"]}  # type: ignore[attr-defined]


def test_the_table_shows_the_stage_with_a_link(
    cast: Cast, pipeline: dict[str, Company], client_of: SignIn
) -> None:
    """§6.2: column deal/stage; a deal that stands still says so."""
    answer = client_of(cast.belova).get(URL)
    html = answer.content.decode()
    for item in answer.context["rows"]:
        if item.row.deal:
            assert f'href="/deals/{item.row.deal.public_id}/"' in html
    assert html.count("Презентация</a>") == 2
    assert html.count(">стоит</span>") == 1


@pytest.mark.parametrize(
    ("focus", "expected"),
    [("in_work", {"В работе"}), ("no_deal", {"Без сделки"}), ("documents", {"Стоит"})],
)
def test_tabs_and_tiles_narrow_by_deals(
    cast: Cast, pipeline: dict[str, Company], client_of: SignIn, focus: str, expected: set[str]
) -> None:
    """§4.5 «В работе» = damped; in the window without a deal; documents rejected."""
    answer = client_of(cast.belova).get(URL, {"focus": focus})
    assert names(answer) == expected


def test_the_morning_shows_the_deal_and_its_next_step(
    cast: Cast, pipeline: dict[str, Company], client_of: SignIn
) -> None:
    """§6.1: «Мой день» names the deal's step."""
    html = client_of(cast.lisina).get(DAY).content.decode()
    assert html.count("Позвонить ЛПР") == 2
    assert html.count("Презентация</a>") == 2


@pytest.mark.slow
def test_a_deal_is_offered_in_the_window_only(
    cast: Cast, pipeline: dict[str, Company], client_of: SignIn
) -> None:
    """R18: the best moment for an upsell; who may not open deals is offered none."""
    make_contract(make_company("Далеко", kam=cast.lisina), ("casebook", 10), end_date=T.replace(year=2028))
    run_ranking(by=None)
    for who, expected in ((cast.lisina, {"Без сделки"}), (cast.belova, {"Без сделки"}), (cast.gromov, set())):
        rows = client_of(who).get(URL).context["rows"]
        assert {item.row.company.name for item in rows if item.offers_deal} == expected


def test_why_says_what_keeps_the_deal_from_moving(
    cast: Cast, pipeline: dict[str, Company], client_of: SignIn
) -> None:
    """§4.9 «сделка стоит»: the reason in words, the flag and the deal itself."""
    html = client_of(cast.lisina).get(f"/companies/{pipeline['Стоит'].public_id}/why/").content.decode()
    assert "Сделка «Сделка «Стоит»» стоит: по сделке 14 дней не было коммуникаций." in html
    assert "документы отклонены" in html
    damped = client_of(cast.lisina).get(f"/companies/{pipeline['В работе'].public_id}/why/").content.decode()
    assert "следующий шаг 25.11.2026" in damped


def test_merging_is_hinted_in_why(cast: Cast, client_of: SignIn) -> None:
    """§4.9: two contracts that end close together → «объединить в одну пролонгацию»."""
    company = make_company(kam=cast.lisina)
    make_contract(company, ("casebook", 10))
    make_contract(company, ("caselook", 10))
    run_ranking(by=None)
    html = client_of(cast.lisina).get(f"/companies/{company.public_id}/why/").content.decode()
    assert "одну пролонгацию" in html


@pytest.mark.slow
@pytest.mark.parametrize(("login", "url"), [("belova", URL), ("lisina", DAY)])
def test_deals_cost_no_statement_per_row(
    cast: Cast, client_of: SignIn, query_budget: Callable[..., int], login: str, url: str
) -> None:
    """R4: the deals of a page come with it."""
    client = client_of(getattr(cast, login))

    def add(amount: int) -> None:
        for number in range(amount):
            company = make_company(kam=cast.lisina)
            contract = make_contract(company, ("casebook", 5))
            if number % 2:
                make_deal(company, renews=contract)
        run_ranking(by=None)

    query_budget(add, lambda: client.get(url), at_most=15)
