"""A client goes to another KAM once, with everything open, after the client was told (R59–R61, §2.9, §2.8.8)."""

from datetime import timedelta

import pytest

from accounts.access import rights_on
from accounts.models import AccountMember, Agreement, Company, ContactStrength, Interaction, Task
from accounts.services.companies import assign_kam
from deals.enums import HandoverState, IntroMode
from deals.handover_machine import MACHINE
from deals.models import Deal, DealMember, DealTask, Handover
from deals.services.handover_intro import complete_handover, plan_introduction
from deals.services.handover_items import accept_item, fill_item
from deals.services.handovers import (
    accept_handover,
    cancel_handover,
    change_mode,
    decline_handover,
    propose_handover,
    start_handover,
)
from tests.deals.handover_cast import Scene
from tests.factories import Cast, T, make_company, make_contact, make_deal, make_handover, moment
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent, Parameter
from upsell_crm.core.roles import Role

S = HandoverState


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return Scene(cast)


def names(handover: Handover) -> list[str]:
    return [person["name"] for person in handover.suggested_facts["people"]]


def test_long_with_the_client_or_close_to_a_decision_maker_means_a_three_way_meeting(scene: Scene) -> None:
    """R60: ≥ 180 days on the account or strength ≥ 3 with a ЛПР → three-way with those ЛПР."""
    make_contact(scene.company, "Далёкий Пётр Ильич")
    handover = scene.started()
    assert (handover.mode, handover.suggested_mode) == (IntroMode.THREE_WAY, IntroMode.THREE_WAY)
    assert names(handover) == ["Орехов П. С."]  # the one she knows, not every ЛПР
    assert handover.suggested_facts["days"] == 316


@pytest.mark.parametrize(
    ("days", "level", "mode"), [(180, 0, "three_way"), (179, 2, "self"), (0, 3, "three_way")]
)
def test_the_bounds_of_the_rule_are_exact(cast: Cast, days: int, level: int, mode: str) -> None:
    """R60: 180 days and strength 3 count, 179 and 2 do not."""
    company = make_company(kam=cast.lisina, owner_since_on=T - timedelta(days=days))
    ContactStrength.objects.create(contact=make_contact(company), user=cast.lisina, level=level, as_of=T)
    handover = start_handover(by=cast.lisina, company=company, to_user=cast.vetrov, reason="load")
    assert handover.suggested_mode == mode


def test_the_bounds_are_parameters(scene: Scene) -> None:
    """R60: an administrator moves 180 and 3 without a release."""
    Parameter.objects.create(code="handover_long_days", value=400)
    Parameter.objects.create(code="handover_strength", value=5)
    assert scene.started().suggested_mode == IntroMode.SELF


def test_another_mode_needs_a_reason(scene: Scene) -> None:
    """R59, R60: the handover keeps its mode; «choosing another mode requires a reason»."""
    with pytest.raises(DomainError) as refusal:
        scene.started(mode=IntroMode.LETTER)
    assert refusal.value.code == "mode_reason"
    handover = scene.started(mode=IntroMode.LETTER, mode_reason="ЛПР просил не встречаться")
    change_mode(handover, mode=IntroMode.THREE_WAY, mode_reason="", by=scene.cast.belova)
    assert handover.mode == IntroMode.THREE_WAY


def test_only_the_responsible_kam_and_the_lead_hand_over(scene: Scene) -> None:
    """§3 «Change responsible KAM»: KAM by handover of his own, lead T."""
    for stranger in (scene.new, scene.cast.gromov, scene.cast.kim):
        with pytest.raises(NotAllowed):
            scene.started(by=stranger)
    assert scene.started(by=scene.cast.belova).from_user == scene.old


def test_a_client_is_handed_over_once_at_a_time(scene: Scene) -> None:
    scene.started()
    with pytest.raises(DomainError):
        scene.started(to_user=scene.cast.demin)


def test_nobody_gets_a_client_who_is_no_working_kam(scene: Scene) -> None:
    """§2.8.2."""
    for person in (scene.cast.kim, scene.old):
        with pytest.raises(DomainError):
            scene.started(to_user=person)


def test_the_checklist_is_filled_from_the_dossier(scene: Scene) -> None:
    """R61, §2.11: what the product knows is written already; risks, manners and files only a person knows."""
    handover = propose_handover(scene.started(), by=scene.old)
    items = {item.code: item for item in handover.items.all()}
    assert len(items) == 12
    assert "Пролонгация Casebook" in items["deals"].filled
    assert "Орехов" in items["people"].filled
    assert {code for code, item in items.items() if item.filled_at is None} == {"risks", "manners", "files"}
    with pytest.raises(DomainError):
        fill_item(items["risks"], text=" ", by=scene.old)
    with pytest.raises(NotAllowed):
        fill_item(items["risks"], text="нет", by=scene.new)


