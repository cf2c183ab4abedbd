"""Strategies of the load base: six of ten open deals have one, with tasks in a chain and the revision that began it."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from roadmaps.plan_content import EMPTY, difference
from upsell_crm.demo.bulk import Table, stamp

SHARE = 0.6  # of the open deals
KINDS = (
    ("action_plan", "active", 6),
    ("roadmap", "active", 3),
    ("roadmap", "planning", 1),
    ("roadmap", "review", 1),
)
STEPS = (  # title, expected result, phase
    ("Проверить данные", "Факты подтверждены", "info"), ("Собрать потребности", "Потребность по департаментам", "needs"),
    ("Показать расчёт", "Согласие ЛПР", "presentation"), ("Передать договор", "Договор у юристов клиента", "docs"),
)  # fmt: skip


@dataclass(slots=True)
class Strategies:
    """Rows of plans; dice of their own, so that the rest of the base stays as it was."""

    today: date
    dice: Random
    tables: dict[str, Table]

    def of(self, deal: int, company: int, kam: int, amount: int) -> None:
        """Now and then a plan with one to four tasks, the earlier ones done."""
        dice = self.dice
        if dice.random() > SHARE:
            return
        kind, state, _weight = dice.choices(KINDS, [weight for *_kind, weight in KINDS])[0]
        begun = self.today - timedelta(days=dice.randint(1, 40))
        deadline = self._workday(self.today + timedelta(days=dice.randint(-5, 90)))
        plan = self.tables["plan"].next_id
        tasks = self._tasks(plan, deal, company, kam, begun, is_working=state == "active")
        head = {
            "type": kind, "goal": "Продлить договор", "success_metric": "amount", "success_value": f"{amount}.00",
            "deadline": deadline.isoformat(),
        }  # fmt: skip
        content = {"plan": head, "tasks": tasks}
        is_working = state == "active"
        self.tables["plan"].add(
            deal, kind, kind, "Продлить договор", "amount", amount, deadline.isoformat(), state, stamp(begun),
            int(is_working), json.dumps(content), deadline.isoformat() if is_working else None,
            amount if is_working else None,
        )  # fmt: skip
        if is_working:
            changes = json.dumps(difference(EMPTY, content))
            self.tables["plan_revision"].add(plan, 1, "План запущен", changes, kam, stamp(begun))
        if state == "review":
            self.tables["plan_review"].add(plan, json.dumps(content), kam, stamp(begun))

    def _tasks(
        self, plan: int, deal: int, company: int, kam: int, begun: date, *, is_working: bool
    ) -> dict[str, Any]:
        """Task rows with their links; returns them as the content of the plan has them."""
        said: dict[str, Any] = {}
        before: tuple[int, str] | None = None
        for place, (title, expected, phase) in enumerate(STEPS[: self.dice.randint(1, len(STEPS))]):
            start = self._workday(begun + timedelta(days=place * 9))
            due = self._workday(start + timedelta(days=7))
            is_done = is_working and due < self.today and self.dice.random() < 0.9
            task = self.tables["task"].add(
                company, title, kam, due.isoformat(), "accepted" if is_done else "todo", "Сделано" if is_done else "",
                stamp(due) if is_done else None, kam, expected, "plan",
            )  # fmt: skip
            key = self.tables["task"].identifier(task)
            key = f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
            self.tables["deal_task"].add(deal, task)
            link = self.tables["plan_task"].add(plan, task, "kam", phase, start.isoformat())
            row = {
                "title": title, "assignee": kam, "company": company, "receiver": kam, "starts_on": start.isoformat(),
                "due_on": due.isoformat(), "phase": phase, "role": "kam", "expected_result": expected,
            }  # fmt: skip
            if before:
                self.tables["plan_task_after"].add(link, before[0])
                row["depends_on"] = [before[1]]
            said[key], before = row, (link, key)
        return said

    def _workday(self, day: date) -> date:
        """Monday to Friday is enough here."""
        return day - timedelta(days=max(0, day.weekday() - 4))
