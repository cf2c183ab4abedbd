"""Notes of experience: written, found, voted for, chosen by a lead; the client stays unnamed to strangers (R80)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.services.anonymisation import anonymise_contact
from tests.factories import Cast, make_company, make_contact
from tests.trainings.experience_makers import make_note, make_objection
from trainings.client_names import clients_named_in, mask_clients
from trainings.models import KnowledgeNote, NoteUse
from trainings.note_queries import shown_to, with_counts
from trainings.services.notes import change_note, hide_note, pick_note, vote_for_note, write_note
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent

WORDS = {"title": "Считаем цену спора", "body": "Показываем, во что обошёлся один проигранный спор."}


def test_everybody_but_the_administrator_writes_and_reads(cast: Cast) -> None:
    """§3, row «Knowledge notes»."""
    note = write_note(by=cast.titova, kind="case", **WORDS)
    assert KnowledgeNote.objects.visible_to(cast.demin).get() == note
    assert not KnowledgeNote.objects.visible_to(cast.admin).exists()
    with pytest.raises(NotAllowed):
        write_note(by=cast.admin, **WORDS)


def test_a_text_that_names_a_client_is_asked_about_first(cast: Cast) -> None:
    """R80: in any case form, by the name in quotes; the author may say that it stays."""
    make_company("ПАО «Северодар Банк»", kam=cast.vetrov)
    body = "В Северодар Банке помог пилот на месяц."
    with pytest.raises(DomainError) as warned:
        write_note(by=cast.vetrov, title="Пилот", body=body)
    assert "Северодар Банк" in warned.value.errors["may_name"][0]
    assert write_note(by=cast.vetrov, title="Пилот", body=body, may_name=True).body == body


def test_the_check_gives_nobody_a_client_of_others(cast: Cast) -> None:
    """Faults D4: the warning names only clients within the author's reach."""
    make_company("ПАО «Северодар Банк»", kam=cast.vetrov)
    assert write_note(by=cast.demin, title="Случай", body="Видел рекламу Северодар Банка.")


@pytest.mark.parametrize(
    ("name", "text", "is_named"),
    [
        ("АО «Гранит-Девелопмент»", "Так было в Гранит-Девелопменте.", True),
        ("ООО «ТД Северный Лён»", "Клиент ТД «Северный Лен» просил скидку", True),
        ("ООО «Фармсклад Регион»", "Фармсклад другого региона", False),
        ("Администрация города Верхнелучинска", "администрацией города Верхнелучинска принято", True),
        ("ООО «Новая Волна Ритейл»", "новая волна скидок", False),
        ("АО", "АО и ООО", False),
    ],
)
def test_names_are_found_in_any_case_and_only_whole(cast: Cast, name: str, text: str, is_named: bool) -> None:
    """By stems of all words of the name in their order."""
    company = make_company(name, kam=cast.vetrov)
    assert (clients_named_in(text, cast.vetrov) == [company]) is is_named
    assert (mask_clients(text, [company]) != text) is is_named


@given(text=st.text(alphabet="абвАБВ «»-,.\nёЁ", max_size=60))
def test_law_masking_never_fails_and_leaves_no_name(cast: Cast, text: str) -> None:
    """R80: whatever stands around it, the name of the client is gone."""
    company = make_company("ПАО «Северодар Банк»", kam=cast.vetrov)
    masked = mask_clients(f"{text} ПАО «Северодар Банк» {text}", [company])
    assert "еверодар" not in masked


def test_the_client_of_a_note_is_named_only_to_who_may_open_its_card(cast: Cast) -> None:
    """R80: also in the title and the text."""
    company = make_company("ПАО «Северодар Банк»", kam=cast.vetrov)
    make_note(
        cast.vetrov,
        company=company,
        title="Северодар Банк и пилот",
        body="Для Северодар Банка сделали пилот.",
    )
    [own] = shown_to(KnowledgeNote.objects.all(), cast.lisina)
    [strange] = shown_to(KnowledgeNote.objects.all(), cast.demin)
    assert (own.company, own.title) == (company, "Северодар Банк и пилот")
    assert strange.company is None and "еверодар" not in strange.title + strange.body


