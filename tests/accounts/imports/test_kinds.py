"""What each of the ten kinds does with its rows (R103, domain.md §2.8, §4.9)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.enums import ContractStatus, Fact
from accounts.models import (
    Company,
    CompanyYear,
    Contact,
    Contract,
    CourtLoad,
    FeatureWait,
    LicenceLine,
    Payment,
    UsageSnapshot,
)
from accounts.references import seed_procedures
from tests.accounts.imports.files import bring, counts, csv_file, errors
from tests.factories import Cast, T, make_company, make_contact, make_contract, make_inn, make_product
from upsell_crm.core.models import AuditEvent

pytestmark = pytest.mark.django_db
CONTRACT_HEAD = [
    "ИНН",
    "Номер договора",
    "Форма",
    "Дата начала",
    "Дата окончания",
    "Сумма",
    "Статус",
    "Дата подписания",
]


def test_a_holding_is_built_whatever_the_order_of_rows() -> None:
    """Parents by name or ИНН may stand below their children."""
    run = bring("companies", csv_file(
        ["Наименование", "ИНН", "Головная организация"],
        ["ООО «Внук»", make_inn(903), make_inn(902)], ["ООО «Сын»", make_inn(902), "АО Отец"], ["АО «Отец»", make_inn(901), ""],
    ))  # fmt: skip
    grandson = Company.objects.get(inn=make_inn(903))
    assert counts(run) == (3, 0, 0, 0) and grandson.parent.parent.name == "АО «Отец»"


def test_a_circle_and_a_sixth_level_are_refused_with_their_rows() -> None:
    """§2.8.1."""
    chain = [[f"Уровень {n}", make_inn(910 + n), make_inn(909 + n) if n > 1 else ""] for n in range(1, 7)]
    run = bring("companies", csv_file(["Наименование", "ИНН", "Головная организация"], *chain))
    assert counts(run) == (5, 0, 0, 1) and errors(run)[0][:2] == (7, "Головная организация")
    ring = bring(
        "companies",
        csv_file(
            ["Наименование", "ИНН", "Головная организация"], ["Уровень 1", make_inn(911), make_inn(913)]
        ),
    )
    assert counts(ring) == (0, 0, 0, 1) and "кольцо" in errors(ring)[0][2]


def test_a_child_of_a_refused_parent_is_refused_too() -> None:
    run = bring(
        "companies",
        csv_file(
            ["Наименование", "ИНН", "Головная организация"],
            ["Отец", "123", ""],
            ["Сын", make_inn(921), "Отец"],
        ),
    )
    assert [(row, column) for row, column, _text in errors(run)] == [(2, "ИНН"), (3, "Головная организация")]


def test_a_company_is_found_by_inn_and_kpp_then_by_name() -> None:
    known = make_company("ООО «Ромашка»", inn=make_inn(930), kpp="007701001")
    run = bring("companies", csv_file(["Название", "ИНН", "КПП", "Город"],
                                      ["ООО «Ромашка»", known.inn, "007701001", "Тверь"], ["ООО «Ромашка» филиал", known.inn, "007702002", "Курск"]))  # fmt: skip
    known.refresh_from_db()
    assert counts(run) == (1, 1, 0, 0) and known.city == "Тверь"
    assert bring("companies", csv_file(["Название", "Город"], ["ООО Ромашка", "Тула"])).updated == 1


def test_two_companies_of_one_inn_need_the_kpp() -> None:
    first = make_company("Первая", inn=make_inn(931), kpp="007701001")
    make_company("Вторая", inn=first.inn, kpp="007702002")
    run = bring("companies", csv_file(["Название", "ИНН"], ["Какая-то", first.inn]))
    assert counts(run) == (0, 0, 0, 1) and "КПП" in errors(run)[0][2]


def test_an_external_id_belongs_to_its_source() -> None:
    bring("companies", csv_file(["Название", "Внешний ID"], ["Альфа", "17"]), source="1c")
    again = bring(
        "companies",
        csv_file(["Название", "Внешний ID", "Город"], ["Альфа и партнёры", "17", "Омск"]),
        source="1c",
    )
    other = bring("companies", csv_file(["Название", "Внешний ID"], ["Бета", "17"]), source="sbis")
    assert (counts(again), counts(other)) == ((0, 1, 0, 0), (1, 0, 0, 0))


def test_the_same_company_twice_in_a_file_is_said_with_the_first_row() -> None:
    row = ["ООО", make_inn(940)]
    run = bring("companies", csv_file(["Название", "ИНН"], row, row))
    assert counts(run) == (1, 0, 0, 1) and "2" in errors(run)[0][2]


def test_revenue_takes_a_multiplier_a_year_and_a_note() -> None:
    """R7: with the year the segment follows."""
    run = bring(
        "companies",
        csv_file(["Название", "Выручка"], ["Альфа", "1 100,04"]),
        options={"multiplier": "90000000", "year": "2016", "currency": "USD × 90"},
    )
    year = CompanyYear.objects.get()
    assert counts(run) == (1, 0, 0, 0) and (year.year, year.revenue, year.note) == (
        2016,
        Decimal("99003600000.00"),
        "USD × 90",
    )
    assert year.company.segment == "XL"


def test_the_kam_of_an_existing_company_is_not_moved_by_a_list(cast: Cast) -> None:
    """§2.8.8: a change of the KAM is the lead's own act."""
    company = make_company("Своя", kam=cast.vetrov)
    run = bring(
        "companies",
        csv_file(
            ["Название", "ИНН", "КАМ"],
            ["Своя", company.inn, "lisina"],
            ["Новая", make_inn(950), "Лисина Анна"],
        ),
    )
    company.refresh_from_db()
    new = Company.objects.get(name="Новая")
    assert company.owner_kam == cast.vetrov and run.issues.filter(is_warning=True).count() == 1
    assert (new.owner_kam, new.team, new.owner_since_on) == (cast.lisina, cast.k1, T)


