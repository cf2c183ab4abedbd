"""Doors of the room roadmaps, a module per kind of page."""

from tests.doors import Door
from tests.doors.roadmaps import brief, facts, plans, presentations, reviews, syncs, tasks, timeline

DOORS: dict[str, Door | list[Door]] = {
    **plans.DOORS,
    **tasks.DOORS,
    **facts.DOORS,
    **timeline.DOORS,
    **syncs.DOORS,
    **reviews.DOORS,
    **presentations.DOORS,
    **brief.DOORS,
}
