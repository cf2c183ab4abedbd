"""Doors of the room deals, a module per kind of page."""

from tests.doors import Door
from tests.doors.deals import deals, documents, handovers, programs, team, whitespace

DOORS: dict[str, Door | list[Door]] = {
    **deals.DOORS,
    **team.DOORS,
    **documents.DOORS,
    **handovers.DOORS,
    **programs.DOORS,
    **whitespace.DOORS,
}
