"""The road of a deal: forward, back, aside, lost, won, reopened (domain.md §2.9, R77, R82, R84, R92, R93)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccountMember, ProcurementType, Task
from accounts.references import seed_procedures
from deals.access import rights_on_deal
from deals.checklists import items_of, key_of
from deals.deal_machine import MACHINE, steps_open_to
from deals.enums import CloseReason, DealStage
from deals.models import ChecklistItem, Deal
from deals.references import seed_checklists
from deals.services.checks import save_checks
from deals.services.deal_day import run_deal_day
from deals.services.deal_moves import (
    hold_deal,
    lose_deal,
    move_deal,
    refuse_loss,
    reopen_deal,
    resume_deal,
    take_back_move,
    win_deal,
)
from tests.factories import Cast, T, make_company, make_deal, make_member, moment
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.roles import Role

S = DealStage


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """Лисина's deal of 180 000 ₽ in the first stage, with the checklists of §2.11."""
    seed_checklists()
    return make_deal(make_company(kam=cast.lisina), ("casebook", 3, 5), stage=S.RESEARCH)


def all_of(*stages: str) -> set[str]:
    """Every item of these stages, ticked."""
    return {key_of(item) for item in items_of(stages)}


def refusal(by: User, deal: Deal, **step: object) -> str:
    """The code with which a step is refused."""
    with pytest.raises(DomainError) as problem:
        move_deal(deal, by=by, **step)
    return problem.value.code


def test_one_step_forward_stores_the_answers_and_the_quality(cast: Cast, deal: Deal) -> None:
    """R82: the checklist is answered at the move, ticked or not; quality % is kept with the deal."""
    move_deal(deal, to=S.STRATEGY, by=cast.lisina, ticked={"research.revenue", "research.licences"})
    deal.refresh_from_db()
    assert (deal.stage, deal.quality_pct) == (S.STRATEGY, 28)  # 2 of 7
    revenue = deal.checks.get(code="revenue")
    assert (revenue.is_done, revenue.by, deal.checks.count()) == (True, cast.lisina, 7)
    step = AuditEvent.objects.get(event="move_deal", object_id=deal.pk)
    assert step.changes["stage"] == ["research", "strategy"]
    move_deal(deal, to=S.NEEDS, by=cast.lisina, ticked=all_of(S.STRATEGY))
    assert deal.quality_pct == 58  # 7 of 12


def test_ticks_given_while_the_stage_lasts_keep_their_author(cast: Cast, deal: Deal) -> None:
    """R82: Лисина ticks an item today, the lead moves the deal: the tick stays hers."""
    save_checks(deal, by=cast.lisina, ticked={"research.revenue"})
    move_deal(deal, to=S.STRATEGY, by=cast.belova, ticked={"research.revenue", "research.people"})
    authors = {check.code: check.by for check in deal.checks.filter(is_done=True)}
    assert authors == {"revenue": cast.lisina, "people": cast.belova}


def test_stages_are_skipped_only_with_their_checklists_confirmed(cast: Cast, deal: Deal) -> None:
    """§2.9: several stages at once need every item of the stages left."""
    assert refusal(cast.lisina, deal, to=S.NEEDS, ticked=all_of(S.RESEARCH)) == "not_confirmed"
    move_deal(deal, to=S.NEEDS, by=cast.lisina, ticked=all_of(S.RESEARCH, S.STRATEGY))
    assert (deal.stage, deal.quality_pct) == (S.NEEDS, 100)


def test_a_changed_checklist_asks_at_the_next_move_and_old_answers_keep_their_words(
    cast: Cast, deal: Deal
) -> None:
    """R93: processes are settings; what was answered once stays as it was asked."""
    move_deal(deal, to=S.STRATEGY, by=cast.lisina, ticked={"research.revenue"})
    ChecklistItem.objects.filter(place=S.RESEARCH, code="revenue").update(text_ru="Новый текст")
    ChecklistItem.objects.create(place=S.STRATEGY, code="own", text_ru="Своё", text_en="Own")
    assert deal.checks.get(code="revenue").text_ru == "Выручка подтверждена"
    move_deal(deal, to=S.NEEDS, by=cast.lisina)
    assert deal.checks.get(stage=S.STRATEGY, code="own").text_en == "Own"


@pytest.mark.parametrize("code", ["invoice_offer", "direct", "framework_order"])
def test_without_a_procedure_the_stage_of_procurement_is_no_part_of_the_road(
    cast: Cast, deal: Deal, code: str
) -> None:
    """§2.9: from approval straight to signing, without the need to confirm; to the procedure one cannot go at all."""
    seed_procedures()
    deal.procurement_type = ProcurementType.objects.get(code=code)
    deal.stage = S.APPROVAL
    deal.save()
    with pytest.raises(IllegalTransition):
        move_deal(deal, to=S.PROCUREMENT, by=cast.lisina)
    move_deal(deal, to=S.SIGNING, by=cast.lisina)
    assert deal.stage == S.SIGNING


