"""The administrator's site: Django's own, behind our sign-in page and our roles."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from upsell_crm.core.roles import Action


class CrmAdminSite(AdminSite):
    """Open to whoever may manage the system; what may be done inside says core/role_backend.py."""

    site_title = site_header = _("Upsell CRM")
    index_title = _("Administration")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and user.is_active and bool(user.scopes(Action.MANAGE_SYSTEM))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one door; somebody without the right is told so instead of being asked for another password."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())
