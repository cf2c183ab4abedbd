"""The working group on the deal page (R62, R63, R86, R87)."""

from collections.abc import Callable

import pytest
from django.test import Client

from deals.enums import DealKind
from deals.models import Deal, DealMember
from tests.deals.test_lead_communicator import know, make_decider
from tests.factories import Cast, T, make_company, make_contact, make_deal, make_member
from upsell_crm.core.models import RoleAssignment, User
from upsell_crm.core.roles import Role

ClientOf = Callable[[User], Client]


@pytest.fixture
def deal(cast: Cast) -> Deal:
    company = make_company("АО «Двадцать один»", kam=cast.vetrov)
    know(cast.lisina, make_decider(company, "Орехов Павел Сергеевич", 3), 5)
    deal = make_deal(company)
    make_member(deal, cast.lisina, Role.KAM)
    return deal


def test_the_slot_names_people_gaps_and_sizes(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """R62, R86, R87: several KAMs, the missing main roles, the number of people by role and of teams."""
    make_member(deal, cast.gai, Role.TUTOR)
    answer = client_of(cast.vetrov).get(f"{deal.get_absolute_url()}team/")
    group, page = answer.context["group"], answer.content.decode()
    assert group.sizes == [("КАМ", 2), ("Тьютор (Tutor)", 1)] or [n for _label, n in group.sizes] == [2, 1]
    assert (group.people, group.teams) == (3, 2)
    assert len(group.missing) == 3 and all(name in page for name in group.missing)
    assert "ответственный" in page and str(cast.gai) in page


def test_the_proposal_is_said_in_words(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """R63, §2.6: the sentence of the specification with score, ЛПР and day."""
    page = client_of(cast.vetrov).get(f"{deal.get_absolute_url()}team/").content.decode()
    assert f"Предлагаем вести коммуникацию: <strong>{cast.lisina}</strong>" in page
    assert "контакт 5,0 из 5 с ЛПР Орехов П. С. (последняя встреча 12.11.2026)" in page


def test_one_click_accepts_and_another_choice_asks_why(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """R63: accept by one POST; the override form comes back with the field marked, and nothing is lost."""
    client, url = client_of(cast.vetrov), f"{deal.get_absolute_url()}communicator/"
    client.post(f"{url}accept/", {"version": deal.version})
    deal.refresh_from_db()
    assert deal.lead_communicator == cast.lisina
    fields = {"user": cast.vetrov.pk, "version": deal.version, "reason": ""}
    refused = client.post(url, fields)
    assert refused.status_code == 422 and refused.context["form"].errors["reason"]
    assert client.post(url, {**fields, "reason": "Лисина в отпуске"}).status_code == 302
    page = client.get(f"{deal.get_absolute_url()}team/").content.decode()
    assert "Лисина в отпуске" in page and str(cast.lisina) in page


def test_a_stale_click_is_refused(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """faults B1."""
    client, url = client_of(cast.vetrov), f"{deal.get_absolute_url()}communicator/accept/"
    assert client.post(url, {"version": deal.version + 7}).status_code == 412
    deal.refresh_from_db()
    assert deal.lead_communicator is None


def test_a_colleague_is_found_by_words_and_joins(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """R86: several per role, from today; a name of several people is asked again."""
    client, url = client_of(cast.vetrov), f"{deal.get_absolute_url()}team/add/"
    options = client.get("/team/colleagues/", {"q": "ким дар"}).json()["options"]
    assert [option["value"] for option in options] == [f"{cast.kim} (kim)"]
    assert client.post(url, {"user": options[0]["value"], "role": Role.CLOSER}).status_code == 302
    member = DealMember.objects.get(deal=deal, user=cast.kim)
    assert (member.role, member.since_on, member.created_by) == (Role.CLOSER, T, cast.vetrov)
    again = client.post(url, {"user": "kim", "role": Role.CLOSER})
    assert again.status_code == 422
    assert client.post(url, {"user": "ов", "role": Role.KAM}).context["form"].errors["user"]
    assert client.post(url, {"user": "Никто", "role": Role.KAM}).context["form"].errors["user"]


def test_who_was_taken_off_stays_in_the_history_and_can_come_back(
    cast: Cast, deal: Deal, client_of: ClientOf
) -> None:
    """R86: dates of membership; the toast takes the end back."""
    client, member = client_of(cast.vetrov), deal.members.get(user=cast.lisina)
    client.post(f"/deal-members/{member.public_id}/end/")
    member.refresh_from_db()
    assert member.ended_on == T
    group = client.get(f"{deal.get_absolute_url()}team/").context["group"]
    assert group.former == [member] and group.people == 1
    undo = f"/deal-members/{member.public_id}/end/undo/"
    assert client.post(undo, headers={"X-Requested-With": "fetch"}).status_code == 204
    member.refresh_from_db()
    assert member.ended_on is None


def test_a_scope_is_asked_for_a_holding_project_only(cast: Cast, client_of: ClientOf) -> None:
    """R66, §2.2 scope_company: one ДЗО, or the whole deal."""
    head = make_company("АО «Голова»", kam=cast.vetrov)
    second = make_company("ООО «ДЗО»", kam=cast.vetrov, parent=head, head=head)
    client = client_of(cast.vetrov)
    project = make_deal(head, kind=DealKind.HOLDING)
    url = f"{project.get_absolute_url()}team/add/"
    assert "scope_company" in client.get(url).context["form"].fields
    fields = {"user": "naumov", "role": Role.PERFORMER, "scope_company": second.pk}
    assert client.post(url, fields).status_code == 302
    assert DealMember.objects.get(user=cast.naumov).scope_company == second
    plain = make_deal(second)
    assert "scope_company" not in client.get(f"{plain.get_absolute_url()}team/add/").context["form"].fields


def test_a_deal_in_the_hands_of_the_lead_says_so(cast: Cast, client_of: ClientOf) -> None:
    """R91: «Без ответственного»."""
    deal = make_deal(make_company(kam=cast.vetrov), responsible_kam=cast.belova, needs_kam=True)
    page = client_of(cast.belova).get(f"{deal.get_absolute_url()}team/").content.decode()
    assert "Без ответственного" in page
    listed = client_of(cast.belova).get("/team/without-kam/")
    assert list(listed.context["deals"]) == [deal]


@pytest.mark.slow
def test_the_slot_costs_the_same_for_any_group(
    cast: Cast, deal: Deal, client_of: ClientOf, query_budget: Callable[..., int]
) -> None:
    client = client_of(cast.vetrov)

    def add(n: int) -> None:
        for _number in range(n):
            number = User.objects.count()
            user = User.objects.create(
                username=f"member{number}", last_name=f"Участник{number}", team=cast.k1
            )
            RoleAssignment.objects.create(user=user, role=Role.KAM)
            make_member(deal, user, Role.KAM)
            know(user, make_contact(deal.company, f"Решает{number} Иван"), 2)

    query_budget(add, lambda: client.get(f"{deal.get_absolute_url()}team/"), at_most=15)
