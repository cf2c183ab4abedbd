"""Pages of a holding programme: what is shown, what a click does (R66–R75, product.md §1.7, §3.4)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import PotentialEstimate, Task
from deals.enums import Function
from deals.models import DzoConsent, Mechanics
from deals.services.mechanics import assign_function
from tests.deals.holding import Holding, confirm_all, draft, make_holding, meet
from tests.factories import Cast, T, make_company, make_contact, make_contract, make_product

HTMX = {"HX-Request": "true"}


@pytest.fixture
def holding(cast: Cast) -> Holding:
    """The holding of the story."""
    return make_holding(cast)


def address(holding: Holding, name: str = "program_detail", **words: str) -> str:
    """A page of the programme."""
    return reverse(f"deals:{name}", kwargs={"public_id": holding.deal.public_id, **words})


def text(client: Client, url: str) -> str:
    """The page in Russian."""
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_what_is_in_the_way(cast: Cast, holding: Holding, client_of) -> None:
    """product.md §3.4: a lock and «что мешает открыть»; ДЗО that no consent covers are told in words (story 5)."""
    page = text(client_of(cast.aliev), address(holding))
    assert "Что мешает открыть" in page and "Орехов0" in page and "шлюз закрыт" in page
    draft(holding, holding.second)
    page = text(client_of(cast.aliev), address(holding))
    assert "согласие не покрывает" in page and "ждёт согласия" in page and "заполнено на 0 %" in page


def test_one_click_notes_what_a_key_person_thinks(cast: Cast, holding: Holding, client_of) -> None:
    """R67: with the last meeting as evidence; without one the click is refused in words."""
    person, browser = holding.people[0], client_of(cast.aliev)
    said = {"role": str(holding.role(person).public_id), "state": "confirmed"}
    refused = browser.post(address(holding, "quick_value"), said, headers=HTMX)
    assert refused.status_code == 422
    meet(holding.head, person, cast.aliev)
    assert browser.post(address(holding, "quick_value"), said, headers=HTMX).status_code == 204
    page = text(browser, address(holding))
    assert "24.11.2026" in page and 'value="confirmed" aria-pressed="true"' in page


def test_a_consent_is_drafted_and_given_in_panels(cast: Cast, holding: Holding, client_of) -> None:
    """R68: the refusal of gate 1 stands in the panel; afterwards the ДЗО is open."""
    browser = client_of(cast.aliev)
    words = {"companies": [str(holding.second.public_id)], "evidence": "Письмо № 14",
             "approved_by": str(holding.people[0].public_id)}  # fmt: skip
    assert browser.post(address(holding, "draft_consent"), words, headers=HTMX).status_code == 204
    give = reverse("deals:give_consent", args=[DzoConsent.objects.get().public_id])
    refused = browser.post(give, {"given_on": "2026-11-24"}, headers=HTMX)
    assert refused.status_code == 422 and "Ждём" in refused.content.decode()
    confirm_all(holding)
    assert browser.post(give, {"given_on": "2026-11-24"}, headers=HTMX).status_code == 204
    assert "открыто" in text(browser, address(holding))


@pytest.mark.slow
def test_a_function_is_given_from_its_cell_and_passed_on(cast: Cast, holding: Holding, client_of) -> None:
    """R69, R73: the panel lists the open tasks, ticked ones move."""
    browser = client_of(cast.aliev)
    words = {"company": str(holding.second.public_id), "function": "set_meetings", "user": "Наумов"}
    shown = browser.get(address(holding, "assign_function"), words, headers=HTMX).content.decode()
    assert "selected" in shown
    assert browser.post(address(holding, "assign_function"), words, headers=HTMX).status_code == 204
    line, task = Mechanics.objects.get(), Task.objects.get()
    panel = reverse("deals:change_person", args=[line.public_id])
    assert "Назначить встречу" in browser.get(panel, headers=HTMX).content.decode()
    passed = {"user": "Рогов", "tasks": [str(task.public_id)], "version": line.version}
    assert browser.post(panel, passed, headers=HTMX).status_code == 204
    task.refresh_from_db()
    assert task.assignee == cast.rogov
    sheet = text(browser, address(holding, "program_sheet"))
    assert "Рогов" in sheet and "Наумов" not in sheet


def test_a_second_closer_is_refused_in_words(cast: Cast, holding: Holding, client_of) -> None:
    """R72: the panel says why."""
    assign_function(
        by=cast.aliev,
        program=holding.program,
        company=holding.second,
        function=Function.APPROVE_DOCS,
        user=cast.kim,
    )
    words = {"company": str(holding.second.public_id), "function": "approve_docs", "user": "Алиев"}
    answer = client_of(cast.aliev).post(address(holding, "assign_function"), words, headers=HTMX)
    assert answer.status_code == 422 and "другой клоузер" in answer.content.decode()


@pytest.mark.slow
def test_the_matrix_stands_on_the_card_of_the_head(cast: Cast, holding: Holding, client_of) -> None:
    """product.md §3.4: licences of potential; others' ДЗО are counted without names and money (§4.9)."""
    make_contract(holding.second, ("casebook", 20))
    PotentialEstimate.objects.create(company=holding.second, product=make_product(), target_seats=45)
    matrix = reverse("deals:company_matrix", args=[holding.head.public_id])
    assert "20/45" in text(client_of(cast.aliev), matrix)
    card = text(client_of(cast.aliev), holding.head.get_absolute_url())
    assert matrix in card
    strangers = make_company("ООО «Чужое ДЗО»", kam=cast.demin, parent=holding.head, head=holding.head)
    holding.deal.members.all().delete()
    strangers.members.all().delete()
    page = text(client_of(cast.aliev), matrix)
    assert "Чужое" not in page and "у других команд" in page
    assert text(client_of(cast.aliev), reverse("deals:company_matrix", args=[holding.second.public_id])) == ""


