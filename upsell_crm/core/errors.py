"""What a service raises when it refuses; pages, API, imports and jobs turn it into their own words."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise

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
