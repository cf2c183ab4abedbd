"""Django's own permission words answered from our roles, for the admin site alone."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

# The administrator manages the system and does not see personal contacts (domain.md §3).
PERSONAL = frozenset({"contact", "contactlink", "contactrole", "contactconsent", "interactionattendee"})


class RoleBackend(ModelBackend):
    """Passwords as in Django; a permission is held by the administrator, except for personal data."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session with his team, which nearly every page asks for, by one statement."""
        found = User.objects.select_related("team").filter(pk=user_id).first()
        return found if self.user_can_authenticate(found) else None

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Any = None) -> bool:
        return _is_administrator(user_obj) and perm.rpartition("_")[2] not in PERSONAL

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        return _is_administrator(user_obj)


def _is_administrator(user: User | AnonymousUser) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(Role.ADMIN)
