"""Request id, the person's language, no caching of private pages, and refusals of services as pages."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from upsell_crm.core import audit
from upsell_crm.core.errors import DomainError
from upsell_crm.core.http import PageRequest

Answer = Callable[[Any], HttpResponse]


class RequestIdMiddleware:
    """Gives each request an id that logs, history and error pages share."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        request.id = str(uuid.uuid4())
        token = audit.request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            audit.request_id.reset(token)
        response["X-Request-Id"] = request.id
        return response


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page needs a session; a script is told so by 401, and asks for the password in place (faults A10)."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        is_script = "HX-Request" in request.headers or request.headers.get("X-Requested-With") == "fetch"
        return HttpResponse(status=401) if is_script else super().handle_no_permission(request, view_func)


class UserLanguageMiddleware:
    """The language that the person chose wins over the browser's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class PrivatePagesMiddleware:
    """What a signed-in person sees is never kept by a cache (ASVS 14.3.2)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response


class DomainErrorMiddleware:
    """A refusal that a view did not turn into its own form error becomes a clear page, never a 500."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: PageRequest, problem: Exception) -> HttpResponse | None:
        if not isinstance(problem, DomainError):
            return None
        template = "components/_refusal.html" if request.htmx else "refusal.html"
        context = {"problem": problem, "typed": typed_words(request)}
        return render(request, template, context, status=problem.status)


def typed_words(request: HttpRequest) -> list[str]:
    """What a person has typed into a form that is gone with the refusal, to be copied from there (faults A8, B7).

    Sentences only: two words and more, so no identifier, number, date or password.
    """
    texts = (
        text.strip() for name in request.POST for text in request.POST.getlist(name) if "password" not in name
    )
    return [text for text in texts if any(letter.isspace() for letter in text)]
