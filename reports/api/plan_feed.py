"""A strategy as machines read it: its gates with reasons in both languages, its tasks and what holds each back.

Nobody of the client is named: a decision-maker is «ЛПР» here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import Task
from deals.models import Deal
from roadmaps.enums import PRESENTED, PlanState
from roadmaps.models import Plan, PlanTask, Presentation
from roadmaps.plan_machine import missing_of_head
from roadmaps.plan_schedule import act_by_of
from roadmaps.queries import members_without_task
from roadmaps.stage1 import standings
from roadmaps.task_gates import NOTHING, Hold, holds_of
from upsell_crm.core.api.problems import FieldError


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is shut: a code for programs, words for people."""

    code: str
    message_ru: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition on the road of a plan; open when nothing speaks against it, or the lead has let it go."""

    code: str
    reasons: list[Reason]
    is_overridden: bool = False

    @property
    def is_open(self) -> bool:
        return self.is_overridden or not self.reasons


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of the plan, by the identifier of the task itself."""

    link: PlanTask
    hold: Hold

    @property
    def task(self) -> Task:
        return self.link.task

    @property
    def waits_for(self) -> list[str]:
        return [str(before.task.public_id) for before in self.hold.before]

    @property
    def held_by(self) -> list[Reason]:
        return reasons_of(self.hold)


@dataclass(frozen=True, slots=True)
class PlanFeed:
    """A plan with what was read about it."""

    plan: Plan
    act_by: date | None
    gates: list[Gate]
    tasks: list[TaskLine]


def plan_feed(plan: Plan, today: date) -> PlanFeed:
    """The open plan, or the last one; nine statements, whatever the number of tasks."""
    links = list(
        PlanTask.objects.filter(plan=plan)
        .standing()
        .in_order()
        .select_related("task__assignee", "plan__deal")
    )
    holds = holds_of([link for link in links if link.task.is_open], today) if plan.is_open else {}
    tasks = [TaskLine(link, holds.get(link.pk, NOTHING)) for link in links]
    return PlanFeed(plan, act_by_of(plan.deal), _gates(plan, links, today), tasks)


def plan_of(deal: Deal) -> Plan | None:
    """The open strategy of the deal, else the latest one."""
    return Plan.objects.filter(deal=deal).open_first().select_related("deal__company").first()


def reasons_of(hold: Hold) -> list[Reason]:
    """What holds a task back, in both languages."""
    return _both(lambda: hold.told)


def errors_of(hold: Hold) -> list[FieldError]:
    """The same as `errors` of a problem: each stale fact, predecessor, or the plan that has not begun."""
    return [FieldError("status", one.code, "%(text)s", {"text": _Said(one)}) for one in reasons_of(hold)]


class _Said:
    """Words that are in the language of the moment when they are printed."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason

    def __str__(self) -> str:
        return self.reason.message_en if (get_language() or "").startswith("en") else self.reason.message_ru


def _gates(plan: Plan, links: list[PlanTask], today: date) -> list[Gate]:
    gates = [
        Gate("complete", [*_both(lambda: [("head", text) for text in missing_of_head(plan)]), *_tasks(links)])
    ]
    if plan.is_roadmap:
        facts = [fact for fact in standings(plan.company_id, today) if not fact.is_settled]
        stage1 = _both(lambda: [(f"{fact.state.fact}", fact.why(str(fact.state.label))) for fact in facts])
        idle = [user.short_name for user in members_without_task(plan, today)]
        members = _both(lambda: [("idle_member", _("%s has no task") % name) for name in idle])
        gates = [
            Gate("stage1", stage1, bool(plan.stage1_override_reason)), *gates,
            Gate("members", members, bool(plan.tasks_override_reason)),
        ]  # fmt: skip
    gates.append(Gate("review", _review(plan)))
    return [
        *gates,
        *(
            [Gate("presentation", _presentation(plan), bool(plan.presentation_override_reason))]
            if plan.is_roadmap
            else []
        ),
    ]


def _tasks(links: list[PlanTask]) -> list[Reason]:
    if not links:
        return _both(lambda: [("no_tasks", _("Add at least one task with a person and a date."))])
    nameless = [link.task.title for link in links if not link.task.expected_result]
    return _both(
        lambda: [
            ("no_expected_result", _("The task «%s» has no expected result.") % title) for title in nameless
        ]
    )


def _review(plan: Plan) -> list[Reason]:
    """Before a plan of a key client is in work the lead approves it."""
    begun = plan.is_working or plan.state == PlanState.COMPLETED
    if begun or not plan.needs_lead:
        return []
    return _both(lambda: [("needs_review", _("The plan of a key client starts after the lead's approval."))])


def _presentation(plan: Plan) -> list[Reason]:
    if Presentation.objects.filter(plan=plan, state__in=PRESENTED).exists():
        return []
    return _both(
        lambda: [("no_presentation", _("A roadmap is completed with a presentation that is ready."))]
    )


def _both(tell: Callable[[], list[tuple[str, str]]]) -> list[Reason]:
    """What `tell` says, with the words of both languages side by side."""
    with override("ru"):
        russian = tell()
    with override("en"):
        english = tell()
    return [Reason(code, ru, en) for (code, ru), (_code, en) in zip(russian, english, strict=True)]