def test_a_line_is_accepted_by_the_new_kam_after_he_has_accepted_the_handover(scene: Scene) -> None:
    """R61: item by item; a text that changes is accepted anew."""
    handover = propose_handover(scene.started(), by=scene.old)
    item = handover.items.get(code="deals")
    with pytest.raises(DomainError):
        accept_item(item, by=scene.new)
    accept_handover(handover, by=scene.new)
    item = handover.items.get(code="deals")
    with pytest.raises(NotAllowed):
        accept_item(item, by=scene.old)
    accept_item(item, by=scene.new)
    fill_item(item, text="Есть ещё одна сделка", by=scene.old)
    assert item.accepted_at is None
    with pytest.raises(Stale):
        accept_item(item, by=scene.new, revision=0)


def test_only_the_receiver_accepts_or_declines(scene: Scene) -> None:
    """§2.8.8: no handover without the receiver's acceptance."""
    handover = propose_handover(scene.started(), by=scene.old)
    for person in (scene.old, scene.cast.belova, scene.cast.demin):
        with pytest.raises(NotAllowed):
            accept_handover(handover, by=person)
    with pytest.raises(DomainError, match="причин"):
        decline_handover(handover, reason=" ", by=scene.new)
    decline_handover(handover, reason="Нет времени", by=scene.new)
    assert (handover.state, handover.decline_reason) == (S.DECLINED, "Нет времени")
    assert Company.objects.get(pk=scene.company.pk).owner_kam == scene.old


def test_from_the_acceptance_both_work_with_the_client(scene: Scene) -> None:
    """R61: the old KAM answers, the new one is a member of the account and of its deals."""
    company = make_company(kam=scene.cast.aliev)
    deal = make_deal(company)
    handover = start_handover(by=scene.cast.aliev, company=company, to_user=scene.new, reason="load")
    propose_handover(handover, by=scene.cast.aliev)
    assert not rights_on(scene.new, company)["see_company"]
    accept_handover(handover, by=scene.new)
    assert rights_on(scene.new, company)["see_contacts"]
    assert Deal.objects.visible_to(scene.new).filter(pk=deal.pk).exists()
    assert rights_on(scene.cast.aliev, company)["edit_company"]
    cancel_handover(handover, reason="Передумали", by=scene.cast.gromov)
    assert not rights_on(scene.new, company)["see_company"]
    assert not Deal.objects.visible_to(scene.new).filter(pk=deal.pk).exists()


@pytest.mark.slow
def test_nothing_moves_before_the_introduction_and_the_checklist(scene: Scene) -> None:
    """R61: 100 % of the checklist and the held three-way meeting, whichever comes last."""
    handover = scene.accepted()
    with pytest.raises(IllegalTransition):
        complete_handover(handover, by=scene.new)
    scene.introduced(handover)
    handover.refresh_from_db()
    with pytest.raises(DomainError, match="9|12"):
        complete_handover(handover, by=scene.new)
    scene.checked(handover)
    complete_handover(handover, by=scene.new)
    assert handover.state == S.COMPLETED


@pytest.mark.slow
def test_a_three_way_meeting_needs_all_three(scene: Scene) -> None:
    """R60: old + new + ≥ 1 ЛПР attended, or it does not count."""
    handover = scene.checked(scene.accepted())
    user = make_contact(scene.company, "Юзеров Иван Ильич", role="user")
    with pytest.raises(DomainError) as refusal:
        plan_introduction(handover, by=scene.new, starts_at=moment(T + timedelta(days=1)), contacts=[user])
    assert refusal.value.code == "wrong_people"
    handover.refresh_from_db()
    scene.introduced(handover, people=[scene.new])
    handover.refresh_from_db()
    with pytest.raises(DomainError) as refusal:
        complete_handover(handover, by=scene.new)
    assert refusal.value.code == "wrong_people"
    assert Company.objects.get(pk=scene.company.pk).owner_kam == scene.old


def test_the_old_kam_does_not_complete_it_himself(scene: Scene) -> None:
    """§2.9: completion is the receiver's or the lead's."""
    with pytest.raises(NotAllowed):
        complete_handover(scene.ready(), by=scene.old)