def test_the_author_and_his_lead_correct_a_note_and_nobody_overwrites(cast: Cast) -> None:
    """Versions: a stale one is refused, the history keeps the old text, the search follows the new one."""
    note = make_note(cast.vetrov)
    change_note(note, {"body": "Считаем ущерб."}, by=cast.belova, version=1)
    with pytest.raises(Stale):
        change_note(KnowledgeNote.objects.get(), {"body": "Другое"}, by=cast.vetrov, version=1)
    with pytest.raises(NotAllowed):
        change_note(note, {"body": "Чужое"}, by=cast.lisina)
    assert KnowledgeNote.objects.matching("ущерб").exists()
    assert AuditEvent.objects.get(event="change_note").changes["body"][0].startswith("Покажите")


def test_a_vote_is_one_and_may_be_taken_back(cast: Cast) -> None:
    """«Полезно»: once a person, never for oneself."""
    note = make_note(cast.vetrov)
    assert [vote_for_note(note, by=cast.demin), vote_for_note(note, by=cast.aliev)] == [True, True]
    assert vote_for_note(note, by=cast.demin) is False
    counted = with_counts(KnowledgeNote.objects.all(), cast.aliev).get()
    assert (counted.votes_count, counted.has_voted) == (1, True)
    with pytest.raises(DomainError):
        vote_for_note(note, by=cast.vetrov)


def test_only_the_authors_lead_and_the_head_choose_and_hide(cast: Cast) -> None:
    """§3: moderate; a hidden note is seen by its author and his lead alone."""
    note = make_note(cast.vetrov)
    for stranger in (cast.gromov, cast.vetrov):
        with pytest.raises(NotAllowed):
            pick_note(note, is_pick=True, by=stranger)
    pick_note(note, is_pick=True, by=cast.belova)
    hide_note(note, is_hidden=True, by=cast.andreeva)
    assert note.picked_by == cast.belova
    seen = [user for user in (cast.vetrov, cast.belova, cast.andreeva, cast.gromov, cast.demin)
            if KnowledgeNote.objects.visible_to(user).exists()]  # fmt: skip
    assert seen == [cast.vetrov, cast.belova, cast.andreeva]


def test_notes_of_a_lead_are_marked(cast: Cast) -> None:
    """R80: «и делюсь своим»."""
    make_note(cast.belova)
    make_note(cast.vetrov)
    marks = with_counts(KnowledgeNote.objects.order_by("pk"), cast.demin)
    assert [note.is_by_lead for note in marks] == [True, False]


def test_uses_count_how_often_a_note_led_to_agreement(cast: Cast) -> None:
    """Handled afterwards counts; open, accepted as it is and taken back do not."""
    note, company = make_note(cast.vetrov), make_company(kam=cast.vetrov)
    for state in ("handled", "open", "accepted"):
        NoteUse.objects.create(
            note=note, objection=make_objection(company, cast.vetrov, state=state), user=cast.vetrov
        )
    counted = with_counts(KnowledgeNote.objects.all(), cast.vetrov).get()
    assert (counted.uses_count, counted.led_count) == (3, 1)


def test_an_anonymised_person_leaves_the_notes_too(cast: Cast) -> None:
    """R102: text, search and history of this room."""
    company = make_company("Банк", kam=cast.vetrov)
    person = make_contact(company, "Колокольцев Павел Сергеевич")
    note = write_note(by=cast.vetrov, title="Колокольцев согласился", body="Колокольцеву показали расчёт.")
    anonymise_contact(person, by=cast.andreeva, reason="письмо № 7")
    note.refresh_from_db()
    assert "олокольц" not in note.title + note.body + note.search_text
    assert not AuditEvent.objects.filter(object_label__contains="Колокольц").exists()
