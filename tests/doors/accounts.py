"""Doors of the room accounts; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door, companies, features, imports
from tests.doors.matrices import ASK_KAM, LOG_INTERACTION, SEE_COMPANY, Matrix

NOBODY: Matrix = {}

DOORS: dict[str, Door | list[Door]] = {
    **companies.DOORS,
    **imports.DOORS,
    **features.DOORS,
    "accounts:choose_company": Door(do=LOG_INTERACTION),
    "accounts:log_outcome": [
        Door("company", see=SEE_COMPANY, do=LOG_INTERACTION),
        Door("company", see=SEE_COMPANY, do=LOG_INTERACTION, method="post"),
        Door("company", see=SEE_COMPANY, do=LOG_INTERACTION, htmx=True),
    ],
    "accounts:read_outcome_line": Door(
        "company", see=SEE_COMPANY, do=LOG_INTERACTION, method="post", htmx=True
    ),
    "accounts:ask_kam": [
        Door("company", see=SEE_COMPANY, do=ASK_KAM),
        Door("company", see=SEE_COMPANY, do=ASK_KAM, method="post"),
    ],
    "accounts:interaction_detail": Door("interaction", see=SEE_COMPANY),
    "accounts:correct_interaction": [
        Door("interaction", see=SEE_COMPANY, do=ASK_KAM),
        Door("interaction", see=SEE_COMPANY, do=ASK_KAM, method="post"),
    ],
    "accounts:retract_interaction": Door(
        "interaction", see=SEE_COMPANY, do=NOBODY, method="post"
    ),  # the author
    "accounts:key_meetings": Door(do=ASK_KAM),
    "accounts:join_meeting": Door("interaction", see=SEE_COMPANY, do=ASK_KAM, method="post"),
    "accounts:leave_meeting": Door("interaction", see=SEE_COMPANY, do=ASK_KAM, method="post"),
    "accounts:attachment": Door("attachment", see=SEE_COMPANY),
    "accounts:keep_agreement": Door(
        "agreement", see=SEE_COMPANY, do=LOG_INTERACTION, method="post", arg="pk"
    ),
    "accounts:handle_objection": [
        Door("objection", see=SEE_COMPANY, do=LOG_INTERACTION),
        Door("objection", see=SEE_COMPANY, do=LOG_INTERACTION, method="post"),
    ],
    "accounts:search": Door(),
    "accounts:task_list": Door(),
    "accounts:task_move": Door(  # the assignee, who is none of the visitors
        "task", see=SEE_COMPANY, do=NOBODY, method="post", extra={"move": "start"}
    ),
}
