"""The stages of a deal as one declared table: from, to, who, guard, effect (domain.md §2.9, R82, R84).

A move that is not in MOVES does not exist. `services/deal_moves.py` is its only user.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import ContractStatus
from deals.access import may
from deals.checklists import is_confirmed, needs_procedure, stages_left
from deals.close_reasons import check_loss, check_win, is_late_start
from deals.enums import CLOSED_STAGES, CLOSER_STAGES, OPEN_STAGES, ROAD, WON_REASONS, CloseReason, DealStage
from deals.models import Deal
from deals.models.deal import HOLD_DAYS_MAX
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, check_reason
from upsell_crm.core.machine import Machine, Move, always
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

S = DealStage
REOPEN_DAYS = 30


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """What the person states with a move; `ticked` holds «stage.code» of checklist items, `by=None` is a job."""

    to: str
    today: date
    by: User | None
    reason: str = ""
    ticked: frozenset[str] = frozenset()
    hold_until: date | None = None
    main_reason: str = ""
    other_reasons: Sequence[str] = ()
    comment: str = ""


def can_go_on(deal: Deal, facts: MoveFacts) -> None:
    """Forward: one stage at will, several only when every item of the stages left is ticked (§2.9)."""
    is_not_given_up(deal, facts)
    stages = stages_left(deal, facts.to)
    if len(stages) > 1 and not is_confirmed(stages, facts.ticked):
        text = _("To skip a stage, tick every item of the checklists that you leave behind.")
        raise DomainError("not_confirmed", text, {"checks": [text]})


def has_reason(deal: Deal, facts: MoveFacts) -> None:
    """A reason in words."""
    is_not_given_up(deal, facts)
    check_reason(facts.reason)


def is_not_given_up(deal: Deal, facts: MoveFacts) -> None:
    """A proposed loss waits for the lead; until then the deal stands still."""
    if deal.loss_proposed_by_id:
        raise DomainError("loss_proposed", _("The loss of this deal waits for the lead's decision."))


def has_return_date(deal: Deal, facts: MoveFacts) -> None:
    """A pause ends on a day ahead, at most 180 days from now, and has a reason."""
    has_reason(deal, facts)
    last = facts.today + timedelta(days=HOLD_DAYS_MAX)
    if facts.hold_until is None or not facts.today < facts.hold_until <= last:
        text = _("Choose when the deal returns: from tomorrow, at most 180 days ahead.")
        raise DomainError("hold_date", text, {"hold_until": [text]})


def time_has_come(deal: Deal, facts: MoveFacts) -> None:
    """A person returns a deal whenever he likes, the job not before the date."""
    if facts.by is None and deal.hold_until is not None and deal.hold_until > facts.today:
        raise DomainError("on_hold", _("The pause of this deal has not ended yet."))


def has_loss_reasons(deal: Deal, facts: MoveFacts) -> None:
    """One main reason and at most two others (§2.7)."""
    check_loss(facts.main_reason, facts.other_reasons, facts.comment)


def has_fact(deal: Deal, facts: MoveFacts) -> None:
    """A contract in force that the deal has made: signed, or an invoice-offer that is paid (§2.9)."""
    if not deal.made_contracts.filter(contract__status=ContractStatus.ACTIVE).exists():
        text = _("A deal is won by a contract in force or a paid invoice-offer, not by hand.")
        raise DomainError("no_fact", text)
    if facts.main_reason:
        check_win(facts.main_reason, facts.other_reasons)


def may_reopen(deal: Deal, facts: MoveFacts) -> None:
    """Closed at most 30 days ago, with a reason; what it renews is in no other open deal."""
    check_reason(facts.reason)
    closed_on = clock.local_date(deal.closed_at)
    if closed_on is None or facts.today > closed_on + timedelta(days=REOPEN_DAYS):
        raise DomainError("too_late", _("A deal is reopened within 30 days after it was closed."))
    contracts = deal.renewals.values("contract_id")
    if Deal.objects.renewing(contracts).exclude(pk=deal.pk).exists():
        raise DomainError("renewed_already", _("Another open deal renews the same contract."))


def pause(deal: Deal, facts: MoveFacts) -> dict[str, Any]:
    """Remembers where it stood."""
    return {"return_stage": deal.stage, "hold_until": facts.hold_until}


def resume(deal: Deal, facts: MoveFacts) -> dict[str, Any]:
    """The pause is over."""
    return {"return_stage": "", "hold_until": None}


def lose(deal: Deal, facts: MoveFacts) -> dict[str, Any]:
    """The reasons as they were said; a late start adds itself (§2.7)."""
    others = [reason for reason in facts.other_reasons if reason != facts.main_reason]
    late = CloseReason.LATE_START
    if late not in (facts.main_reason, *others) and is_late_start(deal, facts.today):
        others.append(late)
    said = {
        "main_reason": facts.main_reason,
        "other_reasons": [str(x) for x in others],
        "close_comment": facts.comment,
    }
    return {**_closed(deal), **said}


def win(deal: Deal, facts: MoveFacts) -> dict[str, Any]:
    """Reasons are asked afterwards; until then «renewal came in time» stands (§2.7)."""
    main = facts.main_reason if facts.main_reason in WON_REASONS else CloseReason.TIMING_RENEWAL
    said = {
        "main_reason": str(main), "other_reasons": list(facts.other_reasons), "close_comment": facts.comment,
    }  # fmt: skip
    return {**_closed(deal), **said}


def reopen(deal: Deal, facts: MoveFacts) -> dict[str, Any]:
    """As if it had not been closed."""
    return {
        "return_stage": "", "closed_at": None, "lead_at_close": None, "main_reason": "", "other_reasons": [],
        "close_comment": "",
    }  # fmt: skip


def _closed(deal: Deal) -> dict[str, Any]:
    """The moment, the lead of that day (R92), and where the deal stood."""
    return {
        "closed_at": clock.now(), "lead_at_close": deal.team.lead, "hold_until": None, "loss_proposed_by": None,
        "return_stage": deal.return_stage if deal.stage == S.HOLD else deal.stage,
    }  # fmt: skip


def _returns_to(stage: str) -> Callable[[Deal], bool]:
    """Only to where the deal stood before it was paused or closed."""

    def fits(deal: Deal) -> bool:
        return deal.return_stage == stage

    return fits


_LEADS = frozenset({Role.LEAD, Role.HEAD})
_SALES = frozenset({Role.KAM, *_LEADS})
_CLOSERS = _SALES | {Role.CLOSER}
_MOVE, _ANSWER, _JUDGE = Action.MOVE_DEAL, Action.CLOSE_DEAL, Action.CONFIRM_LOSS


def _moves() -> Iterator[Move[Deal]]:
    for place, source in enumerate(ROAD):
        movers = _CLOSERS if source in CLOSER_STAGES else _SALES
        for target in ROAD[place + 1 :]:
            when = needs_procedure if target == S.PROCUREMENT else always
            yield Move(source, target, _MOVE, movers, can_go_on, when=when)
        for target in ROAD[:place]:
            when = needs_procedure if target == S.PROCUREMENT else always
            yield Move(source, target, _ANSWER, _SALES, has_reason, when=when)
        yield Move(source, S.HOLD, _ANSWER, _SALES, has_return_date, pause)
        yield Move(
            S.HOLD, source, _ANSWER, _SALES, time_has_come, resume, is_by_job=True, when=_returns_to(source)
        )
        for end in CLOSED_STAGES:
            yield Move(end, source, _JUDGE, _LEADS, may_reopen, reopen, when=_returns_to(source))
    for source in OPEN_STAGES:
        yield Move(source, S.WON, _MOVE, _CLOSERS, has_fact, win, is_by_job=True)
        yield Move(source, S.LOST, _ANSWER, _SALES, has_loss_reasons, lose)


def may_step(by: User, action: Action, deal: Deal) -> bool:
    """As the table of rights says; back, pause and loss belong to the responsible KAM or the lead, to no other KAM."""
    if not may(by, action, deal):
        return False
    return action != _ANSWER or deal.responsible_kam_id == by.pk or may(by, _JUDGE, deal)


MOVES: tuple[Move[Deal], ...] = tuple(_moves())
MACHINE: Machine[Deal] = Machine(MOVES, may_step, field="stage")


def steps_open_to(user: User, deal: Deal, rights: dict[str, bool]) -> list[Move[Deal]]:
    """The moves that a page offers, by rights that it has read already; no statement per move."""

    def known(by: User, action: Action, record: Deal) -> bool:
        is_his = record.responsible_kam_id == by.pk or rights[_JUDGE]
        return rights[action] and (action != _ANSWER or is_his)

    return replace(MACHINE, may=known).open_to(user, deal)