@pytest.mark.slow
def test_completion_moves_everything_once(scene: Scene) -> None:
    """R61, story 7: company, team, deals, lead communicator, memberships, tasks, promises, meetings; history has both."""
    kept = scene.make_task("Дописать отчёт")
    meeting = Interaction.objects.create(
        company=scene.company, author=scene.old, state="planned", starts_at=moment(T + timedelta(days=3))
    )
    promise = Agreement.objects.create(
        interaction=meeting, company=scene.company, text="Прислать", owner_user=scene.old
    )
    complete_handover(scene.ready(), by=scene.new, keep=[kept])
    company = Company.objects.get(pk=scene.company.pk)
    deal = Deal.objects.get(pk=scene.deal.pk)
    assert (company.owner_kam, company.owner_since_on) == (scene.new, T)
    assert (deal.responsible_kam, deal.lead_communicator) == (scene.new, scene.new)
    assert [member.user for member in DealMember.objects.active_on(T).filter(deal=deal)] == [scene.new]
    assert Task.objects.get(pk=scene.task.pk).assignee == scene.new
    kept.refresh_from_db()
    assert (kept.assignee, kept.receiver) == (scene.old, scene.new)
    promise.refresh_from_db()
    assert promise.owner_user == scene.new
    assert meeting.our_people.get().user == scene.new
    line = AuditEvent.objects.get(event="complete_handover")
    assert line.changes["owner_kam"] == [str(scene.old), str(scene.new)]
    assert not AccountMember.objects.filter(company=company, user=scene.old).exists()


@pytest.mark.slow
def test_the_client_joins_the_team_of_the_new_kam(scene: Scene) -> None:
    """§2.1: team of the owner at assignment, also of the deals."""
    handover = scene.checked(scene.accepted(to_user=scene.cast.demin))
    scene.new = scene.cast.demin
    scene.introduced(handover)
    complete_handover(Handover.objects.get(pk=handover.pk), by=scene.cast.demin)
    assert Company.objects.get(pk=scene.company.pk).team == scene.cast.k3
    assert Deal.objects.get(pk=scene.deal.pk).team == scene.cast.k3
    assert not Company.objects.visible_to(scene.old).filter(pk=scene.company.pk).exists()


@pytest.mark.slow
def test_a_handover_of_a_deal_moves_only_the_deal(scene: Scene) -> None:
    """R61: «company or deal»; the client and its other work stay."""
    task = scene.make_task("По сделке")
    DealTask.objects.create(deal=scene.deal, task=task)
    handover = scene.ready(deal=scene.deal)
    complete_handover(handover, by=scene.new)
    assert Company.objects.get(pk=scene.company.pk).owner_kam == scene.old
    assert Deal.objects.get(pk=scene.deal.pk).responsible_kam == scene.new
    task.refresh_from_db()
    scene.task.refresh_from_db()
    assert (task.assignee, scene.task.assignee) == (scene.new, scene.old)


def test_a_kam_who_has_left_is_replaced_by_the_lead(scene: Scene) -> None:
    """Story 7, № 29: three-way is proposed and not possible; the lead chooses the letter, accepted → completed."""
    cast = scene.cast
    scene.old.is_active = False
    scene.old.save()
    company = scene.company
    Company.objects.filter(pk=company.pk).update(owner_kam=cast.belova)
    company.refresh_from_db()
    start = {
        "by": cast.belova,
        "company": company,
        "to_user": scene.new,
        "from_user": scene.old,
        "reason": "leave",
    }
    Interaction.objects.create(company=company, author=scene.old, starts_at=moment(T - timedelta(days=200)))
    with pytest.raises(DomainError) as refusal:
        start_handover(**start)
    assert refusal.value.code == "giver_gone"
    handover = start_handover(**start, mode=IntroMode.LETTER, mode_reason="Седов ушёл")
    assert handover.suggested_mode == IntroMode.THREE_WAY
    propose_handover(handover, by=cast.belova)
    accept_handover(handover, by=scene.new)
    scene.checked(handover)
    with pytest.raises(NotAllowed):
        complete_handover(handover, by=scene.new, introduced_how="Письмо от 24.11")
    with pytest.raises(DomainError):
        complete_handover(handover, by=cast.belova)
    complete_handover(handover, by=cast.belova, introduced_how="Письмо от 24.11")
    company.refresh_from_db()
    assert (company.owner_kam, handover.state) == (scene.new, S.COMPLETED)
    assert Deal.objects.get(pk=scene.deal.pk).responsible_kam == scene.new
    assert Task.objects.get(pk=scene.task.pk).assignee == scene.new


