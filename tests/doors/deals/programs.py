"""Doors of programs; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import EDIT_PROGRAM, OVERRIDE_GATE, SEE_COMPANY, SEE_DEAL

REFUSED = frozenset({204, 302, 422})  # an empty payload names nobody


def panel(of: str, **words: dict[str, str]) -> list[Door]:
    """A form that keeps the programme, shown and sent."""
    return [
        Door(of, see=SEE_DEAL, do=EDIT_PROGRAM, **words),  # type: ignore[arg-type]
        Door(of, see=SEE_DEAL, do=EDIT_PROGRAM, method="post", **words),  # type: ignore[arg-type]
    ]


DOORS: dict[str, Door | list[Door]] = {
    "deals:program_detail": Door("holding_deal", see=SEE_DEAL),
    "deals:program_summary": Door("holding_deal", see=SEE_DEAL),
    "deals:program_sheet": Door("holding_deal", see=SEE_DEAL),
    "deals:move_program": panel("holding_deal", extra={"to": "consent"}),
    "deals:override_gate": [
        Door("holding_deal", see=SEE_DEAL, do=OVERRIDE_GATE, extra={"opens": "consent"}),
        Door("holding_deal", see=SEE_DEAL, do=OVERRIDE_GATE, extra={"opens": "consent"}, method="post"),
    ],
    "deals:quick_value": Door("holding_deal", see=SEE_DEAL, do=EDIT_PROGRAM, method="post", answers=REFUSED),
    "deals:draft_consent": panel("holding_deal"),
    "deals:assign_function": panel("holding_deal"),
    "deals:edit_value": panel("program_value"),
    "deals:edit_consent": panel("consent"),
    "deals:give_consent": panel("consent"),
    "deals:revoke_consent": panel("consent"),
    "deals:change_person": panel("function"),
    "deals:end_function": panel("function"),
    "deals:company_matrix": Door("company", see=SEE_COMPANY),
}
