"""Files of the report: typed cells, equal totals, nothing that runs as a formula, limits and the log (§5.4, R95)."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import Company
from accounts.references import seed_procedures, seed_products
from reports.models import ClientRow, ClientSeats
from reports.services import client_export
from reports.services.existing_clients import build_existing_clients
from tests.factories import Cast, make_calendar, make_company, make_contract
from tests.reports.test_existing_clients_build import make_niva
from upsell_crm.core import jobs
from upsell_crm.core.models import ExportLog, JobRun, Parameter, User

pytestmark = pytest.mark.django_db
URL = reverse("reports:export_existing_clients")
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def references(db: None, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    seed_products()
    seed_procedures()
    make_calendar()


def make_client(name: str, kam: User, seats: int = 5) -> Company:
    company = make_company(name, kam=kam)
    make_contract(company, ("casebook", seats), amount=Decimal("100000.50"))
    return company


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_xlsx_has_typed_cells_and_the_totals_of_the_page(cast: Cast, client_of: SignIn) -> None:
    """Story 10: the file opens with numeric licences and equal totals."""
    make_niva(cast)
    make_client("Второй", cast.vetrov, seats=7)
    build_existing_clients(by=None)
    response = client_of(cast.titova).post(URL, {"format": "xlsx", "query": "view=full"})
    assert (
        response["Content-Disposition"]
        == 'attachment; filename="otchet-deystvuyushchie-klienty-2026-11-24.xlsx"'
    )
    heading, *rows = sheets(body(response))["Действующие клиенты"]
    by_name = {name: [row[number] for row in rows] for number, name in enumerate(heading)}
    assert (
        sum(by_name["Casebook, лиц."])
        == ClientSeats.objects.filter(product__code="casebook").aggregate(n=Sum("seats"))["n"]
        == 10
    )
    assert sum(by_name["Всего лицензий"]) == ClientRow.objects.aggregate(n=Sum("seats_total"))["n"]
    assert sum(by_name["Действующие договоры, ₽ в год"]) == float(
        ClientRow.objects.aggregate(n=Sum("annual_amount"))["n"]
    )
    assert by_name["Действует до"] == [date(2027, 1, 31)] * 2
    assert by_name["ИНН"][0].startswith("00"), "a number with leading zeros stays text"
    assert by_name["Балл"] == ["", ""], "no data is an empty cell"
    assert by_name["№"] == [1, 2]


def test_xlsx_is_frozen_filtered_and_says_where_it_comes_from(cast: Cast, client_of: SignIn) -> None:
    make_client("Один", cast.vetrov)
    build_existing_clients(by=None)
    response = client_of(cast.titova).post(URL, {"format": "xlsx", "query": "kam=vetrov&q=один"})
    content = body(response)
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<autoFilter" in sheet and 'state="frozen"' in sheet
    parameters = dict(sheets(content)["Параметры"])
    assert parameters["Данные на"] == "24.11.2026"
    assert parameters["Автор выгрузки"] == "Юлия Титова"
    assert parameters["КАМ"] == str(cast.vetrov)
    assert parameters["Компания или ИНН"] == "один"
    assert parameters["Строк"] == "1"


def test_csv_opens_in_russian_excel(cast: Cast, client_of: SignIn) -> None:
    """UTF-8 with BOM, semicolons, decimal comma; dates as people write them."""
    make_client("Один", cast.vetrov)
    build_existing_clients(by=None)
    response = client_of(cast.titova).post(URL, {"format": "csv", "query": "view=full"})
    assert response["Content-Disposition"].endswith('2026-11-24.csv"')
    content = body(response)
    assert content.startswith(b"\xef\xbb\xbf")
    heading, row = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    cells = dict(zip(heading, row, strict=True))
    assert (cells["Компания"], cells["Casebook, лиц."], cells["Действует до"]) == ("Один", "5", "31.01.2027")
    assert cells["Действующие договоры, ₽ в год"] == "100000,50"


@pytest.mark.parametrize(
    "name", ["=1+1", "+7 (495)", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x";"y")']
)
def test_a_name_never_becomes_a_formula(cast: Cast, client_of: SignIn, name: str) -> None:
    """Faults E4: formula injection."""
    company = make_client("x", cast.vetrov)
    Company.objects.filter(pk=company.pk).update(name=name)
    build_existing_clients(by=None)
    client = client_of(cast.titova)
    content = body(client.post(URL, {"format": "xlsx", "query": ""}))
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert sheets(content)["Действующие клиенты"][1][1].strip() == name.strip()
    lines = body(client.post(URL, {"format": "csv", "query": ""})).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(lines), delimiter=";"))
    assert rows[1][1] == f"'{name}"


@pytest.mark.slow
def test_who_may_take_which_rows(cast: Cast, client_of: SignIn) -> None:
    """§3: a KAM his own clients, a lead his team's; a researcher and marketing none; each file is logged."""
    make_client("Ветрова", cast.vetrov)
    make_client("Лисиной", cast.lisina)
    make_client("Дёмина", cast.demin)
    build_existing_clients(by=None)
    taken = {}
    for person in (cast.vetrov, cast.belova, cast.titova):
        rows = sheets(body(client_of(person).post(URL, {"format": "xlsx", "query": ""})))[
            "Действующие клиенты"
        ]
        taken[person.username] = [row[1] for row in rows[1:]]
    assert taken == {
        "vetrov": ["Ветрова"],
        "belova": ["Ветрова", "Лисиной"],
        "titova": ["Ветрова", "Дёмина", "Лисиной"],
    }
    for person in (cast.rogov, cast.sokolova, cast.gai):
        assert client_of(person).post(URL, {"format": "xlsx"}).status_code == 403
    assert [(log.user.username, log.kind, log.rows) for log in ExportLog.objects.order_by("pk")] == [
        ("vetrov", "existing_clients", 1), ("belova", "existing_clients", 2), ("titova", "existing_clients", 3),
    ]  # fmt: skip


