"""How an open handover ends without moving anything: what its acceptance gave is taken back."""

from django.db.models import Q

from accounts.models import Company
from deals.enums import HandoverState
from deals.models import DealMember, Handover
from deals.services.account_members import refresh_members_of
from deals.services.members import leave
from upsell_crm.core.commands import change
from upsell_crm.core.models import User


def lock_client(handover: Handover) -> None:
    """The client's row first, as an assignment by the lead takes it: the two wait for each other, never in a ring."""
    list(Company.objects.select_for_update().filter(pk=handover.company_id).values_list("pk"))


def cancel_open_handovers(company: Company, givers: frozenset[int], *, by: User | None, reason: str) -> None:
    """The client has another KAM by the lead's word: what the old ones were handing over moves no more."""
    moot = Q(deal=None) | Q(from_user__in=givers)
    for handover in Handover.objects.open().filter(moot, company=company).order_by("pk"):
        end_without_moving(handover, HandoverState.CANCELLED, by=by, reason=reason)


def end_without_moving(
    handover: Handover, state: str, *, by: User | None, reason: str, version: int | None = None
) -> None:
    """The state, and the end of the new KAM's places beside the old one. Call inside a transaction."""
    values = {"state": state}
    if state == HandoverState.DECLINED:
        values["decline_reason"] = reason
    change(handover, values, by=by, event="move_handover", version=version, reason=reason)
    given = DealMember.objects.filter(pk__in=handover.granted, ended_on=None).select_related("deal")
    for member in given.order_by("pk"):
        if member.deal.responsible_kam_id != member.user_id:
            leave(member, by=by, reason=reason)
    refresh_members_of({handover.company_id})
