"""The tasks tab of a strategy: each task with what keeps it back, filtered, sorted, grouped by phase (R44, R49, R50)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from accounts.enums import TaskState
from accounts.services.tasks import may_judge
from deals.enums import DEAL_ROLES
from roadmaps.enums import TASK_ITEM, Phase, PlanState
from roadmaps.models import Plan, PlanTask, ReplanItem, ReviewComment
from roadmaps.queries import members_without_task, still_open
from roadmaps.reviews import comments_by_item
from roadmaps.stage1 import Standing
from roadmaps.task_gates import NOTHING, Hold, holds_of
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

S = TaskState
ROLES = {role.value: role.label for role in DEAL_ROLES}
STATES: dict[str, str | Promise] = {  # what the list may be narrowed to
    "late": pgettext_lazy("tasks", "late"),
    "held": pgettext_lazy("tasks", "held back"),
    "ready": pgettext_lazy("tasks", "may begin"),
    **{state.value: state.label for state in S if state != S.CANCELLED},
}
TONES = {S.DOING: "info", S.BLOCKED: "warn", S.DONE: "accent", S.ACCEPTED: "good"}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of the plan as this reader sees it; `steps` are the moves he may make now."""

    link: PlanTask
    hold: Hold
    late_days: int  # calendar days past the due day, 0 when it is in time or done
    is_mine: bool
    steps: frozenset[str]
    may_edit: bool
    changed: str  # the fact under it that has changed and that nobody has looked at
    comments: Sequence[ReviewComment] = ()  # the lead's words on it (R79)

    @property
    def role(self) -> str | Promise:
        return ROLES.get(self.link.role, "")

    @property
    def tone(self) -> str:
        return TONES.get(S(self.link.task.state), "")

    @property
    def is_held(self) -> bool:
        """By something of its own: that the plan has not begun is said once for all."""
        return bool(self.hold.before or self.hold.stale)

    @property
    def codes(self) -> set[str]:
        """Under which of STATES the row is found."""
        task = self.link.task
        found = {task.state}
        if self.late_days:
            found.add("late")
        if self.is_held:
            found.add("held")
        elif task.state == S.TODO:
            found.add("ready")
        return found


@dataclass(frozen=True, slots=True)
class PhaseGroup:
    """The shown tasks of one phase, and how many of all its tasks are done."""

    phase: Phase
    rows: list[TaskRow]
    done: int
    total: int


SORTS: dict[str, Callable[[TaskRow], tuple[Any, ...]]] = {
    "start": lambda row: (row.link.starts_on, row.link.task.due_on, row.link.pk),
    "due": lambda row: (row.link.task.due_on, row.link.pk),
    "person": lambda row: (str(row.link.task.assignee), row.link.task.due_on, row.link.pk),
    "state": lambda row: (list(S).index(S(row.link.task.state)), row.link.task.due_on, row.link.pk),
}


