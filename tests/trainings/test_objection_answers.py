"""What helped elsewhere against an objection: offered in the outcome form and beside an open one (R31, R80)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import InteractionKind
from accounts.models import Company, Interaction, Objection
from accounts.services.interactions import log_interaction, retract_interaction
from accounts.services.outcome import ObjectionSaid, Outcome
from tests.factories import Cast, make_company, make_contact, make_contract, make_product, moment
from tests.trainings.experience_makers import make_note, make_objection
from trainings.models import NoteUse
from trainings.note_queries import answers_elsewhere, best_notes
from trainings.services.note_uses import answer_objection
from trainings.services.notes import hide_note, pick_note
from upsell_crm.core.models import AuditEvent, User

ClientOf = Callable[[User], Client]


@pytest.fixture
def shop(cast: Cast) -> Company:
    return make_company("ООО «Фармсклад Регион»", kam=cast.vetrov, industry="retail")


def log(cast: Cast, company: Company, context: dict[str, str], *categories: str) -> Interaction:
    outcome = Outcome(
        kind=InteractionKind.CALL, starts_at=moment(hour=9), summary="Дорого", attendees=[make_contact(company)],
        no_next_step_because="ждём", objections=[ObjectionSaid(category, "дорого") for category in categories],
    )  # fmt: skip
    return log_interaction(by=cast.vetrov, company=company, outcome=outcome, context=context)


def test_a_note_taken_in_the_form_is_used_when_the_outcome_is_saved(cast: Cast, shop: Company) -> None:
    """R80: by the slot's words; for an objection that was not logged, and for a hidden note, nothing is written."""
    note, other, hidden = make_note(cast.demin), make_note(cast.demin), make_note(cast.demin)
    hide_note(hidden, is_hidden=True, by=cast.andreeva)
    said = {f"note-{note.public_id}": "price", f"note-{other.public_id}": "budget", f"note-{hidden.public_id}": "price",
            "note-nonsense": "price"}  # fmt: skip
    log(cast, shop, said, "price", "timing")
    use = NoteUse.objects.get()
    assert (use.note, use.objection.category, use.user) == (note, "price", cast.vetrov)
    assert AuditEvent.objects.get(event="use_note").company_id == shop.pk


def test_an_outcome_taken_back_takes_its_uses_along(cast: Cast, shop: Company) -> None:
    """The undo of the outcome leaves no count behind."""
    note = make_note(cast.demin)
    interaction = log(cast, shop, {f"note-{note.public_id}": "price"}, "price")
    retract_interaction(by=cast.vetrov, interaction=interaction)
    assert not NoteUse.objects.exists()


def test_the_best_notes_come_first(cast: Cast, shop: Company) -> None:
    """Product or industry of this client first, then picks, then the share that helped; other objections never."""
    make_contract(shop, ("casebook", 7))
    plain = make_note(cast.demin, title="Просто")
    helped = make_note(cast.demin, title="Помогла")
    picked = make_note(cast.vetrov, title="Лучшая")
    fitting = make_note(cast.demin, title="Про Casebook", product=make_product("casebook"))
    make_note(cast.demin, title="О сроках", objection_category="timing")
    pick_note(picked, is_pick=True, by=cast.belova)
    for note, state in ((plain, "open"), (helped, "handled")):
        NoteUse.objects.create(
            note=note, objection=make_objection(shop, cast.vetrov, state=state), user=cast.vetrov
        )
    titles = [shown.title for shown in best_notes("price", shop, cast.vetrov)]
    assert titles == [fitting.title, picked.title, helped.title]


def test_answers_that_helped_elsewhere_never_name_a_client_out_of_reach(cast: Cast, shop: Company) -> None:
    """product.md §1.13: names by rights, in the text too; the count is that of all."""
    ours = make_company("ООО «Лизинг-Перспектива»", kam=cast.lisina, industry="bank")
    theirs = make_company("АО «Гранит-Девелопмент»", kam=cast.demin, industry="retail")
    make_contact(theirs, "Самсонов Олег")
    how = "В Гранит-Девелопменте Самсонову показали цену спора."
    make_objection(theirs, cast.demin, state="handled", handled_how=how)
    make_objection(ours, cast.lisina, state="handled", handled_how="Лизинг-Перспективе дали рассрочку.")
    for state, words in (("open", ""), ("accepted", "так и есть"), ("handled", "")):
        make_objection(theirs, cast.demin, state=state, handled_how=words)
    make_objection(shop, cast.vetrov, state="handled", handled_how="у этого же клиента")
    answers, total = answers_elsewhere("price", shop, cast.vetrov)
    assert (total, [answer.company for answer in answers]) == (2, [None, ours])  # the same industry first
    assert "ранит" not in answers[0].text and "амсонов" not in answers[0].text
    assert "цену спора" in answers[0].text and "Перспективе" in answers[1].text
    shown, _total = answers_elsewhere("price", shop, cast.andreeva)
    assert how in [answer.text for answer in shown]


