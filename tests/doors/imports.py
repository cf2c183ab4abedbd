"""Doors of imports: lists by role; one import belongs to its author (a stranger here) and the administrator."""

from tests.doors import Door
from tests.doors.matrices import IMPORT_CLIENTS, MANAGE_SYSTEM

HELP = {"kind": "companies"}

DOORS: dict[str, Door | list[Door]] = {
    "accounts:import_list": Door(do=IMPORT_CLIENTS),
    "accounts:import_new": [Door(do=IMPORT_CLIENTS), Door(do=IMPORT_CLIENTS, method="post")],
    "accounts:import_help": Door(do=IMPORT_CLIENTS, extra=HELP),
    "accounts:import_sample": Door(do=IMPORT_CLIENTS, extra=HELP),
    "accounts:import_detail": Door("import_run", see=MANAGE_SYSTEM),
    "accounts:import_columns": Door("import_run", see=MANAGE_SYSTEM, answers=frozenset({302})),  # it is done
    "accounts:import_run": Door("import_run", see=MANAGE_SYSTEM, method="post"),
    "accounts:import_undo": Door("import_run", see=MANAGE_SYSTEM, method="post"),
    "accounts:import_errors": Door("import_run", see=MANAGE_SYSTEM),
}
