"""Doors of the room trainings, a module per kind of page."""

from tests.doors import Door
from tests.doors.trainings import experience, marketing, trainings

DOORS: dict[str, Door | list[Door]] = {
    **trainings.DOORS,
    **marketing.DOORS,
    **experience.DOORS,
}
