"""The road of a deal: forward, back, aside, lost, won, reopened (domain.md §2.9, R82, R84, R92)."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import TaskOrigin
from deals.access import may
from deals.checklists import stages_left
from deals.close_reasons import check_loss, check_win, needs_lead_to_lose
from deals.deal_machine import MACHINE, MoveFacts, may_step
from deals.enums import CLOSED_STAGES, ROAD, DealStage
from deals.models import Deal
from deals.services.account_members import refresh_account_members
from deals.services.checks import quality_after, write_checks
from deals.services.deal_tasks import give_task
from deals.services.ranked import announce_facts
from upsell_crm.core import clock
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError, NotAllowed, check_reason
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action

UNDO_WINDOW = timedelta(minutes=10)
ANSWER_DAYS = 2  # calendar days in which the lead answers a proposed loss


def move_deal(
    deal: Deal, *, to: str, by: User, version: int | None = None, reason: str = "", ticked: Collection[str] = (),
) -> Deal:  # fmt: skip
    """Forward or back along the road. The answers to the checklists of the stages left are stored (R82).

    Raises IllegalTransition, NotAllowed, Stale, DomainError (`not_confirmed`, `no_reason`, `loss_proposed`).
    """
    if to not in ROAD:
        raise DomainError("not_a_step", _("This step has a form of its own: pause, loss or win."))
    facts = MoveFacts(to, clock.today(), by, reason=reason, ticked=frozenset(ticked))
    return _move(deal, facts, version)


def take_back_move(deal: Deal, *, by: User) -> Deal:
    """«Отменить» of whoever has just moved the deal: back to where it stood, whatever his right to move back (§6).

    Raises NotAllowed for anybody else, DomainError once the ten minutes are over or the deal has gone on.
    """
    last = AuditEvent.objects.filter(object_type="deals.deal", object_id=deal.pk, event="move_deal").first()
    if last is None or last.actor_id != by.pk or not may(by, Action.MOVE_DEAL, deal):
        raise NotAllowed("not_allowed", _("You may not change this deal."))
    old, new = last.changes.get("stage", ["", ""])
    went_on = old in ROAD and new in ROAD and ROAD.index(DealStage(old)) < ROAD.index(DealStage(new))
    if not went_on or deal.stage != new or clock.elapsed_since(last.at) > UNDO_WINDOW:
        raise DomainError("too_late", _("It is too late to undo this move."))
    with transaction.atomic():
        since = deal.stage_since
        values = {"stage": old, "stage_since": clock.now(), "quality_pct": quality_after(deal, old, (), ())}
        change(deal, values, by=by, event="move_deal", reason=_("The move was undone."))
        announce("deal_stage_changed", deal=deal, old=new, new=old, since=since, by=by)
        announce_facts(deal)
    return deal


def hold_deal(deal: Deal, *, by: User, until: date | None, reason: str, version: int | None = None) -> Deal:
    """Pause until a date, at most 180 days ahead. Raises as `move_deal`."""
    facts = MoveFacts(DealStage.HOLD, clock.today(), by, reason=reason, hold_until=until)
    return _move(deal, facts, version)


def resume_deal(
    deal: Deal, *, by: User | None, today: date | None = None, version: int | None = None
) -> Deal:
    """Back to the stage where it was paused; by the job (`by=None`) on the date, with a task for the KAM."""
    facts = MoveFacts(deal.return_stage, today or clock.today(), by)
    with transaction.atomic():
        _move(deal, facts, version)
        if by is None:
            give_task(
                deal, title=_("The pause is over: %s") % deal.title, assignee=deal.responsible_kam,
                due_on=facts.today, origin=TaskOrigin.HOLD, dedupe_key=f"hold:{deal.pk}:{facts.today}",
            )  # fmt: skip
    return deal


def lose_deal(
    deal: Deal, *, by: User, main_reason: str, other_reasons: Sequence[str] = (), comment: str = "",
    version: int | None = None,
) -> Deal:  # fmt: skip
    """Close as lost. A deal of 500 000 ₽ or of a key client is only proposed so by its KAM: the lead confirms (§2.9).

    Raises IllegalTransition, NotAllowed, Stale, DomainError (`close_reasons`).
    """
    facts = MoveFacts(
        DealStage.LOST, clock.today(), by, main_reason=main_reason, other_reasons=tuple(other_reasons),
        comment=comment.strip(),
    )  # fmt: skip
    if needs_lead_to_lose(deal) and not may(by, Action.CONFIRM_LOSS, deal):
        return _propose_loss(deal, facts, version)
    return _move(deal, facts, version)


def refuse_loss(deal: Deal, *, by: User, reason: str, version: int | None = None) -> Deal:
    """The lead says no, or the KAM thinks better of it: the deal goes on where it stood."""
    if deal.loss_proposed_by_id is None:
        raise DomainError("not_proposed", _("Nobody has proposed to give this deal up."))
    if deal.loss_proposed_by_id != by.pk and not may(by, Action.CONFIRM_LOSS, deal):
        raise NotAllowed("not_allowed", _("The lead of the team decides on a proposed loss."))
    check_reason(reason)
    values: dict[str, Any] = {
        "loss_proposed_by": None,
        "main_reason": "",
        "other_reasons": [],
        "close_comment": "",
    }
    change(deal, values, by=by, event="refuse_loss", version=version, reason=reason)
    return deal


def win_deal(deal: Deal, *, by: User | None, reason: str = "", version: int | None = None) -> Deal:
    """Close as won: there must be a contract in force or a paid invoice-offer; reasons are asked afterwards."""
    return _move(deal, MoveFacts(DealStage.WON, clock.today(), by, reason=reason), version)


def say_win_reasons(
    deal: Deal, *, by: User, main_reason: str, other_reasons: Sequence[str] = (), comment: str = "",
    version: int | None = None,
) -> Deal:  # fmt: skip
    """One to three reasons of a won deal, by its KAM or the lead. Raises NotAllowed, Stale, DomainError."""
    if not may_step(by, Action.CLOSE_DEAL, deal):
        raise NotAllowed("not_allowed", _("You may not change this deal."))
    if deal.stage != DealStage.WON:
        raise DomainError("not_won", _("The deal is not won."))
    check_win(main_reason, other_reasons)
    others = [str(reason) for reason in dict.fromkeys(other_reasons) if reason != main_reason]
    values = {"main_reason": main_reason, "other_reasons": others, "close_comment": comment.strip()}
    change(deal, values, by=by, event="say_win_reasons", version=version)
    return deal


def reopen_deal(
    deal: Deal, *, by: User, reason: str, next_step: str = "", next_step_on: date | None = None,
    version: int | None = None,
) -> Deal:  # fmt: skip
    """Within 30 days after closing the lead opens a deal again where it stood (§2.9). Raises as `move_deal`."""
    facts = MoveFacts(deal.return_stage, clock.today(), by, reason=reason)
    further = {"next_step": next_step.strip(), "next_step_on": next_step_on} if next_step.strip() else {}
    return _move(deal, facts, version, further)


def _move(deal: Deal, facts: MoveFacts, version: int | None, further: dict[str, Any] | None = None) -> Deal:
    """Allowed → valid → changed by compare-and-swap → recorded → told; the checklists in the same transaction."""
    move = MACHINE.move_to(deal, facts.to, by=facts.by)
    with transaction.atomic():
        move.guard(deal, facts)
        old, since, left = deal.stage, deal.stage_since, stages_left(deal, facts.to)
        values = {
            "stage": str(facts.to), "stage_since": clock.now(), **move.effect(deal, facts), **(further or {}),
        }  # fmt: skip
        if facts.to in ROAD and old in ROAD:
            values["quality_pct"] = quality_after(deal, facts.to, left, facts.ticked)
        change(deal, values, by=facts.by, event="move_deal", version=version, reason=facts.reason)
        if left:
            write_checks(deal, left, by=facts.by, ticked=facts.ticked)
        if {old, deal.stage} & set(CLOSED_STAGES):
            refresh_account_members([deal])
        announce("deal_stage_changed", deal=deal, old=old, new=deal.stage, since=since, by=facts.by)
        announce_facts(deal)
    return deal


def _propose_loss(deal: Deal, facts: MoveFacts, version: int | None) -> Deal:
    MACHINE.move_to(deal, DealStage.LOST, by=facts.by)
    check_loss(facts.main_reason, facts.other_reasons, facts.comment)
    values = {
        "loss_proposed_by": facts.by, "main_reason": facts.main_reason,
        "other_reasons": [str(reason) for reason in facts.other_reasons], "close_comment": facts.comment,
    }  # fmt: skip
    with transaction.atomic():
        change(deal, values, by=facts.by, event="propose_loss", version=version)
        if deal.team.lead:
            give_task(
                deal, title=_("Confirm or refuse the loss: %s") % deal.title, assignee=deal.team.lead,
                due_on=facts.today + timedelta(days=ANSWER_DAYS), origin=TaskOrigin.QUESTION, receiver=facts.by,
                dedupe_key=f"loss:{deal.pk}:{deal.version}",
            )  # fmt: skip
    return deal
