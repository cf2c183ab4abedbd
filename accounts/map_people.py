"""The people of the relationship map: roles, stance, influence, who of us is closest, what is stale; and what is missing.

Reads only, seven statements whatever the number of people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery

from accounts.enums import DecisionRole, Fact, FactResult, InterestLevel, LinkKind
from accounts.models import (
    Company,
    Contact,
    ContactLink,
    ContactRole,
    ContactStrength,
    Department,
    DepartmentInterest,
    FactCheck,
    Interaction,
)
from accounts.relationship_map import MAX_PEOPLE, Box, Drawing, Node, Relation, draw
from upsell_crm.core.clock import day_end, local_date
from upsell_crm.core.parameters import parameters

LETTER = 8  # pixels of a letter in a box, the widest that is usual
NO_OWNER_BELOW = 3  # a colleague who knows a person less is not his owner (§2.11)


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the client. `silent_days` since the last two-way contact with any of us, None = never."""

    contact: Contact
    roles: list[ContactRole]
    closest: ContactStrength | None
    silent_days: int | None
    is_stale: bool  # the role in the decision was confirmed too long ago, or never

    @property
    def first(self) -> ContactRole | None:
        """The role that weighs most."""
        return max(self.roles, key=lambda role: (role.influence, role.is_key, -role.pk), default=None)

    @property
    def influence(self) -> int:
        return self.first.influence if self.first else 0

    @property
    def attitude(self) -> int:
        return self.first.attitude if self.first else 0

    @property
    def tone(self) -> str:
        return "good" if self.attitude > 0 else "bad" if self.attitude < 0 else ""

    @property
    def is_key(self) -> bool:
        return any(role.is_key for role in self.roles)

    @property
    def is_decider(self) -> bool:
        return self.plays(DecisionRole.DM)

    @property
    def strength(self) -> int:
        """How well the closest of us knows him, 0–5."""
        return self.closest.level if self.closest else 0

    def plays(self, role: str) -> bool:
        return any(one.role == role for one in self.roles)


@dataclass(frozen=True, slots=True)
class Placed:
    """A person in his box."""

    person: Person
    box: Box

    @property
    def letters(self) -> int:
        """How many letters of a name fit beside the sign of stance."""
        return (self.box.width - 44) // LETTER

    @property
    def more_letters(self) -> int:
        """How many letters fit into a line of the box."""
        return (self.box.width - 20) // LETTER - 2 * self.person.is_key

    @property
    def roles(self) -> str:
        """The roles in words, the key one first."""
        return ", ".join(str(role.get_role_display()) for role in self.person.roles)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the map and its gaps are made of; `spoke` = whom two-way contact reached in `thread_days`."""

    people: list[Person]
    hidden: bool  # there are more people than the map holds
    links: list[ContactLink]
    strange_departments: list[Department]
    spoke: list[Contact]
    silence_days: int
    thread_days: int


def read_map(company: Company, today: date) -> Facts:
    """The people with a say in this client's decisions or a line on its map, the weightiest first; mere users are none."""
    limits = parameters("valid_days", "signal_thresholds")
    thresholds = limits["signal_thresholds"]
    since = today - timedelta(days=limits["valid_days"]["dm"])
    found = _contacts(company, today)
    people = sorted((_person(contact, since, today) for contact in found), key=_weight)
    shown = people[:MAX_PEOPLE]
    links = ContactLink.objects.filter(from_contact__in=[one.contact.pk for one in shown])
    return Facts(
        people=shown,
        hidden=len(people) > MAX_PEOPLE,
        links=list(links.select_related("from_contact", "to_contact").order_by("pk")),
        strange_departments=_strange_departments(company),
        spoke=_spoke(company, today - timedelta(days=thresholds["single_thread"])),
        silence_days=thresholds["dm_silent"],
        thread_days=thresholds["single_thread"],
    )


def drawing_of(facts: Facts) -> tuple[Drawing, list[Placed]]:
    """The picture, and each person in his place."""
    nodes = [Node(one.contact.pk, one.influence, one.is_decider) for one in facts.people]
    relations = [Relation(one.pk, one.from_contact_id, one.to_contact_id, one.kind) for one in facts.links]
    drawing, by_pk = draw(nodes, relations), {one.contact.pk: one for one in facts.people}
    return drawing, [Placed(by_pk[box.pk], box) for box in drawing.boxes]


