"""What the administrator keeps: people, teams, parameters; and what he may only read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from upsell_crm.core import audit
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import (
    ApiClient,
    AuditEvent,
    ExportLog,
    JobRun,
    Parameter,
    RoleAssignment,
    Team,
    User,
)
from upsell_crm.core.parameters import DEFAULTS, check_parameter
from upsell_crm.core.people import block_user, check_may_block
from upsell_crm.core.role_backend import PERSONAL

SECRET = frozenset({"password", "password1", "password2", "usable_password"})

admin.site.unregister(Group)  # rights come from roles (core/roles.py)


class RecordedAdmin(admin.ModelAdmin):
    """Each change by the administrator is a line of history (R15, faults G9); nothing is deleted here."""

    def save_model(self, request: Any, obj: Model, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        event = "change" if change else "create"
        audit.record(
            f"admin_{event}_{obj._meta.model_name}",
            obj,
            by=request.user,
            changes=_changes(form),
            reason="admin",
        )

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """Looked at, never written."""

    show_full_result_count = False  # these tables grow for ever

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RoleInline(admin.TabularInline):
    model = RoleAssignment
    extra = 1


class PersonForm(UserChangeForm):
    """A colleague; unticking «active» asks the rooms above what he leaves behind (§2.8.2)."""

    forced = forms.BooleanField(
        label=_("block even so"), required=False,
        help_text=_("His deals, clients and tasks go to the lead of his team, marked «without a responsible KAM»."),
    )  # fmt: skip
    by: User  # set by the page

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.is_blocking:
            try:
                check_may_block(
                    User.objects.get(pk=self.instance.pk), by=self.by, forced=cleaned.get("forced", False)
                )
            except DomainError as problem:
                raise ValidationError({"is_active": [str(problem.message)]}) from problem
        return cleaned

    @property
    def is_blocking(self) -> bool:
        """The tick «active» is taken away."""
        return "is_active" in self.changed_data and not self.cleaned_data["is_active"]


@admin.register(User)
class UserAdmin(RecordedAdmin, DjangoUserAdmin):
    """People: who they are, which team and roles; whoever leaves is blocked, not deleted."""

    list_display = ("username", "last_name", "first_name", "team", "role_names", "is_active")
    list_filter = ("is_active", "team", "roles__role")
    list_select_related = ("team",)
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active", "forced")}),
        (_("Person"), {"fields": ("last_name", "first_name", "patronymic", "email", "team")}),
        (_("Preferences"), {"fields": ("language", "theme")}),
    )
    form = PersonForm
    inlines = (RoleInline,)
    filter_horizontal = ()

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **options)
        form.by = request.user
        return form

    def save_model(self, request: Any, obj: Model, form: Any, change: bool) -> None:
        if change and form.is_blocking:
            block_user(User.objects.get(pk=obj.pk), by=request.user, forced=form.cleaned_data["forced"])
        super().save_model(request, obj, form, change)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("roles")

    @admin.display(description=_("Roles"))
    def role_names(self, person: User) -> str:
        return ", ".join(str(role) for role in person.roles.all())

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        person = form.instance
        before = _role_line(person)
        super().save_related(request, form, formsets, change)
        if (after := _role_line(person)) != before:
            audit.record("change_roles", person, by=request.user, changes={"roles": [before, after]})


@admin.register(Team)
class TeamAdmin(RecordedAdmin):
    list_display = ("code", "name", "lead")
    list_select_related = ("lead",)
    autocomplete_fields = ("lead",)


class ParameterForm(forms.ModelForm):
    """A known code and a value of its kind."""

    code = forms.ChoiceField(choices=[(code, code) for code in sorted(DEFAULTS)], label=_("code"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            "code" in cleaned
            and "value" in cleaned
            and (wrong := check_parameter(cleaned["code"], cleaned["value"]))
        ):
            raise ValidationError({"value": wrong})
        return cleaned


@admin.register(Parameter)
class ParameterAdmin(RecordedAdmin):
    """Numbers of the business; what is not here stands at its default (core/parameters.py)."""

    form = ParameterForm
    list_display = ("code", "value", "default")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Parameter]:
        return super().get_queryset(request).filter(code__in=DEFAULTS)

    @admin.display(description=_("Default"))
    def default(self, parameter: Parameter) -> Any:
        return DEFAULTS[parameter.code]


@admin.register(ApiClient)
class ApiClientAdmin(ReadOnlyAdmin):
    """Tokens are made and revoked by commands; their secret is never kept."""

    list_display = ("name", "token_prefix", "scopes", "expires_at", "revoked_at", "last_used_at")
    exclude = ("token_hash",)


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ("job", "business_date", "kind", "state", "attempts", "started_at", "finished_at")
    list_filter = ("state", "kind")


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """The history of everything but personal contacts (domain.md §3)."""

    list_display = ("at", "actor_name", "event", "object_label")
    search_fields = ("event", "actor_name", "object_label")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        return (
            super().get_queryset(request).exclude(object_type__in=[f"accounts.{name}" for name in PERSONAL])
        )


@admin.register(ExportLog)
class ExportLogAdmin(ReadOnlyAdmin):
    list_display = ("at", "user", "kind", "rows")
    list_select_related = ("user",)


def _changes(form: forms.ModelForm) -> dict[str, list[Any]]:
    """Old and new of the changed fields, never a password."""
    return {
        name: [form.initial.get(name), form.cleaned_data.get(name)]
        for name in form.changed_data
        if name not in SECRET
    }


def _role_line(person: User) -> str:
    return ", ".join(
        RoleAssignment.objects.filter(user=person).order_by("role").values_list("role", flat=True)
    )
