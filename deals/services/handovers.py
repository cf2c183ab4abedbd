"""Handing a client or a deal over: draft, proposal, acceptance, refusal, cancellation (R59–R61, §2.9)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Company
from deals.enums import HandoverReason, HandoverState, IntroMode
from deals.handover_dossier import build_dossier
from deals.handover_machine import MACHINE, HandoverFacts, check_mode, check_receiver, leads
from deals.handover_mode import suggest_mode
from deals.models import Deal, DealMember, Handover
from deals.services.account_members import refresh_members_of
from deals.services.handover_ends import end_without_moving, lock_client
from deals.services.handover_items import make_items, vouch_for_items
from deals.services.members import join
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role


def start_handover(
    *, by: User, company: Company, to_user: User, reason: str, deal: Deal | None = None,
    from_user: User | None = None, mode: str = "", mode_reason: str = "", comment: str = "",
) -> Handover:  # fmt: skip
    """A draft with its dossier and checklist; the mode is the rule's unless another one is given with its reason.

    A KAM hands over what he answers for. A lead hands over for anybody of his team, and for one who has left while a
    lead stands in for him: then `from_user` names him. Raises NotAllowed, DomainError.
    """
    giver = from_user or (deal.responsible_kam if deal else company.owner_kam) or by
    suggestion = suggest_mode(company, deal, giver, clock.today())
    handover = Handover(
        company=company, deal=deal, from_user=giver, to_user=to_user, reason=reason or HandoverReason.OTHER,
        comment=comment.strip(), mode=mode or suggestion.mode, suggested_mode=suggestion.mode,
        suggested_facts=suggestion.facts, mode_reason=mode_reason.strip(),
    )  # fmt: skip
    check_may_start(by, handover)
    check_receiver(to_user)
    check_mode(handover)
    with transaction.atomic():
        handover.dossier = build_dossier(company, deal, giver, clock.today())
        create(handover, by=by, event="start_handover")
        make_items(handover)
    return handover


def check_may_start(by: User, handover: Handover) -> None:
    """The responsible KAM for himself, the lead for his team; raises NotAllowed, DomainError."""
    deal, company = handover.deal, handover.company
    answers = deal.responsible_kam_id if deal else company.owner_kam_id
    is_own = handover.from_user_id == by.pk == answers and by.has_role(Role.KAM)
    if not is_own and not leads(by, handover):
        raise NotAllowed("not_allowed", _("Only the responsible KAM or the lead hands this over."))
    if answers not in (handover.from_user_id, None) and handover.from_user.is_active:
        text = _("%s is not responsible here.") % handover.from_user
        raise DomainError("not_responsible", text, {"from_user": [text]})
    if deal is not None and not deal.is_open:
        raise DomainError("closed", _("The deal is closed. Reopen it first."))


def change_mode(
    handover: Handover, *, mode: str, mode_reason: str, by: User, version: int | None = None
) -> None:
    """Another way of introduction before it was held, by the old KAM or the lead; against the rule with a reason."""
    check_may_change_mode(by, handover)
    values: dict[str, Any] = {"mode": mode, "mode_reason": mode_reason.strip()}
    planned = Handover(
        from_user=handover.from_user, suggested_mode=handover.suggested_mode, mode=mode, mode_reason=values["mode_reason"]
    )  # fmt: skip
    check_mode(planned)
    change(handover, values, by=by, event="change_intro_mode", version=version, reason=values["mode_reason"])


def check_may_change_mode(by: User, handover: Handover) -> None:
    """The old KAM or the lead, while the handover runs; raises NotAllowed, DomainError."""
    if by.pk != handover.from_user_id and not leads(by, handover):
        raise NotAllowed("not_allowed", _("The old KAM or the lead chooses the way of introduction."))
    if not handover.is_open:
        raise DomainError("closed", _("This handover is over."))


def propose_handover(handover: Handover, *, by: User, version: int | None = None) -> Handover:
    """Draft → proposed: the dossier is gathered once more and frozen; who proposes vouches for the filled lines."""
    move = MACHINE.move_to(handover, HandoverState.PROPOSED, by=by)
    move.guard(handover, HandoverFacts(clock.today()))
    dossier = build_dossier(handover.company, handover.deal, handover.from_user, clock.today())
    with transaction.atomic():
        values = {"state": HandoverState.PROPOSED, "dossier": dossier}
        change(handover, values, by=by, event="move_handover", version=version)
        vouch_for_items(handover, by=by)
    return handover


def accept_handover(handover: Handover, *, by: User, version: int | None = None) -> Handover:
    """Proposed → accepted: from now on both KAMs work with the client, the old one answers for it."""
    move = MACHINE.move_to(handover, HandoverState.ACCEPTED, by=by)
    move.guard(handover, HandoverFacts(clock.today()))
    with transaction.atomic():
        lock_client(handover)
        values = {"state": HandoverState.ACCEPTED, "granted": []}
        change(handover, values, by=by, event="move_handover", version=version)
        granted = [join(deal, by, Role.KAM, by=by).pk for deal in deals_to_join(handover)]
        Handover.objects.filter(pk=handover.pk).update(granted=granted)
        handover.granted = granted
        refresh_members_of({handover.company_id})
    return handover


def decline_handover(handover: Handover, *, reason: str, by: User, version: int | None = None) -> Handover:
    """Proposed → declined, with the reason; everything stays with the old KAM."""
    return _end(handover, HandoverState.DECLINED, reason=reason, by=by, version=version)


def cancel_handover(handover: Handover, *, reason: str, by: User, version: int | None = None) -> Handover:
    """Any state before completion → cancelled, by the lead, a draft also by the old KAM; what the acceptance gave ends."""
    return _end(handover, HandoverState.CANCELLED, reason=reason, by=by, version=version)


def _end(handover: Handover, state: str, *, reason: str, by: User, version: int | None) -> Handover:
    move = MACHINE.move_to(handover, state, by=by)
    move.guard(handover, HandoverFacts(clock.today(), reason))
    with transaction.atomic():
        lock_client(handover)
        end_without_moving(handover, state, by=by, reason=reason.strip(), version=version)
    return handover


def deals_that_move(handover: Handover) -> list[Deal]:
    """Open deals that the completion gives to the new KAM."""
    if handover.deal is not None:
        return [handover.deal]
    company = handover.company
    leaving = {handover.from_user_id, company.owner_kam_id} - {None, handover.to_user_id}
    deals = Deal.objects.open().filter(company=company).select_related("responsible_kam")
    return [
        deal
        for deal in deals.order_by("target_date", "pk")
        if deal.needs_kam or deal.responsible_kam_id in leaving
    ]


def deals_to_join(handover: Handover) -> list[Deal]:
    """Those of them where the new KAM is not in the working group yet."""
    places = DealMember.objects.active_on(clock.today()).filter(
        user=handover.to_user, role=Role.KAM, scope_company=None
    )
    joined = set(places.order_by().values_list("deal_id", flat=True))
    return [deal for deal in deals_that_move(handover) if deal.pk not in joined]


def modes_open_to(handover: Handover) -> list[IntroMode]:
    """The ways of introduction that are possible: with the old KAM gone, no meeting with him."""
    return [mode for mode in IntroMode if handover.from_user.is_active or mode != IntroMode.THREE_WAY]
