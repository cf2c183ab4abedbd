"""`manage.py import_file KIND FILE`: JSON and exit codes are a promise of docs/interface.md."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Company, ImportRun
from tests.accounts.imports.files import csv_file
from tests.factories import Cast, make_company, make_inn

pytestmark = pytest.mark.django_db
KEYS = [
    "kind",
    "file",
    "encoding",
    "delimiter",
    "rows",
    "created",
    "updated",
    "unchanged",
    "rejected",
    "errors",
    "warnings",
    "run",
    "dry_run",
    "refused",
]


@pytest.fixture
def table(tmp_path: Path) -> str:
    """Two good rows and a bad one, as Russian Excel saves them."""
    path = tmp_path / "clients.csv"
    path.write_bytes(
        csv_file(
            ["Кто", "ИНН"], ["Альфа", make_inn(1)], ["Бета", make_inn(2)], ["Гамма", "12"], encoding="cp1251"
        )
    )
    return str(path)


def run_command(*arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON."""
    out = StringIO()
    try:
        call_command("import_file", *arguments, "--json", stdout=out, stderr=StringIO())
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(out.getvalue())


def test_the_answer_has_counts_and_errors_with_row_and_column(table: str) -> None:
    code, answer = run_command("companies", table, "--mapping", "name=Кто")
    assert code == 0 and list(answer) == KEYS
    assert [answer[key] for key in KEYS[1:9]] == ["clients.csv", "cp1251", ";", 3, 2, 0, 0, 1]
    assert answer["errors"] == [
        {"row": 4, "column": "ИНН", "value": "12", "message": answer["errors"][0]["message"]}
    ]
    assert ImportRun.objects.get(public_id=answer["run"]).state == "done"


def test_a_dry_run_writes_nothing(table: str) -> None:
    code, answer = run_command("companies", table, "--mapping", "name=Кто", "--dry-run")
    assert (code, answer["created"], answer["dry_run"]) == (0, 2, True) and not Company.objects.exists()


def test_whole_or_nothing_ends_with_one(table: str) -> None:
    code, answer = run_command("companies", table, "--mapping", "name=Кто", "--mode", "whole")
    assert (
        (code, answer["created"], answer["rejected"]) == (1, 0, 1)
        and answer["refused"]
        and not Company.objects.exists()
    )


def test_a_file_that_cannot_be_read_ends_with_one_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    code, answer = run_command("companies", str(path))
    assert (
        code == 1
        and "XLS" in answer["errors"][0]["message"]
        and answer["run"] is None
        and not ImportRun.objects.exists()
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--mapping", "ghost=Кто"],
        ["--mapping", "name=Нет такой"],
        ["--option", "ghost=1"],
        ["--option", "multiplier=много"],
    ],
)
def test_wrong_decisions_are_explained(table: str, arguments: list[str]) -> None:
    code, answer = run_command("companies", table, "--mapping", "name=Кто", *arguments)
    assert code == 1 and answer["refused"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["companies", "/absent.csv"],
        ["companies", __file__, "--as", "ghost"],
        ["companies", __file__, "--mapping", "nothing"],
    ],
)
def test_a_wrong_command_line_is_one_sentence(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("import_file", *arguments)


def test_a_login_brings_its_rights(table: str, cast: Cast) -> None:
    """§3: a researcher imports for the own team; a KAM does not import."""
    make_company("Альфа", inn=make_inn(1), kpp="", kam=cast.aliev)
    code, answer = run_command("companies", table, "--mapping", "name=Кто", "--as", "rogov")
    assert (code, answer["created"], answer["rejected"]) == (0, 1, 2)
    assert run_command("companies", table, "--mapping", "name=Кто", "--as", "vetrov")[0] == 1