def test_a_researcher_imports_for_his_team_only(cast: Cast) -> None:
    """§3: own team's companies; a new one joins his team."""
    foreign = make_company("Чужая", kam=cast.aliev)
    run = bring(
        "companies",
        csv_file(
            ["Название", "ИНН", "Город"], ["Чужая", foreign.inn, "Омск"], ["Новая", make_inn(951), "Тверь"]
        ),
        by=cast.rogov,
    )
    foreign.refresh_from_db()
    assert (
        counts(run) == (1, 0, 0, 1)
        and foreign.city == ""
        and Company.objects.get(name="Новая").team == cast.k1
    )


def test_contacts_come_with_department_and_role() -> None:
    company = make_company("ООО «Клиент»")
    head = ["ИНН", "ФИО", "Должность", "Департамент", "E-mail", "Телефон", "Роль", "Ключевой", "Влияние"]
    row = [
        company.inn,
        "Орехов Павел Сергеевич",
        "Директор",
        "Юридический департамент",
        "OREHOV@client.example",
        "8 495 123-45-67",
        "ЛПР",
        "да",
        4,
    ]
    run = bring("contacts", csv_file(head, row))
    contact = Contact.objects.get()
    assert counts(run) == (1, 0, 0, 0) and (contact.short_name, contact.phone, contact.department.kind) == (
        "Орехов П. С.",
        "+74951234567",
        "legal",
    )
    assert contact.roles.get().role == "dm" and contact.roles.get().is_key
    changed = bring(
        "contacts",
        csv_file(
            ["Клиент", "ФИО", "Почта", "Должность"],
            ["ООО Клиент", "Орехов П.", "orehov@client.example", "Вице-президент"],
        ),
    )
    contact.refresh_from_db()
    assert counts(changed) == (0, 1, 0, 0) and contact.position == "Вице-президент"


