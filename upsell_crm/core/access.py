"""The gate of pages that name no object: a right of any reach opens them."""

from django.utils.translation import gettext as _

from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action


def require(user: User, *actions: Action) -> None:
    """Raises NotAllowed (403) when the person has none of these rights anywhere."""
    if not any(user.scopes(action) for action in actions):
        raise NotAllowed("not_allowed", _("Your role has no right to this page."))
