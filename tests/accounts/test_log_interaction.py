"""One save of the outcome form writes everything it implies, once, and can be taken back (R28–R33)."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import ContactState, DecisionRole, Fact, InteractionState, SetBy, TaskOrigin, TaskState
from accounts.models import (
    Agreement,
    Company,
    Contact,
    ContactStrength,
    CustomField,
    DepartmentInterest,
    FactCheck,
    Interaction,
    Objection,
    Task,
)
from accounts.services.interactions import (
    correct_interaction,
    hold_planned,
    log_interaction,
    retract_interaction,
)
from accounts.services.outcome import (
    AgreementSaid,
    DepartmentSaid,
    FeedbackSaid,
    NewPerson,
    ObjectionSaid,
    Outcome,
)
from accounts.services.promises import handle_objection, keep_agreement
from tests.factories import Cast, T, make_company, make_contact, make_product, moment
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.models.base import RecordedModel

TODAY_NOON = moment(T, 0)


@pytest.fixture
def meridian(cast: Cast) -> Company:
    return make_company("Тёплый Меридиан", kam=cast.lisina)


@pytest.fixture
def orekhov(meridian: Company) -> Contact:
    return make_contact(meridian, "Орехов Павел Сергеевич")


def said(*attendees: Contact, **values: Any) -> Outcome:
    """A typical outcome: a meeting of this morning with a next step in a week."""
    defaults: dict[str, Any] = {
        "kind": "meeting", "starts_at": TODAY_NOON, "summary": "Показали Casebook, просят расчёт.",
        "next_step": "Обсудить расчёт", "next_step_on": T + timedelta(days=7),
    }  # fmt: skip
    return Outcome(**{**defaults, "attendees": attendees, **values})


def test_one_save_writes_the_whole_story(cast: Cast, meridian: Company, orekhov: Contact) -> None:
    """R29, R30, R31, story 1: feedback, objection, agreement → task, ЛПР confirmed, next step on the company."""
    interaction = log_interaction(
        by=cast.lisina,
        company=meridian,
        outcome=said(
            orekhov,
            feedback=[FeedbackSaid(make_product("casebook"), 2, "удобно")],
            objections=[ObjectionSaid("price", "дороговато")],
            agreements=[AgreementSaid("Прислать расчёт", due_on=date(2026, 11, 27))],
        ),
    )
    assert interaction.state == InteractionState.HELD
    said_of = [(row.product.code, row.reaction, row.text) for row in interaction.feedback.all()]
    assert said_of == [("casebook", 2, "удобно")]
    assert Objection.objects.get().state == "open"
    task = Task.objects.get()
    assert (task.title, task.assignee, task.due_on) == ("Прислать расчёт", cast.lisina, date(2026, 11, 27))
    assert (task.origin, task.company, task.receiver) == (TaskOrigin.AGREEMENT, meridian, cast.lisina)
    assert Agreement.objects.get().task == task
    check = FactCheck.objects.get()
    assert (check.fact, check.contact, check.interaction) == (Fact.DM, orekhov, interaction)
    assert clock.local_date(check.checked_at) == T
    meridian.refresh_from_db()
    assert (meridian.next_step, meridian.next_step_on) == ("Обсудить расчёт", date(2026, 12, 1))
    assert meridian.last_contact_at == interaction.starts_at
    assert AuditEvent.objects.filter(event="log_interaction", company_id=meridian.pk).count() == 1


def test_the_same_form_twice_is_one_record(cast: Cast, meridian: Company, orekhov: Contact) -> None:
    """Faults A3–A5: a double click returns the record, another text under the key is refused."""
    key = uuid4()
    outcome = said(orekhov, agreements=[AgreementSaid("Прислать расчёт", due_on=T)])
    first = log_interaction(by=cast.lisina, company=meridian, outcome=outcome, client_id=key)
    again = log_interaction(by=cast.lisina, company=meridian, outcome=outcome, client_id=key)
    assert first == again
    assert (Interaction.objects.count(), Task.objects.count()) == (1, 1)
    with pytest.raises(DomainError) as refusal:
        log_interaction(
            by=cast.lisina, company=meridian, outcome=said(orekhov, summary="Иное"), client_id=key
        )
    assert refusal.value.code == "client_id_used"
    with pytest.raises(DomainError):
        log_interaction(by=cast.belova, company=meridian, outcome=outcome, client_id=key)
    assert Interaction.objects.count() == 1


def test_a_future_date_makes_a_plan(cast: Cast, meridian: Company) -> None:
    """One form for both: the date decides (§2.8.9); a plan needs neither people nor a next step."""
    plan = log_interaction(
        by=cast.lisina,
        company=meridian,
        outcome=said(starts_at=moment(T + timedelta(days=3)), summary="", next_step="", next_step_on=None),
    )
    assert plan.state == InteractionState.PLANNED
    meridian.refresh_from_db()
    assert meridian.last_contact_at is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"attendees": ()}, "attendees"),
        ({"summary": " "}, "summary"),
        ({"next_step": "", "next_step_on": None}, "next_step"),
        ({"next_step_on": None}, "next_step_on"),
        ({"next_step_on": T - timedelta(days=1)}, "next_step_on"),
        ({"state": "planned"}, "starts_at"),
        ({"state": "no_show", "starts_at": moment(T + timedelta(days=1))}, "starts_at"),
        ({"agreements": [AgreementSaid("Раньше", due_on=T - timedelta(days=1))]}, "agreements"),
        ({"tags": ["х" * 41]}, "tags"),
        ({"summary": "х" * 20_001}, "summary"),
        ({"kind": "seance"}, "kind"),
        ({"attachments": [SimpleUploadedFile("a.exe", b"MZ")]}, "attachments"),
        ({"attachments": [SimpleUploadedFile("a.pdf", b"<html>")]}, "attachments"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_at_its_field_and_nothing_is_written(
    cast: Cast, meridian: Company, orekhov: Contact, values: dict[str, Any], field: str
) -> None:
    """§2.8.9 and product.md §3.3: all or nothing, and the person is told where."""
    with pytest.raises(DomainError) as refusal:
        log_interaction(by=cast.lisina, company=meridian, outcome=said(**{"attendees": [orekhov], **values}))
    assert field in refusal.value.errors
    assert not Interaction.objects.exists()
    assert not Task.objects.exists()


def test_a_reason_stands_for_a_next_step(cast: Cast, meridian: Company, orekhov: Contact) -> None:
    """«Не нужен, потому что…» closes the record and clears the company's next step."""
    log_interaction(
        by=cast.lisina, company=meridian, outcome=said(orekhov, starts_at=moment(T - timedelta(days=3)))
    )
    log_interaction(
        by=cast.lisina, company=meridian,
        outcome=said(orekhov, next_step="", next_step_on=None, no_next_step_because="клиент вернётся сам"),
    )  # fmt: skip
    meridian.refresh_from_db()
    assert (meridian.next_step, meridian.next_step_on) == ("", None)


