"""Django's own permission words answered from our roles, for the admin site alone."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

# The administrator manages the system and does not see personal contacts (domain.md §3).
PERSONAL = frozenset({"contact", "contactlink", "contactrole", "contactconsent", "interactionattendee"})


class RoleBackend(ModelBackend):
    """Passwords as in Django; a permission is held by the administrator, except for personal data."""

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        model = perm.rpartition("_")[2]
        return user_obj.is_active and user_obj.has_role(Role.ADMIN) and model not in PERSONAL

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return user_obj.is_active and user_obj.has_role(Role.ADMIN)
