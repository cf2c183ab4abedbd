"""The page of the report: who sees what, filters, totals, holdings, and the sum that a person types (R37–R39)."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import ContractForm, OfferPolicy, Regime
from accounts.models import Company, UsageSnapshot
from accounts.references import seed_procedures, seed_products
from reports.client_rows import ORDERS, order_of
from reports.client_totals import totals_of
from reports.existing_clients import load_references
from reports.models import ReportRun
from reports.services.existing_clients import build_existing_clients
from tests.factories import (
    Cast,
    T,
    make_calendar,
    make_company,
    make_contract,
    make_line,
    make_product,
    moment,
)
from tests.reports.test_existing_clients_build import make_niva, make_profile
from upsell_crm.core.models import JobRun, SavedView, User

pytestmark = pytest.mark.django_db
URL = reverse("reports:existing_clients")
TOTALS = reverse("reports:existing_clients_totals")
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def references(db: None) -> None:
    seed_products()
    seed_procedures()
    make_calendar()


def text(response: Any) -> str:
    return response.content.decode().replace("\xa0", " ")


def make_client(
    cast: Cast, name: str, *lines: tuple[str, int], kam: User | None = None, **values: Any
) -> Company:
    company = make_company(name, kam=kam or cast.vetrov, **values)
    make_contract(company, *(lines or (("casebook", 5),)), amount=Decimal(100_000))
    return company


def names(response: Any) -> list[str]:
    return [shown.row.company.name for shown in response.context["rows"]]


def test_the_page_shows_licences_by_product_and_the_answer(cast: Cast, client_of: SignIn) -> None:
    """R38, R39: story 10, № 25 «нет: 336 000 больше предела 300 000» (without a ranking X is the contract)."""
    niva = make_niva(cast)
    niva.contracts.update(amount=336_000)
    build_existing_clients(by=None)
    page = text(client_of(cast.titova).get(URL))
    assert "Casebook, лиц." in page and "Нива-44" in page
    assert "336 000 ₽ больше предела 300 000 ₽" in page
    assert "Построен" in page and "данные на 24.11.2026" in page


def test_a_product_that_the_administrator_adds_is_a_column_and_a_choice(
    cast: Cast, client_of: SignIn
) -> None:
    """R2: no code is changed; the next report has its column and the next contract its line."""
    form = {
        "code": "doczilla", "name_ru": "Конструктор документов", "name_en": "Document builder",
        "purpose_ru": "Сборка договоров по шаблонам", "is_licensable": "on", "list_price_year": "12000", "position": "60", "vat": "none", "unit": "seat",
        "active": "on",
    }  # fmt: skip
    answer = client_of(cast.admin).post("/admin/accounts/product/add/", form)
    assert answer.status_code == 302, answer.content.decode()
    company = make_client(cast, "Альфа", ("doczilla", 7))
    build_existing_clients(by=None)
    assert "Конструктор документов, лиц." in text(client_of(cast.titova).get(URL))
    new_contract = client_of(cast.vetrov).get(f"{company.get_absolute_url()}contracts/new/")
    assert "Конструктор документов" in text(new_contract)


@pytest.mark.slow
def test_each_role_sees_its_reach(cast: Cast, client_of: SignIn) -> None:
    """§3: KAM and lead their team, BackOffice and marketing everybody, a tutor and an administrator nothing."""
    make_client(cast, "К1", kam=cast.vetrov)
    make_client(cast, "К3", kam=cast.demin)
    build_existing_clients(by=None)
    assert names(client_of(cast.lisina).get(URL)) == ["К1"]
    assert names(client_of(cast.belova).get(URL)) == ["К1"]
    assert sorted(names(client_of(cast.titova).get(URL))) == ["К1", "К3"]
    assert client_of(cast.gai).get(URL).status_code == 403
    assert client_of(cast.admin).get(URL).status_code == 403


@pytest.mark.slow
def test_marketing_sees_no_money(cast: Cast, client_of: SignIn) -> None:
    """§3: all clients without amounts: no sums, limits or reasons with sums, in the table and the totals."""
    niva = make_niva(cast)
    build_existing_clients(by=None)
    client = client_of(cast.sokolova)
    for address in (URL, f"{URL}?view=full", TOTALS, f"{URL}?group=holding&view=full"):
        page = text(client.get(address))
        assert "300 000" not in page and "156 000" not in page and "₽" not in page, address
    assert client.get(reverse("reports:client_offer", args=[niva.public_id])).status_code == 403
    assert "Нива-44" in text(client.get(URL))


@pytest.mark.slow
def test_queries_do_not_grow_with_rows(
    cast: Cast, client_of: SignIn, query_budget: Callable[..., int]
) -> None:
    """§1: at most 12, the same with 3 and with 30 rows."""
    client = client_of(cast.titova)
    addresses = (URL, f"{URL}?view=full", f"{URL}?group=holding", TOTALS)

    def add(number: int) -> None:
        for _ in range(number):
            head = make_client(cast, "")
            make_client(cast, "", ("casebook", 2), ("caselook", 1), parent=head, head=head)
        build_existing_clients(by=None)

    query_budget(add, *(partial(client.get, address) for address in addresses))


@pytest.mark.slow
def test_pages_follow_each_other_without_gaps(cast: Cast, client_of: SignIn) -> None:
    for number in range(60):
        make_client(cast, f"Клиент {number:02}", ("casebook", number % 7 + 1))
    build_existing_clients(by=None)
    client = client_of(cast.titova)
    for sort in ("name", "-name", "seats", "end", "score", "-act_by"):
        seen, after = [], ""
        while True:
            response = client.get(URL, {"sort": sort, "after": after} if after else {"sort": sort})
            seen += names(response)
            after = response.context["page"].after
            if not after:
                break
        assert len(seen) == len(set(seen)) == 60, sort


def test_every_order_turns_round() -> None:
    for word in ORDERS:
        assert order_of(f"-{word}")[-1] == "-pk"
    assert order_of("nonsense") == ORDERS["name"]


def make_varied(cast: Cast) -> dict[str, Company]:
    """Five clients that differ in everything by which the report is narrowed."""
    head = make_client(cast, "Голова", ("casebook", 40), regime=Regime.FZ223, is_key=True)
    child = make_client(cast, "Дочка", ("caselook", 3), parent=head, head=head, regime=Regime.FZ44)
    far = make_company("Далёкий", kam=cast.demin, regime=Regime.COMMERCIAL, segment="L")
    make_contract(far, ("casebook", 10), end_date=T.replace(year=2028))
    make_profile(cast, far, invoice_offer_policy=OfferPolicy.ALLOWED)
    UsageSnapshot.objects.create(company=far, product=make_product(), as_of=T, active_users_30d=2)
    gone = make_company("Истёкший", kam=cast.demin)
    make_contract(gone, ("casebook", 1), end_date=T.replace(day=10), status="expired")
    build_existing_clients(by=None)
    return {"head": head, "child": child, "far": far, "gone": gone}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Голова", "Далёкий", "Дочка"]),
        ("q=далекий", ["Далёкий"]),
        ("kam=demin", ["Далёкий"]),
        ("team=K1", ["Голова", "Дочка"]),
        ("holding=голова", ["Голова", "Дочка"]),
        ("segment=L", ["Далёкий"]),
        ("segment=none", ["Голова", "Дочка"]),
        ("regime=fz44", ["Дочка"]),
        ("product=caselook", ["Дочка"]),
        ("product=caselook&owning=not", ["Голова", "Далёкий"]),
        ("product=casebook&owning=fewer&seats=40", ["Далёкий", "Дочка"]),
        ("offer=yes", ["Далёкий"]),
        ("offer=unknown&offer=yes", ["Голова", "Далёкий", "Дочка"]),
        ("window=90", ["Голова", "Дочка"]),
        ("window=30", []),
        ("end_from=2028-01-01", ["Далёкий"]),
        ("end_to=31.01.2027", ["Голова", "Дочка"]),
        ("usage_below=30", ["Далёкий"]),
        ("usage_below=20", []),
        ("key=on", ["Голова"]),
        ("stale=on", ["Голова", "Дочка"]),
        ("expired=on", ["Голова", "Далёкий", "Дочка", "Истёкший"]),
        ("band=A", []),
    ],
)
def test_each_filter(cast: Cast, client_of: SignIn, query: str, expected: list[str]) -> None:
    """§5.4: every filter alone; the address keeps it, and totals and files use the same set."""
    make_varied(cast)
    client = client_of(cast.andreeva)
    assert names(client.get(f"{URL}?{query}")) == expected
    assert client.get(f"{TOTALS}?{query}").context["totals"].clients == len(expected)


@pytest.mark.parametrize(
    "query", ["kam=nobody", "window=abc", "end_from=32.13.2026", "seats=-1", "usage_below=x", "offer=zzz",
              "after=broken", "sort=;drop", "q=" + "я" * 300, "band=%00", "product=%F0%9F%92%A5"],
)  # fmt: skip
def test_wrong_input_is_marked_and_never_a_500(cast: Cast, client_of: SignIn, query: str) -> None:
    make_varied(cast)
    assert client_of(cast.andreeva).get(f"{URL}?{query}").status_code == 200
    assert client_of(cast.andreeva).get(f"{TOTALS}?{query}").status_code == 200


def test_totals_are_sums_and_not_means(cast: Cast) -> None:
    """§5.4: utilisation = Σ active / Σ seats; potential unknown everywhere is «no data», not zero."""
    for seats, active in ((10, 9), (90, 9)):
        company = make_client(cast, f"К{seats}", ("casebook", seats))
        UsageSnapshot.objects.create(
            company=company, product=make_product(), as_of=T, active_users_30d=active
        )
    build_existing_clients(by=None)
    run = ReportRun.objects.get(is_current=True)
    totals = totals_of(run.rows.all(), load_references(run).products)
    assert (totals.clients, totals.seats, totals.active_users, totals.utilisation) == (2, 100, 18, 18)
    assert totals.potential is None
    assert {product.code: seats for product, seats in totals.by_product} == {
        "casebook": 100,
        "caselook": 0,
        "caseone": 0,
    }
    assert [(part.answer, part.number) for part in totals.by_offer] == [
        ("yes", 0),
        ("limit", 0),
        ("unknown", 2),
        ("no", 0),
    ]


@pytest.mark.slow
def test_a_holding_counts_each_licence_once(cast: Cast, client_of: SignIn) -> None:
    """§2.8.12: the group = the sum of its members; users of the head's framework stand inside it."""
    head = make_company("Холдинг", kam=cast.vetrov)
    child = make_company("ДЗО", kam=cast.lisina, parent=head, head=head)
    framework = make_contract(head, ("casebook", 40), form=ContractForm.FRAMEWORK)
    make_line(framework, "casebook", 10, end_user_company=child)
    build_existing_clients(by=None)
    response = client_of(cast.belova).get(f"{URL}?group=holding")
    ((group, members),) = response.context["groups"]
    assert (group.head, group.clients, group.seats_total) == (head, 2, 50)
    assert [shown.row.company for shown in members] == [child, head]
    totals = client_of(cast.belova).get(f"{TOTALS}?group=holding").context["totals"]
    assert (totals.seats, totals.annual_amount) == (50, group.annual_amount)


