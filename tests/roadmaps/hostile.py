"""Values that no honest form sends, and where they are sent: tests/roadmaps/test_hostile_requests.py."""

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import uuid4

from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from tests.doors import Door

VALUES: dict[str, str] = {
    "nothing": "",
    "words": "abc",
    "minus": "-1",
    "not a digit": "²",
    "more than a column holds": "9" * 20,
    "more than Python reads": "9" * 5_000,
    "infinity": "1e400",
    "not a number": "NaN",
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "no day": "2026-02-30",
    "the first moment": "0001-01-01T00:00",
    "the last moment": "9999-12-31T23:59",
    "nobody": str(uuid4()),
    "a nul": "a\x00b",
    "not a character": "a\ufffe\x0b\x1bb",
    "turned round": "\u202etxt.exe\u2066 😀👨‍👩‍👧",
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "a formula": "=cmd|' /C calc'!A0",
    "a template": "{{ 7|add:7 }}{% debug %}%s%(n)s",
    "a book": "слово " * 17_000,
    "moves": "x:y:z 1:2 :: " + f"{uuid4()}:0001-01-01:9999-12-31",
}
NAMES = (
    "version", "steps", "after", "fact", "contact", "shown", "result", "needed", "on", "to", "item", "language", "more",
    "moves", "meeting", "like", "person", "phase", "template", "before", "from", "by", "zoom", "view", "sort", "q", "cursor",
    "notes", "checks", "tab", "show", "who", "mine", "state", "type", "page",
)  # fmt: skip
WORDS = {"kind": ("usage", "pptx"), "to": ("review", "cancelled", "ready"), "whose": ("client",)}


def fields_of(client: Client, url: str) -> dict[str, Any]:
    """What the form at this address asks, as it is filled at first."""
    answer = client.get(url)
    form = answer.context.get("form") if answer.context is not None else None
    found: dict[str, Any] = {}
    if isinstance(form, BaseForm):
        for one in (form, *_rows(form), *(answer.context.get("steps") or ())):
            found |= {one.add_prefix(name): one[name].value() for name in one.fields}
    return {name: "" if value is None else value for name, value in found.items()}


def _rows(form: Any) -> Iterator[BaseForm]:
    for name in ("rows", "others", "new", "decisions"):
        yield from islice(getattr(form, name, ()), 1)


def addresses(name: str, doors: Door | list[Door], argument: Any) -> Iterator[str]:
    """The address with the words that its own rows know."""
    done = set()
    for door in doors if isinstance(doors, list) else [doors]:
        given = {**door.extra, **({door.arg: argument(door.of, door.arg)} if door.of else {})}
        url = reverse(name, kwargs=given)
        if url not in done:
            done.add(url)
            yield url
