"""The segment builder: filters, a live count of people and of the excluded, files, and into an activity (R89, §6.7)."""

from typing import Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trainings.enums import ActivityState
from trainings.models import MarketingActivity
from trainings.segments import Segment
from trainings.services.audiences import take_segment
from trainings.services.segment_export import export_segment
from trainings.views.activities import CHANGED
from upsell_crm.core.access import require
from upsell_crm.core.exports import File
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest, number_sent
from upsell_crm.core.models import SavedView
from upsell_crm.core.roles import Action

PAGE = "trainings:segment"
SAMPLE = 12  # people shown, to see whom the filters mean


@require_GET
def segment(request: PageRequest) -> HttpResponse:
    """The filters and what they give; htmx takes the numbers alone."""
    require(request.user, Action.SEE_MARKETING)
    chosen = Segment(request.user, request.GET)
    people = chosen.reachable.select_related("company").order_by("company__sort_name", "last_name", "pk")
    may_run = bool(request.user.scopes(Action.RUN_MARKETING))
    context: dict[str, Any] = {
        "filter": chosen.filter, "counts": chosen.counts(), "people": people[:SAMPLE], "may_run": may_run,
        "query": request.GET.urlencode(), "is_valid": chosen.filter.form.is_valid(),
        "activities": MarketingActivity.objects.filter(state=ActivityState.PLANNED) if may_run else [],
    }  # fmt: skip
    if request.htmx and request.htmx.target == "segment":
        return render(request, "trainings/_segment.html", context)
    context["saved_views"] = SavedView.objects.filter(user=request.user, page=PAGE)
    return render(request, "trainings/segment.html", context)


@require_POST
def take(request: PageRequest) -> HttpResponse:
    """The segment goes into a planned activity."""
    require(request.user, Action.RUN_MARKETING)
    known = MarketingActivity.objects.visible_to(request.user)
    activity = get_object_or_404(known, pk=number_sent(request.POST, "activity"))
    taken = take_segment(activity, by=request.user, query=request.POST.get("query", "")[:2000])
    words = _("«%(title)s»: invited %(added)d, left out %(left)d.") % {
        "title": activity.title, "added": taken.added, "left": taken.counts.left_out,
    }  # fmt: skip
    undo = f"{activity.get_absolute_url()}audience/clear/?since={taken.at.timestamp()}"
    return done(request, words, back=activity.get_absolute_url(), event=CHANGED, undo=undo)


@require_POST
def export(request: PageRequest) -> HttpResponseBase:
    """The people with consent as a file; logged."""
    file = export_segment(
        by=request.user, query=request.POST.get("query", "")[:2000], file_format=request.POST.get("format", "xlsx")
    )  # fmt: skip
    return file_answer(file)


def file_answer(file: File) -> HttpResponseBase:
    """A download."""
    if file.content_type.startswith("text/csv"):
        response = StreamingHttpResponse(file.content, content_type=file.content_type)
        response["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return response
    return FileResponse(file.content, as_attachment=True, filename=file.name, content_type=file.content_type)