def test_subsidiaries_of_other_teams_are_only_counted(cast: Cast, client_of: SignIn) -> None:
    """§4.9: «ещё 1 у других команд», without its numbers."""
    head = make_client(cast, "Холдинг", ("casebook", 7))
    make_client(cast, "Чужая дочка", ("casebook", 100), kam=cast.demin, parent=head, head=head)
    build_existing_clients(by=None)
    response = client_of(cast.belova).get(f"{URL}?group=holding")
    ((group, _members),) = response.context["groups"]
    assert (group.hidden, group.seats_total) == (1, 7)
    assert "Чужая дочка" not in text(response) and "ещё 1 у других команд" in text(response)


def test_the_reader_types_another_sum(cast: Cast, client_of: SignIn) -> None:
    """§5.3: X is the nearest contract unless a person types one; the limit is shown whatever X is."""
    niva = make_niva(cast)
    build_existing_clients(by=None)
    address = reverse("reports:client_offer", args=[niva.public_id])
    client = client_of(cast.titova)
    assert "да, до 300 000 ₽" in text(client.get(address))
    answer = text(
        client.get(
            address, {"amount": "300 000,01"}, headers={"HX-Request": "true", "HX-Target": "offer-answer"}
        )
    )
    assert "300 000,01 ₽ больше предела 300 000 ₽" in answer and "<html" not in answer
    wrong = text(client.get(address, {"amount": "много"}))
    assert "Введите число" in wrong and "да, до 300 000 ₽" in wrong
    assert client_of(cast.vetrov).get(address).status_code == 404


