"""Every refusal under /api/ is application/problem+json (RFC 9457) in the caller's language, never HTML."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from rest_framework import exceptions

from upsell_crm.core.errors import DomainError, IllegalTransition, Text

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
PREFIX = "/api/"
RETRY_AFTER = 5  # seconds, while the database does not answer

_TITLES: dict[int, Text] = {
    400: _("The request is not valid"),
    401: _("No valid token"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("This method is not served here"),
    406: _("This format is not served"),
    409: _("Conflict with the present state"),
    412: _("Changed meanwhile"),
    413: _("The request is too large"),
    415: _("This format is not accepted"),
    422: _("The data is not valid"),
    428: _("A condition is required"),
    429: _("Too many requests"),
    500: _("Our fault"),
    503: _("Not available for a moment"),
}
# What DRF and Django say without words of our own: class → (code, text).
_STANDARD: dict[type[Exception], tuple[str, Text]] = {
    exceptions.NotAuthenticated: ("not_authenticated", _("Send the header Authorization: Bearer <token>.")),
    exceptions.NotFound: ("not_found", _("There is no such address or record.")),
    exceptions.MethodNotAllowed: ("method_not_allowed", _("The header Allow lists the methods of this address.")),
    exceptions.NotAcceptable: ("not_acceptable", _("The answer is application/json: ask for it in Accept, or for anything.")),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", _("Send application/json.")),
    exceptions.Throttled: ("throttled", _("Wait for as many seconds as the header Retry-After says.")),
    exceptions.ParseError: ("malformed", _("The body is not valid JSON in UTF-8.")),
}  # fmt: skip
_CODES = {400: "bad_request", 403: "forbidden"}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one parameter or field, said in both languages; `params` are put into the message."""

    field: str
    code: str
    message: Text
    params: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, str]:
        """For `errors` of a problem."""
        return {
            "field": self.field,
            "code": self.code,
            "message_ru": self._in("ru"),
            "message_en": self._in("en"),
        }

    def _in(self, language: str) -> str:
        with override(language):
            return str(self.message) % self.params if self.params else str(self.message)


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal, before it is put into words."""

    status: int
    code: str
    detail: Text
    errors: Sequence[FieldError] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self, path: str, request_id: str) -> dict[str, Any]:
        """The members of RFC 9457 and ours: code, request_id, errors."""
        return {
            "type": f"urn:upsell-crm:problem:{self.code}",
            "title": str(_TITLES.get(self.status, _TITLES[400 if self.status < 500 else 500])),
            "status": self.status,
            "detail": str(self.detail),
            "code": self.code,
            "instance": path,
            "request_id": request_id,
            "errors": [error.as_json() for error in self.errors],
            **self.more,
        }


class BadParameters(exceptions.APIException):
    """400: the parameters of the address are wrong, each named in `errors`."""

    status_code = 400

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = list(errors)
        is_unknown = any(error.code == "unknown_parameter" for error in self.errors)
        self.code = "unknown_parameter" if is_unknown else "invalid_parameter"
        super().__init__(
            _("See errors: nothing was read, so that a typo never returns everything."), self.code
        )


class Refused(exceptions.APIException):
    """A change is refused with a reason per line, each in both languages: 409 a state forbids it, 422 the body is wrong."""

    def __init__(self, status: int, code: str, detail: Text, errors: Sequence[FieldError] = ()) -> None:
        self.status_code, self.errors = status, list(errors)
        super().__init__(str(detail), code)


def problem_response(exc: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """The exception handler of DRF: whatever was raised becomes a problem, whichever format the view renders."""
    request, problem = context["request"], problem_of(exc)
    if problem.status >= 500:
        log.error("%s %s", request.method, request.path, exc_info=exc)
        got_request_exception.send(sender=context["view"].__class__, request=request._request)
    return _answer(problem, request)


def problem_of(exc: Exception) -> Problem:
    """What to answer to an exception; what nobody foresaw is our fault and says nothing of its inside."""
    if isinstance(exc, DomainError):
        return _of_domain(exc)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.APIException):
        return _of_api(exc)
    if isinstance(exc, OperationalError):
        text = _("The database does not answer: try again in some seconds.")
        return Problem(503, "unavailable", text, headers={"Retry-After": str(RETRY_AFTER)})
    return Problem(
        500, "internal_error", _("The error is in our log: name the request_id when you write to us.")
    )


def _of_domain(exc: DomainError) -> Problem:
    errors = [FieldError(name, exc.code, text) for name, texts in exc.errors.items() for text in texts]
    more = (
        {"current_status": exc.current, "allowed": exc.allowed} if isinstance(exc, IllegalTransition) else {}
    )
    return Problem(exc.status, exc.code, exc.message, errors, more)


def _of_api(exc: exceptions.APIException) -> Problem:
    headers = {}
    if header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    code, detail = _STANDARD.get(type(exc)) or (str(exc.get_codes()), str(exc.detail))
    return Problem(exc.status_code, code, detail, getattr(exc, "errors", ()), headers=headers)


def refusal(request: HttpRequest, status: int) -> HttpResponse:
    """What is refused outside a view (an unknown address, a forbidden host, a failure of a middleware)."""
    if status == 404:
        return _answer(problem_of(Http404()), request)
    if status >= 500:
        return _answer(problem_of(RuntimeError()), request)
    return _answer(
        Problem(status, _CODES.get(status, "bad_request"), _("The server refused the request.")), request
    )


def _answer(problem: Problem, request: Any) -> JsonResponse:
    body = problem.as_json(request.path, getattr(request, "id", ""))
    plain = {"ensure_ascii": False}
    return JsonResponse(
        body,
        status=problem.status,
        headers=problem.headers,
        content_type=CONTENT_TYPE,
        json_dumps_params=plain,
    )
