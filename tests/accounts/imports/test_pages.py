"""The way through the pages: file → columns → verdicts → written → taken back (R103)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.imports.kinds import KINDS
from accounts.models import Company, ImportRun
from accounts.services import imports
from tests.accounts.imports.files import bring, csv_file, xlsx_file
from tests.factories import Cast, make_inn
from upsell_crm.core import outbox
from upsell_crm.core.models import User
from upsell_crm.core.spreadsheets import read_sheet

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
HEAD = ["Название", "ИНН", "Город"]
TABLE = csv_file(HEAD, ["Альфа", make_inn(1), "Тверь"], ["=1+1", "123", "Тула"], encoding="cp1251")


def upload(client: Client, content: bytes = TABLE, name: str = "Клиенты.csv", kind: str = "companies") -> Any:
    """Choose a file on the first page."""
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return client.post(reverse("accounts:import_new"), {"kind": kind, "file": file, "source": "1c"})


def chosen(run: ImportRun) -> dict[str, str]:
    """The form of the second page, as guessed."""
    return {f"column_{code}": header for code, header in run.columns.items()} | {"source": run.source}


@pytest.mark.slow
def test_from_the_file_to_the_undo(cast: Cast, client_of: Browser) -> None:
    client = client_of(cast.titova)
    answer = upload(client)
    run = ImportRun.objects.get()
    assert answer["Location"] == reverse("accounts:import_columns", args=[run.public_id])

    page = client.get(answer["Location"]).content.decode()
    assert "Windows-1251" in page and "Альфа" in page and "Название" in page

    answer = client.post(answer["Location"], chosen(run), follow=True)
    page = answer.content.decode()
    assert "Будет создано" in page and "ИНН" in page and not Company.objects.exists()

    page = client.post(
        reverse("accounts:import_run", args=[run.public_id]), {"mode": "valid"}, follow=True
    ).content.decode()
    assert "Создано" in page and Company.objects.get().source == "1c"

    file = client.get(reverse("accounts:import_errors", args=[run.public_id]))
    assert read_sheet(file.content).rows[0][1][:3] == ["3", "ИНН", "123"]

    page = client.post(reverse("accounts:import_undo", args=[run.public_id]), follow=True).content.decode()
    assert "Импорт отменён" in page and not Company.objects.exists()


@pytest.mark.slow
def test_progress_asks_for_itself_until_the_work_is_done(cast: Cast, client_of: Browser) -> None:
    client = client_of(cast.titova)
    rows = [[f"Клиент {n}", make_inn(n), ""] for n in range(1, imports.AT_ONCE + 2)]
    upload(client, csv_file(HEAD, *rows))
    run = ImportRun.objects.get()
    page = client.post(
        reverse("accounts:import_columns", args=[run.public_id]), chosen(run), follow=True
    ).content.decode()
    assert 'hx-trigger="every 1s"' in page and "<progress" in page
    outbox.drain()
    url = reverse("accounts:import_detail", args=[run.public_id])
    part = client.get(url, headers={"HX-Request": "true", "HX-Target": "import"}).content.decode()
    assert "every 1s" not in part and "<html" not in part and "501" in part


@pytest.mark.parametrize(("content", "words"), [
    (b"", "пуст"), (b"\xd0\xcf\x11\xe0" + bytes(100), "XLS"), (b"%PDF-1.4", "PDF"), (b"PK\x03\x04 broken", "повреждена"), ("Компания\n".encode(), "нет строк"),
])  # fmt: skip
def test_a_bad_file_is_explained_on_the_same_page(
    cast: Cast, client_of: Browser, content: bytes, words: str
) -> None:
    answer = upload(client_of(cast.titova), content)
    assert answer.status_code == 422 and words in answer.content.decode() and not ImportRun.objects.exists()


def test_a_page_without_a_file_asks_for_it(cast: Cast, client_of: Browser) -> None:
    answer = client_of(cast.titova).post(reverse("accounts:import_new"), {"kind": "companies"})
    assert answer.status_code == 422


def test_a_missing_column_is_asked_for_beside_its_field(cast: Cast, client_of: Browser) -> None:
    client = client_of(cast.titova)
    upload(client, csv_file(["Номер", "Начало"], ["Д-1", "01.02.2026"]), kind="contracts")
    run = ImportRun.objects.get()
    answer = client.post(
        reverse("accounts:import_columns", args=[run.public_id]), {"column_start_date": "Начало"}
    )
    assert answer.status_code == 422 and "Выберите колонку" in answer.content.decode()


def test_another_encoding_is_read_on_demand(cast: Cast, client_of: Browser) -> None:
    client = client_of(cast.titova)
    upload(client, csv_file(HEAD, ["Альфа", make_inn(1), "Тверь"], encoding="cp866"))
    run = ImportRun.objects.get()
    url = reverse("accounts:import_columns", args=[run.public_id])
    assert "Альфа" not in client.get(url).content.decode()
    page = client.post(
        url, {"reread": "1", "encoding": "cp866", "delimiter": ";"}, follow=True
    ).content.decode()
    assert "Альфа" in page and "Название" in page
    page = client.post(
        url, {"reread": "1", "encoding": "utf-8", "delimiter": ";"}, follow=True
    ).content.decode()
    assert "другую кодировку" in page


def test_the_same_file_again_is_said(cast: Cast, client_of: Browser) -> None:
    bring("companies", TABLE)
    client = client_of(cast.titova)
    page = client.get(upload(client)["Location"]).content.decode()
    assert "уже загружали" in page


def test_an_obstacle_of_the_undo_is_shown_with_its_row(cast: Cast, client_of: Browser) -> None:
    run = bring("companies", TABLE, by=cast.titova)
    Company.objects.update(city="Пермь")
    answer = client_of(cast.titova).post(reverse("accounts:import_undo", args=[run.public_id]))
    assert answer.status_code == 409 and "Импорт не отменён" in answer.content.decode()


def test_the_list_has_own_imports_only(cast: Cast, client_of: Browser) -> None:
    """The administrator sees all, since he may take them back (§3)."""
    bring("companies", TABLE, by=cast.titova)
    pages = {
        who: client_of(getattr(cast, who)).get(reverse("accounts:import_list")).content.decode()
        for who in ("titova", "rogov", "admin")
    }
    assert ["companies.csv" in page for page in pages.values()] == [True, False, True]


@pytest.mark.slow
def test_the_list_costs_the_same_with_three_and_thirty_rows(
    cast: Cast, client_of: Browser, query_budget: Any
) -> None:
    client = client_of(cast.titova)
    query_budget(
        lambda n: [bring("companies", TABLE, by=cast.titova) for _ in range(n)],
        lambda: client.get(reverse("accounts:import_list")),
    )


def test_the_verdicts_cost_the_same_with_three_and_thirty_rows(
    cast: Cast, client_of: Browser, query_budget: Any
) -> None:
    client, rows = client_of(cast.titova), [list(HEAD)]

    def visit() -> Any:
        return client.get(
            reverse("accounts:import_detail", args=[ImportRun.objects.order_by("-pk")[0].public_id])
        )

    def add(number: int) -> None:
        rows.extend([f"Клиент {len(rows)}", "1", ""] for _ in range(number))
        bring("companies", csv_file(*rows), by=cast.titova, dry_run=True)

    query_budget(add, visit)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_help_and_a_sample_that_it_understands(
    cast: Cast, client_of: Browser, kind: str
) -> None:
    """The sample's own headings are all recognised."""
    client = client_of(cast.titova)
    assert client.get(reverse("accounts:import_help", args=[kind])).status_code == 200
    sample = client.get(reverse("accounts:import_sample", args=[kind]))
    sheet = read_sheet(sample.content)
    run = imports.upload_file(by=None, kind=kind, name="sample.csv", content=sample.content)
    assert set(run.columns.values()) == set(sheet.headers)


@pytest.mark.slow
def test_a_text_of_the_file_is_shown_as_text(cast: Cast, client_of: Browser) -> None:
    """faults E1: in the preview, the headings and the file's name."""
    bad = "<img src=x onerror=alert(1)>"
    client = client_of(cast.titova)
    upload(client, xlsx_file(["Название", bad], [bad, bad]), name=f"{bad}.xlsx")
    run = ImportRun.objects.get()
    pages = [client.get(reverse("accounts:import_columns", args=[run.public_id]))]
    pages.append(
        client.post(reverse("accounts:import_columns", args=[run.public_id]), chosen(run), follow=True)
    )
    assert all(page.status_code == 200 and "<img src=x" not in page.content.decode() for page in pages)


def test_the_guide_lists_every_column_of_every_kind() -> None:
    """docs/how-to/import.md is part of the public interface."""
    guide = (Path(settings.BASE_DIR) / "docs" / "how-to" / "import.md").read_text()
    parts = {part.partition("`")[0]: part for part in guide.split("### `")[1:]}
    missing = [
        (code, one.code)
        for code, kind in KINDS.items()
        for one in (*kind.fields, *kind.options)
        if f"`{one.code}`" not in parts[code]
    ]
    assert missing == []
