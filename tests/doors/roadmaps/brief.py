"""Doors of brief; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door

DOORS: dict[str, Door | list[Door]] = {}
