"""Who leads the communication: accept the best contact, or choose another member with a reason (R63, §2.6)."""

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from deals.communicators import Proposal, leading_members, propose
from deals.models import Deal, DealMember
from deals.services.members import check_is_open, check_may_assign
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User


def accept_proposal(*, by: User, deal: Deal, version: int | None = None) -> User:
    """One click: the best contact leads. Raises NotAllowed, Stale, DomainError."""
    _check(by, deal)
    best = propose(deal, clock.today()).best
    _check_active(deal, best)
    _set(deal, best, "", by=by, version=version)
    return best


def choose_communicator(
    *, by: User, deal: Deal, user: User, reason: str = "", version: int | None = None
) -> None:
    """Another member leads; the reason, the proposed one and the chosen one stay in history.

    Choosing the proposed one needs no reason. Raises NotAllowed, Stale, DomainError.
    """
    _check(by, deal)
    today = clock.today()
    proposal = propose(deal, today)
    if user not in {deal.responsible_kam, *(member.user for member in leading_members(deal, today))}:
        text = _("%s is neither a KAM nor a performer of this deal.") % user
        raise DomainError("not_a_candidate", text, {"user": [text]})
    _check_active(deal, user)
    words = "" if user == proposal.best else reason.strip()
    if user != proposal.best and not words:
        text = _("Write why not the best contact.")
        raise DomainError("reason_required", text, {"reason": [text]})
    with transaction.atomic():
        _set(deal, user, words, by=by, version=version)
        if words:
            _record_override(deal, proposal, user, words, by=by)


def drop_leaver(*, deal: Deal, by: User | None) -> None:
    """Reaction to `members_changed`: whoever is no active member any more does not lead (§2.8.2)."""
    stored = Deal.objects.select_related("lead_communicator").get(pk=deal.pk)
    leader = stored.lead_communicator
    if leader is None or _is_active(stored, leader):
        return
    values = {"lead_communicator": None, "lead_override_reason": ""}
    change(stored, values, by=by, event="drop_communicator", reason=_("%s has left the deal.") % leader)
    if deal is not stored:  # the caller goes on with its own copy
        deal.lead_communicator, deal.lead_override_reason, deal.version = None, "", stored.version


def _check(by: User, deal: Deal) -> None:
    check_may_assign(by, deal)
    check_is_open(deal)


def _check_active(deal: Deal, user: User) -> None:
    if not _is_active(deal, user):
        text = _("%s is not a member of this deal.") % user
        raise DomainError("not_a_member", text, {"user": [text]})


def _is_active(deal: Deal, user: User) -> bool:
    active = DealMember.objects.active_on(clock.today())
    return user.is_active and active.filter(deal=deal, user=user).exists()


def _set(deal: Deal, user: User, reason: str, *, by: User, version: int | None) -> None:
    values = {"lead_communicator": user, "lead_override_reason": reason}
    change(deal, values, by=by, event="set_communicator", version=version, reason=reason)


def _record_override(deal: Deal, proposal: Proposal, chosen: User, reason: str, *, by: User) -> None:
    scores = {each.user.pk: each.score for each in proposal.contenders}
    pair = [f"{who} ({number_format(scores.get(who.pk, 0), 1)})" for who in (proposal.best, chosen)]
    audit.record(
        "override_communicator", deal, by=by, company_id=deal.company_id, reason=reason,
        changes={"lead_communicator": pair},
    )  # fmt: skip
