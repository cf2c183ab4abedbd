"""Writes of the room: runs of the ranking and built reports."""