def test_the_slot_shows_what_helps_for_the_ticked_objections(
    cast: Cast, shop: Company, client_of: ClientOf
) -> None:
    """In the outcome form by htmx: nothing without an objection, one tap «использую», kept when the form is redrawn."""
    note = make_note(cast.demin)
    make_objection(make_company(kam=cast.demin), cast.demin, state="handled", handled_how="Дали рассрочку")
    client, url = client_of(cast.vetrov), reverse("trainings:outcome_answers", args=[shop.public_id])
    assert client.get(url).content.decode().strip() == ""
    page = client.get(url, {"objections": ["price", "timing"]}).content.decode()
    assert "Считаем стоимость спора" in page and "помогло ещё у 1 клиента" in page
    assert f'name="context-note-{note.public_id}" value="price">' in page
    again = client.get(
        url, {"objections": "price", f"context-note-{note.public_id}": "price"}
    ).content.decode()
    assert f'name="context-note-{note.public_id}" value="price" checked>' in again
    form = client.get(reverse("accounts:log_outcome", args=[shop.public_id])).content.decode()
    assert url in form


def test_an_objection_of_the_card_is_answered_with_a_note(
    cast: Cast, shop: Company, client_of: ClientOf
) -> None:
    """R31: handled, with the title of the note when nothing else is written; the note counts as used."""
    note, objection = make_note(cast.demin), make_objection(shop, cast.vetrov, text="Дорого")
    client, url = client_of(cast.vetrov), reverse("trainings:objection_answers", args=[objection.public_id])
    page = client.get(url).content.decode()
    assert "Как отвечали другие" in page and "«Дорого»" in page
    people = client.get(reverse("accounts:company_people", args=[shop.public_id])).content.decode()
    assert url in people
    answer = client.post(
        url,
        {"state": "handled", "handled_how": "", "notes": [note.public_id]},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 204
    objection.refresh_from_db()
    assert (objection.state, objection.handled_how) == ("handled", note.title)
    assert NoteUse.objects.get().objection == objection
    assert (
        client.post(url, {"state": "handled", "handled_how": ""}, headers={"HX-Request": "true"}).status_code
        == 204
    )


def test_an_answer_without_words_and_notes_is_refused_with_nothing_lost(
    cast: Cast, shop: Company, client_of: ClientOf
) -> None:
    """R31: «handled» says how."""
    objection = make_objection(shop, cast.vetrov)
    url = reverse("trainings:objection_answers", args=[objection.public_id])
    assert client_of(cast.vetrov).post(url, {"state": "handled", "handled_how": ""}).status_code == 422


def test_the_same_note_twice_is_one_use(cast: Cast, shop: Company) -> None:
    """A second save of the panel changes nothing."""
    note, objection = make_note(cast.demin), make_objection(shop, cast.vetrov)
    for _time in range(2):
        answer_objection(
            by=cast.vetrov,
            objection=Objection.objects.get(pk=objection.pk),
            notes=[note],
            state="handled",
            how="Посчитали",
        )
    assert NoteUse.objects.count() == 1


@pytest.mark.slow
def test_the_slot_costs_the_same_for_any_number_of_notes(
    cast: Cast, shop: Company, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    """§6: constant queries."""
    client, url = client_of(cast.vetrov), reverse("trainings:outcome_answers", args=[shop.public_id])

    def add(n: int) -> None:
        for _number in range(n):
            company = make_company(kam=cast.demin)
            make_note(cast.demin, company=company)
            make_objection(company, cast.demin, state="handled", handled_how="Рассрочка")

    query_budget(add, lambda: client.get(url, {"objections": "price"}), at_most=16)