def test_a_shared_office_phone_does_not_join_two_people() -> None:
    company = make_company()
    make_contact(company, "Орехов Павел", phone="+74951234567")
    run = bring(
        "contacts", csv_file(["ИНН", "ФИО", "Телефон"], [company.inn, "Липова Анна", "+7 495 123-45-67"])
    )
    assert run.created == 1 and Contact.objects.count() == 2


def test_names_and_phones_do_not_stay_in_the_import(cast: Cast) -> None:
    """152-ФЗ (R102): the file, the preview and refused cells of contacts are forgotten once they are in."""
    company = make_company(kam=cast.vetrov)
    run = bring(
        "contacts",
        csv_file(
            ["ИНН", "ФИО", "Почта"],
            [company.inn, "Орехов Павел", "a@b.example"],
            [company.inn, "Липова Анна", "не адрес"],
        ),
    )
    assert not run.file and run.preview == [] and [issue.value for issue in run.issues.all()] == [""]


def test_contracts_hang_on_each_other_by_number() -> None:
    """An order names its framework, a successor its predecessor; the file may be in any order."""
    company = make_company()
    head = [*CONTRACT_HEAD, "Рамочный договор", "Продлевает"]
    run = bring("contracts", csv_file(
        head,
        [company.inn, "З-1", "Заказ", "01.02.2026", "31.01.2027", "10", "Действует", "20.01.2026", "Р-1", ""],
        [company.inn, "Д-2", "Договор", "01.02.2026", "31.01.2027", "20", "Действует", "20.01.2026", "", "Д-1"],
        [company.inn, "Р-1", "Рамочный", "01.01.2026", "31.12.2027", "0", "Действует", "20.12.2025", "", ""],
        [company.inn, "Д-1", "Договор", "01.02.2025", "31.01.2026", "20", "Истёк", "20.01.2025", "", ""],
        [company.inn, "З-2", "Заказ", "01.02.2026", "31.01.2027", "10", "Действует", "20.01.2026", "Д-2", ""],
    ))  # fmt: skip
    assert counts(run) == (4, 0, 0, 1) and errors(run)[0][:2] == (6, "Рамочный договор")
    assert (
        Contract.objects.get(number="З-1").parent_contract.number == "Р-1"
        and Contract.objects.get(number="Д-2").renews.number == "Д-1"
    )


@pytest.mark.parametrize(("change", "column"), [
    ({"Дата окончания": ""}, "Дата окончания"), ({"Дата окончания": "бессрочный"}, "Дата окончания"), ({"Дата окончания": "01.01.2026"}, "Дата окончания"),
    ({"Дата подписания": ""}, "Дата подписания"), ({"Сумма": "-1"}, "Сумма"), ({"Статус": "летит"}, "Статус"), ({"ИНН": make_inn(999999)}, "ИНН"),
    ({"Номер договора": ""}, "Номер договора"), ({"Дата начала": "01.01.1900"}, "Дата начала"), ({"Форма": "Заказ"}, "Форма"),
])  # fmt: skip
def test_a_bad_contract_is_refused_at_its_column(change: dict[str, str], column: str) -> None:
    """§2.8.3, §4.9 (open-ended → «исправить»), faults C4."""
    row = dict(
        zip(
            CONTRACT_HEAD,
            [
                make_company().inn,
                "Д-1",
                "Договор",
                "01.02.2026",
                "31.01.2027",
                "10",
                "Действует",
                "20.01.2026",
            ],
            strict=True,
        )
    )
    run = bring("contracts", csv_file(CONTRACT_HEAD, list((row | change).values())))
    assert counts(run) == (0, 0, 0, 1) and [(row, name) for row, name, _text in errors(run)] == [(2, column)]


def test_the_state_of_an_existing_contract_is_not_moved_by_a_list() -> None:
    """§2.9: moves have their own service."""
    contract = make_contract(make_company(), number="Д-1")
    run = bring(
        "contracts", csv_file(["ИНН", "Номер", "Статус"], [contract.company.inn, "Д-1", "Расторгнут"])
    )
    assert counts(run) == (0, 0, 0, 1) and errors(run)[0][1] == "Статус"


