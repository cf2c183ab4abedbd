"""The references of this room that an administrator keeps: templates of plans (R93)."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from roadmaps.models import PlanTemplate, TemplateStep
from upsell_crm.core.admin import RecordedAdmin


class StepInline(admin.StackedInline):
    """Steps of the template; codes are named by the steps that come after."""

    model = TemplateStep
    extra = 0


@admin.register(PlanTemplate)
class PlanTemplateAdmin(RecordedAdmin):
    """A changed template fills the next plan; plans that were filled keep their tasks."""

    list_display = ("name_ru", "type", "position", "active")
    list_filter = ("type", "active")
    search_fields = ("name_ru", "name_en", "code")
    ordering = ("position", "pk")
    inlines = (StepInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()  # plans know by it what they were made from
