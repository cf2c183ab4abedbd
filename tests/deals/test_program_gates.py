"""The two gates of a holding programme and what they hold back (R67, R68, §2.8.7, story 5)."""

from datetime import timedelta

import pytest

from accounts.enums import InteractionState, Purpose
from accounts.models import Contact, Interaction, Task
from accounts.services.contact_roles import save_contact_role
from accounts.services.contacts import mark_contact_left
from accounts.services.interactions import hold_planned, log_interaction
from accounts.services.tasks import create_task, finish_task, start_task
from deals.enums import ProgramState
from deals.models import DealInteraction, DealTask, KeyDmValue
from deals.program_facts import ProgramFacts, key_people
from deals.program_gates import check_may_start
from deals.services.consents import draft_consent, give_consent, revoke_consent, update_consent
from deals.services.programs import move_program, override_gate, set_value
from tests.deals.holding import (
    Holding,
    confirm_all,
    consent_to,
    draft,
    make_holding,
    meet,
    needs,
    share_out,
)
from tests.factories import Cast, T, make_company, make_contact, make_deal
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.roles import Role


@pytest.fixture
def holding(cast: Cast) -> Holding:
    """The holding of the story, nothing confirmed."""
    return make_holding(cast)


def codes(action: object, **words: object) -> str:
    """The code of the refusal."""
    with pytest.raises(DomainError) as refusal:
        action(**words)  # type: ignore[operator]
    return refusal.value.code


def test_a_holding_deal_opens_with_its_programme(cast: Cast, holding: Holding) -> None:
    """R66, R67: a line per key ЛПР of the head; another deal has no programme."""
    assert holding.program.state == ProgramState.VALUE
    assert {row.contact_role.contact for row in KeyDmValue.objects.all()} == set(holding.people)
    assert not hasattr(make_deal(make_company(kam=cast.lisina)), "program")


def test_gate_one_opens_when_every_key_person_has_confirmed(cast: Cast, holding: Holding) -> None:
    """R67: one of two is not enough; the refusal names who is missing."""
    first, second = holding.people
    meet(holding.head, first, cast.aliev)
    set_value(by=cast.aliev, program=holding.program, role=holding.role(first), state="confirmed")
    with pytest.raises(DomainError, match="Орехов1") as refusal:
        move_program(holding.program, to="consent", by=cast.aliev)
    assert refusal.value.code == "value_not_confirmed"
    meet(holding.head, second, cast.aliev)
    set_value(by=cast.aliev, program=holding.program, role=holding.role(second), state="confirmed")
    assert move_program(holding.program, to="consent", by=cast.aliev).state == "consent"
    assert AuditEvent.objects.get(event="move_program").changes["state"] == ["value", "consent"]


def test_a_confirmation_refers_to_a_held_meeting_with_that_person(cast: Cast, holding: Holding) -> None:
    """R67: by default the last one; a meeting with somebody else proves nothing."""
    first, second = holding.people
    role = holding.role(first)
    words = {"by": cast.aliev, "program": holding.program, "role": role}
    assert codes(set_value, state="confirmed", **words) == "no_meeting"
    other = meet(holding.head, second, cast.aliev)
    assert codes(set_value, state="confirmed", interaction=other, **words) == "other_meeting"
    meet(holding.head, first, cast.aliev, T - timedelta(days=9))
    last = meet(holding.head, first, cast.aliev)
    assert set_value(state="confirmed", **words).interaction == last
    Interaction.objects.filter(pk=last.pk).update(retracted_at=last.starts_at)
    assert not key_people(holding.program)[0].is_confirmed


def test_key_people_come_and_go(cast: Cast, holding: Holding) -> None:
    """R67: who is named later appears, who has left counts no more and is not forgotten."""
    first, _second = holding.people
    confirm_all(holding)
    late = make_contact(holding.head, "Новиков Илья", role="")
    save_contact_role(late, "dm", by=cast.aliev, is_key=True)
    facts = ProgramFacts(holding.program, T)
    assert [person.role.contact for person in facts.unconfirmed] == [late]
    assert KeyDmValue.objects.filter(contact_role__contact=late).exists()
    for gone in (late, first):
        mark_contact_left(gone, by=cast.aliev, left_on=T)
    facts = ProgramFacts(holding.program, T)
    assert facts.is_value_confirmed
    assert {person.role.contact for person in facts.people if not person.is_counted} == {late, first}