def test_people_and_departments_of_another_client_are_refused(cast: Cast, meridian: Company) -> None:
    """Faults D3: a foreign id in my form is refused."""
    stranger = make_contact(make_company("Чужой", kam=cast.vetrov))
    with pytest.raises(DomainError) as refusal:
        log_interaction(by=cast.lisina, company=meridian, outcome=said(stranger))
    assert "attendees" in refusal.value.errors


def test_who_may_not_log_is_refused(cast: Cast, meridian: Company, orekhov: Contact) -> None:
    """domain.md §3: BackOffice, marketing and a KAM of another client do not log."""
    for stranger in (cast.titova, cast.sokolova, cast.vetrov):
        with pytest.raises(NotAllowed):
            log_interaction(by=stranger, company=meridian, outcome=said(orekhov))


def test_a_promise_of_the_client_is_no_task_of_ours(cast: Cast, meridian: Company, orekhov: Contact) -> None:
    """R30: both sides are possible; the client's side is kept as a promise until it is kept."""
    log_interaction(
        by=cast.lisina, company=meridian,
        outcome=said(orekhov, agreements=[AgreementSaid("Дать реквизиты", "client", T + timedelta(days=2))]),
    )  # fmt: skip
    promise = Agreement.objects.get()
    assert promise.task is None
    keep_agreement(by=cast.lisina, agreement=promise)
    kept_at = promise.done_at
    keep_agreement(by=cast.lisina, agreement=promise)
    promise.refresh_from_db()
    assert promise.done_at == kept_at


