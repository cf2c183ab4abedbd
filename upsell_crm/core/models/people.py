"""Our own staff: people, their teams and roles."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upsell_crm.core.ids import uuid7
from upsell_crm.core.roles import Action, Role, Scope, scopes_of


class Team(models.Model):
    """A team of sales people with one lead."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    lead = models.ForeignKey("core.User", models.SET_NULL, null=True, blank=True, related_name="leads")

    class Meta:
        ordering = ["code"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A colleague. What he may do is the union of his roles (core/roles.py)."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As in the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    patronymic = models.CharField(_("patronymic"), max_length=150, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members")
    language = models.CharField(_("language"), max_length=2, blank=True, default="")
    theme = models.CharField(_("theme"), max_length=5, blank=True, choices=Theme.choices, default="")

    class Meta(AbstractUser.Meta):
        ordering = ["last_name", "first_name", "id"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def short_name(self) -> str:
        """«Анна Лисина», or the login where no name is known."""
        return str(self)

    @cached_property
    def role_codes(self) -> frozenset[str]:
        """The codes of the roles; read once a request."""
        return frozenset(self.roles.values_list("role", flat=True)) if self.is_active else frozenset()

    def scopes(self, action: Action) -> frozenset[Scope]:
        """How far this person's right to `action` reaches; empty = no right at all."""
        return scopes_of(self.role_codes, action)

    def has_role(self, *roles: Role) -> bool:
        """Whether any of the roles is held."""
        return not self.role_codes.isdisjoint(roles)


class RoleAssignment(models.Model):
    """One role of one person."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)

    class Meta:
        ordering = ["role"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="core_role_once_per_person"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="core_role_known"),
        ]

    def __str__(self) -> str:
        return self.get_role_display()
