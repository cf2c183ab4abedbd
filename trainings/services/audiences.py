"""The audience of an activity: a segment taken into it by one statement, and given back (R88, R89, §2.8.10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, DateTimeField, IntegerField, Q, QuerySet, Value
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Contact
from trainings.enums import TouchState
from trainings.models import MarketingActivity, MarketingTouch
from trainings.segments import Counts, Segment, counts_of
from trainings.services.activities import check_planned, create_activity
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

COLUMNS = ("activity_id", "contact_id", "company_id", "state", "changed_at")


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking a segment did: how many were new, how the segment counts, and since when they stand there."""

    added: int
    counts: Counts
    at: datetime


def take_segment(activity: MarketingActivity, *, by: User, query: str, version: int | None = None) -> Taken:
    """Invites whoever of the segment may be invited and is not yet; the filters and the excluded are kept.

    Consent and state are asked in the same statement that writes, so nobody slips in between. A segment of any size
    costs the same statements. Raises NotAllowed, Stale, DomainError.
    """
    require(by, Action.RUN_MARKETING)
    check_planned(activity)
    segment, at = Segment(by, QueryDict(query)), clock.now()
    segment.check()
    with transaction.atomic():
        counts = segment.counts()
        if not counts.people:
            raise DomainError("nobody", _("Nobody of this segment may be invited: change the filters."))
        added = insert_touches(activity, segment.reachable, state=TouchState.INVITED, at=at)
        takes = activity.audience.get("takes", [])
        excluded = _excluded(segment, takes, by) if takes else counts.excluded
        take = {"query": query, "words": segment.filter.narrowed_by, "added": added, "at": at.isoformat()}
        values = {"audience": {"takes": [*takes, take]}, "excluded": excluded}
        change(activity, values, by=by, event="take_segment", version=version)
    return Taken(added, counts, at)


def _excluded(segment: Segment, takes: list[dict[str, Any]], by: User) -> dict[str, int]:
    """Who was left out of this segment and of those before, each person once."""
    union = Q(pk__in=segment.contacts.order_by().values("pk"))
    for take in takes:
        union |= Q(pk__in=Segment(by, QueryDict(take["query"])).contacts.order_by().values("pk"))
    return counts_of(Contact.objects.filter(union)).excluded


def plan_with_segment(*, by: User, segment: str, **values: Any) -> MarketingActivity:
    """A new activity with its audience in one save; an empty `segment` leaves it without people for now."""
    with transaction.atomic():
        activity = create_activity(by=by, **values)
        if segment:
            take_segment(activity, by=by, query=segment)
    return activity


def clear_audience(activity: MarketingActivity, *, by: User, since: datetime | None = None) -> int:
    """Nobody is invited any more, or nobody who came in `since` (the undo of a segment); returns how many left."""
    require(by, Action.RUN_MARKETING)
    check_planned(activity)
    takes, invited = activity.audience.get("takes", []), activity.touches.filter(state=TouchState.INVITED)
    kept = [take for take in takes if since and datetime.fromisoformat(take["at"]) < since]
    if since:
        invited = invited.filter(changed_at__gte=since)
    with transaction.atomic():
        number, _by_model = invited.delete()
        excluded = _excluded(Segment(by, QueryDict(kept[-1]["query"])), kept[:-1], by) if kept else {}
        values = {"audience": {"takes": kept}, "excluded": excluded}
        change(activity, values, by=by, event="clear_audience")
    return number


def insert_touches(
    activity: MarketingActivity, people: QuerySet[Contact], *, state: TouchState, at: datetime
) -> int:
    """INSERT … SELECT: each of these people once, whoever stands there already stays; returns how many were new."""
    rows = people.order_by().values_list(
        Value(activity.pk, IntegerField()), "pk", "company_id", Value(state.value, CharField()),
        Value(at, DateTimeField()),
    )  # fmt: skip
    select, parameters = rows.query.sql_with_params()
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column) for column in COLUMNS)
    into = f"INSERT INTO {quote(MarketingTouch._meta.db_table)} ({columns}) {select} ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(into, parameters)
        return cursor.rowcount
