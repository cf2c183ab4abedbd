"""Two teams that are about to talk with the same ЛПР without knowing of each other (product.md §1.7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from django.db.models import Prefetch

from accounts.enums import DecisionRole, InteractionState
from accounts.models import Contact, ContactRole, Interaction, InteractionContact, InteractionUser
from deals.enums import OPEN_STAGES
from deals.models import DealMember
from upsell_crm.core.models import User


@dataclass(frozen=True, slots=True)
class Planned:
    """A communication that is planned, with our people in it."""

    interaction: Interaction
    people: dict[int, User]

    @property
    def teams(self) -> set[int | None]:
        return {user.team_id for user in self.people.values()}


@dataclass(frozen=True, slots=True)
class Collision:
    """Two plans for one person that nobody has brought together."""

    contact: Contact
    first: Planned
    second: Planned

    @property
    def days_apart(self) -> int:
        return (self.second.interaction.starts_at.date() - self.first.interaction.starts_at.date()).days


def collisions(company_ids: Iterable[int], now: datetime, days: int) -> list[Collision]:
    """Pairs of plans of different teams for one ЛПР within `days`; people of one working group are no pair.

    A colleague who takes part in both knows of both. Three statements.
    """
    plans = _plans(list(company_ids), now)
    groups = _groups({user for _contact, plan in plans for user in plan.people})
    of_person: dict[int, list[tuple[Contact, Planned]]] = {}
    for contact, plan in plans:
        of_person.setdefault(contact.pk, []).append((contact, plan))
    return [
        Collision(contact, one, other)
        for pairs in of_person.values()
        for (contact, one), (_same, other) in combinations(pairs, 2)
        if _is_near(one, other, days) and not _know_each_other(one, other, groups)
    ]


def _plans(company_ids: list[int], now: datetime) -> list[tuple[Contact, Planned]]:
    """Each plan ahead once per ЛПР, the nearest first."""
    ahead = Interaction.objects.standing().filter(
        state=InteractionState.PLANNED, company__in=company_ids, starts_at__gte=now
    )
    makers = ContactRole.objects.filter(role=DecisionRole.DM, valid_to=None)
    ours = Prefetch("interaction__our_people", InteractionUser.objects.select_related("user__team"))
    rows = (
        InteractionContact.objects.filter(interaction__in=ahead, contact__in=makers.values("contact"))
        .select_related("contact", "interaction__author__team")
        .prefetch_related(ours)
    )
    found = []
    for row in rows.order_by("interaction__starts_at", "pk"):
        author = row.interaction.author
        people = {member.user_id: member.user for member in row.interaction.our_people.all()}
        found.append((row.contact, Planned(row.interaction, people or {author.pk: author})))
    return found


def _groups(user_ids: set[int]) -> dict[int, set[int]]:
    """Colleague → open deals in which he works."""
    found: dict[int, set[int]] = {}
    rows = DealMember.objects.filter(user__in=user_ids, ended_on=None, deal__stage__in=OPEN_STAGES).order_by()
    for user_id, deal_id in rows.values_list("user", "deal"):
        found.setdefault(user_id, set()).add(deal_id)
    return found


def _is_near(one: Planned, other: Planned, days: int) -> bool:
    return abs(other.interaction.starts_at - one.interaction.starts_at) <= timedelta(days=days)


def _know_each_other(one: Planned, other: Planned, groups: dict[int, set[int]]) -> bool:
    if one.people.keys() & other.people.keys() or one.teams & other.teams:
        return True
    mine = {deal for user in one.people for deal in groups.get(user, ())}
    theirs = {deal for user in other.people for deal in groups.get(user, ())}
    return bool(mine & theirs)