def task_table(
    plan: Plan, user: User, rights: Mapping[str, bool], asked: Mapping[str, str], today: date,
    before: Mapping[int, list[int]], facts: list[Standing] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The context of `roadmaps/_plan_tasks.html`, whatever the number of tasks and people by five statements.

    Six when the lead has commented on tasks; fewer with `facts` of the client that were read already. `before` as
    `Outlook.before`.
    """
    links = _links(plan)
    standing = [link for link in links if link.task.state != S.CANCELLED]
    may_edit = rights[Action.EDIT_PLAN] and plan.is_open and plan.state != PlanState.REVIEW
    comments = comments_by_item(plan) if any(link.has_comments for link in links) else {}
    known = None if facts is None else {plan.company_id: facts}
    holds = holds_of(
        [link for link in standing if link.task.is_open], today, known, still_open(links, before)
    )
    rows = _rows(standing, holds, user, may_edit, today, comments)
    sort = asked["sort"] if asked.get("sort") in SORTS else "start"
    shown = sorted((row for row in rows if _is_asked(row, asked)), key=SORTS[sort])
    is_early = plan.is_open and not plan.is_working
    return {
        "links": standing, "groups": _groups(rows, shown), "count": len(shown), "total": len(rows), "numbers": _numbers(rows),
        "people": _people(standing), "dzos": _dzos(standing), "phases": Phase.choices, "states": STATES, "sort": sort,
        "asked": asked, "is_narrowed": len(shown) != len(rows), "removed": _removed(links), "may_edit": may_edit,
        "is_early": is_early and bool(rows), "may_add": may_edit and not (plan.is_roadmap and plan.state in _BEFORE_TASKS),
        "idle": list(members_without_task(plan, today)) if plan.is_open else [],
    }  # fmt: skip


_BEFORE_TASKS = (PlanState.DRAFT, PlanState.INFO)


def _links(plan: Plan) -> list[Any]:
    changed = ReplanItem.objects.open().filter(tasks=OuterRef("pk")).order_by("-pk").values("what")[:1]
    said = ReviewComment.objects.filter(plan=OuterRef("plan"), item__startswith=TASK_ITEM)
    links = (
        PlanTask.objects.filter(plan=plan)
        .annotate(changed=Subquery(changed), has_comments=Exists(said))
        .in_order()
    )
    found = list(links.select_related("task__assignee", "task__receiver", "task__company"))
    for link in found:
        link.plan = plan
    return found


def _rows(
    links: list[Any], holds: Mapping[int, Hold], user: User, may_edit: bool, today: date,
    comments: Mapping[str, list[ReviewComment]],
) -> list[TaskRow]:  # fmt: skip
    rows = []
    for link in links:
        task, hold = link.task, holds.get(link.pk, NOTHING)
        late = (today - task.due_on).days if task.is_open else 0
        is_mine = task.assignee_id == user.pk
        rows.append(
            TaskRow(
                link, hold, max(late, 0), is_mine, _steps(link, hold, is_mine, user), may_edit and task.is_open,
                link.changed or "" if task.is_open else "", comments.get(link.item, ()),
            )
        )  # fmt: skip
    return rows


def _steps(link: PlanTask, hold: Hold, is_mine: bool, user: User) -> frozenset[str]:
    """What the tasks service would let this person do: the assignee works, the receiver or the lead accepts."""
    state = link.task.state
    if state == S.DONE and may_judge(user, link.task):
        return frozenset({"accept", "return"})
    if not is_mine or not link.task.is_open or (hold and state != S.DOING):
        return frozenset()
    return frozenset(
        {S.TODO: {"start", "done", "block"}, S.BLOCKED: {"start"}}.get(S(state), {"done", "block"})
    )


def _is_asked(row: TaskRow, asked: Mapping[str, str]) -> bool:
    link, task = row.link, row.link.task
    wanted = {
        "person": str(task.assignee.public_id), "phase": link.phase,
        "dzo": str(task.company.public_id) if task.company else "",
    }  # fmt: skip
    if any(asked.get(name) not in (None, "", value) for name, value in wanted.items()):
        return False
    state = asked.get("state", "")
    return state not in STATES or state in row.codes


def _groups(rows: list[TaskRow], shown: list[TaskRow]) -> list[PhaseGroup]:
    groups = []
    for phase in Phase:
        here = [row for row in shown if row.link.phase == phase]
        if here:
            of_phase = [row.link.task for row in rows if row.link.phase == phase]
            groups.append(PhaseGroup(phase, here, sum(not task.is_open for task in of_phase), len(of_phase)))
    return groups


def _numbers(rows: list[TaskRow]) -> list[tuple[str, str | Promise, int]]:
    """Code, word and number of what a lead asks first; nothing is not said."""
    found = ((code, STATES[code], sum(code in row.codes for row in rows)) for code in STATES)
    return [one for one in found if one[2]]


def _people(links: Iterable[PlanTask]) -> list[User]:
    return sorted({link.task.assignee for link in links}, key=lambda user: (str(user), user.pk))


def _dzos(links: Iterable[PlanTask]) -> list[Any]:
    """Organisations of the tasks; one alone needs no column."""
    found = {link.task.company for link in links if link.task.company}
    return sorted(found, key=lambda company: (company.sort_name, company.pk)) if len(found) > 1 else []


def _removed(links: Iterable[PlanTask]) -> list[PlanTask]:
    return [link for link in links if link.task.state == S.CANCELLED]
