"""Doors of the room reports; how to add a row: tests/doors/__init__.py."""

from uuid import UUID

from tests.doors import Door
from tests.doors.matrices import (
    EXPORT,
    LOG_INTERACTION,
    RUN_RANKING,
    SEE_COMPANY,
    SEE_MONEY,
    SEE_RANKING,
    SEE_REPORT,
    SEE_WORKLOAD,
)

UNKNOWN = UUID(int=0)

DOORS: dict[str, Door | list[Door]] = {
    "reports:my_day": Door(),
    "reports:team_priorities": Door(do=SEE_RANKING),
    "reports:ranking_tiles": Door(do=SEE_RANKING),
    "reports:team_adherence": Door(do=SEE_WORKLOAD),
    "reports:ranking_rerun": Door(do=RUN_RANKING, method="post"),
    "reports:company_panel": Door("company", see=SEE_COMPANY),
    "reports:offer_list": Door(do=SEE_RANKING),
    "reports:company_offers": Door("company", see=SEE_COMPANY),  # empty without the right to the ranking
    "reports:signal_list": Door(do=SEE_RANKING, answers=frozenset({200, 302})),  # a KAM is led to his own
    "reports:signal_counts": Door(do=SEE_RANKING),
    "reports:my_signals": Door(),
    # 422 when nothing of it may be exported
    "reports:export_signals": Door(see=SEE_RANKING, do=EXPORT, method="post", answers=frozenset({200, 422})),
    "reports:snooze_signal": [
        Door("signal", see=SEE_RANKING, do=LOG_INTERACTION),
        Door("signal", see=SEE_RANKING, do=LOG_INTERACTION, method="post"),
    ],
    "reports:wake_signal": Door("signal", see=SEE_RANKING, do=LOG_INTERACTION, method="post"),
    "reports:company_signals": Door("company", see=SEE_COMPANY),
    "reports:existing_clients": Door(do=SEE_REPORT),
    "reports:existing_clients_totals": Door(do=SEE_REPORT),
    "reports:build_existing_clients": Door(do=SEE_REPORT, method="post"),
    # 404 while there is no report, 422 when nothing of it may be exported
    "reports:export_existing_clients": Door(do=EXPORT, method="post", answers=frozenset({200, 404, 422})),
    "reports:client_offer": Door("client_row", see=SEE_REPORT, do=SEE_MONEY),
    "reports:client_export": Door(extra={"public_id": UNKNOWN}, answers=frozenset({404})),
    "reports:client_export_file": Door(extra={"public_id": UNKNOWN}, answers=frozenset({404})),
}
