"""What the strict machine forbids, each as one switch that conftest.py turns on."""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.template import engines

_fetch_all = QuerySet._fetch_all
_iterator = QuerySet._iterator
_connect = socket.socket.connect
WITHOUT_REQUEST = {"csrf_token"}  # the page of a failure (500) is made without a request


def forbid_luck_in_order() -> None:
    """A queryset without an order comes back in reverse: whoever relies on luck fails each time, not now and then."""

    def fetch_all(self: QuerySet) -> None:
        is_fresh = self._result_cache is None
        _fetch_all(self)
        if is_fresh and not self.ordered:
            self._result_cache.reverse()

    def iterator(self: QuerySet, *arguments: Any) -> Iterator[Any]:
        rows = _iterator(self, *arguments)
        return rows if self.ordered else reversed(list(rows))

    QuerySet._fetch_all = fetch_all
    QuerySet._iterator = iterator


class UnknownVariable(str):
    """Stands in `string_if_invalid`: printing a variable that no view gave is an error in our templates.

    Templates of Django and other packages rely on the silence, so they keep it. `{% if %}` and `{% for %}`
    ask politely (Django never comes here for them).
    """

    def __contains__(self, _text: object) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        template = sys._getframe(1).f_locals["context"].template
        if _is_ours(template.origin.name) and str(variable) not in WITHOUT_REQUEST:
            raise AssertionError(f"{template.name} prints {{{{ {variable} }}}}, which no view gave")
        return ""


def _is_ours(path: str) -> bool:
    return path.startswith(str(settings.BASE_DIR)) and "site-packages" not in path


def forbid_unknown_variables() -> None:
    """An unknown template variable fails the test instead of printing nothing."""
    engines["django"].engine.string_if_invalid = UnknownVariable("unknown variable")


def forbid_network() -> None:
    """Sockets reach this machine only (loopback and Unix sockets)."""

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not _is_local(address[0]):
            raise AssertionError(f"a test wants to talk to {address[0]}: the network is off")
        _connect(self, address)

    socket.socket.connect = connect


def _is_local(host: str) -> bool:
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
