"""The company card: header, overview, slots, editing in place (R5, R6, R13–R15, R39)."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client

from accounts.enums import EstimateBasis
from accounts.models import (
    AccountMember,
    Agreement,
    Company,
    CompanyYear,
    Contact,
    ContactStrength,
    CourtLoad,
    Department,
    DepartmentInterest,
    Interaction,
    InteractionContact,
    Objection,
    PotentialEstimate,
    UsageSnapshot,
)
from accounts.queries import seats_on
from accounts.services.profile import save_revenue
from tests.factories import (
    Cast,
    T,
    make_company,
    make_contact,
    make_contract,
    make_line,
    make_product,
    moment,
)

TABS = ("", "contacts/", "interactions/", "contracts/", "procurement/", "waits/", "history/")
SLOTS = (
    "people/",
    "timeline/",
    "offer/",
    "contacts/map/",
    "procurement/act-by/",
    "facts/",
    "matrix/",
    "uses/",
)


def html(client: Client, company: Company, page: str = "", **asked: str) -> str:
    return client.get(f"{company.get_absolute_url()}{page}", asked).content.decode()


def make_talk(company: Company, author: object, day: date = T, **values: object) -> Interaction:
    """A held call with one person and one objection."""
    talk = Interaction.objects.create(
        company=company,
        author=author,
        kind="call",
        starts_at=moment(day),
        summary="Обсудили продление",
        **values,
    )
    person = company.contacts.order_by("pk").first() or make_contact(company)
    InteractionContact.objects.create(interaction=talk, contact=person)
    Objection.objects.create(interaction=talk, company=company, category="price", text="Дорого")
    Agreement.objects.create(interaction=talk, company=company, text="Прислать расчёт", due_on=day)
    return talk


@pytest.mark.slow
def test_no_page_of_the_card_grows_with_the_client(cast: Cast, client_of, query_budget) -> None:
    """R5: 200 contacts, 60 licences and 2 000 interactions cost the same statements as three."""
    company = make_company(kam=cast.vetrov)
    client = client_of(cast.vetrov)

    def add(count: int) -> None:
        for number in range(count):
            person = make_contact(company, f"Человек{company.contacts.count()} Имя")
            ContactStrength.objects.create(contact=person, user=cast.vetrov, level=3, as_of=T)
            contract = make_contract(company, ("casebook", 5), ("caselook", 2))
            make_line(contract, "casebook", 1)
            make_talk(company, cast.vetrov, T - timedelta(days=number))
            department = Department.objects.create(
                company=company, name=f"Отдел {company.departments.count()}"
            )
            DepartmentInterest.objects.create(department=department, product=make_product(), level=2, as_of=T)
            make_company(kam=cast.vetrov, parent=company)
            save_revenue(
                company,
                year=2025,
                revenue=Decimal(number + 1) * 10**9,
                source="manual",
                as_of=T,
                by=cast.vetrov,
            )
            company.refresh_from_db()

    addresses = (f"{company.get_absolute_url()}{page}" for page in TABS + SLOTS)
    query_budget(add, *(partial(client.get, address) for address in addresses))


def test_the_card_says_what_matters_before_the_call(cast: Cast, client_of) -> None:
    """R14."""
    company = make_company("АО «Клиент»", kam=cast.vetrov, next_step="Показать Caselook", next_step_on=T)
    contract = make_contract(company, ("casebook", 40))
    contract.act_by = date(2026, 11, 18)
    contract.save()
    UsageSnapshot.objects.create(company=company, product=make_product(), as_of=T, active_users_30d=44)
    shown = html(client_of(cast.vetrov), company)
    for words in (
        "АО «Клиент»",
        company.inn,
        "18.11.2026",
        "опоздание 4 раб. дн.",
        "Показать Caselook",
        "110",
    ):
        assert words in shown, words


def test_the_card_and_the_report_count_the_same_seats(cast: Cast, client_of) -> None:
    """R9, R39: expired lines and pilots are not counted; a subsidiary's seats count at the subsidiary."""
    head, part = make_company(kam=cast.vetrov), make_company(kam=cast.vetrov)
    contract = make_contract(head, ("casebook", 30))
    make_line(contract, "casebook", 7, kind="trial")
    make_line(contract, "casebook", 9, end_date=date(2026, 10, 1))
    make_line(contract, "casebook", 11, end_user_company=part)
    client = client_of(cast.vetrov)
    for company, seats in ((head, 30), (part, 11)):
        uses = client.get(company.get_absolute_url()).context["uses"]
        assert [use.seats for use in uses] == [seats] == list(seats_on([company.pk], T)[company.pk].values())


