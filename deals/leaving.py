"""What a colleague would leave behind, and what waits for a responsible KAM (§2.8.2)."""

from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import InteractionState
from accounts.models import Company, Interaction, Task
from accounts.models.company import CompanyQuerySet
from accounts.models.interaction import InteractionQuerySet
from accounts.models.task import TaskQuerySet
from deals.models import Deal, DealMember, Handover, HoldingProgram, Mechanics
from deals.models.deal import DealQuerySet
from deals.models.handover import HandoverQuerySet
from deals.models.member import DealMemberQuerySet
from upsell_crm.core import clock
from upsell_crm.core.models import RoleAssignment, User
from upsell_crm.core.roles import Action, Role


@dataclass(frozen=True, slots=True)
class Work:
    """Open deals he answers for, places in other open deals, his clients, tasks, functions, handovers, meetings to come."""

    deals: DealQuerySet
    memberships: DealMemberQuerySet
    companies: CompanyQuerySet
    tasks: TaskQuerySet
    functions: QuerySet[Mechanics]
    handovers: HandoverQuerySet
    meetings: InteractionQuerySet

    @property
    def is_none(self) -> bool:
        """Nothing would be left behind; a statement for each kind at most."""
        return not any(getattr(self, part.name).exists() for part in fields(self))


def work_of(user: User, today: date) -> Work:
    """Everything that somebody else has to take over when `user` leaves."""
    open_deals = Deal.objects.open()
    active = DealMember.objects.active_on(today).filter(user=user, deal__in=open_deals.values("pk"))
    return Work(
        deals=open_deals.filter(responsible_kam=user).order_by("target_date", "pk"),
        memberships=active.select_related("deal").order_by("deal_id", "pk"),
        companies=Company.objects.present().filter(owner_kam=user).order_by("sort_name", "pk"),
        tasks=Task.objects.open().filter(assignee=user).order_by("due_on", "pk"),
        functions=Mechanics.objects.filter(user=user, program__in=HoldingProgram.objects.open()).order_by(
            "pk"
        ),
        handovers=Handover.objects.open().filter(Q(to_user=user) | Q(from_user=user)).order_by("pk"),
        meetings=Interaction.objects.standing()
        .filter(author=user, state=InteractionState.PLANNED, starts_at__gte=clock.bounds(today)[0])
        .order_by("starts_at", "pk"),
    )


def deals_without_kam(user: User) -> DealQuerySet:
    """Open deals in which a lead stands in for the KAM, of those that `user` may hand over."""
    deals = Deal.objects.open().allowing(user, Action.HAND_OVER).filter(needs_kam=True)
    return deals.select_related("company", "responsible_kam", "team").order_by("target_date", "pk")


def companies_without_kam(user: User) -> CompanyQuerySet:
    """Clients with nobody responsible, or with a lead who is no KAM, of those whose KAM `user` assigns."""
    kams = RoleAssignment.objects.filter(user=OuterRef("owner_kam"), role=Role.KAM)
    companies = Company.objects.present().allowing(user, Action.ASSIGN_KAM).filter(~Exists(kams))
    return companies.select_related("owner_kam", "team").order_by("sort_name", "pk")
