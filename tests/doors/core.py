"""Doors of the room core; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door

KEY = {"key": "log_interaction"}
DRAFT_FOUND_OR_NOT = frozenset({200, 404})

DOORS: dict[str, Door | list[Door]] = {
    "core:home": Door(answers=frozenset({302})),
    "core:login": Door(public=True, answers=frozenset({200, 302})),
    "core:logout": Door(method="post", answers=frozenset({302})),
    "core:session": Door(public=True, answers=frozenset({204, 401})),
    "core:welcome": Door(public=True, extra={"token": "spent"}, answers=frozenset({404})),
    "core:password_change": [Door(), Door(method="post")],
    "core:preferences": Door(public=True, method="post", data={"language": "en"}),
    "core:draft": [
        Door(extra=KEY, answers=DRAFT_FOUND_OR_NOT),
        Door(extra=KEY, method="post", data={"text": "Позвонить"}),
        Door(extra=KEY, method="delete"),
    ],
}
