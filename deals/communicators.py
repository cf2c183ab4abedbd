"""The proposal who leads the communication of a deal, with its reason in numbers; read anew each time (R63, §2.6)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q

from accounts.enums import ContactState, DecisionRole
from accounts.models import Contact, ContactRole, ContactStrength, Interaction
from deals.best_contact import Candidate, Decider, Standing, Tie, closest_decider, proposed, standings
from deals.enums import LEADING_ROLES
from deals.models import Deal, DealMember
from upsell_crm.core import clock
from upsell_crm.core.models import User

TWELVE_MONTHS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Contender:
    """A member in the order of the rule: his score, and the decider who gives most of it."""

    user: User
    score: Decimal
    contact: Contact | None
    last_two_way_on: date | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom the rule proposes, everybody in its order, and what stands in the deal now."""

    best: User
    contenders: list[Contender]
    present: User | None
    override_reason: str

    @property
    def is_overridden(self) -> bool:
        """Somebody was chosen against the rule, with a reason; a recalculation does not touch it."""
        return self.present is not None and bool(self.override_reason)

    @property
    def is_accepted(self) -> bool:
        """The proposed one leads."""
        return self.present == self.best

    @property
    def is_new(self) -> bool:
        """There is something to accept: nobody leads yet, or the one who was accepted is no longer the best."""
        return not self.is_accepted and not self.is_overridden

    @property
    def leader(self) -> Contender | None:
        """The line of the proposed one; None when the responsible person is no contender himself."""
        return next((each for each in self.contenders if each.user == self.best), None)

    @property
    def runner_up(self) -> Contender | None:
        """The next one in order, when he knows anybody at all."""
        others = [each for each in self.contenders if each.user != self.best and each.score]
        return others[0] if others else None


def propose(deal: Deal, today: date, active: Iterable[DealMember] | None = None) -> Proposal:
    """The proposal as strengths, people and members stand on the day; four statements, three with members at hand."""
    members = leading_members(deal, today) if active is None else who_may_lead(active)
    users = {member.user_id: member.user for member in members}
    people = _key_deciders(deal, today)
    deciders = [Decider(contact.pk, influence) for contact, influence in people.values()]
    ranked = standings(_candidates(deal, users, people, today), deciders, today)
    responsible = deal.responsible_kam
    best = {**users, responsible.pk: responsible}[proposed(ranked, responsible.pk)]
    contenders = [_contender(each, users, people, deciders, today) for each in ranked]
    return Proposal(best, contenders, deal.lead_communicator, deal.lead_override_reason)


def leading_members(deal: Deal, today: date) -> list[DealMember]:
    """Active members in a role that may lead the communication, of the whole deal or of a part of it."""
    return who_may_lead(DealMember.objects.active_on(today).filter(deal=deal).select_related("user"))


def who_may_lead(active: Iterable[DealMember]) -> list[DealMember]:
    """Those of the active members who still work here, in such a role."""
    fit = [member for member in active if member.role in LEADING_ROLES and member.user.is_active]
    return sorted(fit, key=lambda member: member.pk)


def _key_deciders(deal: Deal, today: date) -> dict[int, tuple[Contact, int]]:
    """Key ЛПР of the client who work there; of several roles of one person the greatest influence counts."""
    roles = (
        ContactRole.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=today), company=deal.company_id, role=DecisionRole.DM, is_key=True,
            contact__anonymised_at=None,
        )
        .exclude(contact__state=ContactState.LEFT)
        .select_related("contact")
        .order_by("contact_id", "influence")
    )  # fmt: skip
    return {role.contact_id: (role.contact, role.influence) for role in roles}


def _candidates(
    deal: Deal, users: dict[int, User], people: dict[int, tuple[Contact, int]], today: date
) -> list[Candidate]:
    ties: dict[int, dict[int, Tie]] = defaultdict(dict)
    for row in ContactStrength.objects.filter(user__in=users, contact__in=people).order_by("pk"):
        ties[row.user_id][row.contact_id] = Tie(row.level, row.last_two_way_on)
    since, _ends = clock.bounds(today - TWELVE_MONTHS)
    talks = dict(
        Interaction.objects.held()
        .filter(company=deal.company_id, our_people__user__in=users, our_people__attended=True, starts_at__gte=since)
        .order_by()
        .values_list("our_people__user")
        .annotate(n=Count("pk", distinct=True))
    )  # fmt: skip
    return [
        Candidate(user_id, user_id == deal.responsible_kam_id, talks.get(user_id, 0), ties[user_id])
        for user_id in users
    ]


def _contender(
    standing: Standing, users: dict[int, User], people: dict[int, tuple[Contact, int]],
    deciders: list[Decider], today: date,
) -> Contender:  # fmt: skip
    ties = standing.candidate.ties
    closest = closest_decider(deciders, ties, today)
    contact = people[closest][0] if closest else None
    last = ties[closest].last_two_way_on if closest else None
    return Contender(users[standing.candidate.user_id], standing.score, contact, last)
