"""Who may what on a strategy: the rights are those on its deal (domain.md §3)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from deals.access import deals_within_reach
from deals.access import may as may_on_deal
from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.models import RecordedQuerySet, User
from upsell_crm.core.roles import Action


def may(user: User, action: Action, plan: Any) -> bool:
    """Whether `user` may do `action` on this plan; one statement at most."""
    return may_on_deal(user, action, plan.deal)


def check_may_open_gate(by: User | None, plan: Any) -> None:
    """The lead alone opens what is shut (§2.8.5). Raises NotAllowed."""
    if by is None or not may(by, Action.OVERRIDE_GATE, plan):
        raise NotAllowed("override", _("Only the lead opens a shut gate."))


class OfPlanQuerySet(RecordedQuerySet):
    """What hangs on a plan is seen by whoever may open its deal."""

    def visible_to(self, user: User) -> Any:
        """Of the plans that this person may open."""
        return self.filter(self.reach(user))

    def reach(self, user: User) -> Q:
        """The condition of `visible_to`."""
        return deals_within_reach(user, Action.SEE_DEAL, "plan__deal__")
