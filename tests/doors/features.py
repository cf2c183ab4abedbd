"""Doors of awaited features, of the clients who wait for them, and of the report on their responses."""

from tests.doors import Door
from tests.doors.matrices import (
    CREATE_FEATURE,
    EXPORT,
    LOG_INTERACTION,
    SEE_COMPANY,
    SEE_FEATURES,
    SET_FEATURE,
    Matrix,
    either,
)

EXPORTS = {role: letters for role, letters in EXPORT.items() if role in SEE_FEATURES}
ENTERS = either(CREATE_FEATURE, SET_FEATURE)


def wait(right: Matrix) -> list[Door]:
    """A form over one client's wait, opened and sent."""
    return [
        Door("wait", see=SEE_COMPANY, do=right),
        Door("wait", see=SEE_COMPANY, do=right, method="post"),
    ]


DOORS: dict[str, Door | list[Door]] = {
    "accounts:feature_board": Door(do=SEE_FEATURES),
    "accounts:feature_new": [Door(do=ENTERS), Door(do=ENTERS, method="post")],
    "accounts:feature_detail": Door("feature", see=SEE_FEATURES),
    "accounts:feature_edit": [
        Door("feature", see=SEE_FEATURES, do=SET_FEATURE),
        Door("feature", see=SEE_FEATURES, do=SET_FEATURE, method="post"),
    ],
    "accounts:feature_move": [
        Door("feature", see=SEE_FEATURES, do=SET_FEATURE, extra={"to": "planned"}),
        Door("feature", see=SEE_FEATURES, do=SET_FEATURE, method="post", extra={"to": "planned"}),
    ],
    "accounts:wait_new": [
        Door("company", see=SEE_COMPANY, do=CREATE_FEATURE),
        Door("company", see=SEE_COMPANY, do=CREATE_FEATURE, method="post"),
    ],
    "accounts:wait_edit": wait(CREATE_FEATURE),
    "accounts:wait_answer": wait(LOG_INTERACTION),
    "accounts:wait_tell": Door("declined_wait", see=SEE_COMPANY, do=LOG_INTERACTION, method="post"),
    "accounts:wait_drop": wait(CREATE_FEATURE),
    "reports:feature_report": Door(do=SEE_FEATURES),
    "reports:export_feature_report": Door(do=EXPORTS, method="post", answers=frozenset({422})),
}
