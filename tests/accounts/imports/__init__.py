"""Imports (R103): reading, rows, undo, pages, command."""