def test_licences_follow_new_dates_of_their_contract_and_undo_brings_them_back() -> None:
    contract = make_contract(make_company(), ("casebook", 10), number="Д-1")
    run = bring(
        "contracts", csv_file(["ИНН", "Номер", "Дата окончания"], [contract.company.inn, "Д-1", "28.02.2027"])
    )
    line = LicenceLine.objects.get()
    assert counts(run) == (0, 1, 0, 0) and line.end_date == date(2027, 2, 28)


def test_licences_take_dates_and_amount_from_their_contract() -> None:
    make_product("casebook")
    contract = make_contract(make_company(), number="Д-7")
    head = ["Номер договора", "Продукт", "Количество", "Цена"]
    run = bring("licences", csv_file(head, ["д-7", "Casebook", "25", "36 000,00"]))
    line = LicenceLine.objects.get()
    contract.refresh_from_db()
    assert counts(run) == (1, 0, 0, 0) and (line.amount, line.end_date) == (
        Decimal(900000),
        contract.end_date,
    )
    assert contract.version == 2, "a line is a change of its contract (faults B1)"
    assert counts(bring("licences", csv_file(head, ["Д-7", "casebook", "30", "36000"]))) == (0, 1, 0, 0)


def test_bad_licences_name_their_column() -> None:
    make_product("casebook")
    make_product("kad", is_licensable=False)
    make_contract(make_company(), number="Д-7")
    run = bring("licences", csv_file(["Номер договора", "Продукт", "Количество", "ДЗО", "Дата окончания"],
        ["Д-7", "kad", "1", "", ""], ["Д-7", "ghost", "1", "", ""], ["Д-7", "casebook", "0", "", ""], ["Д-8", "casebook", "1", "", ""],
        ["Д-7", "casebook", "1", make_company().inn, ""], ["Д-7", "casebook", "1", "", "01.01.2030"]))  # fmt: skip
    assert [column for _row, column, _text in errors(run)] == [
        "Продукт",
        "Продукт",
        "Количество",
        "Номер договора",
        "ДЗО",
        "Дата окончания",
    ]


def test_a_licence_of_a_subsidiary_names_its_end_user() -> None:
    make_product("casebook")
    head = make_company()
    child = make_company(parent=head)
    make_contract(head, number="Д-7")
    bring(
        "licences",
        csv_file(["Номер договора", "Продукт", "Количество", "ДЗО"], ["Д-7", "casebook", "5", child.inn]),
    )
    assert LicenceLine.objects.get().end_user_company == child


def test_a_procurement_profile_is_confirmed_by_the_importer(cast: Cast) -> None:
    """§2.8.15: only a person confirms, so without a login the row is refused."""
    seed_procedures()
    company = make_company()
    content = csv_file(
        ["ИНН", "Процедура", "Согласование, раб. дн.", "ЭТП", "Нужно ТЗ", "Подтверждено"],
        [company.inn, "rfq_223", "12", "Росэлторг", "да", "10.11.2026"],
    )
    assert errors(bring("procurement", content))[0][1] == "Подтверждено"
    run = bring("procurement", content, by=cast.titova)
    check = company.fact_checks.get()
    assert counts(run) == (1, 0, 0, 0) and (check.fact, check.checked_by) == (Fact.PROCUREMENT, cast.titova)
    assert counts(bring("procurement", content, by=cast.titova)) == (0, 0, 1, 0)


