"""A colleague leaves: nobody blocked stays responsible, a member or an assignee (§2.8.2)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import AccountMember, Company, Interaction, Task
from deals.leaving import companies_without_kam, deals_without_kam, work_of
from deals.models import Deal, DealMember, Mechanics
from deals.services.mechanics import assign_function
from tests.deals.holding import Holding, make_holding
from tests.factories import Cast, T, make_company, make_deal, make_handover, make_member, moment
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.people import block_user, check_may_block
from upsell_crm.core.roles import Role

ClientOf = Callable[[User], Client]


@pytest.fixture
def holding(cast: Cast) -> Holding:
    """The holding of two teams."""
    return make_holding(cast)


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """Ветров answers for a deal, helps in one of Лисина, has two clients and a task."""
    deal = make_deal(make_company("АО «Первый»", kam=cast.vetrov), title="Пролонгация Первого")
    make_company("АО «Второй»", kam=cast.vetrov)
    make_member(make_deal(make_company(kam=cast.lisina), title="Чужая сделка"), cast.vetrov, Role.KAM)
    Task.objects.create(company=deal.company, title="Прислать расчёт", assignee=cast.vetrov, due_on=T)
    AccountMember.objects.create(
        company=make_company(kam=cast.aliev), user=cast.vetrov, role=Role.KAM, since_on=T
    )
    return deal


def test_a_colleague_with_work_is_not_blocked(cast: Cast, deal: Deal) -> None:
    """§2.8.2: refused with the list of deals, clients and tasks; nothing changes."""
    with pytest.raises(DomainError) as refused:
        block_user(cast.vetrov, by=cast.admin)
    text = str(refused.value.message)
    assert refused.value.code == "has_work"
    for words in ("Пролонгация Первого", "Чужая сделка", "АО «Второй»", "Прислать расчёт"):
        assert words in text
    assert User.objects.get(pk=cast.vetrov.pk).is_active


def test_by_force_the_lead_stands_in_for_everything(cast: Cast, deal: Deal) -> None:
    """§2.8.2, R91: the lead is responsible for the time being, «Без ответственного»; no trace of an active place."""
    block_user(cast.vetrov, by=cast.admin, forced=True)
    deal.refresh_from_db()
    assert (deal.responsible_kam, deal.needs_kam) == (cast.belova, True)
    assert DealMember.objects.active_on(T).filter(deal=deal, user=cast.belova, role=Role.LEAD).exists()
    assert not DealMember.objects.active_on(T).filter(user=cast.vetrov).exists()
    assert not Company.objects.filter(owner_kam=cast.vetrov).exists()
    assert Task.objects.get().assignee == cast.belova
    assert not User.objects.get(pk=cast.vetrov.pk).is_active
    assert list(deals_without_kam(cast.belova)) == [deal]
    assert {company.name for company in companies_without_kam(cast.belova)} == {"АО «Первый»", "АО «Второй»"}
    assert AuditEvent.objects.filter(event="stand_in_for_kam", object_id=deal.pk).count() == 1


def test_the_lead_communicator_who_is_blocked_drops_out(cast: Cast, deal: Deal) -> None:
    """§2.8.2: nor does he lead the communication."""
    Deal.objects.filter(pk=deal.pk).update(lead_communicator=cast.vetrov)
    block_user(cast.vetrov, by=cast.admin, forced=True)
    assert Deal.objects.get(pk=deal.pk).lead_communicator is None


def test_a_colleague_without_work_is_simply_blocked(cast: Cast) -> None:
    block_user(cast.sokolova, by=cast.admin)
    assert not User.objects.get(pk=cast.sokolova.pk).is_active
    assert AuditEvent.objects.filter(event="block_user", object_id=cast.sokolova.pk).exists()


def test_without_a_lead_nobody_stands_in(cast: Cast) -> None:
    """Team К3 of the cast has no lead: even force is refused, and nothing is left half done."""
    deal = make_deal(make_company(kam=cast.demin))
    with pytest.raises(DomainError) as refused:
        block_user(cast.demin, by=cast.admin, forced=True)
    assert refused.value.code == "no_lead"
    deal.refresh_from_db()
    assert deal.responsible_kam == cast.demin and User.objects.get(pk=cast.demin.pk).is_active


def test_a_rehearsal_writes_nothing(cast: Cast, deal: Deal) -> None:
    """The form asks before it saves."""
    check_may_block(cast.vetrov, by=cast.admin, forced=True)
    deal.refresh_from_db()
    assert deal.responsible_kam == cast.vetrov and work_of(cast.vetrov, T).deals.exists()
    assert User.objects.get(pk=cast.vetrov.pk).is_active


def test_only_an_administrator_blocks_and_never_himself(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        block_user(cast.sokolova, by=cast.belova)
    with pytest.raises(DomainError):
        block_user(cast.admin, by=cast.admin)


@pytest.mark.slow
def test_the_administrators_form_asks_for_a_handover_first(
    cast: Cast, deal: Deal, client_of: ClientOf
) -> None:
    """§2.8.2 on the page: the refusal with the list and the door; with the tick «block even so» it is done."""
    User.objects.filter(pk=cast.admin.pk).update(is_staff=True, is_superuser=True)
    client = client_of(User.objects.get(pk=cast.admin.pk))
    address = f"/admin/core/user/{cast.vetrov.pk}/change/"
    form = {
        "username": "vetrov", "last_name": "Ветров", "first_name": "Игорь", "email": "vetrov@demo.example",
        "team": cast.k1.pk, "language": "", "theme": "", "roles-TOTAL_FORMS": "1", "roles-INITIAL_FORMS": "1",
        "roles-0-id": cast.vetrov.roles.get().pk, "roles-0-user": cast.vetrov.pk, "roles-0-role": Role.KAM,
    }  # fmt: skip
    refused = client.post(address, form)
    assert refused.status_code == 200 and "Пролонгация Первого" in refused.content.decode()
    assert "/team/without-kam/?person=" in refused.content.decode()
    assert client.post(address, {**form, "forced": "on"}).status_code == 302
    deal.refresh_from_db()
    assert deal.needs_kam and not User.objects.get(pk=cast.vetrov.pk).is_active


def test_functions_handovers_and_meetings_do_not_leave_with_him(cast: Cast, holding: Holding) -> None:
    """§2.8.2, R71, R60: functions end, a handover to him is cancelled, his meetings stand in the lead's list."""
    assign_function(
        by=cast.aliev,
        program=holding.program,
        company=holding.second,
        function="hold_meetings",
        user=cast.vetrov,
    )
    taken = make_handover(
        make_company("АО «Третий»", kam=cast.lisina), cast.lisina, cast.vetrov, state="proposed"
    )
    Interaction.objects.create(
        company=make_company("АО «Встреча»", kam=cast.lisina), author=cast.vetrov, state="planned",
        starts_at=moment(T + timedelta(days=2)),
    )  # fmt: skip
    with pytest.raises(DomainError) as refused:
        block_user(cast.vetrov, by=cast.admin)
    for word in ("1 функция", "1 открытая передача", "1 назначенная встреча"):
        assert word in str(refused.value.message)
    block_user(cast.vetrov, by=cast.admin, forced=True)
    assert not Mechanics.objects.filter(user=cast.vetrov).exists()
    assert AuditEvent.objects.filter(event="end_function").count() == 1
    taken.refresh_from_db()
    assert taken.state == "cancelled"
    titles = list(
        Task.objects.open().filter(assignee=cast.belova).order_by("pk").values_list("title", flat=True)
    )
    assert any("АО «Встреча»" in title for title in titles) and any(
        "АО «Третий»" in title for title in titles
    )
