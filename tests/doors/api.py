"""Doors of the REST API; how to add a row: tests/doors/__init__.py."""

from tests.doors import ApiDoor

API_DOORS: dict[str, ApiDoor] = {}