def test_with_a_procedure_skipping_it_is_a_skip(cast: Cast, deal: Deal) -> None:
    """§2.9: an auction is gone through, or its checklist is confirmed."""
    seed_procedures()
    deal.procurement_type, deal.stage = ProcurementType.objects.get(code="auction_44"), S.APPROVAL
    deal.save()
    assert refusal(cast.lisina, deal, to=S.SIGNING) == "not_confirmed"
    move_deal(deal, to=S.PROCUREMENT, by=cast.lisina)


def test_back_needs_a_reason_and_the_one_who_answers(cast: Cast, deal: Deal) -> None:
    """§2.9: K or L, with a reason; a KAM who is only a member moves forward, not back."""
    make_member(deal, cast.vetrov, Role.KAM)
    move_deal(deal, to=S.STRATEGY, by=cast.vetrov)
    with pytest.raises(NotAllowed):
        move_deal(deal, to=S.RESEARCH, by=cast.vetrov, reason="не то")
    assert refusal(cast.lisina, deal, to=S.RESEARCH) == "no_reason"
    move_deal(deal, to=S.RESEARCH, by=cast.belova, reason="ЛПР сменился")
    assert (deal.stage, deal.quality_pct) == (S.RESEARCH, 0)
    assert AuditEvent.objects.filter(event="move_deal").latest("id").reason == "ЛПР сменился"


def test_a_closer_moves_from_approval_on(cast: Cast, deal: Deal) -> None:
    """§2.9: C from approval on; nobody of another team at all."""
    make_member(deal, cast.kim, Role.CLOSER)
    with pytest.raises(NotAllowed):
        move_deal(deal, to=S.STRATEGY, by=cast.kim)
    Deal.objects.filter(pk=deal.pk).update(stage=S.APPROVAL)
    deal.refresh_from_db()
    with pytest.raises(NotAllowed):
        move_deal(deal, to=S.PROCUREMENT, by=cast.demin)
    move_deal(deal, to=S.PROCUREMENT, by=cast.kim)


def test_of_two_people_who_read_the_same_version_the_second_is_told(cast: Cast, deal: Deal) -> None:
    """§2.8.4, faults B1."""
    move_deal(deal, to=S.STRATEGY, by=cast.lisina, version=1)
    with pytest.raises(Stale):
        move_deal(Deal.objects.get(pk=deal.pk), to=S.NEEDS, by=cast.belova, version=1)


def test_a_pause_ends_by_hand_or_on_its_date_with_a_task(cast: Cast, deal: Deal) -> None:
    """§2.9, §2.12: at most 180 days; back to the same stage; the job makes a task of origin «hold», once."""
    move_deal(deal, to=S.STRATEGY, by=cast.lisina)
    for until in (T, T + timedelta(days=181), None):
        with pytest.raises(DomainError):
            hold_deal(deal, by=cast.lisina, until=until, reason="бюджет в марте")
    hold_deal(deal, by=cast.lisina, until=T + timedelta(days=180), reason="бюджет в марте")
    resume_deal(deal, by=cast.lisina)
    assert (deal.stage, deal.hold_until) == (S.STRATEGY, None)
    hold_deal(deal, by=cast.lisina, until=T + timedelta(days=6), reason="бюджет в марте")
    assert run_deal_day(T + timedelta(days=5)).resumed == 0
    assert [run_deal_day(T + timedelta(days=6)).resumed for _run in range(2)] == [1, 0]
    deal.refresh_from_db()
    task = Task.objects.get(deal_link__deal=deal)
    assert (deal.stage, task.origin, task.assignee) == (S.STRATEGY, "hold", cast.lisina)


def test_a_small_deal_is_lost_by_its_kam_with_one_main_reason(cast: Cast, deal: Deal) -> None:
    """R84, R92: the reason is mandatory, at most two others; the lead of that day is stored."""
    for reasons in ({"main_reason": ""}, {"main_reason": "timing_renewal"}, {"main_reason": "other"},
                    {"main_reason": "price", "other_reasons": ["legal", "security", "no_need"]}):  # fmt: skip
        with pytest.raises(DomainError):
            lose_deal(deal, by=cast.lisina, **reasons)
    lose_deal(deal, by=cast.lisina, main_reason="price", other_reasons=["legal"])
    deal.refresh_from_db()
    assert (deal.stage, deal.main_reason, deal.other_reasons) == (S.LOST, "price", ["legal"])
    assert (deal.lead_at_close, deal.return_stage, deal.closed_at is None) == (cast.belova, "research", False)


