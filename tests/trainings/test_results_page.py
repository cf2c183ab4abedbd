"""The grid of results over HTTP: save, paste, file, draft, a colleague who was faster (R35)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import Cast, make_company, make_contact
from tests.trainings.makers import make_training
from trainings.models import Trainee, Training
from trainings.results_rows import CODES, ResultRow
from trainings.services.results import enter_results
from upsell_crm.core.drafts import get_draft, save_draft
from upsell_crm.core.models import User

SignIn = Callable[[User], Client]


@pytest.fixture
def training(cast: Cast) -> Training:
    """Yesterday's, with one invited contact."""
    company = make_company("ООО «Лён»", kam=cast.lisina)
    training = make_training(company, cast.gai, ago=1)
    Trainee.objects.create(
        training=training, contact=make_contact(company, "Лапина Ирина Юрьевна", role="user")
    )
    return training


@pytest.fixture
def page(cast: Cast, client_of: SignIn, training: Training) -> Any:
    """`page(**fields)` posts lines of the grid as Гай."""
    client = client_of(cast.gai)

    def post(lines: list[dict[str, str]], **more: Any) -> Any:
        data = {code: [line.get(code, "") for line in lines] for code in ("who", *CODES)}
        return client.post(f"{training.get_absolute_url()}results/", {**data, **more})

    post.client = client  # type: ignore[attr-defined]
    return post


def who(training: Training) -> str:
    """The line of the invited person."""
    return str(training.trainees.get().public_id)


def test_a_save_enters_the_results_and_forgets_the_draft(cast: Cast, page: Any, training: Training) -> None:
    """R35: planned → results in one save, «да» and «4,5» as people type them."""
    save_draft(cast.gai, f"training_results:{training.public_id}", {"name": ["Лапина"]})
    lines = [{"who": who(training), "name": "Лапина Ирина Юрьевна", "attended": "да", "test": "85", "reaction": "4,5"},
             {"name": "Новиков Пётр", "attended": "+", "test": "17/20"}, {}]  # fmt: skip
    answer = page(lines)
    assert (answer.status_code, answer["Location"]) == (302, training.get_absolute_url())
    training.refresh_from_db()
    assert training.state == "results"
    assert sorted(training.trainees.values_list("name", "test", "reaction")) == [
        ("", 85, 4.5),
        ("Новиков Пётр", 85, None),
    ]
    assert get_draft(cast.gai, f"training_results:{training.public_id}") is None


def test_nothing_typed_is_lost_by_a_mistake(page: Any, training: Training) -> None:
    """R35: the page comes back with every cell, the wrong one named by line and column."""
    answer = page([{"name": "Новиков Пётр", "test": "сто", "comment": "Полезно"}])
    text = answer.content.decode()
    assert answer.status_code == 422 and training.trainees.count() == 1
    assert 'value="сто"' in text and 'value="Полезно"' in text and "Строка 1, «Тест»" in text


def test_a_pasted_table_joins_the_list(page: Any, training: Training) -> None:
    """R35: without scripts the same button puts the table in; nothing is saved before «Сохранить»."""
    invited = {"who": who(training), "name": "Лапина Ирина Юрьевна"}
    answer = page([invited], action="paste", pasted="ФИО\tТест\nЛапина И. Ю.\t85\nНовиков Пётр\t70")
    rows = answer.context["grid"].rows
    assert [(row.who != "", row.cells["name"], row.cells["test"]) for row in rows] == [
        (True, "Лапина Ирина Юрьевна", "85"),
        (False, "Новиков Пётр", "70"),
    ]
    assert training.trainees.count() == 1


def test_a_csv_is_read_and_a_broken_file_is_told(page: Any, training: Training) -> None:
    """R35: semicolons and cp1251 of Excel; what is no table keeps the grid as it was."""
    content = "ФИО;Был;Тест\r\nНовиков Пётр;да;85,5\r\n".encode("cp1251")
    answer = page([], action="file", file=SimpleUploadedFile("list.csv", content))
    assert answer.context["grid"].rows[0].cells["test"] == "85,5"
    answer = page([{"name": "Лапина"}], action="file", file=SimpleUploadedFile("list.pdf", b"%PDF-1.4 x"))
    assert answer.status_code == 422 and answer.context["grid"].rows[0].cells["name"] == "Лапина"
    assert page([], action="file").status_code == 422


def test_the_index_follows_the_keys(page: Any) -> None:
    """R36: the summary answers with the index of what is typed, saved or not."""
    answer = page(
        [{"name": "Новиков Пётр", "test": "100", "reaction": "5", "activated": "да"}], action="check"
    )
    assert answer.context["levels"].quality == 100 and "100" in answer.content.decode()


def test_a_draft_comes_back_and_remembers_what_it_was_typed_over(
    cast: Cast, page: Any, training: Training
) -> None:
    """Faults A8, B1: after a reload the typed lines stand there; over a newer list the save is refused and both are kept."""
    key = f"training_results:{training.public_id}"
    save_draft(
        cast.gai,
        key,
        {"name": ["Новиков Пётр"], "test": ["70"], "who": [""], "version": [str(training.version)]},
    )
    enter_results(training, [ResultRow(who="", name="Орехов Павел", attended=True)], by=cast.belova)
    opened = page.client.get(f"{training.get_absolute_url()}results/").context["grid"]
    assert opened.is_restored and opened.rows[0].cells["test"] == "70"
    answer = page([{"name": "Новиков Пётр", "test": "70"}], version=opened.version)
    names = [row.cells["name"] for row in answer.context["grid"].rows if row.cells.get("name")]
    assert (answer.status_code, names) == (409, ["Новиков Пётр", "Орехов Павел"])
    assert list(training.trainees.values_list("name", flat=True)) == ["Орехов Павел"]
    fresh = page.client.get(f"{training.get_absolute_url()}results/?fresh=1").context["grid"]
    assert [row.cells["name"] for row in fresh.rows] == ["Орехов Павел"]


def test_a_line_of_another_training_stands_for_nobody(cast: Cast, page: Any, training: Training) -> None:
    """A forged line changes no stranger's results."""
    other = make_training(make_company(kam=cast.demin), cast.moroz, ago=1)
    stranger = Trainee.objects.create(training=other, name="Чужой Человек")
    page([{"who": str(stranger.public_id), "name": "Новиков Пётр", "test": "70"}])
    stranger.refresh_from_db()
    assert (stranger.name, stranger.training) == ("Чужой Человек", other)
    assert list(training.trainees.values_list("name", flat=True)) == ["Новиков Пётр"]
