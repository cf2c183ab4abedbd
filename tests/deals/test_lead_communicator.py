"""Who leads the communication of a deal: proposed, accepted, overridden, recalculated (R63, story 6)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Company, Contact, ContactRole, ContactStrength
from accounts.services.contact_roles import set_strength
from deals.communicators import propose
from deals.models import Deal
from deals.services.lead_communicator import accept_proposal, choose_communicator
from deals.services.members import add_member, end_member
from tests.factories import Cast, T, make_company, make_contact, make_deal, make_member
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.roles import Role

TALKED_ON = T - timedelta(days=12)


def know(user: User, contact: Contact, level: int, **values: Any) -> None:
    """The colleague knows the person and spoke with him twelve days ago."""
    values.setdefault("last_two_way_on", TALKED_ON)
    ContactStrength.objects.create(
        user=user, contact=contact, level=level, as_of=T, set_by="manual", **values
    )


def make_decider(company: Company, name: str, influence: int) -> Contact:
    contact = make_contact(company, name)
    ContactRole.objects.filter(contact=contact).update(influence=influence)
    return contact


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """Client № 21 of the story: Ветров is responsible, Лисина is a member and knows both ЛПР better."""
    company = make_company("АО «Двадцать один»", kam=cast.vetrov)
    first = make_decider(company, "Орехов Павел Сергеевич", 3)
    second = make_decider(company, "Зуева Ирина Львовна", 2)
    know(cast.lisina, first, 5)
    know(cast.lisina, second, 3)
    know(cast.vetrov, first, 2)
    know(cast.vetrov, second, 2)
    deal = make_deal(company)
    make_member(deal, cast.lisina, Role.KAM)
    return deal


def test_the_best_contact_is_proposed(cast: Cast, deal: Deal) -> None:
    """R63, story 6: Лисина 4.2 against 2.0 of Ветров, who stays responsible; the reason names the ЛПР and the day."""
    proposal = propose(deal, T)
    assert proposal.best == cast.lisina and proposal.is_new
    assert [each.score for each in proposal.contenders] == [Decimal("4.2"), Decimal("2.0")]
    leader, runner_up = proposal.leader, proposal.runner_up
    assert leader and leader.contact and leader.contact.short_name == "Орехов П. С."
    assert leader.last_two_way_on == TALKED_ON
    assert runner_up and runner_up.user == cast.vetrov


def test_one_click_accepts(cast: Cast, deal: Deal) -> None:
    """R63: the responsible stays responsible; history has the new leader."""
    accept_proposal(by=cast.vetrov, deal=deal, version=deal.version)
    deal.refresh_from_db()
    assert deal.lead_communicator == cast.lisina and deal.responsible_kam == cast.vetrov
    assert propose(deal, T).is_accepted
    line = AuditEvent.objects.get(event="set_communicator")
    assert line.changes["lead_communicator"] == [None, "Лисина Анна"] or "Лисина" in str(line.changes)


def test_another_choice_needs_a_reason_and_history_shows_both(cast: Cast, deal: Deal) -> None:
    """R63, story 6: override to Ветров."""
    with pytest.raises(DomainError) as refused:
        choose_communicator(by=cast.vetrov, deal=deal, user=cast.vetrov, reason="  ")
    assert "reason" in refused.value.errors
    choose_communicator(by=cast.vetrov, deal=deal, user=cast.vetrov, reason="Лисина в отпуске")
    deal.refresh_from_db()
    assert deal.lead_communicator == cast.vetrov and deal.lead_override_reason == "Лисина в отпуске"
    line = AuditEvent.objects.get(event="override_communicator")
    proposed_one, chosen = line.changes["lead_communicator"]
    assert str(cast.lisina) in proposed_one and "4,2" in proposed_one
    assert str(cast.vetrov) in chosen and "2,0" in chosen
    assert line.reason == "Лисина в отпуске" and line.company_id == deal.company_id


def test_choosing_the_proposed_one_needs_no_reason(cast: Cast, deal: Deal) -> None:
    choose_communicator(by=cast.vetrov, deal=deal, user=cast.lisina, reason="лишние слова")
    assert deal.lead_override_reason == "" and propose(deal, T).is_accepted


def test_a_changed_strength_shows_a_new_proposal(cast: Cast, deal: Deal) -> None:
    """R63: recalculated when strengths change; what was accepted stays until somebody accepts the new one."""
    accept_proposal(by=cast.vetrov, deal=deal)
    for contact in deal.company.contacts.order_by("pk"):
        set_strength(contact, cast.lisina, 1, by=cast.vetrov)
    proposal = propose(deal, T)
    assert proposal.best == cast.vetrov and proposal.present == cast.lisina and proposal.is_new


def test_an_override_survives_a_recalculation(cast: Cast, deal: Deal) -> None:
    """R63: the chosen one stays, and no new proposal is pressed on him."""
    choose_communicator(by=cast.vetrov, deal=deal, user=cast.vetrov, reason="Он договаривался")
    for contact in deal.company.contacts.order_by("pk"):
        set_strength(contact, cast.lisina, 4, by=cast.vetrov)
    proposal = propose(deal, T)
    assert proposal.is_overridden and not proposal.is_new and proposal.present == cast.vetrov


def test_a_leaver_drops_out(cast: Cast, deal: Deal) -> None:
    """§2.8.2: the lead communicator is an active member; the same save takes him off."""
    accept_proposal(by=cast.vetrov, deal=deal)
    end_member(by=cast.vetrov, member=deal.members.get(user=cast.lisina))
    deal.refresh_from_db()
    assert deal.lead_communicator is None
    assert propose(deal, T).best == cast.vetrov
    assert AuditEvent.objects.filter(event="drop_communicator").count() == 1


def test_a_new_member_joins_the_contest(cast: Cast, deal: Deal) -> None:
    """R63: recalculated when members change; a performer may lead, a closer may not (§2.6)."""
    contact = deal.company.contacts.order_by("pk")[0]
    know(cast.kim, contact, 5)
    know(cast.naumov, deal.company.contacts.order_by("pk")[1], 5)
    add_member(by=cast.vetrov, deal=deal, user=cast.kim, role=Role.CLOSER)
    assert propose(deal, T).best == cast.lisina
    know(cast.naumov, contact, 5)
    add_member(by=cast.vetrov, deal=deal, user=cast.naumov, role=Role.PERFORMER)
    assert propose(deal, T).best == cast.naumov


def test_who_is_no_candidate_is_not_chosen(cast: Cast, deal: Deal) -> None:
    """§2.8.2: neither a stranger nor a blocked colleague leads."""
    with pytest.raises(DomainError, match="."):
        choose_communicator(by=cast.vetrov, deal=deal, user=cast.demin, reason="Друг")
    assert deal.lead_communicator is None


def test_only_the_responsible_and_the_lead_decide(cast: Cast, deal: Deal) -> None:
    """§3 «Assign members»; a colleague of the team sees and does not decide."""
    make_member(deal, cast.kim, Role.CLOSER)
    with pytest.raises(NotAllowed):
        accept_proposal(by=cast.kim, deal=deal)
    accept_proposal(by=cast.belova, deal=deal)


def test_two_who_decide_at_once(cast: Cast, deal: Deal) -> None:
    """faults B1: the second one sees that the deal has changed."""
    seen = deal.version
    accept_proposal(by=cast.vetrov, deal=deal, version=seen)
    mine = Deal.objects.get(pk=deal.pk)
    with pytest.raises(Stale):
        choose_communicator(by=cast.belova, deal=mine, user=cast.vetrov, reason="Иначе", version=seen)


def test_people_who_left_or_are_not_key_do_not_count(cast: Cast, deal: Deal) -> None:
    """§2.6: P is the key ЛПР of the client; of two roles of one person the greater influence counts."""
    gone, plain = make_decider(deal.company, "Ушёл Иван", 5), make_decider(deal.company, "Рядовой Пётр", 5)
    Contact.objects.filter(pk=gone.pk).update(state="left")
    ContactRole.objects.filter(contact=plain).update(is_key=False)
    assert [each.score for each in propose(deal, T).contenders] == [Decimal("4.2"), Decimal("2.0")]