def test_a_promise_on_a_day_off_is_due_on_the_working_day_before(
    cast: Cast, meridian: Company, orekhov: Contact
) -> None:
    """§2.3: due is a working day; Sunday 29.11 becomes Friday 27.11."""
    log_interaction(
        by=cast.lisina, company=meridian,
        outcome=said(orekhov, agreements=[AgreementSaid("Прислать", due_on=date(2026, 11, 29))]),
    )  # fmt: skip
    assert Task.objects.get().due_on == date(2026, 11, 27)


def test_a_new_person_needs_a_name_and_a_role_only(cast: Cast, meridian: Company) -> None:
    """product.md §3.3: «новый человек» inline; a new ЛПР is confirmed by the meeting."""
    log_interaction(
        by=cast.lisina, company=meridian, outcome=said(new_people=[NewPerson("Ёлкина Анна Ивановна", "dm")])
    )
    person = Contact.objects.get()
    assert (person.last_name, person.first_name, person.patronymic) == ("Ёлкина", "Анна", "Ивановна")
    assert person.roles.get().role == DecisionRole.DM
    assert list(FactCheck.objects.order_by("pk").values_list("contact", "result")) == [
        (person.pk, "changed"), (person.pk, "confirmed"),
    ]  # fmt: skip


def test_meeting_somebody_unconfirmed_confirms_that_he_works_there(cast: Cast, meridian: Company) -> None:
    person = make_contact(meridian, role="", state=ContactState.UNVERIFIED)
    interaction = log_interaction(by=cast.lisina, company=meridian, outcome=said(person))
    person.refresh_from_db()
    assert person.state == ContactState.ACTIVE
    retract_interaction(by=cast.lisina, interaction=interaction)
    person.refresh_from_db()
    assert person.state == ContactState.UNVERIFIED


def test_undo_leaves_no_trace_but_history(cast: Cast, meridian: Company, orekhov: Contact) -> None:
    """«Записано · Отменить»: derived columns, task, facts and strength are as before."""
    earlier = log_interaction(
        by=cast.lisina, company=meridian,
        outcome=said(orekhov, starts_at=moment(T - timedelta(days=30)), next_step="Позвонить"),
    )  # fmt: skip
    facts = FactCheck.objects.count()
    interaction = log_interaction(
        by=cast.lisina, company=meridian,
        outcome=said(orekhov, agreements=[AgreementSaid("Прислать", due_on=T)], objections=[ObjectionSaid("price")]),
    )  # fmt: skip
    retract_interaction(by=cast.lisina, interaction=interaction)
    retract_interaction(by=cast.lisina, interaction=interaction)
    meridian.refresh_from_db()
    assert (meridian.next_step, meridian.last_contact_at) == ("Позвонить", earlier.starts_at)
    assert Task.objects.get().state == TaskState.CANCELLED
    assert FactCheck.objects.count() == facts
    assert not Objection.objects.exists()
    strength = ContactStrength.objects.get(contact=orekhov, user=cast.lisina)
    assert (strength.level, strength.last_two_way_on) == (1, T - timedelta(days=30))
    assert list(Interaction.objects.standing()) == [earlier]


