"""Reads of handovers: the lists, what waits for a person (R61)."""

from deals.enums import HandoverState
from deals.models import Handover
from deals.models.handover import HandoverQuerySet
from upsell_crm.core.models import User

SHOWS = ("to_me", "from_me", "team", "done")


def handovers_shown(user: User, show: str) -> HandoverQuerySet:
    """One tab of the list: what comes to me, what I give, what else I may see, what is over."""
    seen = Handover.objects.visible_to(user).select_related("company", "deal", "from_user", "to_user")
    if show == "to_me":
        return seen.open().filter(to_user=user).exclude(state=HandoverState.DRAFT)
    if show == "from_me":
        return seen.open().filter(from_user=user)
    return seen.open() if show == "team" else seen.exclude(pk__in=Handover.objects.open().values("pk"))


def handovers_to(user: User) -> HandoverQuerySet:
    """What waits for this person: to accept, or to finish."""
    return handovers_shown(user, "to_me").order_by("pk")
