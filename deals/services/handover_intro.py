"""The introduction of the new KAM, and the completion that moves everything at once (R60, R61, §2.8.8)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import InteractionKind, InteractionState, Purpose
from accounts.models import Company, Contact, Interaction, Task
from accounts.models.task import TaskQuerySet
from accounts.services.interactions import log_interaction
from accounts.services.outcome import Outcome
from accounts.services.ownership import Passing, give_company
from deals.enums import HandoverState, IntroMode
from deals.handover_machine import MACHINE, HandoverFacts, check_mode, check_people, may_act
from deals.models import Handover
from deals.services.deal_interactions import FIELD
from deals.services.deal_owner import give_deal, give_work_of_deal
from deals.services.handover_ends import lock_client
from upsell_crm.core import clock
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action

S = HandoverState


def plan_introduction(
    handover: Handover, *, by: User, starts_at: datetime, contacts: Sequence[Contact], kind: str = "",
    version: int | None = None,
) -> Interaction:  # fmt: skip
    """Accepted → introduction: the meeting (or letter) stands in the calendar of both KAMs with the client's people.

    Planned once more when the first one was cancelled or missed. Raises IllegalTransition, NotAllowed, DomainError.
    """
    check_may_plan(by, handover)
    check_mode(handover)
    outcome = Outcome(
        kind=kind or KINDS[IntroMode(handover.mode)], starts_at=starts_at, state=InteractionState.PLANNED,
        purpose=Purpose.INTRO, attendees=contacts, our_people=_our_people(handover),
    )  # fmt: skip
    with transaction.atomic():
        meeting = log_interaction(
            by=by, company=handover.company, outcome=outcome, context=_context(handover)
        )
        check_people(handover, meeting, {})
        values = {"state": S.INTRO, "introduction": meeting}
        change(handover, values, by=by, event="move_handover", version=version)
    return meeting


KINDS = {
    IntroMode.THREE_WAY: InteractionKind.MEETING,
    IntroMode.SELF: InteractionKind.CALL,
    IntroMode.LETTER: InteractionKind.EMAIL,
}


def complete_handover(
    handover: Handover,
    *,
    by: User,
    version: int | None = None,
    keep: Collection[Task] = (),
    introduced_how: str = "",
) -> Handover:
    """The responsible KAM changes once, with all open work, in one transaction; `keep` stay with the old KAM.

    Nothing moves before the introduction and the accepted checklist. Raises Stale, IllegalTransition, NotAllowed,
    DomainError; after any of them everything is with the old KAM.
    """
    move = MACHINE.move_to(handover, S.COMPLETED, by=by)
    how = introduced_how.strip()
    move.guard(handover, HandoverFacts(clock.today(), introduced_how=how))
    values = {"state": S.COMPLETED, "completed_at": clock.now(), "introduced_how": how}
    with transaction.atomic():
        lock_client(handover)
        change(handover, values, by=by, event="move_handover", version=version)
        kept = frozenset(task.pk for task in keep)
        if handover.deal_id:
            _give_deal(handover, by=by, keep=kept)
        else:
            _give_company(handover, by=by, keep=kept)
    return handover


def tasks_that_move(handover: Handover) -> TaskQuerySet:
    """Open tasks of the old KAM (and of the lead who stands in) on this client or deal, as the page lists them."""
    tasks = Task.objects.open().filter(assignee__in=_olds(handover)).select_related("assignee")
    if handover.deal_id:
        return tasks.filter(deal_link__deal=handover.deal)
    return tasks.filter(company=handover.company)


def _give_company(handover: Handover, *, by: User, keep: frozenset[int]) -> None:
    company = Company.objects.select_related("owner_kam").get(pk=handover.company_id)
    owner = company.owner_kam
    if owner is not None and owner != handover.from_user and handover.from_user.is_active:
        raise DomainError("not_responsible", _("%s is not responsible here any more.") % handover.from_user)
    give_company(
        company, handover.to_user, by=by, reason=_reason(handover), event="complete_handover",
        also_from=[handover.from_user], keep=keep,
    )  # fmt: skip


def _give_deal(handover: Handover, *, by: User, keep: frozenset[int]) -> None:
    deal = handover.deal
    assert deal is not None
    deal.refresh_from_db()
    if deal.responsible_kam_id != handover.from_user_id and handover.from_user.is_active:
        raise DomainError("not_responsible", _("%s is not responsible here any more.") % handover.from_user)
    passing = Passing(_olds(handover), handover.to_user, by, _reason(handover), keep)
    give_deal(deal, passing)
    give_work_of_deal(deal, passing)
    announce("facts_changed", company_id=handover.company_id)


def _olds(handover: Handover) -> frozenset[int]:
    """Whose things move: the old KAM's, and those of who stands in for him."""
    answers = handover.deal.responsible_kam_id if handover.deal else handover.company.owner_kam_id
    people = {handover.from_user_id, answers} - {handover.to_user_id}
    return frozenset(person for person in people if person is not None)


def _reason(handover: Handover) -> str:
    return _("Handover: %(reason)s") % {"reason": handover.get_reason_display()}


def _our_people(handover: Handover) -> list[User]:
    return [user for user in (handover.from_user, handover.to_user) if user.is_active]


def _context(handover: Handover) -> dict[str, str]:
    """The introduction belongs to the deal that is handed over."""
    return {FIELD: str(handover.deal.public_id)} if handover.deal else {}


def is_coming(handover: Handover) -> bool:
    """The planned introduction still stands, or was held."""
    meeting = handover.introduction
    waits = (InteractionState.PLANNED, InteractionState.HELD)
    return meeting is not None and not meeting.retracted_at and meeting.state in waits


def check_may_plan(by: User, handover: Handover) -> None:
    """Of an accepted handover, or anew when the meeting fell through; raises IllegalTransition, NotAllowed."""
    if handover.state != S.INTRO:
        MACHINE.move_to(handover, S.INTRO, by=by)
    elif not (may_act(by, Action.TAKE_OVER, handover) or may_act(by, Action.HAND_OVER, handover)):
        raise NotAllowed("not_allowed", _("The two KAMs or the lead plan the introduction."))
    elif is_coming(handover):
        raise DomainError("planned", _("The introduction is planned already."))