def test_missing_fields_open_their_forms_in_one_click(cast: Cast, client_of) -> None:
    """R6: the percentage and the list."""
    company = make_company(kam=cast.vetrov)
    client = client_of(cast.vetrov)
    context = client.get(company.get_absolute_url()).context
    before = context["complete_percent"]
    gaps = {str(gap.url_name) for gap, is_open in context["gaps"] if is_open}
    assert {"accounts:save_revenue", "accounts:save_court_load", "accounts:add_contact"} <= gaps
    CompanyYear.objects.create(company=company, year=2025, revenue=10**9, as_of=T)
    CourtLoad.objects.create(company=company, as_of=T, cases_12m=12)
    assert client.get(company.get_absolute_url()).context["complete_percent"] > before


def test_a_head_of_another_team_has_no_name_here(cast: Cast, client_of) -> None:
    """§3: out of right = absent."""
    head = make_company("Секретный холдинг", kam=cast.aliev)
    part = make_company("Дочка", kam=cast.vetrov, parent=head)
    make_company("Тайная сестра", kam=cast.aliev, parent=part)
    shown = html(client_of(cast.vetrov), part)
    assert "головная у другой команды" in shown
    assert "Секретный" not in shown and "Тайная" not in shown
    assert "Секретный" in html(client_of(cast.andreeva), part)


@pytest.mark.slow
def test_marketing_sees_no_money(cast: Cast, client_of) -> None:
    """§3: card A, without money."""
    company = make_company(kam=cast.vetrov)
    make_contract(company, ("casebook", 3), amount=Decimal(777_111))
    save_revenue(
        company, year=2025, revenue=Decimal(888_222_333_000), source="manual", as_of=T, by=cast.vetrov
    )
    client = client_of(cast.sokolova)
    for page in ("", "contracts/", "history/", "brief/", "offer/", "procurement/"):
        shown = html(client, company, page).replace("\xa0", " ")
        for amount in ("777 111", "777111", "777,1", "888 222", "888222", "888,2", "108 000"):
            assert amount not in shown, (page, amount)


@pytest.mark.parametrize("login", ["panov", "gai"])
def test_a_lawyer_and_a_tutor_open_only_their_own(cast: Cast, client_of, login: str) -> None:
    """§3: O and q."""
    company, user = make_company(kam=cast.vetrov), getattr(cast, login)
    client = client_of(user)
    assert client.get(company.get_absolute_url()).status_code == 404
    AccountMember.objects.create(company=company, user=user, role="tutor", since_on=T)
    assert client.get(company.get_absolute_url()).status_code == 200


def test_one_field_is_edited_in_its_place(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov, city="Москва")
    client, url = client_of(cast.vetrov), f"{company.get_absolute_url()}field/city/"
    assert 'name="city"' in client.get(url).content.decode()
    assert "Тверь" in client.post(url, {"city": "Тверь", "version": 1}).content.decode()
    company.refresh_from_db()
    assert (company.city, company.version) == ("Тверь", 2)