def test_only_the_author_undoes_and_only_for_ten_minutes(
    cast: Cast, meridian: Company, orekhov: Contact
) -> None:
    interaction = log_interaction(by=cast.lisina, company=meridian, outcome=said(orekhov))
    with pytest.raises(NotAllowed):
        retract_interaction(by=cast.belova, interaction=interaction)
    AuditEvent.objects.update(at=clock.now() - timedelta(days=400))
    with pytest.raises(NotAllowed) as refusal:
        retract_interaction(by=cast.lisina, interaction=interaction)
    assert refusal.value.code == "too_late"


def test_a_planned_meeting_becomes_the_record_and_back(
    cast: Cast, meridian: Company, orekhov: Contact
) -> None:
    """§6.1: today's meeting is held in place; undo makes it the plan again."""
    starts = moment(T + timedelta(days=1))
    plan = log_interaction(
        by=cast.lisina, company=meridian, outcome=said(orekhov, starts_at=starts, summary="", next_step="", next_step_on=None)
    )  # fmt: skip
    held = hold_planned(by=cast.lisina, interaction=plan, outcome=said(orekhov), version=plan.version)
    assert (held.pk, held.state) == (plan.pk, InteractionState.HELD)
    again = hold_planned(by=cast.lisina, interaction=held, outcome=said(orekhov))
    assert (again.pk, Interaction.objects.count()) == (plan.pk, 1)
    retract_interaction(by=cast.lisina, interaction=held)
    held.refresh_from_db()
    assert (held.state, held.starts_at, held.summary) == (InteractionState.PLANNED, starts, "")
    assert not FactCheck.objects.exists()


def test_two_people_hold_one_meeting_and_the_second_is_told(
    cast: Cast, meridian: Company, orekhov: Contact
) -> None:
    """Faults B1: nobody's text is overwritten silently."""
    plan = log_interaction(
        by=cast.lisina, company=meridian,
        outcome=said(starts_at=moment(T + timedelta(days=1)), summary="", next_step="", next_step_on=None),
    )  # fmt: skip
    other = Interaction.objects.get(pk=plan.pk)
    hold_planned(by=cast.lisina, interaction=plan, outcome=said(orekhov), version=1)
    with pytest.raises(Stale):
        hold_planned(by=cast.belova, interaction=other, outcome=said(orekhov, summary="Моё"), version=1)


def test_a_correction_obeys_the_rules_and_the_version(
    cast: Cast, meridian: Company, orekhov: Contact
) -> None:
    """R15, B1: corrected with history; an old version is refused; a colleague may not."""
    interaction = log_interaction(by=cast.lisina, company=meridian, outcome=said(orekhov))
    correct_interaction(by=cast.lisina, interaction=interaction, values={"summary": "Точнее"}, version=1)
    assert AuditEvent.objects.get(event="correct_interaction").changes["summary"][1] == "Точнее"
    with pytest.raises(Stale):
        correct_interaction(by=cast.lisina, interaction=interaction, values={"summary": "Поздно"}, version=1)
    with pytest.raises(DomainError):
        correct_interaction(by=cast.lisina, interaction=interaction, values={"summary": ""}, version=2)
    with pytest.raises(NotAllowed):
        correct_interaction(by=cast.rogov, interaction=interaction, values={"summary": "Чужое"}, version=2)


def test_strength_grows_with_talks_and_never_over_a_hand(
    cast: Cast, meridian: Company, orekhov: Contact
) -> None:
    """§2.6: 1 contact; 2 two-way; 4 two-way and fresh → 3; fruit → 4; by hand stays by hand."""
    levels = []
    for days in (90, 60, 30):
        log_interaction(
            by=cast.lisina,
            company=meridian,
            outcome=said(orekhov, starts_at=moment(T - timedelta(days=days))),
        )
        levels.append(ContactStrength.objects.get().level)
    log_interaction(by=cast.lisina, company=meridian, outcome=said(orekhov))
    levels.append(ContactStrength.objects.get().level)
    log_interaction(by=cast.lisina, company=meridian, outcome=said(orekhov, result="moved"))
    levels.append(ContactStrength.objects.get().level)
    assert levels == [1, 2, 2, 3, 4]
    ContactStrength.objects.update(level=5, set_by=SetBy.MANUAL, last_two_way_on=None)
    log_interaction(by=cast.lisina, company=meridian, outcome=said(orekhov))
    strength = ContactStrength.objects.get()
    assert (strength.level, strength.last_two_way_on) == (5, T)


