"""A deal passes to another responsible KAM: with its client (reaction), or alone by a handover (R61, R91)."""

from django.db.models import Q

from accounts.models import Agreement, Company, Interaction, Task
from accounts.services.ownership import Passing, join_meetings, pass_promises, pass_tasks
from deals.models import Deal, DealMember
from deals.models.member import DealMemberQuerySet
from deals.services.account_members import refresh_members_of
from deals.services.handover_ends import cancel_open_handovers
from deals.services.members import join, leave
from upsell_crm.core import clock
from upsell_crm.core.commands import change
from upsell_crm.core.roles import Role

_ANSWERING = (Role.KAM, Role.LEAD)  # the roles by which a person is responsible for a deal


def move_deals(*, company: Company, passing: Passing) -> None:
    """Reaction to «kam_assigned»: the client's open deals of the leaving KAM, and those that nobody holds, move along.

    Other open handovers of the client have lost their sense and are cancelled; members of the account are written anew.
    """
    going = Q(responsible_kam__in=passing.olds) | Q(needs_kam=True)
    for deal in Deal.objects.open().filter(going, company=company).order_by("pk"):
        give_deal(deal, passing)
    cancel_open_handovers(company, passing.olds, by=passing.by, reason=passing.reason)
    refresh_members_of({company.pk})


def give_deal(deal: Deal, passing: Passing) -> None:
    """The new KAM joins, answers for the deal and leads where the old one led; the old one leaves.

    Call inside the transaction of a service that has asked for the right.
    """
    leaving = passing.olds | {deal.responsible_kam_id} - {passing.kam.pk}
    if not _members(deal).filter(user=passing.kam, role=Role.KAM, scope_company=None).exists():
        join(deal, passing.kam, Role.KAM, by=passing.by)
    deal.refresh_from_db()
    values = {
        "responsible_kam": passing.kam,
        "needs_kam": False,
        "team": passing.kam.team or deal.team,
    }
    if deal.lead_communicator_id in leaving:
        values |= {"lead_communicator": passing.kam, "lead_override_reason": ""}
    change(deal, values, by=passing.by, event="change_kam", reason=passing.reason)
    for member in _members(deal).filter(user__in=leaving, role__in=_ANSWERING).order_by("pk"):
        leave(member, by=passing.by, reason=passing.reason)


def give_work_of_deal(deal: Deal, passing: Passing) -> None:
    """What is open in one deal: its tasks, promises and planned meetings."""
    pass_tasks(Task.objects.filter(deal_link__deal=deal), passing)
    pass_promises(Agreement.objects.filter(interaction__deal_links__deal=deal), passing)
    join_meetings(Interaction.objects.filter(deal_links__deal=deal), passing)


def _members(deal: Deal) -> DealMemberQuerySet:
    return DealMember.objects.active_on(clock.today()).filter(deal=deal).select_related("deal")
