"""`Authorization: Bearer <token>`: which machine is calling (domain.md §7, faults D13)."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from upsell_crm.core import clock
from upsell_crm.core.api.clients import MARK, find_client, is_address_allowed, note_use
from upsell_crm.core.models import ApiClient

QUERY_NAMES = frozenset(
    {"token", "access_token", "api_token", "api_key", "apikey", "authorization", "bearer"}
)


class TokenAuthentication(BaseAuthentication):
    """The client is both `request.user` and `request.auth`: a machine acts in its own name."""

    def authenticate(self, request: Request) -> tuple[ApiClient, ApiClient] | None:
        refuse_token_in_query(request)
        scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        client = find_client(token.strip())
        if client is None or client.revoked_at is not None:
            raise AuthenticationFailed(_("There is no such token, or it has been revoked."), "invalid_token")
        if client.expires_at <= clock.now():
            raise AuthenticationFailed(
                _("This token has expired: ask the administrator for a new one."), "expired_token"
            )
        if not is_address_allowed(client, client_address(request)):
            raise AuthenticationFailed(
                _("This token may not be used from this address."), "address_not_allowed"
            )
        note_use(client)
        return client, client

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def refuse_token_in_query(request: Request) -> None:
    """Addresses are kept in logs of proxies, so a token in one is a token lost; even beside a right header."""
    for name, value in request.query_params.items():
        if name.lower() in QUERY_NAMES or str(value).startswith(f"{MARK}_"):
            text = _(
                "Send the token in the header Authorization and revoke this one: addresses are kept in logs."
            )
            raise AuthenticationFailed(text, "token_in_query")


def client_address(request: HttpRequest | Request) -> str:
    """Where the call comes from; behind our own proxy, the address that the proxy saw."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_TLS and forwarded:
        return forwarded.rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")
