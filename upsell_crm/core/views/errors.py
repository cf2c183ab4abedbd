"""Pages for what went wrong: what happened, what to do, and the id by which the log tells more."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from upsell_crm.core.api.problems import PREFIX, refusal

# status → title, what to do
TEXTS: dict[int, tuple[Any, Any]] = {
    400: (
        _("The request could not be understood"),
        _("Go back and repeat it. If you sent a file, it may be larger than the server takes."),
    ),
    403: (
        _("You have no right to this"),
        _("Ask your team lead or the administrator, if you need it for work."),
    ),
    404: (
        _("There is no such page"),
        _("The address has a mistake, the record was removed, or it is not yours to see."),
    ),
    419: (
        _("The page is out of date"),
        _("You have signed in or out in another tab. Go back, reload the page and repeat: drafts are kept."),
    ),
    500: (
        _("The server failed"),
        _("This is our fault, and it is written down. What was saved is safe; try again in a minute."),
    ),
}  # fmt: skip


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token of the form is not this session's (faults A11)."""
    return error_page(request, 419, status=403)


def error_page(request: HttpRequest, kind: int, status: int = 0) -> HttpResponse:
    """The page of one kind of failure; no query, since the database may be what failed."""
    title, text = TEXTS[kind]
    request_id = getattr(request, "id", "")
    status = status or kind
    if request.path.startswith(PREFIX):
        return refusal(request, status)
    context = {"status": status, "heading": title, "text": text, "request_id": request_id}
    return HttpResponse(render_to_string("core/error.html", context), status=status)
