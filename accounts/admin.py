"""The references of this room that an administrator keeps; client data is changed by its own pages and services."""

from typing import cast

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.models import CustomField, Expertise, ProcurementType, Product, WorkDay
from upsell_crm.core import audit
from upsell_crm.core.admin import RecordedAdmin
from upsell_crm.core.models import User


@admin.register(Product)
class ProductAdmin(RecordedAdmin):
    """A new product is a new column of the report (R2); what is not sold any more is switched off."""

    list_display = (
        "name_ru",
        "code",
        "list_price_year",
        "vat",
        "is_licensable",
        "needs_contract",
        "active",
        "position",
    )
    list_filter = ("active", "is_licensable")
    search_fields = ("name_ru", "name_en", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()  # imports and the formula know it by its code


@admin.register(ProcurementType)
class ProcurementTypeAdmin(RecordedAdmin):
    """Planning assumptions in working days; act-by dates follow at the next nightly run (§4.9)."""

    list_display = (
        "name_ru",
        "regime",
        "approval_bd",
        "lead_bd",
        "ease",
        "max_amount",
        "next_type",
        "valid_from",
        "valid_to",
    )
    list_filter = ("regime",)
    list_select_related = ("next_type",)
    search_fields = ("name_ru", "name_en", "code", "legal_ref")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(WorkDay)
class WorkDayAdmin(admin.ModelAdmin):
    """A decree changes single days: the day keeps «admin» as its source, and is not provisional any more."""

    list_display = ("date", "is_working", "is_short", "note", "source", "provisional")
    list_filter = ("is_working", "provisional", "source")
    date_hierarchy = "date"
    fields = ("date", "is_working", "is_short", "note")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("date",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: WorkDay, form: ModelForm, change: bool) -> None:
        obj.source, obj.provisional = "admin", False
        super().save_model(request, obj, form, change)
        changes = {name: [form.initial.get(name), form.cleaned_data.get(name)] for name in form.changed_data}
        line = audit.build_event(
            "admin_change_workday", obj, by=cast(User, request.user), changes=changes, reason="admin"
        )
        line.object_id = obj.date.toordinal()  # a day has no number of its own
        line.save(force_insert=True)


@admin.register(CustomField)
class CustomFieldAdmin(RecordedAdmin):
    """Own fields of the outcome form, without a migration (R33)."""

    list_display = ("label_ru", "label_en", "code", "kind", "active", "position")
    list_filter = ("active", "kind")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()  # answers are stored under it


@admin.register(Expertise)
class ExpertiseAdmin(RecordedAdmin):
    """Who knows which product well (R64); the only reference that is taken away, with a line of history."""

    list_display = ("user", "product")
    list_filter = ("product",)
    list_select_related = ("user", "product")
    autocomplete_fields = ("user",)
    actions = None  # one by one, so that each removal is recorded

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Expertise) -> None:
        changes = {"product": [str(obj.product), None]}
        audit.record(
            "admin_delete_expertise", obj, by=cast(User, request.user), changes=changes, reason="admin"
        )
        super().delete_model(request, obj)
