"""Doors of the room core; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import MANAGE_JOBS, MANAGE_SYSTEM, SEE_COMPANY, SEE_RANKING, SEE_REPORT

DOORS: dict[str, Door | list[Door]] = {
    "core:home": Door(answers=frozenset({302})),
    "core:login": Door(public=True, answers=frozenset({200, 302})),
    "core:logout": Door(method="post"),
    "core:session": Door(public=True, answers=frozenset({204, 401})),
    "core:welcome": Door(public=True, extra={"token": "unknown"}, answers=frozenset({404})),
    "core:password_change": [Door(), Door(method="post")],
    "core:preferences": Door(public=True, method="post", data={"theme": "dark"}),
    "core:kam_options": [
        Door(extra={"right": "see_company"}, do=SEE_COMPANY),
        Door(extra={"right": "see_ranking"}, do=SEE_RANKING),
        Door(extra={"right": "see_report"}, do=SEE_REPORT),
    ],
    "core:draft": [
        Door(extra={"key": "doors"}, answers=frozenset({200, 404})),
        Door(extra={"key": "doors"}, method="post", data={"text": "Позвонить"}),
        Door(extra={"key": "doors"}, method="delete", answers=frozenset({200})),
    ],
    "core:job_list": Door(do=MANAGE_JOBS),
    "core:job_start": Door(do=MANAGE_JOBS, method="post", extra={"code": "clean_up"}),
    "core:save_view": Door(
        method="post", data={"page": "accounts:company_list", "name": "Мои", "query": "q=1"}
    ),
    "core:drop_view": Door(method="post", extra={"pk": 1}, answers=frozenset({404})),
    "core:styleguide": [Door(do=MANAGE_SYSTEM), Door(do=MANAGE_SYSTEM, method="post")],
    "core:styleguide_panel": Door(do=MANAGE_SYSTEM),
}
