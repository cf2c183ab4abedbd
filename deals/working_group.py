"""The working group of a deal as the page shows it: by role, what is missing, how many (R62, R86, R87)."""

from dataclasses import dataclass
from datetime import date

from deals.enums import DEAL_ROLES, MAIN_ROLES
from deals.models import Deal, DealMember
from upsell_crm.core.roles import Role


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """Members of one role; an empty group of a main role is a gap."""

    role: Role
    members: list[DealMember]

    @property
    def label(self) -> str:
        return str(self.role.label)


@dataclass(frozen=True, slots=True)
class WorkingGroup:
    """Active members by role, those who were there before, and the gaps."""

    groups: list[RoleGroup]
    missing: list[str]
    former: list[DealMember]
    active: list[DealMember]  # on the day itself: who begins later is shown, and counts later
    people: int
    teams: int

    @property
    def sizes(self) -> list[tuple[str, int]]:
        """How many people in each role (R87): a person counts once a role."""
        return [(group.label, len({member.user_id for member in group.members})) for group in self.groups]


def working_group(deal: Deal, today: date) -> WorkingGroup:
    """One statement, whatever the size of the group."""
    rows = list(
        DealMember.objects.filter(deal=deal)
        .select_related("user__team", "scope_company")
        .order_by("user__last_name", "user__first_name", "pk")
    )
    active = [row for row in rows if row.ended_on is None or row.ended_on > today]
    groups = [RoleGroup(role, [row for row in active if row.role == role]) for role in DEAL_ROLES]
    present = [group for group in groups if group.members]
    taken = {group.role for group in present}
    former = sorted(
        (row for row in rows if row not in active), key=lambda row: (row.ended_on, row.pk), reverse=True
    )
    return WorkingGroup(
        groups=present,
        missing=[str(role.label) for role in MAIN_ROLES if role not in taken],
        former=former,
        active=[row for row in active if row.since_on <= today],
        people=len({row.user_id for row in active}),
        teams=len({row.user.team_id for row in active if row.user.team_id}),
    )