def test_an_unanswered_email_is_not_two_way(cast: Cast, meridian: Company, orekhov: Contact) -> None:
    log_interaction(by=cast.lisina, company=meridian, outcome=said(orekhov, kind="email"))
    assert not FactCheck.objects.exists()
    assert ContactStrength.objects.get().last_two_way_on is None
    log_interaction(by=cast.lisina, company=meridian, outcome=said(orekhov, kind="email", replied=True))
    assert ContactStrength.objects.get().last_two_way_on == T
    assert FactCheck.objects.count() == 1


def test_departments_keep_their_interest(cast: Cast, meridian: Company, orekhov: Contact) -> None:
    """R12: level by department, and by product when one is named."""
    legal = meridian.departments.create(name="Юридический")
    log_interaction(
        by=cast.lisina, company=meridian,
        outcome=said(orekhov, departments=[DepartmentSaid(legal, 3, make_product("casebook")), DepartmentSaid(legal, 1)]),
    )  # fmt: skip
    assert legal.interactions.get().level == 3
    assert DepartmentInterest.objects.get().as_of == T


def test_own_fields_are_checked_by_their_kind(cast: Cast, meridian: Company, orekhov: Contact) -> None:
    """R33: an administrator's field without a migration; a wrong value names its field."""
    CustomField.objects.create(code="rivals", label_ru="Аналогов", label_en="Rivals", kind="number")
    CustomField.objects.create(
        code="mood", label_ru="Настрой", label_en="Mood", kind="choice", options=["бодрый"]
    )
    kept = log_interaction(
        by=cast.lisina,
        company=meridian,
        outcome=said(orekhov, custom={"rivals": "1 000,5", "mood": "бодрый"}),
    )
    assert kept.custom == {"rivals": "1000.5", "mood": "бодрый"}
    with pytest.raises(DomainError) as refusal:
        log_interaction(by=cast.lisina, company=meridian, outcome=said(orekhov, custom={"rivals": "много"}))
    assert "custom_rivals" in refusal.value.errors


def test_an_objection_is_answered_with_words(cast: Cast, meridian: Company, orekhov: Contact) -> None:
    """R31: open → handled needs «how»."""
    log_interaction(
        by=cast.lisina, company=meridian, outcome=said(orekhov, objections=[ObjectionSaid("price")])
    )
    objection = Objection.objects.get()
    with pytest.raises(DomainError):
        handle_objection(by=cast.lisina, objection=objection, state="handled")
    handle_objection(by=cast.lisina, objection=objection, state="handled", how="Показали окупаемость")
    assert Objection.objects.get().handled_how == "Показали окупаемость"


def test_a_fault_in_the_middle_leaves_nothing(
    cast: Cast, meridian: Company, orekhov: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults A24: the record, its task and its facts stand or fall together."""
    true_save = RecordedModel.save

    def failing(self: RecordedModel, *args: Any, **options: Any) -> None:
        if isinstance(self, Task):
            raise RuntimeError("power cut")
        true_save(self, *args, **options)

    monkeypatch.setattr(RecordedModel, "save", failing)
    with pytest.raises(RuntimeError):
        log_interaction(
            by=cast.lisina,
            company=meridian,
            outcome=said(orekhov, agreements=[AgreementSaid("Прислать", due_on=T)]),
        )
    assert not Interaction.objects.exists()
    assert not FactCheck.objects.exists()
