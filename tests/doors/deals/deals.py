"""Doors of deals; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import (
    CLOSE_DEAL,
    CONFIRM_LOSS,
    CREATE_DEAL,
    EDIT_DEAL,
    MOVE_DEAL,
    MOVE_FORWARD,
    PROPOSE_DEAL,
    SEE_COMPANY,
    SEE_DEAL,
)

STRATEGY = {"to": "strategy"}
NOT_NOW = frozenset({409})  # the deal of the world stands in its first stage


def form(of: str, see: dict[str, str], do: dict[str, str], **more: object) -> list[Door]:
    """A form on a page, in the panel, and its save."""
    return [
        Door(of, see=see, do=do, **more),
        Door(of, see=see, do=do, htmx=True, **more),
        Door(of, see=see, do=do, method="post", **more),
    ]


DOORS: dict[str, Door | list[Door]] = {
    "deals:deal_list": [Door(do=SEE_DEAL), Door(do=SEE_DEAL, htmx=True)],
    "deals:deal_board": [Door(do=SEE_DEAL), Door(do=SEE_DEAL, htmx=True)],
    "deals:deal_totals": Door(do=SEE_DEAL),
    "deals:deal_detail": Door("deal", see=SEE_DEAL),
    "deals:deal_talks": Door("deal", see=SEE_DEAL),
    "deals:deal_history": Door("deal", see=SEE_DEAL),
    "deals:check_stage": Door("deal", see=SEE_DEAL, do=MOVE_DEAL, method="post", answers=frozenset({200})),
    "deals:edit_deal": form("deal", SEE_DEAL, EDIT_DEAL),
    "deals:edit_lines": form("deal", SEE_DEAL, EDIT_DEAL),
    "deals:move_deal": form("deal", SEE_DEAL, MOVE_FORWARD, extra=STRATEGY),
    "deals:undo_move": Door(
        "deal", see=SEE_DEAL, do=CLOSE_DEAL, method="post", extra={"to": "research"}, answers=NOT_NOW
    ),
    "deals:hold_deal": form("deal", SEE_DEAL, CLOSE_DEAL),
    "deals:resume_deal": Door("deal", see=SEE_DEAL, do=CLOSE_DEAL, method="post", answers=NOT_NOW),
    "deals:lose_deal": form("deal", SEE_DEAL, CLOSE_DEAL),
    "deals:refuse_loss": form("deal", SEE_DEAL, CONFIRM_LOSS),
    "deals:reopen_deal": form("deal", SEE_DEAL, CONFIRM_LOSS),
    "deals:win_reasons": form("deal", SEE_DEAL, CLOSE_DEAL),
    "deals:company_deals": Door("company", see=SEE_COMPANY),
    "deals:outcome_deals": Door("company", see=SEE_COMPANY),
    "deals:create_deal": form("company", SEE_COMPANY, CREATE_DEAL),
    "deals:suggest_deal": form("company", SEE_COMPANY, PROPOSE_DEAL),
}
