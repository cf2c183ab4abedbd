"""Which upper room reacts to which event of a lower one, in order; printed to docs/architecture.md.

REACTIONS run in the same transaction and may refuse; TOPICS are slow effects done from the outbox.
"""

from collections.abc import Callable
from typing import Any

REACTIONS: dict[str, list[Callable[..., None]]] = {}
TOPICS: dict[str, Callable[..., Any]] = {}
