"""The ends of every reach, the gate of pages that name no object, and how many rows a person may take away."""

from django.db.models import Q
from django.utils.translation import gettext as _

from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.parameters import parameter
from upsell_crm.core.roles import Action, Scope

# Every row and no row, for conditions that others are joined to. `Q()` is no «everything»: `Q() | x` is x alone, so a right
# of scope A would narrow what it is or-ed with. Neither costs the database anything: Django leaves them out of the SQL.
EVERYTHING = ~Q(pk__in=[])
NOTHING = Q(pk__in=[])


def require(user: User, *actions: Action) -> None:
    """Raises NotAllowed (403) when the person has none of these rights anywhere."""
    if not any(user.scopes(action) for action in actions):
        raise NotAllowed("not_allowed", _("Your role has no right to this page."))


def check_export(user: User, number: int, *, nothing: str = "") -> None:
    """A right over own clients only has a limit of rows (§3); nothing to export is said, not sent.

    `nothing` says it when the rows are not clients. Raises DomainError.
    """
    if not number:
        text = nothing or _("None of these clients may be exported by you: change the filters.")
        raise DomainError("nothing_to_export", text)
    limit = parameter("export_rows_kam")
    if not user.scopes(Action.EXPORT) & {Scope.TEAM, Scope.ALL} and number > limit:
        text = _("You may export up to %(limit)s rows at once, and here are %(number)s: narrow the filters.")
        raise DomainError("too_many_rows", text % {"limit": limit, "number": number})
