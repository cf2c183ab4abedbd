"""What an administrator keeps of this room, templates of plans (R93), and what he may only look at: the strategies."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from roadmaps.models import Plan, PlanRevision, PlanTemplate, Presentation, TemplateStep
from upsell_crm.core.admin import ReadOnlyAdmin, RecordedAdmin


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


class RevisionInline(admin.TabularInline):
    """Numbered changes of the plan; the admin site shows them as they are stored."""

    model = PlanRevision
    fields = ("number", "at", "by", "reason")
    extra = 0


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    """A strategy is changed by its own pages alone, so that each change is a revision (R52)."""

    list_display = ("deal", "type", "state", "revision", "deadline", "needs_review")
    list_filter = ("state", "type", "needs_review")
    list_select_related = ("deal",)
    ordering = ("-pk",)
    inlines = (RevisionInline,)


@admin.register(Presentation)
class PresentationAdmin(ReadOnlyAdmin):
    """What was frozen never changes (R58)."""

    list_display = ("plan", "number", "state", "language", "frozen_at", "frozen_by")
    fields = (
        *list_display,
        "title",
        "shown_at",
    )  # neither prices nor words of the client: those are on its own page
    list_filter = ("state", "language")
    list_select_related = ("plan__deal", "frozen_by")
    ordering = ("-pk",)
