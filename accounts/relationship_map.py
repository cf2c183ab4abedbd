"""The relationship map of a client as boxes and lines of an SVG: superiors above, allies and conflicts across."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.enums import LinkKind
from accounts.models import Contact, ContactLink

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y = 176, 52, 24, 56
PER_ROW, MAX_PEOPLE = 6, 30


@dataclass(frozen=True, slots=True)
class Box:
    """A person of the map with its top left corner."""

    contact: Contact
    x: int
    y: int
    attitude: int
    role: str

    @property
    def tone(self) -> str:
        return "good" if self.attitude > 0 else "bad" if self.attitude < 0 else ""

    @property
    def middle(self) -> int:
        return self.x + BOX_WIDTH // 2

    @property
    def bottom(self) -> int:
        return self.y + BOX_HEIGHT


@dataclass(frozen=True, slots=True)
class Line:
    """A relation between two boxes as a path."""

    pk: int
    kind: str
    path: str
    label: str


@dataclass(frozen=True, slots=True)
class RelationshipMap:
    """What the template draws."""

    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int


def draw_map(people: Sequence[Contact], links: Sequence[ContactLink]) -> RelationshipMap | None:
    """The first thirty people in levels by «reports to»; None when there is nobody to draw.

    `people` carry `map_role` and `map_attitude` of their most important role.
    """
    shown = list(people[:MAX_PEOPLE])
    if not shown:
        return None
    rows = _rows(shown, links)
    boxes = {}
    for level, row in enumerate(rows):
        for place, contact in enumerate(row):
            x, y = place * (BOX_WIDTH + GAP_X) + 4, level * (BOX_HEIGHT + GAP_Y) + 4
            boxes[contact.pk] = Box(contact, x, y, contact.map_attitude, contact.map_role)  # type: ignore[attr-defined]
    lines = [
        _line(boxes[link.from_contact_id], boxes[link.to_contact_id], link)
        for link in links
        if link.from_contact_id in boxes and link.to_contact_id in boxes
    ]
    width = max(len(row) for row in rows) * (BOX_WIDTH + GAP_X) + 8 - GAP_X
    return RelationshipMap(list(boxes.values()), lines, width, len(rows) * (BOX_HEIGHT + GAP_Y) + 8 - GAP_Y)


def _rows(people: list[Contact], links: Sequence[ContactLink]) -> list[list[Contact]]:
    superior = {
        link.from_contact_id: link.to_contact_id for link in links if link.kind == LinkKind.REPORTS_TO
    }
    known = {contact.pk for contact in people}
    levels: dict[int, list[Contact]] = {}
    for contact in people:
        level, above = 0, superior.get(contact.pk)
        while above in known and level < MAX_PEOPLE:
            level, above = level + 1, superior.get(above)
        levels.setdefault(level, []).append(contact)
    wide = [levels[level] for level in sorted(levels)]
    return [row[start : start + PER_ROW] for row in wide for start in range(0, len(row), PER_ROW)]


def _line(start: Box, end: Box, link: ContactLink) -> Line:
    if start.y == end.y:
        y = start.bottom
        path = f"M{start.middle} {y} C{start.middle} {y + 34} {end.middle} {y + 34} {end.middle} {y}"
    else:
        top, low = (start, end) if start.y < end.y else (end, start)
        half = (top.bottom + low.y) // 2
        path = f"M{top.middle} {top.bottom} C{top.middle} {half} {low.middle} {half} {low.middle} {low.y}"
    label = f"{start.contact.short_name} {link.get_kind_display()} {end.contact.short_name}"
    return Line(link.pk, link.kind, path, label)