def test_two_editors_see_both_texts_and_lose_nothing(cast: Cast, client_of) -> None:
    """Faults B1: what stands there now, what I typed; the next save goes through."""
    company = make_company(kam=cast.vetrov, city="Москва", region="")
    client, url = client_of(cast.vetrov), f"{company.get_absolute_url()}edit/"
    fields = {"name": company.name, "inn": company.inn, "kpp": company.kpp, "regime": "commercial",
              "industry": "bank", "legal_state": "active", "city": "Тула", "version": 1}  # fmt: skip
    client_of(cast.belova).post(f"{company.get_absolute_url()}field/city/", {"city": "Тверь", "version": 1})
    refused = client.post(url, fields)
    shown = refused.content.decode()
    assert refused.status_code == 422 and "Тверь" in shown and "Тула" in shown
    assert Company.objects.get(pk=company.pk).city == "Тверь"
    again = refused.context["form"]["version"].value()
    assert client.post(url, {**fields, "version": again}).status_code == 302
    assert Company.objects.get(pk=company.pk).city == "Тула"


def test_a_field_in_place_shows_the_other_text_too(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov, city="Москва")
    url = f"{company.get_absolute_url()}field/city/"
    client_of(cast.belova).post(url, {"city": "Тверь", "version": 1})
    answer = client_of(cast.vetrov).post(url, {"city": "Тула", "version": 1})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Тверь" in shown and 'value="Тула"' in shown


def test_a_new_company_opens_its_card(cast: Cast, client_of) -> None:
    fields = {
        "name": "АО «Свежий»",
        "regime": "commercial",
        "industry": "bank",
        "legal_state": "active",
        "version": 1,
    }
    answer = client_of(cast.vetrov).post("/companies/new/", fields)
    company = Company.objects.get()
    assert answer.status_code == 302 and answer["Location"] == company.get_absolute_url()
    wrong = client_of(cast.vetrov).post("/companies/new/", {**fields, "inn": "123"})
    assert wrong.status_code == 422 and "АО «Свежий»" in wrong.content.decode()


def test_the_head_is_chosen_by_inn_or_name(cast: Cast, client_of) -> None:
    head = make_company("АО «Вершина»", kam=cast.vetrov)
    make_company("АО «Другая»", kam=cast.vetrov)
    fields = {"name": "Дочка", "regime": "commercial", "industry": "bank", "legal_state": "active"}
    client = client_of(cast.vetrov)
    assert client.post("/companies/new/", {**fields, "parent": "вершина"}).status_code == 302
    assert Company.objects.get(name="Дочка").parent == head
    many = client.post("/companies/new/", {**fields, "name": "Ещё", "parent": "АО"})
    assert many.status_code == 422 and "Вершина" in many.content.decode()


def test_the_star_of_the_lead(cast: Cast, client_of) -> None:
    """R78."""
    company = make_company(kam=cast.vetrov)
    client_of(cast.belova).post(f"{company.get_absolute_url()}key/", {"is_key": "1"})
    assert Company.objects.get(pk=company.pk).is_key
    assert 'name="is_key"' not in html(client_of(cast.vetrov), company)


def test_people_promises_and_objections(cast: Cast, client_of) -> None:
    """product.md §3.2: role, stance, who of us is closest, what is open."""
    company = make_company(kam=cast.vetrov)
    person = make_contact(company, position="Директор")
    ContactStrength.objects.create(contact=person, user=cast.lisina, level=4, as_of=T, last_two_way_on=T)
    make_talk(company, cast.vetrov)
    shown = html(client_of(cast.vetrov), company, "people/")
    for words in ("Орехов П. С.", "Анна Лисина", "4 из 5", "Прислать расчёт", "Дорого"):
        assert words in shown, words


