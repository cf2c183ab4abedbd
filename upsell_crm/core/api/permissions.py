"""Every view declares the scopes that it needs; what declares none is closed (default deny)."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from upsell_crm.core.api.scopes import ApiScope


class HasScope(BasePermission):
    """The token has all of the view's `required_scopes`; otherwise 403 `insufficient_scope`."""

    def has_permission(self, request: Request, view: object) -> bool:
        if not request.auth:
            return False
        required = getattr(view, "required_scopes", None)
        if not required:
            raise PermissionDenied(_("This address is open to nobody."), "insufficient_scope")
        require_scopes(request, required)
        return True


def require_scopes(request: Request, required: frozenset[ApiScope]) -> None:
    """Raises 403 that names what the token lacks."""
    client: Any = request.auth
    missing = sorted(required - set(client.scopes))
    if missing:
        text = _("The token lacks the scope %(scopes)s.") % {"scopes": ", ".join(missing)}
        raise PermissionDenied(text, "insufficient_scope")
