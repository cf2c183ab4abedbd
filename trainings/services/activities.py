"""Marketing activities: planned, changed, done or cancelled (R88, R89)."""

from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import Contact
from trainings.enums import ActivityKind, ActivityState, TouchState
from trainings.models import MarketingActivity
from trainings.segments import MAY_BE_INVITED, REASON
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, IllegalTransition
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

EDITABLE = frozenset({"kind", "title", "product", "feature", "starts_at", "text"})


def create_activity(*, by: User, **values: Any) -> MarketingActivity:
    """A planned webinar, event or mailing without an audience yet. Raises NotAllowed, DomainError."""
    require(by, Action.RUN_MARKETING)
    _check_names(values)
    return create(MarketingActivity(owner=by, **values), by=by, event="create_activity")


def change_activity(
    activity: MarketingActivity, values: dict[str, Any], *, by: User, version: int | None = None
) -> None:
    """Other words or another time while it is planned; the kind is fixed once people stand in it."""
    require(by, Action.RUN_MARKETING)
    check_planned(activity)
    _check_names(values)
    if values.get("kind", activity.kind) != activity.kind and activity.touches.exists():
        text = _("People are invited already: clear the list before the kind changes.")
        raise DomainError("has_audience", text, {"kind": [text]})
    change(activity, values, by=by, event="change_activity", version=version)


def finish_activity(activity: MarketingActivity, *, by: User, version: int | None = None) -> int:
    """Planned → done. Whoever has taken his consent back or has left since then drops out; returns how many (§2.8.10)."""
    _check_move(activity, by)
    if activity.starts_at > clock.now():
        raise DomainError("not_yet", _("It has not begun yet: change the time or wait."))
    with transaction.atomic():
        dropped = drop_forbidden(activity)
        if activity.kind == ActivityKind.MAILING and not activity.touches.exists():
            raise DomainError("nobody", _("Nobody is in the mailing. Take a segment first."))
        excluded = dict(activity.excluded)
        for reason, number in dropped.items():
            excluded[reason] = excluded.get(reason, 0) + number
        values = {"state": ActivityState.DONE, "excluded": excluded}
        change(activity, values, by=by, event="finish_activity", version=version)
    return sum(dropped.values())


def cancel_activity(activity: MarketingActivity, *, by: User, version: int | None = None) -> None:
    """Planned → cancelled; the list of people stays for the record, nobody is touched by it."""
    _check_move(activity, by)
    change(activity, {"state": ActivityState.CANCELLED}, by=by, event="cancel_activity", version=version)


def drop_forbidden(activity: MarketingActivity) -> dict[str, int]:
    """Takes those out who are invited and may not be any more; reason → how many. Two statements."""
    invited = activity.touches.filter(state=TouchState.INVITED)
    forbidden = Contact.objects.filter(pk__in=invited.values("contact")).exclude(MAY_BE_INVITED).order_by()
    rows = forbidden.annotate(reason=REASON).values_list("reason").annotate(n=Count("pk"))
    dropped = dict(rows)
    if dropped:
        invited.filter(contact__in=forbidden.values("pk")).delete()
    return dropped


def check_planned(activity: MarketingActivity) -> None:
    """Raises DomainError once it is done or cancelled."""
    if not activity.is_planned:
        raise DomainError("not_planned", _("This activity is over: its audience stays as it was."))


def _check_move(activity: MarketingActivity, by: User) -> None:
    require(by, Action.RUN_MARKETING)
    if not activity.is_planned:
        raise IllegalTransition(
            "illegal_transition", _("This activity is over already."), current=activity.state, allowed=[]
        )


def _check_names(values: dict[str, Any]) -> None:
    if unknown := values.keys() - EDITABLE:
        raise ValueError(f"an activity has no {sorted(unknown)} to fill in")