@pytest.mark.parametrize(("amount", "is_key"), [(500_000, False), (1, True)])
def test_a_large_loss_is_proposed_and_the_lead_decides(
    cast: Cast, deal: Deal, amount: int, is_key: bool
) -> None:
    """§2.9: from 500 000 ₽, or with a key client, K proposes and L confirms; refused, it goes on as before."""
    Deal.objects.filter(pk=deal.pk).update(amount=amount)
    deal.company.is_key = is_key
    deal.company.save()
    deal = Deal.objects.get(pk=deal.pk)
    lose_deal(deal, by=cast.lisina, main_reason="price", comment="дорого")
    assert (deal.stage, deal.loss_proposed_by) == (S.RESEARCH, cast.lisina)
    assert Task.objects.get(deal_link__deal=deal).assignee == cast.belova
    assert refusal(cast.lisina, deal, to=S.STRATEGY) == "loss_proposed"
    with pytest.raises(NotAllowed):
        refuse_loss(deal, by=cast.vetrov, reason="нет")
    refuse_loss(deal, by=cast.belova, reason="Идём к директору")
    assert (deal.loss_proposed_by, deal.main_reason, deal.close_comment) == (None, "", "")
    move_deal(deal, to=S.STRATEGY, by=cast.lisina)
    lose_deal(deal, by=cast.lisina, main_reason="price")
    lose_deal(deal, by=cast.belova, main_reason="price")
    assert (deal.stage, deal.loss_proposed_by) == (S.LOST, None)


def test_a_late_start_adds_itself_to_the_reasons(cast: Cast, deal: Deal) -> None:
    """§2.7: the first held talk of the deal came after the act-by of its opening, or never came."""
    deal.act_by_at_opening = T - timedelta(days=1)
    deal.save()
    lose_deal(deal, by=cast.lisina, main_reason="price", other_reasons=["legal", "security"])
    assert deal.other_reasons == ["legal", "security", CloseReason.LATE_START]


def test_nobody_wins_by_hand_without_a_fact(cast: Cast, deal: Deal) -> None:
    """§2.9: a contract in force or a paid invoice-offer; see test_deal_contracts.py."""
    with pytest.raises(DomainError) as problem:
        win_deal(deal, by=cast.lisina)
    assert problem.value.code == "no_fact"


def test_the_lead_reopens_within_thirty_days(cast: Cast, deal: Deal) -> None:
    """§2.9: only L, with a reason; rights of the working group end and come back with the deal."""
    make_member(deal, cast.aliev, Role.KAM)
    hold_deal(deal, by=cast.lisina, until=T + timedelta(days=9), reason="ждём")
    lose_deal(deal, by=cast.lisina, main_reason="price")
    assert not AccountMember.objects.filter(user=cast.aliev).exists()
    with pytest.raises(NotAllowed):
        reopen_deal(deal, by=cast.lisina, reason="передумали")
    with pytest.raises(DomainError):
        reopen_deal(deal, by=cast.belova, reason=" ")
    reopen_deal(deal, by=cast.belova, reason="Клиент вернулся")
    assert (deal.stage, deal.main_reason, deal.closed_at, deal.lead_at_close) == (S.RESEARCH, "", None, None)
    assert AccountMember.objects.filter(user=cast.aliev).exists()
    lose_deal(deal, by=cast.lisina, main_reason="price")
    Deal.objects.filter(pk=deal.pk).update(closed_at=moment(T - timedelta(days=31)))
    deal.refresh_from_db()
    with pytest.raises(DomainError) as problem:
        reopen_deal(deal, by=cast.belova, reason="поздно")
    assert problem.value.code == "too_late"


def test_a_page_offers_what_the_service_takes(cast: Cast, deal: Deal) -> None:
    """The buttons come from the rights read once, and agree with the machine."""
    make_member(deal, cast.vetrov, Role.KAM)
    make_member(deal, cast.kim, Role.CLOSER)
    for stage in (S.RESEARCH, S.APPROVAL, S.SIGNING):
        deal.stage = stage
        for user in (cast.lisina, cast.vetrov, cast.belova, cast.kim, cast.andreeva, cast.demin, cast.titova):
            offered = steps_open_to(user, deal, rights_on_deal(user, deal))
            assert offered == MACHINE.open_to(user, deal), (stage, user)


def test_whoever_moved_a_deal_takes_the_move_back(cast: Cast) -> None:
    """§6 «undo where a person expects it»: a member who may move forward but not back, within ten minutes."""
    deal = make_deal(make_company(kam=cast.lisina), stage=S.PROCUREMENT)
    make_member(deal, cast.kim, Role.CLOSER)
    move_deal(deal, to=S.SIGNING, by=cast.kim)
    with pytest.raises(NotAllowed):
        take_back_move(deal, by=cast.naumov)
    take_back_move(deal, by=cast.kim)
    assert Deal.objects.get().stage == S.PROCUREMENT
    assert AuditEvent.objects.filter(event="move_deal").first().changes["stage"] == ["signing", "procurement"]
    with pytest.raises(DomainError):  # nothing more to take back: the last move is the undo itself
        take_back_move(deal, by=cast.kim)


def test_a_move_is_not_taken_back_later(cast: Cast) -> None:
    """§6: ten minutes, and only while the deal stands where he left it."""
    deal = make_deal(make_company(kam=cast.lisina), stage=S.PROCUREMENT)
    make_member(deal, cast.kim, Role.CLOSER)
    move_deal(deal, to=S.SIGNING, by=cast.kim)
    AuditEvent.objects.update(at=timezone.now() - timedelta(minutes=11))
    with pytest.raises(DomainError, match="late|поздно"):
        take_back_move(deal, by=cast.kim)