def test_usage_court_load_and_estimates(cast: Cast) -> None:
    """R8: court load also comes from a file; a row whose parts exceed the total is refused."""
    make_product("casebook")
    company = make_company()
    usage = bring(
        "usage",
        csv_file(
            ["ИНН", "Продукт", "На дату", "Активных пользователей"],
            [company.inn, "casebook", "23.11.2026", "24"],
            [company.inn, "casebook", "25.11.2026", "1"],
        ),
    )
    court = bring(
        "court_load",
        csv_file(
            ["ИНН", "На дату", "Дел", "Истец", "Ответчик"],
            [company.inn, "01.11.2026", "10", "4", "5"],
            [company.inn, "02.11.2026", "10", "6", "5"],
        ),
    )
    estimate = bring(
        "estimates",
        csv_file(
            ["ИНН", "Продукт", "Потенциал", "Подтверждено"], [company.inn, "casebook", "60", "24.11.2026"]
        ),
        by=cast.titova,
    )
    assert [counts(run) for run in (usage, court, estimate)] == [(1, 0, 0, 1), (1, 0, 0, 1), (1, 0, 0, 0)]
    assert UsageSnapshot.objects.get().active_users_30d == 24 and CourtLoad.objects.get().cases_12m == 10
    assert company.estimates.get().verified_by == cast.titova


def test_one_feature_is_awaited_by_many() -> None:
    make_product("casebook")
    first, second = make_company(), make_company()
    head = ["Функция", "Продукт", "Статус", "ИНН", "Важность", "Обещано"]
    rows = [
        ["Выгрузка в DOCX", "casebook", "Запланирована", company.inn, "3", "да"]
        for company in (first, second)
    ]
    run = bring(
        "features",
        csv_file(head, *rows, ["Выгрузка в DOCX", "casebook", "Отклонена", make_company().inn, "1", "нет"]),
    )
    assert (
        counts(run) == (2, 0, 0, 1)
        and FeatureWait.objects.filter(feature__title="Выгрузка в DOCX", promised=True).count() == 2
    )


def test_the_last_rouble_of_an_offer_accepts_it(cast: Cast) -> None:
    """§2.9: the same effect as a payment booked by hand."""
    contract = make_contract(make_company(), ("casebook", 1), number="СО-1", form="invoice_offer", status=ContractStatus.ISSUED,
                             signed_on=None, amount=Decimal(36000), valid_until=date(2026, 12, 1))  # fmt: skip
    head = ["Внешний ID", "Номер договора", "Сумма", "Дата оплаты"]
    bring("payments", csv_file(head, ["П-1", "СО-1", "30 000", "20.11.2026"]), by=cast.titova)
    contract.refresh_from_db()
    assert contract.status == ContractStatus.ISSUED
    run = bring(
        "payments",
        csv_file(head, ["П-1", "СО-1", "30 000", "20.11.2026"], ["П-2", "СО-1", "6 000", "21.11.2026"]),
        by=cast.titova,
    )
    contract.refresh_from_db()
    assert counts(run) == (1, 0, 1, 0) and (contract.status, contract.paid_on) == (
        ContractStatus.ACTIVE,
        date(2026, 11, 21),
    )
    other = bring("payments", csv_file(head, ["П-1", "СО-1", "1", "20.11.2026"]), by=cast.titova)
    assert counts(other) == (0, 0, 0, 1) and Payment.objects.count() == 2


def test_every_new_and_changed_record_is_in_history(cast: Cast) -> None:
    """R15: who, when, old and new."""
    content = csv_file(["Название", "ИНН"], ["Старое имя", make_inn(960)])
    bring("companies", content, by=cast.titova)
    bring("companies", csv_file(["Название", "ИНН"], ["Новое имя", make_inn(960)]), by=cast.titova)
    lines = AuditEvent.objects.filter(event="import_companies").order_by("pk")
    assert [line.changes["name"] for line in lines] == [[None, "Старое имя"], ["Старое имя", "Новое имя"]]
    assert {line.actor_id for line in lines} == {cast.titova.pk}


@pytest.mark.parametrize(("kind", "rows"), [
    ("companies", [["Название", "ИНН"], ["=cmd|' /C calc'!A0", make_inn(970)]]),
    ("companies", [["Название", "ИНН"], ["<script>alert(1)</script>", make_inn(971)]]),
])  # fmt: skip
def test_a_cell_is_kept_as_it_is_and_never_run(kind: str, rows: list[list[Any]]) -> None:
    """faults E1, E4: text stays text."""
    bring(kind, csv_file(*rows))
    assert Company.objects.get().name == rows[1][0]
