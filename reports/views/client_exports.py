"""Files of the existing-clients report: at once for a usual number of rows, by a job for many."""

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reports.services.client_export import (
    AT_ONCE,
    JOB,
    export_now,
    file_of,
    request_export,
    select,
)
from upsell_crm.core.errors import DomainError
from upsell_crm.core.exports import CONTENT_TYPES
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import JobRun


class FileGone(DomainError):
    """Files of jobs are kept for a week."""

    status = 404


@require_POST
def export_existing_clients(request: PageRequest) -> HttpResponseBase:
    """The rows of the page's filter that this person may take; each file is logged."""
    query, file_format = request.POST.get("query", "")[:2000], request.POST.get("format", "xlsx")
    if select(request.user, query).number > AT_ONCE:
        run = request_export(by=request.user, query=query, file_format=file_format)
        return redirect("reports:client_export", run.public_id)
    file = export_now(by=request.user, query=query, file_format=file_format)
    if file_format == "csv":
        response = StreamingHttpResponse(file.content, content_type=file.content_type)
        response["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return response
    return FileResponse(file.content, as_attachment=True, filename=file.name, content_type=file.content_type)


@require_GET
def client_export(request: PageRequest, public_id: str) -> HttpResponse:
    """How far a large file is, and the link when it is ready."""
    run = _own_run(request, public_id)
    return render(
        request, "reports/_client_export.html" if request.htmx else "reports/client_export.html", {"run": run}
    )


@require_GET
def client_export_file(request: PageRequest, public_id: str) -> FileResponse:
    """The file itself, for its requester alone."""
    run = _own_run(request, public_id)
    path = file_of(run)
    if not path.exists():
        raise FileGone("file_gone", _("The file is not there any more: make it again."))
    content_type = CONTENT_TYPES[run.parameters["format"]]
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=run.result["name"], content_type=content_type
    )


def _own_run(request: PageRequest, public_id: str) -> JobRun:
    return get_object_or_404(JobRun, job=JOB, requested_by=request.user, public_id=public_id)