def test_the_report_can_be_built_again(cast: Cast, client_of: SignIn) -> None:
    """R37: one job, however often it is pressed."""
    for _ in range(2):
        assert client_of(cast.titova).post(reverse("reports:build_existing_clients")).status_code == 302
    assert JobRun.objects.get().job == "existing_clients"
    assert client_of(cast.gai).post(reverse("reports:build_existing_clients")).status_code == 403


def test_empty_states_say_what_to_do(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.titova)
    assert "Отчёт ещё не построен" in text(client.get(URL))
    build_existing_clients(by=None)
    assert "Здесь пока нет действующих клиентов" in text(client.get(URL))
    assert "Под эти фильтры ничего не подходит" in text(client.get(f"{URL}?q=нет"))


def test_a_failed_build_is_told(cast: Cast, client_of: SignIn) -> None:
    """§5.4: the last good report stays, with a warning."""
    build_existing_clients(by=None)
    ReportRun.objects.create(
        kind="existing_clients", as_of=T, started_at=moment(), state="failed", error="disk full"
    )
    page = text(client_of(cast.titova).get(URL))
    assert "Последнее построение не удалось" in page and "disk full" in page


def test_views_are_saved_by_each_person_for_himself(cast: Cast, client_of: SignIn) -> None:
    """R98, §5.4."""
    titova, belova = client_of(cast.titova), client_of(cast.belova)
    keep = {"page": "reports:existing_clients", "name": "Ключевые", "query": "key=on&after=x"}
    assert titova.post(reverse("core:save_view"), keep).url == f"{URL}?key=on"
    view = SavedView.objects.get()
    assert (view.user, view.query) == (cast.titova, "key=on")
    assert belova.post(reverse("core:drop_view", args=[view.pk])).status_code == 404
    assert titova.post(reverse("core:drop_view", args=[view.pk])).url == URL
    assert titova.post(reverse("core:save_view"), {**keep, "page": "https://evil.example"}).status_code == 422
