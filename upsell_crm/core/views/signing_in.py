"""Signing in and out, the door for the first administrator, and one's own password and preferences."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from upsell_crm.core import limits, people
from upsell_crm.core.errors import DomainError
from upsell_crm.core.forms import FirstAdministratorForm, PreferencesForm, SignInForm
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.navigation import first_page_of

WINDOW = 15 * 60  # seconds
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 100  # a whole office may stand behind one address
KNOWN_DEVICE = "known_device"
KNOWN_FOR = 180 * 24 * 3600


@require_GET
def home(request: PageRequest) -> HttpResponse:
    """The first page after signing in, by role."""
    return redirect(first_page_of(request.user))


@require_GET
@login_not_required
def session(request: HttpRequest) -> HttpResponse:
    """Whether the session is still alive; asked by js/session.js before a text is sent."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)


@method_decorator(login_not_required, name="dispatch")
class SignInView(views.LoginView):
    """The door: ten tries an account in fifteen minutes (faults F1); `?inline=1` answers js/session.js."""

    form_class = SignInForm
    redirect_authenticated_user = False
    template_name = "core/sign_in.html"

    def get_template_names(self) -> list[str]:
        return ["core/_sign_in_form.html" if self.is_inline else self.template_name]

    @property
    def is_inline(self) -> bool:
        return self.request.GET.get("inline") == "1"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and request.user.is_authenticated and not self.is_inline:
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._is_over():
            form = self.get_form_class()(request)
            return self.render_to_response(
                self.get_context_data(form=form, too_many=_wait_text()), status=429
            )
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        limits.forget(self._account_key())
        if self.is_inline:
            answer = HttpResponse(status=204)
        answer.set_signed_cookie(
            KNOWN_DEVICE, form.get_user().username.lower(), max_age=KNOWN_FOR, httponly=True,
            secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
        )  # fmt: skip
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        colleagues = User.objects.filter(is_active=True).select_related("team").prefetch_related("roles")
        people_of_demo = colleagues.order_by("team__code", "last_name", "pk")
        return super().get_context_data(
            is_inline=self.is_inline, demo_people=people_of_demo if settings.IS_DEMO else None, **kwargs
        )

    def _is_over(self) -> bool:
        address = limits.is_over(
            f"login:ip:{_address(self.request)}", limit=TRIES_PER_ADDRESS, seconds=WINDOW
        )
        account = limits.is_over(self._account_key(), limit=TRIES_PER_ACCOUNT, seconds=WINDOW)
        return address or account

    def _account_key(self) -> str:
        """A device on which this person has signed in before has its own count: a stranger cannot lock him out (F2)."""
        name = self.request.POST.get("username", "").strip().lower()
        try:
            known = self.request.get_signed_cookie(KNOWN_DEVICE, "", max_age=KNOWN_FOR)
        except signing.BadSignature:
            known = ""
        place = f"device:{_address(self.request)}" if known == name else "account"
        return f"login:{place}:{name}"


def _address(request: HttpRequest) -> str:
    """The caller's address; X-Forwarded-For counts only when our own proxy wrote its last part."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_TLS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _wait_text() -> str:
    minutes = -(-limits.seconds_left(WINDOW) // 60)
    return ngettext(
        "Too many tries. Wait %(n)s minute and try again.",
        "Too many tries. Wait %(n)s minutes and try again.",
        minutes,
    ) % {"n": minutes}


@login_not_required
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time page of the first administrator; a spent or unknown token is a page that does not exist."""
    if not people.is_welcome(token):
        raise Http404
    form = FirstAdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {
            name: form.cleaned_data[name] for name in ("username", "password", "first_name", "last_name")
        }
        try:
            user = people.create_first_administrator(token, **values)
        except DomainError as problem:
            form.add_error("password" if "password" in problem.errors else None, str(problem.message))
        else:
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("core:home")
    return render(request, "core/welcome.html", {"form": form}, status=422 if form.errors else 200)


class PasswordChangeView(views.PasswordChangeView):
    """One's own password; the other sessions of this person end (faults F5)."""

    template_name = "core/password_change.html"
    success_url = reverse_lazy("core:home")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("The password is changed. Other devices are signed out."))
        return super().form_valid(form)


@require_POST
@login_not_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and theme; a visitor who has not signed in gets the language by a cookie."""
    form = PreferencesForm(request.POST)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    answer = redirect(target)
    if not form.is_valid():
        return answer
    if request.user.is_authenticated:
        people.set_preferences(request.user, **form.chosen())
    elif language := form.chosen().get("language"):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=KNOWN_FOR, samesite="Lax")
    return answer