def test_a_lead_overrides_gate_one_with_a_reason(cast: Cast, holding: Holding) -> None:
    """R67: the KAM may not; the reason is in history."""
    words = {"program": holding.program, "opens": "consent"}
    with pytest.raises(NotAllowed):
        override_gate(by=cast.aliev, reason="срочно", **words)
    assert codes(override_gate, by=cast.gromov, reason=" ", **words) == "no_reason"
    override_gate(by=cast.gromov, reason="ЛПР в отпуске", **words)
    assert move_program(holding.program, to="consent", by=cast.aliev).state == "consent"
    assert AuditEvent.objects.get(event="override_gate").reason == "ЛПР в отпуске"


def test_a_consent_waits_for_gate_one_and_has_its_words(cast: Cast, holding: Holding) -> None:
    """R68, §2.8.7: after gate 1, by a person of the head, with evidence, not in the future."""
    paper = draft(holding, holding.second)
    assert codes(give_consent, by=cast.aliev, consent=paper, given_on=T) == "value_not_confirmed"
    confirm_all(holding)
    assert codes(give_consent, by=cast.aliev, consent=paper, given_on=T + timedelta(days=1)) == "future"
    bare = draft_consent(by=cast.aliev, program=holding.program, companies=[holding.third])
    with pytest.raises(DomainError) as refusal:
        give_consent(by=cast.aliev, consent=bare, given_on=T)
    assert "кто со стороны клиента" in refusal.value.errors[""][0]
    stranger = make_contact(holding.second)
    words = {"by": cast.aliev, "program": holding.program}
    assert codes(draft_consent, companies=[holding.second], approved_by=stranger, **words) == "other_company"
    assert codes(draft_consent, companies=[make_company()], **words) == "not_in_holding"
    assert codes(draft_consent, companies=[], **words) == "no_companies"
    assert give_consent(by=cast.aliev, consent=paper, given_on=T, version=paper.version).given_on == T


def test_a_given_consent_is_revoked_and_not_rewritten(cast: Cast, holding: Holding) -> None:
    """R68: with a reason; its ДЗО are shut on the same day; an old version is refused."""
    confirm_all(holding)
    paper = consent_to(holding, holding.second)
    words = {"by": cast.aliev, "consent": paper}
    assert codes(update_consent, companies=[holding.third], **words) == "given"
    check_may_start(holding.second)
    assert codes(revoke_consent, reason="", **words) == "no_reason"
    with pytest.raises(Stale):
        revoke_consent(reason="передумали", version=1, **words)
    paper.refresh_from_db()
    revoke_consent(reason="передумали", **words)
    assert codes(check_may_start, company=holding.second) == "no_consent"
    assert codes(revoke_consent, reason="ещё раз", **words) == "revoked"


def test_a_draft_changes_with_history_and_opens_nothing(cast: Cast, holding: Holding) -> None:
    """R68: what will be asked for may be prepared before gate 1."""
    paper = draft(holding, holding.second)
    update_consent(by=cast.aliev, consent=paper, companies=[holding.second, holding.fifth], evidence="Письмо")
    covers = AuditEvent.objects.filter(event="cover_companies").order_by("-pk").first()
    assert covers and covers.changes["companies"][1] == "ООО «ДЗО 2», ООО «ДЗО 5»"
    assert codes(check_may_start, company=holding.fifth) == "value_not_confirmed"


@pytest.mark.slow
def test_story_five(cast: Cast, holding: Holding) -> None:
    """§8.2 story 5: № 2 is shut, then opens with the consent; № 4 stays shut; № 5 belongs to К1; mechanics waits."""
    person = make_contact(holding.second, "Сидорова Анна")
    log = {"by": cast.aliev, "company": holding.second}
    assert codes(log_interaction, outcome=needs(person), **log) == "value_not_confirmed"
    confirm_all(holding)
    assert codes(log_interaction, outcome=needs(person), **log) == "no_consent"
    consent_to(holding, holding.second, holding.third, holding.fifth)
    assert log_interaction(outcome=needs(person), **log).state == InteractionState.HELD
    with pytest.raises(DomainError, match="ДЗО 4"):
        log_interaction(by=cast.aliev, company=holding.fourth, outcome=needs(make_contact(holding.fourth)))
    for to in ("consent", "mechanics"):
        move_program(holding.program, to=to, by=cast.aliev)
    assert (
        codes(move_program, program=holding.program, to="gathering", by=cast.aliev) == "mechanics_incomplete"
    )
    share_out(holding, holding.second, holding.third, holding.fifth)
    assert move_program(holding.program, to="gathering", by=cast.aliev).state == "gathering"


