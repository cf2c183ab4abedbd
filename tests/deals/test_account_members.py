"""What a working group may see in the client's card follows from the deal (§3, docs/decisions/0031)."""

import pytest
from django.db.models import Case, When

from accounts.access import rights_on, within_reach
from accounts.enums import ContactReach, MemberVia
from accounts.models import AccountMember, Company, Contact
from deals.enums import DealKind
from deals.models import HoldingProgram, Mechanics
from deals.services.account_members import refresh_account_members
from deals.services.members import add_member, end_member
from tests.factories import Cast, T, make_company, make_contact, make_deal
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.roles import Action, Role


def make_holding(cast: Cast) -> tuple[Company, Company, Company]:
    """A head and a ДЗО of team К2, and a ДЗО of team К1."""
    head = make_company("АО «Голова»", kam=cast.aliev)
    second = make_company("ООО «ДЗО 2»", kam=cast.aliev, parent=head, head=head)
    third = make_company("ООО «ДЗО 5»", kam=cast.lisina, parent=head, head=head)
    return head, second, third


def test_a_member_of_another_team_sees_the_card_and_the_key_person_only(cast: Cast) -> None:
    """§3: a limited card, no contacts beyond those of the deal."""
    company = make_company(kam=cast.lisina)
    key, other = make_contact(company), make_contact(company, "Сидоров Пётр", role="user")
    deal = make_deal(company)
    assert not Company.objects.visible_to(cast.aliev).filter(pk=company.pk).exists()
    add_member(by=cast.lisina, deal=deal, user=cast.aliev, role=Role.KAM)
    assert Company.objects.visible_to(cast.aliev).get(pk=company.pk) == company
    assert list(Contact.objects.visible_to(cast.aliev)) == [key]
    assert set(Contact.objects.visible_to(cast.lisina)) == {key, other}


def test_rights_end_with_the_membership(cast: Cast) -> None:
    """faults D7: the next request is refused, on the very same day."""
    company = make_company(kam=cast.lisina)
    deal = make_deal(company)
    member = add_member(by=cast.lisina, deal=deal, user=cast.naumov, role=Role.PERFORMER)
    assert rights_on(cast.naumov, company)["see_company"]
    end_member(by=cast.lisina, member=member)
    assert not rights_on(cast.naumov, company)["see_company"]
    assert not type(deal).objects.visible_to(cast.naumov).exists()


def test_a_holding_project_opens_every_subsidiary_but_not_its_people(cast: Cast) -> None:
    """R66, story 5: Лисина sees the project without the contacts of a ДЗО that is not hers."""
    head, second, _third = make_holding(cast)
    contact = make_contact(second)
    deal = make_deal(head, kind=DealKind.HOLDING)
    add_member(by=cast.aliev, deal=deal, user=cast.lisina, role=Role.KAM)
    assert set(Company.objects.visible_to(cast.lisina)) >= {head, second}
    assert contact not in Contact.objects.visible_to(cast.lisina)
    assert not rights_on(cast.lisina, second)["edit_company"]


def test_whoever_works_for_a_subsidiary_sees_its_people(cast: Cast) -> None:
    """R69: a line of the mechanics, or a scope of the membership, gives «own» there."""
    head, second, third = make_holding(cast)
    of_second, of_third = make_contact(second), make_contact(third)
    deal = make_deal(head, kind=DealKind.HOLDING)
    add_member(by=cast.aliev, deal=deal, user=cast.naumov, role=Role.PERFORMER, scope_company=second)
    assert list(Contact.objects.visible_to(cast.naumov)) == [of_second]
    program = HoldingProgram.objects.create(deal=deal)
    Mechanics.objects.create(
        program=program, company=third, function="hold_meetings", team=cast.k2, user=cast.naumov
    )
    refresh_account_members([deal])
    assert set(Contact.objects.visible_to(cast.naumov)) == {of_second, of_third}


def test_what_people_entered_by_hand_stays(cast: Cast) -> None:
    """Only derived rows are rewritten."""
    company = make_company(kam=cast.lisina)
    AccountMember.objects.create(company=company, user=cast.gai, role=Role.TUTOR, since_on=T)
    deal = make_deal(company)
    add_member(by=cast.lisina, deal=deal, user=cast.gai, role=Role.TUTOR)
    assert AccountMember.objects.filter(user=cast.gai).count() == 2
    end_member(by=cast.lisina, member=deal.members.get(user=cast.gai))
    assert AccountMember.objects.get(user=cast.gai).via == MemberVia.ACCOUNT


def test_only_the_responsible_and_the_lead_choose_the_group(cast: Cast) -> None:
    """§3 «Assign members»: KAM O Hd, lead T, head A."""
    deal = make_deal(make_company(kam=cast.lisina))
    with pytest.raises(NotAllowed):
        add_member(by=cast.vetrov, deal=deal, user=cast.kim, role=Role.CLOSER)
    add_member(by=cast.belova, deal=deal, user=cast.kim, role=Role.CLOSER)
    cast.gai.is_active = False
    with pytest.raises(DomainError, match="не работает"):
        add_member(by=cast.lisina, deal=deal, user=cast.gai, role=Role.TUTOR)


def test_the_responsible_kam_does_not_simply_leave(cast: Cast) -> None:
    """§2.8.2, §2.8.8: he leaves by a handover."""
    deal = make_deal(make_company(kam=cast.lisina))
    with pytest.raises(DomainError):
        end_member(by=cast.belova, member=deal.members.get())


@pytest.mark.slow
@pytest.mark.parametrize("via", MemberVia.values)
@pytest.mark.parametrize("contacts", ContactReach.values)
def test_a_row_and_a_condition_agree_about_every_right(cast: Cast, via: str, contacts: str) -> None:
    """The rule of memberships is said twice, for sets and for one company; both say the same."""
    company = make_company(kam=cast.demin)
    people = (cast.vetrov, cast.rogov, cast.kim, cast.naumov, cast.belova, cast.moroz, cast.gai, cast.panov)
    for user in people:
        AccountMember.objects.create(
            company=company, user=user, role=Role.KAM, via=via, contacts=contacts, since_on=T
        )
        conditions = {
            action.value: Case(When(within_reach(user, action), then=True), default=False)
            for action in Action
        }
        found = Company.objects.filter(pk=company.pk).annotate(**conditions).values(*conditions).get()
        assert rights_on(user, company) == found, user