def test_an_old_version_is_refused_with_both_texts(cast: Cast, holding: Holding, client_of) -> None:
    """faults B1: of two who move the programme the second is told."""
    confirm_all(holding)
    browser = client_of(cast.aliev)
    move = address(holding, "move_program", to="consent")
    assert browser.post(move, {"version": 1}, headers=HTMX).status_code == 204
    assert browser.post(move, {"version": 1}, headers=HTMX).status_code == 409


@pytest.mark.slow
@pytest.mark.parametrize("name", ["program_detail", "program_summary", "program_sheet", "company_matrix"])
def test_the_page_costs_the_same_for_many(
    cast: Cast, holding: Holding, client_of, query_budget, name: str
) -> None:
    """The budget of a page: flat in subsidiaries, key people, functions and plans."""
    browser = client_of(cast.andreeva)
    of = holding.head if name == "company_matrix" else holding.deal
    url = reverse(f"deals:{name}", args=[of.public_id])

    def add_rows(number: int) -> None:
        for place in range(number):
            company = make_company(kam=cast.aliev, parent=holding.head, head=holding.head)
            person = make_contact(holding.head, f"Ключевой{place} Пётр")
            for author in (cast.aliev, cast.demin):
                meet(holding.head, person, author, T + timedelta(days=2), state="planned")
            assign_function(
                by=cast.aliev,
                program=holding.program,
                company=company,
                function="hold_meetings",
                user=cast.naumov,
            )

    query_budget(add_rows, lambda: browser.get(url), at_most=16)


def test_forms_of_the_programme_keep_what_is_typed(cast: Cast, holding: Holding, client_of) -> None:
    """faults D1: a draft of a consent and of a function come back on another day; saving drops them."""
    browser = client_of(cast.aliev)
    for name, words in (
        ("draft_consent", {"evidence": "Письмо № 77", "companies": [str(holding.second.public_id)]}),
        ("assign_function", {"function": "other", "function_text": "Считает эффект"}),
    ):
        key = f"{name}:{holding.deal.public_id}"
        assert browser.post(reverse("core:draft", args=[key]), words).status_code == 200
        page = browser.get(address(holding, name), headers=HTMX).content.decode()
        assert (words.get("evidence") or words["function_text"]) in page and f'data-draft="{key}"' in page
    saved = {"companies": [str(holding.second.public_id)], "evidence": "Письмо № 77"}
    assert browser.post(address(holding, "draft_consent"), saved, headers=HTMX).status_code == 204
    assert "Письмо № 77" not in browser.get(address(holding, "draft_consent"), headers=HTMX).content.decode()


def test_taking_a_function_away_names_its_open_tasks(cast: Cast, holding: Holding, client_of) -> None:
    """R73: the tasks stay with the colleague unless the function is passed on; the panel says so."""
    line = assign_function(
        by=cast.aliev, program=holding.program, company=holding.second, function=Function.SET_MEETINGS, user=cast.naumov
    )  # fmt: skip
    panel = client_of(cast.aliev).get(reverse("deals:end_function", args=[line.public_id]), headers=HTMX)
    assert "Назначить встречу" in panel.content.decode()


def test_needs_of_a_subsidiary_stand_in_words(cast: Cast, holding: Holding, client_of) -> None:
    """R75: what the ДЗО needs, not only the day on which it said so."""
    talk = meet(holding.second, None, cast.aliev, purpose="needs")
    type(talk).objects.filter(pk=talk.pk).update(summary="Нужны ещё шесть мест в суды")
    assert "Нужны ещё шесть мест в суды" in text(client_of(cast.aliev), address(holding))
