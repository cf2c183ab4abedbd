"""What became of invitations and letters: attended, opened, unsubscribed; by ticks or by a list (R88, R89)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Contact
from accounts.services.consents import withdraw_consents
from trainings.attendance_list import match_people
from trainings.enums import ActivityKind, ActivityState, TouchState
from trainings.models import MarketingActivity
from trainings.services.audiences import insert_touches
from upsell_crm.core import audit, clock
from upsell_crm.core.access import require
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

S = TouchState
MARKS = {  # what may become of a person, by the kind of the activity
    ActivityKind.MAILING: (S.OPENED, S.UNSUBSCRIBED, S.INVITED),
    ActivityKind.WEBINAR: (S.ATTENDED, S.UNSUBSCRIBED, S.INVITED),
    ActivityKind.EVENT: (S.ATTENDED, S.UNSUBSCRIBED, S.INVITED),
}


@dataclass(frozen=True, slots=True)
class Marked:
    """What a list did: how many were marked, how many came uninvited, which lines mean nobody or several people."""

    marked: int
    walk_ins: int
    unknown: list[str]
    ambiguous: list[str]


def mark_people(activity: MarketingActivity, contact_ids: Collection[int], *, state: str, by: User) -> int:
    """Sets the state of these people of the audience; who unsubscribes gets no letters any more. Returns how many.

    Raises NotAllowed, DomainError.
    """
    mark = _checked(activity, state, by)
    touches = activity.touches.filter(contact__in=contact_ids).exclude(state=mark)
    with transaction.atomic():
        if mark == S.UNSUBSCRIBED:
            members = list(touches.order_by("pk").values_list("contact_id", flat=True))
            withdraw_consents(members, by=by, reason=activity.title)
        number = touches.update(state=mark, changed_at=clock.now())
        if number:
            audit.record("mark_touches", activity, by=by, changes={str(mark): [None, number]})
    return number


def mark_list(activity: MarketingActivity, text: str, *, state: str, by: User) -> Marked:
    """A pasted list: the audience is marked; known people who came to a webinar or event uninvited are added.

    Nobody is added to a mailing this way: whoever is not in it got no letter. Raises NotAllowed, DomainError.
    """
    mark = _checked(activity, state, by)
    found = match_people(text, activity, by=by)
    ids = [person.pk for person in found.people]
    with transaction.atomic():
        walk_ins = 0
        if mark == S.ATTENDED and ids:
            came = Contact.objects.working().filter(pk__in=ids)
            walk_ins = insert_touches(activity, came, state=S.ATTENDED, at=clock.now())
        members = set(activity.touches.filter(contact__in=ids).values_list("contact_id", flat=True))
        marked = mark_people(activity, members, state=mark, by=by)
        if walk_ins:
            audit.record("add_walk_ins", activity, by=by, changes={"touches": [None, walk_ins]})
    strangers = [str(person) for person in found.people if person.pk not in members]
    return Marked(marked + walk_ins, walk_ins, [*found.unknown, *strangers], found.ambiguous)


def _checked(activity: MarketingActivity, state: str, by: User) -> TouchState:
    require(by, Action.RUN_MARKETING)
    if activity.state == ActivityState.CANCELLED:
        raise DomainError("cancelled", _("This activity was cancelled: nobody came to it."))
    if state not in MARKS[ActivityKind(activity.kind)]:
        raise DomainError("unknown_mark", _("Such a mark does not fit this kind of activity."))
    if state != S.INVITED and activity.is_planned and activity.starts_at > clock.now():
        raise DomainError("not_yet", _("It has not begun yet: change the time or wait."))
    return TouchState(state)
