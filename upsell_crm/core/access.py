"""The ends of every reach, and the gate of pages that name no object: a right of any reach opens them."""

from django.db.models import Q
from django.utils.translation import gettext as _

from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

# Every row and no row, for conditions that others are joined to. `Q()` is no «everything»: `Q() | x` is x alone, so a right
# of scope A would narrow what it is or-ed with. Neither costs the database anything: Django leaves them out of the SQL.
EVERYTHING = ~Q(pk__in=[])
NOTHING = Q(pk__in=[])


def require(user: User, *actions: Action) -> None:
    """Raises NotAllowed (403) when the person has none of these rights anywhere."""
    if not any(user.scopes(action) for action in actions):
        raise NotAllowed("not_allowed", _("Your role has no right to this page."))
