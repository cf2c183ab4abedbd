"""Machines that may call us: giving a token (shown once), revoking it, recognising it."""

import hmac
import ipaddress
import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from upsell_crm.core import audit, clock
from upsell_crm.core.api.scopes import ApiScope
from upsell_crm.core.commands import validate
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import ApiClient, User
from upsell_crm.core.roles import Action

MARK = "crm"  # a token found in a log or a repository is recognised by its first letters
MAX_DAYS = 3650
USE_IS_NOTED_EVERY = timedelta(minutes=1)
_PREFIX_BYTES, _SECRET_BYTES = 4, 32


@transaction.atomic
def create_api_token(
    *, by: User | None, name: str, scopes: Iterable[str], days: int = 365, allowed_ips: Iterable[str] = ()
) -> tuple[ApiClient, str]:
    """A client with its token, which is shown now and never again: only its SHA-256 is kept.

    A revoked client of the same name gets a new token. `by=None` is the command line. Raises NotAllowed,
    and DomainError for an unknown scope, a wrong address or term, or a name that is in use.
    """
    _check_right(by)
    wanted, addresses = _known_scopes(scopes), _known_addresses(allowed_ips)
    if not 1 <= days <= MAX_DAYS:
        raise DomainError(
            "bad_term", _("The term of a token is from 1 to %(days)s days.") % {"days": MAX_DAYS}
        )
    client = ApiClient.objects.filter(name=name).first() or ApiClient(name=name)
    if client.pk and client.revoked_at is None:
        text = _("A client named %(name)s exists: revoke its token first.") % {"name": name}
        raise DomainError("name_in_use", text)
    client.token_prefix = secrets.token_hex(_PREFIX_BYTES)
    token = f"{MARK}_{client.token_prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    client.token_hash, client.scopes, client.allowed_ips = _digest(token), wanted, addresses
    client.expires_at, client.revoked_at = clock.now() + timedelta(days=days), None
    validate(client)
    client.save()
    audit.record("create_api_token", client, by=by, changes={"scopes": [None, " ".join(wanted)]})
    return client, token


@transaction.atomic
def revoke_api_token(*, by: User | None, name: str) -> ApiClient:
    """The next request with this token is refused. Raises NotAllowed, and DomainError for an unknown name."""
    _check_right(by)
    client = ApiClient.objects.filter(name=name).first()
    if client is None:
        raise DomainError("unknown_client", _("There is no API client named %(name)s.") % {"name": name})
    if client.revoked_at is None:
        client.revoked_at = clock.now()
        client.save(update_fields=["revoked_at"])
        audit.record("revoke_api_token", client, by=by, changes={"revoked_at": [None, client.revoked_at]})
    return client


def find_client(token: str) -> ApiClient | None:
    """Whose token this is, revoked and expired ones included; compared in constant time."""
    mark, _underscore, rest = token.partition("_")
    prefix = rest.partition("_")[0]
    is_ours = mark == MARK and prefix.isascii() and prefix.isalnum()
    known = ApiClient.objects.filter(token_prefix=prefix).first() if is_ours else None
    expected = known.token_hash if known else _digest("nobody")
    return known if hmac.compare_digest(_digest(token), expected) else None


def is_address_allowed(client: ApiClient, address: str) -> bool:
    """Whether the client may call from here; an empty list allows every address."""
    if not client.allowed_ips:
        return True
    try:
        here = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(here in ipaddress.ip_network(network) for network in client.allowed_ips)


def note_use(client: ApiClient) -> None:
    """Keep when the client was last here, once a minute at most: a poller must not write on each call."""
    moment = clock.now()
    if client.last_used_at and client.last_used_at > moment - USE_IS_NOTED_EVERY:
        return
    old = Q(last_used_at=None) | Q(last_used_at__lte=moment - USE_IS_NOTED_EVERY)
    ApiClient.objects.filter(old, pk=client.pk).update(last_used_at=moment)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _check_right(by: User | None) -> None:
    if by is not None and not by.scopes(Action.MANAGE_SYSTEM):
        raise NotAllowed("not_allowed", _("Only the administrator manages API clients."))


def _known_scopes(scopes: Iterable[str]) -> list[str]:
    wanted = sorted({scope.strip() for scope in scopes if scope.strip()})
    known = {str(scope) for scope in ApiScope}
    if not wanted or (unknown := sorted(set(wanted) - known)):
        text = _("Give one or more scopes of: %(known)s.") % {"known": ", ".join(sorted(known))}
        if wanted:
            text = _("There is no scope %(unknown)s.") % {"unknown": ", ".join(unknown)} + " " + text
        raise DomainError("unknown_scope", text)
    return wanted


def _known_addresses(addresses: Iterable[str]) -> list[str]:
    """Single addresses and networks («10.0.0.0/8»), in their normal form."""
    try:
        return [str(ipaddress.ip_network(address.strip())) for address in addresses if address.strip()]
    except ValueError as problem:
        raise DomainError(
            "bad_address", _("This is not an IP address or network: %(text)s.") % {"text": problem}
        ) from problem