def test_a_kam_has_a_limit_of_rows(cast: Cast, client_of: SignIn) -> None:
    """§3: ≤ 500 own rows (a setting); the answer says what to do."""
    Parameter.objects.create(code="export_rows_kam", value=2)
    for name in ("Альфа", "Бета", "Гамма"):
        make_client(name, cast.vetrov)
    build_existing_clients(by=None)
    response = client_of(cast.vetrov).post(URL, {"format": "xlsx"})
    assert response.status_code == 422 and "сузьте фильтры" in response.content.decode()
    assert body(client_of(cast.vetrov).post(URL, {"format": "xlsx", "query": "q=бета"}))
    assert body(client_of(cast.belova).post(URL, {"format": "xlsx"}))


def test_nothing_to_export_and_unknown_format_are_said(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.titova)
    assert client.post(URL, {"format": "xlsx"}).status_code == 404
    build_existing_clients(by=None)
    assert client.post(URL, {"format": "xlsx"}).status_code == 422
    make_client("Один", cast.vetrov)
    build_existing_clients(by=None)
    assert client.post(URL, {"format": "exe"}).status_code == 422
    assert not ExportLog.objects.exists()


def test_many_rows_are_written_by_a_job_for_their_requester_alone(
    cast: Cast, client_of: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """§5.4: > 2 000 rows: a page that waits, a link, and only the requester fetches the file."""
    monkeypatch.setattr("reports.views.client_exports.AT_ONCE", 1)
    for number in range(3):
        make_client(f"Клиент {number}", cast.vetrov)
    build_existing_clients(by=None)
    titova = client_of(cast.titova)
    waiting = titova.post(URL, {"format": "csv", "query": "view=full"})
    run = JobRun.objects.get(job=client_export.JOB)
    assert waiting.url == reverse("reports:client_export", args=[run.public_id])
    assert "файл готовится" in titova.get(waiting.url).content.decode()
    jobs.execute(run.pk)
    ready = titova.get(waiting.url, headers={"HX-Request": "true"}).content.decode()
    assert "Файл готов: 3 строки." in ready and "<html" not in ready
    address = reverse("reports:client_export_file", args=[run.public_id])
    response = titova.get(address)
    assert (
        response["Content-Disposition"]
        == 'attachment; filename="otchet-deystvuyushchie-klienty-2026-11-24.csv"'
    )
    assert len(body(response).decode("utf-8-sig").splitlines()) == 4
    assert client_of(cast.andreeva).get(address).status_code == 404
    assert client_of(cast.andreeva).get(waiting.url).status_code == 404
    client_export.file_of(run).unlink()
    assert titova.get(address).status_code == 404
    assert ExportLog.objects.get().rows == 3


def test_a_job_uses_the_rights_of_this_moment(cast: Cast) -> None:
    """ASVS 8.3.3: who lost the right meanwhile gets no file."""
    make_client("Один", cast.vetrov)
    build_existing_clients(by=None)
    run = client_export.request_export(by=cast.titova, query="", file_format="xlsx")
    cast.titova.roles.all().delete()
    for _attempt in range(jobs.MAX_ATTEMPTS):
        done = jobs.execute(run.pk)
    assert done.state == "failed" and not client_export.file_of(run).exists()


def test_marketing_columns_never_reach_a_file_with_amounts(cast: Cast) -> None:
    """A person with two roles, one of them without amounts over all clients, gets no amounts at all."""
    cast.sokolova.roles.create(role="kam")
    company = make_client("Один", cast.sokolova)
    build_existing_clients(by=None)
    selection = client_export.select(User.objects.get(pk=cast.sokolova.pk), "view=full")
    assert selection.number == 1 and company.name
    assert not any("₽" in heading.label for heading in selection.headings)
