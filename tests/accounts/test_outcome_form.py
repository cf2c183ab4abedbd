"""The outcome form by plain requests: defaults, rights, drafts, errors, files; it works without scripts too."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import InteractionState
from accounts.models import Agreement, Attachment, Company, Contact, CustomField, Interaction, Objection, Task
from accounts.outcome_defaults import quick_dates
from accounts.services.interactions import log_interaction
from accounts.services.outcome import ObjectionSaid, Outcome
from tests.factories import Cast, T, make_company, make_contact, make_product, moment
from upsell_crm.core.drafts import save_draft
from upsell_crm.core.models import Draft, User

ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def meridian(cast: Cast) -> Company:
    make_product("casebook")
    return make_company("Тёплый Меридиан", kam=cast.lisina)


@pytest.fixture
def orekhov(meridian: Company) -> Contact:
    return make_contact(meridian, "Орехов Павел Сергеевич")


def url_of(company: Company, query: str = "") -> str:
    return f"/companies/{company.public_id}/outcome/{query}"


def logged(by: User, company: Company, *people: Contact, **values: Any) -> Interaction:
    defaults: dict[str, Any] = {
        "kind": "call", "starts_at": moment(T - timedelta(days=5)), "summary": "Созвонились",
        "next_step": "Встретиться", "next_step_on": T,
    }  # fmt: skip
    return log_interaction(
        by=by, company=company, outcome=Outcome(**{**defaults, "attendees": people, **values})
    )


def filled(page: Any, **values: Any) -> dict[str, Any]:
    """What a browser would send from the form that was opened, with some fields typed."""
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    data["starts_at"] = data["starts_at"].strftime("%Y-%m-%dT%H:%M")
    for rows in (page.context["page"].agreements, page.context["page"].people):
        data |= {f"{rows.prefix}-TOTAL_FORMS": rows.total_form_count(), f"{rows.prefix}-INITIAL_FORMS": 0}
    typical = {"summary": "Показали Casebook", "next_step": "Позвонить"}
    return {**data, **typical, **values}


def test_a_plan_opens_on_the_next_working_day(cast: Cast, meridian: Company, client_of: ClientOf) -> None:
    """product.md §3.1: «Назначить встречу»; the same form, whose moment ahead makes it a plan."""
    client, url = client_of(cast.lisina), url_of(meridian, "?fresh=1&plan=1")
    page = client.get(url)
    assert page.context["form"]["starts_at"].value().isoformat() == "2026-11-25T11:00:00"
    assert client.post(url, filled(page, summary="", next_step=""), headers=HTMX).status_code == 204
    assert Interaction.objects.get().state == InteractionState.PLANNED


def test_the_form_proposes_what_is_likely(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """§6.1: ЛПР of the last meeting ticked, the kind last used, an hour ago by quarters, a next step in 7 days."""
    make_contact(meridian, "Зуева Инна Львовна", role="user")
    logged(cast.lisina, meridian, orekhov)
    form = client_of(cast.lisina).get(url_of(meridian)).context["form"]
    assert form["attendees"].value() == [str(orekhov.public_id)]
    assert form["kind"].value() == "call"
    assert form["starts_at"].value().minute % 15 == 0
    assert [str(person) for person, _ticked in form.people()][0] == "Орехов Павел Сергеевич"
    assert form["next_step_on"].value() == quick_dates(T).next_step


@pytest.mark.slow
def test_a_plain_post_saves_without_scripts(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """The essential part is an ordinary form; after the save it redirects, so a reload repeats nothing."""
    client = client_of(cast.lisina)
    logged(cast.lisina, meridian, orekhov)
    data = filled(
        client.get(url_of(meridian)),
        reaction_casebook="2", feedback_casebook="удобно", objections=["price"], objection_price="дорого",
        **{"agreements-0-text": "Прислать расчёт", "agreements-0-who": "", "agreements-0-due_on": "2026-11-27"},
        tags="пилот, #важно", competitor="Иные",
    )  # fmt: skip
    answer = client.post(url_of(meridian, "?fresh=1"), data)
    interaction = Interaction.objects.latest("id")
    assert (answer.status_code, answer["Location"]) == (302, f"/interactions/{interaction.public_id}/")
    assert interaction.tags == ["пилот", "важно"]
    assert interaction.feedback.get().text == "удобно"
    assert interaction.objections.get().text == "дорого"
    assert Task.objects.get().assignee == cast.lisina
    shown = client.get(answer["Location"]).content.decode()
    assert "Показали Casebook" in shown
    assert "Отменить запись" in shown
    client.post(url_of(meridian, "?fresh=1"), data)
    assert Interaction.objects.count() == 2


def test_the_panel_answers_with_events(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """In the panel: 204, the timeline refreshes, the toast offers the undo."""
    client = client_of(cast.lisina)
    page = client.get(url_of(meridian), headers=HTMX)
    assert "<html" not in page.content.decode()
    data = filled(page, attendees=[str(orekhov.public_id)])
    answer = client.post(url_of(meridian, "?fresh=1"), data, headers=HTMX)
    assert answer.status_code == 204
    events = json.loads(answer["HX-Trigger"])
    assert "interaction:saved" in events
    assert "ЛПР подтверждён: Орехов П. С." in events["toast"]["text"]
    undo = client.post(events["toast"]["undo"], headers={"X-Requested-With": "fetch"})
    assert undo.status_code == 204
    assert not Interaction.objects.standing().exists()


@pytest.mark.slow
def test_save_and_next_opens_the_meeting_that_waits(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """Ctrl+Shift+Enter: the next planned meeting, else the choice of a company."""
    client = client_of(cast.lisina)
    data = filled(client.get(url_of(meridian)), attendees=[str(orekhov.public_id)], then="next")
    assert client.post(url_of(meridian, "?fresh=1"), data)["Location"] == "/outcome/"
    waiting = logged(cast.lisina, meridian, orekhov)
    Interaction.objects.filter(pk=waiting.pk).update(state="planned")
    data = filled(client.get(url_of(meridian, "?fresh=1")), attendees=[str(orekhov.public_id)], then="next")
    answer = client.post(url_of(meridian, "?fresh=1"), data, headers=HTMX)
    assert str(waiting.public_id) in answer["HX-Location"]


def test_todays_meeting_is_prefilled_and_becomes_the_record(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """§6.1, step 1: company, attendees and time come from the planned meeting."""
    plan = logged(cast.lisina, meridian, orekhov)
    Interaction.objects.filter(pk=plan.pk).update(state="planned", summary="", starts_at=moment(T, 0))
    client = client_of(cast.lisina)
    page = client.get(url_of(meridian))
    assert page.context["page"].planned == plan
    client.post(url_of(meridian, f"?interaction={plan.public_id}"), filled(page))
    plan.refresh_from_db()
    assert (plan.state, plan.summary) == (InteractionState.HELD, "Показали Casebook")
    assert Interaction.objects.count() == 1


def test_a_row_is_added_without_judging_what_is_typed(
    cast: Cast, meridian: Company, client_of: ClientOf
) -> None:
    """«Ещё договорённость» keeps the text and shows no errors yet."""
    client = client_of(cast.lisina)
    data = filled(client.get(url_of(meridian)), summary="", add="agreements")
    answer = client.post(url_of(meridian), data)
    assert answer.status_code == 200
    assert answer.context["page"].agreements.total_form_count() == 2
    assert "field-error" not in answer.content.decode()


@pytest.mark.slow
def test_what_was_typed_comes_back_with_the_reasons(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """Errors of the form and of the rules: 422, each at its field, nothing lost, nothing written."""
    client = client_of(cast.lisina)
    fresh = client.get(url_of(meridian))
    refused = client.post(
        url_of(meridian), filled(fresh, next_step="", **{"agreements-0-due_on": "2026-11-27"})
    )
    assert refused.status_code == 422
    assert refused.context["page"].agreements.errors[0]["text"]
    rules = client.post(url_of(meridian), filled(fresh, next_step=""))
    assert {"attendees", "next_step"} <= rules.context["form"].errors.keys()
    assert "Показали Casebook" in rules.content.decode()
    nonsense = client.post(url_of(meridian), {"starts_at": "вчера", "agreements-TOTAL_FORMS": "много"})
    assert nonsense.status_code == 422
    assert not Interaction.objects.exists()


@pytest.mark.slow
def test_a_draft_comes_back_and_goes_with_the_save(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """Faults A8, A13: restored for its author alone, dropped by the save or by «начать заново»."""
    client = client_of(cast.lisina)
    key = f"log_interaction:{meridian.public_id}"
    save_draft(cast.lisina, key, {"summary": ["Половина"], "agreements-TOTAL_FORMS": ["1"]})
    page = client.get(url_of(meridian))
    assert page.context["page"].is_restored
    assert "Половина" in page.content.decode()
    assert "field-error" not in page.content.decode()
    assert "Половина" not in client_of(cast.belova).get(url_of(meridian)).content.decode()
    client.post(url_of(meridian), {"discard": "1"})
    assert not Draft.objects.exists()
    save_draft(cast.lisina, key, {"summary": ["Половина"]})
    data = filled(client_of(cast.belova).get(url_of(meridian)), attendees=[str(orekhov.public_id)])
    client.post(url_of(meridian), {**data, "author": str(cast.lisina.public_id)})
    assert Interaction.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_form_of_another_person_is_not_saved_under_my_name(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """Faults A13: somebody else has signed in in this browser meanwhile."""
    data = filled(client_of(cast.lisina).get(url_of(meridian)), attendees=[str(orekhov.public_id)])
    answer = client_of(cast.belova).post(url_of(meridian), data)
    assert answer.status_code == 422
    assert "Показали Casebook" in answer.content.decode()
    assert not Interaction.objects.exists()


@pytest.mark.slow
def test_the_back_button_loses_nothing(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """A saved form that was edited after «Back»: told once, then saved as another record; its draft too."""
    client = client_of(cast.lisina)
    data = filled(client.get(url_of(meridian)), attendees=[str(orekhov.public_id)])
    client.post(url_of(meridian), data)
    edited = client.post(url_of(meridian), {**data, "summary": "Другой текст"})
    assert edited.status_code == 422
    again = {**data, "summary": "Другой текст", "client_id": edited.context["form"]["client_id"].value()}
    assert client.post(url_of(meridian), again).status_code == 302
    assert Interaction.objects.count() == 2
    save_draft(cast.lisina, f"log_interaction:{meridian.public_id}", {"client_id": [str(data["client_id"])]})
    restored = client.get(url_of(meridian)).context["form"]
    assert restored["client_id"].value() != str(data["client_id"])
    echo = {"client_id": [str(data["client_id"])], "summary": [data["summary"]]}
    save_draft(cast.lisina, f"log_interaction:{meridian.public_id}", echo)
    assert not client.get(url_of(meridian)).context["page"].is_restored
    assert not Draft.objects.exists()


def test_who_may_open_the_form(cast: Cast, meridian: Company, client_of: ClientOf) -> None:
    """domain.md §3: stranger 404, reader without the right 403."""
    assert client_of(cast.demin).get(url_of(meridian)).status_code == 404
    assert client_of(cast.titova).get(url_of(meridian)).status_code == 403
    assert client_of(cast.titova).get("/outcome/").status_code == 403
    assert client_of(cast.belova).get(url_of(meridian)).status_code == 200
    for nonsense in ("zzz", "z" * 36, "%00"):
        assert client_of(cast.lisina).get(url_of(meridian, f"?interaction={nonsense}")).status_code == 404


def test_the_choice_of_a_company_starts_with_recent_ones(
    cast: Cast, meridian: Company, client_of: ClientOf
) -> None:
    """product.md §3.3: recent first, found by name in any letters."""
    other = make_company("ООО «Ёлки»", kam=cast.lisina)
    logged(cast.lisina, other, make_contact(other))
    make_company("Чужая", kam=cast.demin)
    client = client_of(cast.lisina)
    assert [str(each) for each in client.get("/outcome/").context["companies"]] == [
        "ООО «Ёлки»",
        "Тёплый Меридиан",
    ]
    assert [str(each) for each in client.get("/outcome/?q=елки").context["companies"]] == ["ООО «Ёлки»"]
    assert not client.get("/outcome/?q=чужая").context["companies"]


def test_a_file_is_kept_and_given_only_as_a_download(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf, settings: Any, tmp_path: Any
) -> None:
    """Faults E7, E8: generated name on disk, attachment with nosniff, nobody of another team."""
    settings.MEDIA_ROOT = tmp_path
    client = client_of(cast.lisina)
    upload = SimpleUploadedFile("../../отчёт.pdf", b"%PDF-1.7 text")
    data = filled(client.get(url_of(meridian)), attendees=[str(orekhov.public_id)], attachments=[upload])
    client.post(url_of(meridian), data)
    kept = Attachment.objects.get()
    assert kept.name == "отчёт.pdf"
    assert "отчёт" not in kept.file.name
    answer = client.get(f"/attachments/{kept.public_id}/")
    assert answer.content == b"%PDF-1.7 text"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client_of(cast.demin).get(f"/attachments/{kept.public_id}/").status_code == 404
    kept.file.delete(save=False)
    assert client.get(f"/attachments/{kept.public_id}/").status_code == 404


def test_own_fields_stand_in_the_form(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """R33: a field that the administrator has added is shown, saved and checked."""
    CustomField.objects.create(code="rivals", label_ru="Аналогов", label_en="Rivals", kind="number")
    client = client_of(cast.lisina)
    page = client.get(url_of(meridian))
    assert "Аналогов" in page.content.decode()
    data = filled(page, attendees=[str(orekhov.public_id)], custom_rivals="много")
    refused = client.post(url_of(meridian), data)
    assert refused.status_code == 422
    assert refused.context["form"].errors["custom_rivals"]
    client.post(url_of(meridian), {**data, "custom_rivals": "3"})
    assert Interaction.objects.get().custom == {"rivals": "3"}


@pytest.mark.slow
def test_a_record_is_corrected_and_a_conflict_shows_both_texts(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """Faults B1: the second of two tabs sees what stands there and keeps its own text."""
    interaction = logged(cast.lisina, meridian, orekhov)
    client, url = client_of(cast.lisina), f"/interactions/{interaction.public_id}/correct/"
    data = {
        "kind": "call", "starts_at": "2026-11-19T12:00", "summary": "Первый текст", "next_step": "Встретиться",
        "next_step_on": "2026-11-24", "version": 1,
    }  # fmt: skip
    assert client.get(url).status_code == 200
    assert client.post(url, data, headers=HTMX).status_code == 204
    stale = client.post(url, {**data, "summary": "Второй текст"}, headers=HTMX)
    assert stale.status_code == 422
    assert "Первый текст" in stale.content.decode()
    assert "Второй текст" in stale.content.decode()
    assert client_of(cast.rogov).get(url).status_code == 403


def test_promises_and_objections_are_closed(
    cast: Cast, meridian: Company, orekhov: Contact, client_of: ClientOf
) -> None:
    """R30, R31: kept, and answered with words."""
    interaction = logged(cast.lisina, meridian, orekhov, objections=[ObjectionSaid("price")])
    promise = Agreement.objects.create(
        interaction=interaction, company=meridian, text="Дать реквизиты", side="client"
    )
    client = client_of(cast.lisina)
    assert client.post(f"/agreements/{promise.pk}/keep/", headers=HTMX).status_code == 204
    promise.refresh_from_db()
    assert promise.done_at
    objection = Objection.objects.get()
    url = f"/objections/{objection.public_id}/handle/"
    assert client.post(url, {"state": "handled", "version": 1}, headers=HTMX).status_code == 422
    done = client.post(url, {"state": "handled", "handled_how": "Окупаемость", "version": 1}, headers=HTMX)
    assert done.status_code == 204
    assert Objection.objects.get().state == "handled"


@pytest.mark.slow
def test_the_form_costs_the_same_with_more_people(
    cast: Cast, meridian: Company, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    client = client_of(cast.lisina)

    def add(number: int) -> None:
        for _each in range(number):
            logged(cast.lisina, meridian, make_contact(meridian))
            meridian.departments.create(name=f"Отдел {meridian.departments.count()}")

    query_budget(add, lambda: client.get(url_of(meridian)), at_most=20)
