"""Named events of lower rooms and what upper rooms do about them, in the same transaction.

The table stands in the roof (`settings.REACTIONS`): a lower room never learns who listens.
"""

from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings


@cache
def _tables() -> tuple[dict[str, list[Any]], dict[str, Any]]:
    roof = import_module(settings.REACTIONS)
    return roof.REACTIONS, roof.TOPICS


def announce(event: str, **facts: Any) -> None:
    """Tell the upper rooms; each may raise DomainError, which undoes the whole command."""
    for react in _tables()[0].get(event, []):
        react(**facts)


def topic_handler(topic: str) -> Any:
    """The slow effect behind an outbox topic (see core/outbox.py)."""
    return _tables()[1][topic]
