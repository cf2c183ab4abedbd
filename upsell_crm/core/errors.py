"""What a service raises when it refuses; pages, API, imports and jobs turn it into their own words."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise


class DomainError(Exception):
    """A rule says no. `code` is stable for machines, `message` is for people in their language."""

    status = 422

    def __init__(self, code: str, message: Text, errors: Mapping[str, Sequence[Text]] | None = None) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.errors: dict[str, Sequence[Text]] = dict(errors or {})  # field → what is wrong with it


class NotAllowed(DomainError):
    """The person sees the object but may not do this (403)."""

    status = 403


class Stale(DomainError):
    """Somebody else changed the object meanwhile (412); nothing was written."""

    status = 412


class IllegalTransition(DomainError):
    """The state machine has no such move from the present state (409)."""

    status = 409

    def __init__(self, code: str, message: Text, *, current: str, allowed: list[str]) -> None:
        super().__init__(code, message)
        self.current = current
        self.allowed = allowed


def check_reason(said: str) -> None:
    """A step back, an end or a shut gate that is opened says why, in words. Raises DomainError `no_reason`."""
    if not said.strip():
        text = _("Write the reason.")
        raise DomainError("no_reason", text, {"reason": [text]})