def test_a_member_of_another_team_sees_the_project_without_contacts(cast: Cast, holding: Holding) -> None:
    """Story 5: Лисина's own ДЗО is № 5; the people of № 3 are not shown to her."""
    from_third, from_fifth = make_contact(holding.third), make_contact(holding.fifth)
    holding.deal.members.create(user=cast.lisina, role=Role.KAM, since_on=T)
    assert type(holding.program).objects.visible_to(cast.lisina).exists()
    seen = Contact.objects.visible_to(cast.lisina)
    assert from_fifth in seen and from_third not in seen


def test_a_plan_is_allowed_and_its_holding_is_not(cast: Cast, holding: Holding) -> None:
    """R68: «creation as plan is allowed»; before the consent the plan cannot become a held meeting."""
    person = make_contact(holding.second)
    later = T + timedelta(days=3)
    plan = log_interaction(by=cast.aliev, company=holding.second, outcome=needs(person, day=later))
    assert plan.state == InteractionState.PLANNED
    assert (
        codes(hold_planned, by=cast.aliev, interaction=plan, outcome=needs(person)) == "value_not_confirmed"
    )
    plan.refresh_from_db()
    assert plan.state == InteractionState.PLANNED


def test_ordinary_work_of_a_subsidiary_goes_on(cast: Cast, holding: Holding) -> None:
    """§2.8.7 as we read it: only things of the programme are held back."""
    person = make_contact(holding.fifth)
    talk = log_interaction(by=cast.lisina, company=holding.fifth, outcome=needs(person, purpose=Purpose.DOCS))
    assert talk.state == InteractionState.HELD
    own = create_task(by=cast.lisina, title="Продлить", assignee=cast.lisina, due_on=T, company=holding.fifth)
    finish_task(by=cast.lisina, task=own, result="Продлили")
    of_project = {"deal": str(holding.deal.public_id)}
    documents = needs(make_contact(holding.second), purpose=Purpose.DOCS)
    log = {"by": cast.aliev, "company": holding.second, "outcome": documents}
    assert codes(log_interaction, context=of_project, **log) == "value_not_confirmed"
    confirm_all(holding)
    consent_to(holding, holding.second)
    held = log_interaction(context=of_project, **log)
    assert DealInteraction.objects.get(interaction=held).deal == holding.deal


def test_a_task_of_the_programme_waits_for_the_consent(cast: Cast, holding: Holding) -> None:
    """R68: planned, but neither started nor finished; of the head itself it may be."""
    shut = make_task(holding, holding.second)
    assert codes(start_task, by=cast.aliev, task=shut) == "value_not_confirmed"
    shut.refresh_from_db()
    assert codes(finish_task, by=cast.aliev, task=shut, result="Назначил") == "value_not_confirmed"
    start_task(by=cast.aliev, task=make_task(holding, holding.head))
    confirm_all(holding)
    consent_to(holding, holding.second)
    shut.refresh_from_db()
    finish_task(by=cast.aliev, task=shut, result="Назначил")


def test_a_closed_project_holds_nothing_back(cast: Cast, holding: Holding) -> None:
    """Gates belong to open programmes; gate 2 may be overridden too."""
    override_gate(by=cast.gromov, program=holding.program, opens="mechanics", reason="решение директора")
    check_may_start(holding.fourth)
    type(holding.program).objects.update(consent_override_reason="", state=ProgramState.DONE)
    check_may_start(holding.fourth)


def make_task(holding: Holding, company: object) -> Task:
    """A task of the project in one company of the holding."""
    task = Task.objects.create(
        company=company, title="Назначить встречу", assignee=holding.cast.aliev, due_on=T
    )
    DealTask.objects.create(deal=holding.deal, task=task)
    return task
