"""Reasons to call as declared rules: what each one finds, says and proposes. Adding a rule: one function, one row of `table.py`."""