def superiors(facts: Facts) -> dict[int, Contact]:
    """Person → whom he reports to."""
    return {one.from_contact_id: one.to_contact for one in facts.links if one.kind == LinkKind.REPORTS_TO}


def _contacts(company: Company, today: date) -> Iterable[Any]:
    present = Q(valid_to=None) | Q(valid_to__gte=today)
    roles = ContactRole.objects.filter(present, company=company).select_related("product")
    strengths = ContactStrength.objects.filter(level__gt=0).select_related("user")
    checked = FactCheck.objects.filter(
        contact=OuterRef("pk"), fact=Fact.DM, checked_at__lte=day_end(today)
    ).exclude(result=FactResult.UNKNOWN)
    linked = ContactLink.objects.filter(Q(from_contact=OuterRef("pk")) | Q(to_contact=OuterRef("pk")))
    return (
        Contact.objects.working()
        .filter(
            Q(Exists(roles.filter(contact=OuterRef("pk")).exclude(role=DecisionRole.USER)))
            | Q(Exists(linked), company=company),
        )
        .select_related("department")
        .prefetch_related(
            Prefetch("roles", roles, to_attr="map_roles"),
            Prefetch("strengths", strengths, to_attr="map_strengths"),
        )
        .annotate(checked_at=Subquery(checked.order_by("-checked_at").values("checked_at")[:1]))
        .order_by("last_name", "first_name", "pk")
    )


def _person(contact: Any, since: date, today: date) -> Person:
    known = sorted(contact.map_strengths, key=lambda one: (-one.level, one.user_id))
    talks = [one.last_two_way_on for one in known if one.last_two_way_on]
    checked_on = local_date(contact.checked_at)
    decides = any(role.role == DecisionRole.DM for role in contact.map_roles)
    return Person(
        contact=contact,
        roles=sorted(contact.map_roles, key=lambda role: (not role.is_key, -role.influence, role.pk)),
        closest=known[0]
        if known and known[0].user.is_active
        else next((o for o in known if o.user.is_active), None),
        silent_days=(today - max(talks)).days if talks else None,
        is_stale=decides and (checked_on is None or checked_on < since),
    )


def _weight(person: Person) -> tuple[Any, ...]:
    contact = person.contact
    return (
        not person.is_decider, not person.is_key, -person.influence, contact.last_name, contact.first_name, contact.pk,
    )  # fmt: skip


def _strange_departments(company: Company) -> list[Department]:
    """Departments whose last words are of interest, and of which we know nobody who works there."""
    people = Contact.objects.working().filter(department=OuterRef("department"))
    said = DepartmentInterest.objects.filter(department__company=company).annotate(is_known=Exists(people))
    last: dict[tuple[int, int], Any] = {}
    for row in said.select_related("department").order_by("as_of", "pk"):
        last[row.department_id, row.product_id] = row
    strange = {
        row.department_id: row.department
        for row in last.values()
        if row.level >= InterestLevel.PRESENT and not row.is_known
    }
    return sorted(strange.values(), key=lambda department: (department.name, department.pk))


def _spoke(company: Company, since: date) -> list[Contact]:
    """People who took part in two-way contact since the day."""
    talks = Interaction.objects.two_way().filter(company=company, starts_at__gt=day_end(since))
    met = talks.filter(client_people__attended=True).order_by().values("client_people__contact")
    return list(Contact.objects.working().filter(pk__in=met).order_by("last_name", "first_name", "pk")[:2])


def allies_of(person: Person, facts: Facts) -> list[Person]:
    """Who is for us and stands beside or over this person: his superior, his ally, who influences him."""
    near = {
        one.from_contact_id for one in facts.links
        if one.to_contact_id == person.contact.pk and one.kind in (LinkKind.INFLUENCES, LinkKind.ALLY)
    } | {
        one.to_contact_id for one in facts.links
        if one.from_contact_id == person.contact.pk and one.kind in (LinkKind.REPORTS_TO, LinkKind.ALLY)
    }  # fmt: skip
    return _for_us(facts.people, near)


def _for_us(people: Sequence[Person], near: set[int]) -> list[Person]:
    return [one for one in people if one.contact.pk in near and one.attitude > 0]
