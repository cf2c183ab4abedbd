"""The states of a handover as one declared table: from, to, who, guard (domain.md §2.9, R59–R61).

A move that is not in MOVES does not exist. The services of handovers are its only users.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import may as may_on_company
from accounts.enums import DecisionRole, InteractionState
from accounts.models import Company, Contact, Interaction
from accounts.models.contact import ContactQuerySet
from deals.access import may as may_on_deal
from deals.enums import HandoverState, IntroMode
from deals.models import Handover
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, check_reason
from upsell_crm.core.machine import Machine, Move
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

S = HandoverState


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """What the person states with a move; `today` is the business date."""

    today: date
    reason: str = ""
    introduced_how: str = ""


def has_reason(handover: Handover, facts: HandoverFacts) -> None:
    """A reason in words."""
    check_reason(facts.reason)


def is_ready(handover: Handover, facts: HandoverFacts) -> None:
    """A working KAM to take it, and a way of introduction that is possible and reasoned."""
    check_receiver(handover.to_user)
    check_mode(handover)


def is_receivable(handover: Handover, facts: HandoverFacts) -> None:
    """Whoever accepts still works here as a KAM."""
    check_receiver(handover.to_user)


def check_receiver(user: User) -> None:
    """Raises DomainError unless this is a working KAM."""
    if not user.is_active or not user.has_role(Role.KAM):
        text = _("Choose a working KAM.")
        raise DomainError("not_a_kam", text, {"to_user": [text]})


def check_mode(handover: Handover) -> None:
    """The old KAM takes part in a three-way meeting, so he must be here; another mode than the rule's has a reason."""
    if handover.mode == IntroMode.THREE_WAY and not handover.from_user.is_active:
        text = _("%s does not work here any more: choose another way and write why.") % handover.from_user
        raise DomainError("giver_gone", text, {"mode": [text]})
    if handover.mode != handover.suggested_mode and not handover.mode_reason.strip():
        text = _("Write why the introduction goes another way.")
        raise DomainError("mode_reason", text, {"mode_reason": [text]})


def is_planned(handover: Handover, facts: HandoverFacts) -> None:
    """The introduction stands in the calendar, with the people whom the mode needs."""
    check_mode(handover)
    meeting = handover.introduction
    if meeting is None or meeting.state not in (InteractionState.PLANNED, InteractionState.HELD):
        raise DomainError("not_planned", _("Plan the introduction first."))
    check_people(handover, meeting, {})


def is_finished(handover: Handover, facts: HandoverFacts) -> None:
    """The client knows the new person, and the new person has accepted every line of the checklist (R61)."""
    check_receiver(handover.to_user)
    check_mode(handover)
    if missing := handover.items.filter(accepted_at=None).count():
        text = _("The checklist is not accepted yet: %(n)d left.") % {"n": missing}
        raise DomainError("checklist", text)
    check_introduced(handover, facts)


def check_introduced(handover: Handover, facts: HandoverFacts) -> None:
    """A three-way meeting was held; another mode was held too, or somebody says how the client was told."""
    meeting = handover.introduction
    is_held = meeting is not None and meeting.state == InteractionState.HELD and not meeting.retracted_at
    if is_held:
        return check_people(handover, meeting, {"attended": True})
    if handover.mode == IntroMode.THREE_WAY:
        raise DomainError("not_introduced", _("The three-way meeting has not been held yet."))
    if not facts.introduced_how.strip():
        text = _("Write how and when the client was told about the new KAM.")
        raise DomainError("not_introduced", text, {"introduced_how": [text]})


def check_people(handover: Handover, meeting: Interaction | None, attended: dict[str, bool]) -> None:
    """Three-way: the old KAM, the new one and a decision-maker; by himself: the new one and anybody of the client."""
    if meeting is None or handover.mode == IntroMode.LETTER:
        return
    needed = {handover.to_user_id}
    if handover.mode == IntroMode.THREE_WAY:
        needed.add(handover.from_user_id)
    present = set(meeting.our_people.filter(**attended).order_by().values_list("user_id", flat=True))
    people = meeting.client_people.filter(**attended)
    if handover.mode == IntroMode.THREE_WAY:
        people = people.filter(contact__in=decision_makers(handover.company, clock.today()).values("pk"))
    if needed - present or not people.exists():
        texts = {
            IntroMode.THREE_WAY: _(
                "A three-way meeting needs the old KAM, the new KAM and a decision-maker."
            ),
            IntroMode.SELF: _("An introduction needs the new KAM and somebody of the client."),
        }
        raise DomainError("wrong_people", texts[IntroMode(handover.mode)])


def decision_makers(company: Company, today: date) -> ContactQuerySet:
    """Working ЛПР of the client on the day."""
    roles = company.contact_roles.filter(Q(valid_to=None) | Q(valid_to__gte=today), role=DecisionRole.DM)
    return Contact.objects.working().filter(pk__in=roles.order_by().values("contact"))


def is_giver_gone(handover: Handover) -> bool:
    """The old KAM has left or is blocked, so nobody can introduce the new one in person."""
    return not handover.from_user.is_active


_RECEIVER = frozenset({Role.KAM})
_GIVERS = frozenset({Role.KAM, Role.LEAD, Role.HEAD})
_LEADERS = frozenset({Role.LEAD, Role.HEAD})
_GIVE, _TAKE = Action.HAND_OVER, Action.TAKE_OVER

MOVES: tuple[Move[Handover], ...] = (
    Move(S.DRAFT, S.PROPOSED, _GIVE, _GIVERS, is_ready),
    Move(S.PROPOSED, S.ACCEPTED, _TAKE, _RECEIVER, is_receivable),
    Move(S.PROPOSED, S.DECLINED, _TAKE, _RECEIVER, has_reason),
    Move(S.ACCEPTED, S.INTRO, _TAKE, _RECEIVER, is_planned),
    Move(S.ACCEPTED, S.INTRO, _GIVE, _GIVERS, is_planned),
    Move(S.INTRO, S.COMPLETED, _TAKE, _RECEIVER, is_finished),
    Move(S.INTRO, S.COMPLETED, _GIVE, _LEADERS, is_finished),
    Move(S.ACCEPTED, S.COMPLETED, _GIVE, _LEADERS, is_finished, when=is_giver_gone),
    Move(
        S.DRAFT, S.CANCELLED, _GIVE, _GIVERS, has_reason
    ),  # a draft that nobody has seen yet is its maker's own
    *(Move(source, S.CANCELLED, _GIVE, _LEADERS, has_reason) for source in (S.PROPOSED, S.ACCEPTED, S.INTRO)),
)


def may_act(by: User, action: Action, handover: Handover) -> bool:
    """TAKE_OVER: he to whom it is given. HAND_OVER: the old KAM himself, or the lead of the client or deal."""
    if action == Action.TAKE_OVER:
        return handover.to_user_id == by.pk and bool(by.scopes(action))
    if handover.from_user_id == by.pk:
        return bool(by.scopes(action))
    return leads(by, handover)


def leads(by: User, handover: Handover) -> bool:
    """Whether this person leads the team of what is handed over, or the department."""
    if not by.has_role(*_LEADERS):
        return False
    if handover.deal_id:
        return may_on_deal(by, Action.HAND_OVER, handover.deal)
    return may_on_company(by, Action.HAND_OVER, handover.company)


MACHINE: Machine[Handover] = Machine(MOVES, may_act)
