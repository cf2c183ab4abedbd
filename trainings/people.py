"""Colleagues who teach and who care for clients, to choose from."""

from django.db.models import Exists, OuterRef, QuerySet

from upsell_crm.core.models import RoleAssignment, User
from upsell_crm.core.roles import Role


def tutors() -> QuerySet[User]:
    """Working tutors and CSMs, by name: both may hold a training."""
    return _holding(Role.TUTOR, Role.CSM)


def csms() -> QuerySet[User]:
    """Working CSMs, by name."""
    return _holding(Role.CSM)


def _holding(*roles: Role) -> QuerySet[User]:
    holders = RoleAssignment.objects.filter(user=OuterRef("pk"), role__in=roles)
    return User.objects.filter(Exists(holders), is_active=True).order_by("last_name", "first_name", "pk")