@pytest.mark.slow
def test_the_lead_cancels_at_any_time_before_completion(scene: Scene) -> None:
    """§2.9: any before completed → cancelled (L), with a reason."""
    handover = scene.ready()
    with pytest.raises(NotAllowed):
        cancel_handover(handover, reason="нет", by=scene.new)
    cancel_handover(handover, reason="Лисина остаётся", by=scene.cast.belova)
    assert [member.user for member in DealMember.objects.active_on(T).filter(deal=scene.deal)] == [scene.old]
    with pytest.raises(IllegalTransition):
        cancel_handover(handover, reason="ещё раз", by=scene.cast.belova)
    done = scene.completed()
    assert MACHINE.open_to(scene.cast.belova, done) == []


def test_the_lead_s_assignment_moves_the_same_things(scene: Scene) -> None:
    """§2.8.8: one shared service; an open handover of the client has lost its sense and is cancelled."""
    handover = scene.accepted()
    assign_kam(scene.company, scene.cast.demin, reason="Срочно", by=scene.cast.belova)
    deal = Deal.objects.get(pk=scene.deal.pk)
    assert (deal.responsible_kam, deal.team) == (scene.cast.demin, scene.cast.k3)
    assert Task.objects.get(pk=scene.task.pk).assignee == scene.cast.demin
    handover.refresh_from_db()
    assert handover.state == S.CANCELLED
    assert [member.user for member in DealMember.objects.active_on(T).filter(deal=deal)] == [scene.cast.demin]


def test_a_client_without_kam_gets_one_with_the_deals_that_the_lead_held(scene: Scene) -> None:
    """§2.8.2: «Без ответственного» ends for the client and its deals together."""
    Company.objects.filter(pk=scene.company.pk).update(owner_kam=None)
    deal = make_deal(scene.company, responsible_kam=scene.cast.belova, needs_kam=True)
    scene.company.refresh_from_db()
    assign_kam(scene.company, scene.new, reason="Новый КАМ", by=scene.cast.belova)
    deal.refresh_from_db()
    assert (deal.responsible_kam, deal.needs_kam) == (scene.new, False)


def test_the_dossier_is_frozen_when_it_is_proposed(scene: Scene) -> None:
    """R61: what was handed over can be read as it stood; no phones in it."""
    scene.contact.phone = "+74951234567"
    scene.contact.save()
    handover = propose_handover(scene.started(), by=scene.old)
    Deal.objects.filter(pk=scene.deal.pk).update(title="Другое имя")
    stored = Handover.objects.get(pk=handover.pk).dossier
    assert stored["deals"][0]["title"] == "Пролонгация Casebook"
    assert stored["as_of"] == "2026-11-24"
    assert "1234567" not in str(stored)


def test_a_handover_is_seen_by_its_people_and_the_team(scene: Scene) -> None:
    """§3: strangers get nothing, marketing gets nothing."""
    handover = scene.started(to_user=scene.cast.aliev)
    seen = [
        person.username
        for person in (scene.old, scene.cast.aliev, scene.cast.belova, scene.cast.demin, scene.cast.sokolova)
        if Handover.objects.visible_to(person).filter(pk=handover.pk).exists()
    ]
    assert seen == ["lisina", "aliev", "belova"]


@pytest.mark.slow
def test_the_receiver_may_be_a_kam_member_already(scene: Scene) -> None:
    """R62: one of several KAMs becomes the responsible one; he is not joined twice."""
    DealMember.objects.create(deal=scene.deal, user=scene.new, role=Role.KAM, since_on=T)
    scene.completed()
    assert DealMember.objects.active_on(T).filter(deal=scene.deal, user=scene.new).count() == 1


def test_the_old_kam_cancels_a_draft_of_his_own(scene: Scene) -> None:
    """§2.9, R60: nobody has seen it yet; once it is proposed, only the lead."""
    draft = make_handover(make_company(kam=scene.old), scene.old, scene.new)
    with pytest.raises(NotAllowed):
        cancel_handover(draft, reason="нет", by=scene.new)
    cancel_handover(draft, reason="Передумал", by=scene.old)
    assert draft.state == S.CANCELLED
    proposed = make_handover(make_company(kam=scene.old), scene.old, scene.new, state=S.PROPOSED)
    with pytest.raises(NotAllowed):
        cancel_handover(proposed, reason="нет", by=scene.old)
