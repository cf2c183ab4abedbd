"""Doors of experience. A note and an exchange belong to the client's KAM here, so «own» means the visitor wrote it."""

from tests.doors import Door
from tests.doors.matrices import (
    LOG_INTERACTION,
    MODERATE_NOTE,
    ROLES,
    SEE_COMPANY,
    SEE_DEAL,
    WRITE_NOTE,
    Matrix,
)

NOBODY: Matrix = {}
MODERATES: Matrix = {"lead": "KT", "head": "A"}  # his own team, himself included
CHANGES: Matrix = {**dict.fromkeys(WRITE_NOTE, "K"), **MODERATES}
MEETS: Matrix = {**dict.fromkeys(ROLES, "KT"), "head": "A"}  # an exchange of one's team
LEADS: Matrix = {**dict.fromkeys(ROLES, "K"), "head": "A"}


def form(of: str, see: Matrix, do: Matrix | None = None) -> list[Door]:
    """A form over one record, opened and sent."""
    return [Door(of, see=see, do=do), Door(of, see=see, do=do, method="post")]


DOORS: dict[str, Door | list[Door]] = {
    "trainings:note_list": Door(do=WRITE_NOTE),
    "trainings:create_note": [Door(do=WRITE_NOTE), Door(do=WRITE_NOTE, method="post")],
    "trainings:note_detail": Door("note", see=WRITE_NOTE),
    "trainings:edit_note": form("note", WRITE_NOTE, CHANGES),
    "trainings:vote_for_note": Door("note", see=WRITE_NOTE, method="post"),
    "trainings:pick_note": Door("note", see=WRITE_NOTE, do=MODERATES, method="post"),
    "trainings:hide_note": Door("note", see=WRITE_NOTE, do=MODERATES, method="post"),
    "trainings:thank_for_note": form("note", WRITE_NOTE),
    "trainings:thanks_list": Door(do=WRITE_NOTE),
    "trainings:take_thanks_back": Door("thanks", see=MEETS, do=NOBODY, method="post"),
    "trainings:my_experience": Door(),
    "trainings:session_list": Door(do=WRITE_NOTE),
    "trainings:create_session": [Door(do=MODERATE_NOTE), Door(do=MODERATE_NOTE, method="post")],
    "trainings:session_detail": Door("session", see=MEETS),
    "trainings:edit_session": form("session", MEETS, LEADS),
    "trainings:hold_session": form("session", MEETS, LEADS),
    "trainings:cancel_session": Door("session", see=MEETS, do=LEADS, method="post"),
    "trainings:outcome_answers": Door("company", see=SEE_COMPANY, do=LOG_INTERACTION),
    "trainings:objection_answers": form("objection", SEE_COMPANY, LOG_INTERACTION),
    "trainings:deal_thanks": Door("deal", see=SEE_DEAL),
    "trainings:thank_deal": form("deal", SEE_DEAL),
}
