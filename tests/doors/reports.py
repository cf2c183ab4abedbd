"""Doors of the room reports; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import RUN_RANKING, SEE_COMPANY, SEE_RANKING

DOORS: dict[str, Door | list[Door]] = {
    "reports:my_day": Door(),
    "reports:team_priorities": Door(do=SEE_RANKING),
    "reports:ranking_tiles": Door(do=SEE_RANKING),
    "reports:ranking_rerun": Door(do=RUN_RANKING, method="post"),
    "reports:company_panel": Door("company", see=SEE_COMPANY),
}
