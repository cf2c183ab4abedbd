"""Bringing lists in: columns are recognised, every row gets a verdict before anything is written, and a run can be undone."""
