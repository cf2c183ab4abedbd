"""Makers of presentations for the suite."""

from typing import Any

from roadmaps.enums import BlockKind
from roadmaps.models import Plan, Presentation


def make_presentation(plan: Plan, *on: str, **values: Any) -> Presentation:
    """A draft in which these blocks are on, all of them without any."""
    blocks = [
        {"kind": str(kind), "is_on": not on or kind in on, "title": str(kind.label), "text": "", "left_out": []}
        for kind in BlockKind
    ]  # fmt: skip
    values = {"title": "Предложение", "number": 1, "blocks": blocks, **values}
    return Presentation.objects.create(plan=plan, **values)