@pytest.mark.slow
def test_the_timeline_is_paged_and_filtered(cast: Cast, client_of) -> None:
    """R11: by person, product, type and period."""
    company = make_company(kam=cast.vetrov)
    for days in range(30):
        make_talk(company, cast.vetrov, T - timedelta(days=10 * days))
    client = client_of(cast.vetrov)
    first = client.get(f"{company.get_absolute_url()}timeline/").context["page"]
    rest = client.get(f"{company.get_absolute_url()}timeline/", {"after": first.after}).context["page"]
    assert (len(first.rows), len(rest.rows), rest.after) == (25, 5, "")
    month = client.get(f"{company.get_absolute_url()}timeline/", {"period": "30"}).context["page"]
    assert len(month.rows) == 3
    assert not client.get(f"{company.get_absolute_url()}timeline/", {"kind": "meeting"}).context["page"].rows
    person = Contact.objects.get()
    some = client.get(f"{company.get_absolute_url()}timeline/", {"contact": str(person.public_id)})
    assert len(some.context["page"].rows) == 25


def test_a_cell_of_the_matrix_opens_its_communications(cast: Cast, client_of) -> None:
    """R12, R13: owned, interested, refused, no data; the last word counts."""
    company, product = make_company(kam=cast.vetrov), make_product()
    make_contract(company, ("casebook", 3))
    department = Department.objects.create(company=company, name="Юристы", kind="legal")
    talk = make_talk(company, cast.vetrov)
    for day, level in ((T - timedelta(days=9), 0), (T, 3)):
        DepartmentInterest.objects.create(
            department=department, product=product, level=level, as_of=day, interaction=talk
        )
    client = client_of(cast.vetrov)
    context = client.get(f"{company.get_absolute_url()}matrix/").context
    assert [cell.level for cell in context["matrix"][0].cells] == [3]
    heading = context["headings"][0]
    assert (heading.product, heading.known.seats, heading.known.level) == (product, 3, 3)
    asked = {"department": department.pk, "product": "casebook"}
    assert client.get(f"{company.get_absolute_url()}timeline/", asked).context["lines"][0].talk == talk


def test_the_potential_stands_beside_what_is_bought(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov)
    client = client_of(cast.vetrov)
    fields = {"product": make_product().pk, "target_seats": 90, "basis": EstimateBasis.INTERVIEW}
    assert client.post(f"{company.get_absolute_url()}potential/", fields).status_code == 302
    assert PotentialEstimate.objects.get().verified_by == cast.vetrov
    assert "90" in html(client, company, "waits/")


@pytest.mark.slow
def test_the_invoice_offer_answers_for_a_typed_sum(cast: Cast, client_of) -> None:
    """§5.3: every reason is shown; nonsense in the field is no 500."""
    company = make_company(kam=cast.vetrov)
    client = client_of(cast.vetrov)
    for typed in ("700000", "7 000,50", "много", "-1", "nan", ""):
        assert client.get(f"{company.get_absolute_url()}offer/", {"amount": typed}).status_code == 200
    assert client.get(f"{company.get_absolute_url()}offer/", {"amount": "много"}).context["amount_error"]


def test_history_reads_as_sentences(cast: Cast, client_of) -> None:
    """R15: who, when, old → new."""
    company = make_company("Было", kam=cast.vetrov)
    client = client_of(cast.vetrov)
    fields = {
        "name": "Стало",
        "inn": company.inn,
        "kpp": company.kpp,
        "regime": "fz44",
        "industry": "bank",
        "legal_state": "active",
    }
    client.post(f"{company.get_absolute_url()}edit/", {**fields, "version": 1})
    line = client.get(f"{company.get_absolute_url()}history/").context["lines"][0]
    assert line.who == str(cast.vetrov)
    assert {(change.old, change.new) for change in line.changes} >= {
        ("Было", "Стало"),
        ("Коммерческая", "44-ФЗ"),
    }


def test_the_brief_is_one_sheet_of_facts(cast: Cast, client_of) -> None:
    """R14: printable."""
    company = make_company(kam=cast.vetrov)
    make_contact(company)
    make_talk(company, cast.vetrov)
    shown = html(client_of(cast.vetrov), company, "brief/")
    assert "Орехов П. С." in shown and "Обсудили продление" in shown and "data-print" in shown
