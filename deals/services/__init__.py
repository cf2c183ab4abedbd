"""Writes of the room: every one is a named service."""
