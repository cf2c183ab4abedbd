"""The references of this room that an administrator keeps: checklists of stages and of the handover (R93)."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from deals.models import ChecklistItem
from upsell_crm.core.admin import RecordedAdmin


@admin.register(ChecklistItem)
class ChecklistItemAdmin(RecordedAdmin):
    """A changed item is asked at the next move of a deal; answers that were given keep their words."""

    list_display = ("text_ru", "place", "position", "active")
    list_filter = ("place", "active")
    search_fields = ("text_ru", "text_en", "code")
    ordering = ("place", "position", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("place", "code") if obj else ()  # stored answers know the item by them
