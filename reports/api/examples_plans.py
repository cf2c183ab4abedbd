"""Examples of strategies in the OpenAPI document. All names are fictional."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_STALE = {
    "code": "stale_fact",
    "message_ru": "факт устарел: Закупка",
    "message_en": "the fact is out of date: Procurement",
}
_OPEN = {
    "code": "procurement",
    "message_ru": "Закупка: подтверждено 190 дней назад, действует 180 дн.",
    "message_en": "Procurement: confirmed 190 days ago, holds for 180 days",
}
_TASK: dict[str, Any] = {
    "id": "0193a4f5-1111-7222-8333-444455556666",
    "title": "Согласовать техническое задание",
    "assignee": {"id": "0193a4f1-5b2e-7d00-9c3a-1a2b3c4d5e6f", "name": "Анна Лисина"},
    "starts_on": "2026-11-25",
    "due_on": "2026-12-04",
    "state": "todo",
    "state_label": {"ru": "К выполнению", "en": "To do"},
    "phase": "docs",
    "waits_for": [],
    "held_by": [_STALE],
    "version": 2,
}
_PLAN: dict[str, Any] = {
    "id": "0193a4f4-0a0b-7c0d-8e0f-101112131415",
    "deal": "0193a4f3-0a0b-7c0d-8e0f-101112131415",
    "type": "roadmap",
    "state": "active",
    "state_label": {"ru": "В работе", "en": "In work"},
    "goal": "Продлить договор и расширить его до 15 мест",
    "criterion": {"metric": "seats", "metric_label": {"ru": "мест", "en": "seats"}, "value": "15.00"},
    "deadline": "2027-01-29",
    "act_by": "2026-12-18",
    "revision": 1,
    "gates": [
        {"code": "stage1", "is_open": False, "is_overridden": False, "reasons": [_OPEN]},
        {"code": "complete", "is_open": True, "is_overridden": False, "reasons": []},
        {"code": "members", "is_open": True, "is_overridden": False, "reasons": []},
        {"code": "review", "is_open": True, "is_overridden": False, "reasons": []},
    ],
    "tasks": [_TASK],
    "version": 6,
    "updated_at": "2026-11-20T18:40:05+03:00",
}

PLAN = OpenApiExample("plan", value=_PLAN)
TASK_STATUS_ASKED = OpenApiExample(
    "done", value={"status": "done", "result": "ТЗ согласовано письмом"}, request_only=True
)
TASK_STATUS = OpenApiExample(
    "task",
    value={"id": _TASK["id"], "status": "done", "previous_status": "doing", "changed": True, "version": 4},
    response_only=True,
)
