"""How the history of a client tells what happened in this room: event → what the person did (R15)."""

from django.utils.functional import Promise

WORDS: dict[str, Promise] = {}
