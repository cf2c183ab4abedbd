"""The relationship map of a client as boxes and lines of an SVG: superiors above, the rest of their people below (R34).

The layout is plain arithmetic, the same for the same people: each person stands once, boxes never overlap, and people
who report to each other in a circle do not hang it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accounts.enums import LinkKind

CELL_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, EDGE = 210, 92, 12, 46, 6
PER_ROW, MAX_PEOPLE = 5, 60
NARROWEST, STEP = 165, 9  # width of a box without influence, and what each point of influence adds


@dataclass(frozen=True, slots=True)
class Node:
    """A person as the layout needs him: who he is, how much he influences, 0–5, and whether he decides."""

    pk: int
    influence: int = 0
    is_decider: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A line between two people."""

    pk: int
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """Where a person stands; the more influence, the wider."""

    pk: int
    x: int
    y: int
    width: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def bottom(self) -> int:
        return self.y + BOX_HEIGHT


@dataclass(frozen=True, slots=True)
class Line:
    """A relation between two boxes as a path."""

    relation: Relation
    path: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws, in whole pixels."""

    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int


def draw(people: Sequence[Node], relations: Sequence[Relation]) -> Drawing:
    """Places the people, the more important first in `people`, and the lines between those who are there."""
    rows = rows_of(people, _reports(relations))
    by_pk = {node.pk: node for node in people}
    boxes: dict[int, Box] = {}
    for level, row in enumerate(rows):
        for place, pk in enumerate(row):
            width = NARROWEST + STEP * by_pk[pk].influence
            x = EDGE + place * (CELL_WIDTH + GAP_X) + (CELL_WIDTH - width) // 2
            boxes[pk] = Box(pk, x, EDGE + level * (BOX_HEIGHT + GAP_Y), width)
    lines = [
        Line(relation, _path(boxes[relation.start], boxes[relation.end]))
        for relation in relations
        if relation.start in boxes and relation.end in boxes
    ]
    columns = max((len(row) for row in rows), default=0)
    return Drawing(
        list(boxes.values()), lines, 2 * EDGE + columns * (CELL_WIDTH + GAP_X) - GAP_X,
        2 * EDGE + len(rows) * (BOX_HEIGHT + GAP_Y) - GAP_Y,
    )  # fmt: skip


def rows_of(people: Sequence[Node], superior: Mapping[int, int]) -> list[list[int]]:
    """People by level, those of one superior side by side; who neither leads, reports nor decides stands last."""
    parents = tree_of([node.pk for node in people], superior)
    leads = set(parents.values())
    place = {node.pk: number for number, node in enumerate(people)}
    roots = [node for node in people if node.pk not in parents]
    level = [node.pk for node in roots if node.pk in leads or node.is_decider]
    alone = [node.pk for node in roots if node.pk not in leads and not node.is_decider]
    rows: list[list[int]] = []
    while level:
        rows += _wrapped(level)
        stands = {pk: number for number, pk in enumerate(level)}
        below = [pk for pk, above in parents.items() if above in stands]
        level = sorted(below, key=lambda pk: (stands[parents[pk]], place[pk]))
    return rows + _wrapped(alone)


def tree_of(people: Iterable[int], superior: Mapping[int, int]) -> dict[int, int]:
    """Person → superior among the people; the link that would close a circle is left out."""
    known = list(people)
    parents: dict[int, int] = {}
    for pk in known:
        above: int | None = superior.get(pk)
        while above is not None and above != pk:
            above = parents.get(above)
        if above is None and superior.get(pk) in known:
            parents[pk] = superior[pk]
    return parents


def _reports(relations: Iterable[Relation]) -> dict[int, int]:
    return {one.start: one.end for one in relations if one.kind == LinkKind.REPORTS_TO}


def _wrapped(level: Sequence[int]) -> list[list[int]]:
    return [list(level[start : start + PER_ROW]) for start in range(0, len(level), PER_ROW)]


def _path(start: Box, end: Box) -> str:
    """A bow under two boxes of one row, else a curve from the lower edge of the upper to the upper edge of the lower."""
    if start.y == end.y:
        y, low = start.bottom, start.bottom + GAP_Y // 2
        return f"M{start.middle} {y} C{start.middle} {low} {end.middle} {low} {end.middle} {y}"
    top, low_box = (start, end) if start.y < end.y else (end, start)
    half = low_box.y - GAP_Y // 2
    return f"M{top.middle} {top.bottom} C{top.middle} {half} {low_box.middle} {half} {low_box.middle} {low_box.y}"
