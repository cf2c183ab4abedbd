"""What a plan was: its revisions in words, any two compared, the plan as it stood in one of them (R52)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roadmaps.models import Plan, PlanRevision, Sync
from roadmaps.plan_content import EMPTY, Content, difference, replay
from roadmaps.revision_words import FIELDS, Line, Names, change_lines, later_titles, names_of, value_words

PAGE = 20  # revisions on a page; the first one holds the whole plan
HEAD = ("goal", "success_metric", "success_value", "deadline", "presentation_on", "type")


@dataclass(frozen=True, slots=True)
class Told:
    """One revision as it is read."""

    revision: PlanRevision
    lines: list[Line]
    sync: Sync | None

    @property
    def is_long(self) -> bool:
        """A start has a line per task: it is folded."""
        return len(self.lines) > 12


@dataclass(frozen=True, slots=True)
class TaskThen:
    """A task as it stood, in words."""

    title: str
    assignee: str
    receiver: str
    company: str
    starts_on: str
    due_on: str
    expected_result: str
    phase: str
    waits: str


@dataclass(frozen=True, slots=True)
class PlanThen:
    """A plan as it stood: what its head said, and its tasks by start."""

    head: list[tuple[str, str]]
    tasks: list[TaskThen]


def told_revisions(plan: Plan, *, before: int | None = None) -> tuple[list[Told], int | None]:
    """A page of revisions, the newest first, and the number before which the next page begins. Five statements."""
    revisions = _revisions(plan)
    shown = [one.number for one in revisions if before is None or one.number < before][-PAGE:]
    return _told(revisions, set(shown))[::-1], shown[0] if shown and shown[0] > 1 else None


def told_by_number(plan: Plan, wanted: set[int]) -> list[Told]:
    """These revisions only, in order. Five statements."""
    return _told(_revisions(plan), wanted)


def _revisions(plan: Plan) -> list[PlanRevision]:
    return list(PlanRevision.objects.filter(plan=plan).select_related("by").order_by("number"))


def _told(revisions: list[PlanRevision], wanted: set[int]) -> list[Told]:
    """In words, tasks called as they were before each; all revisions are needed for that."""
    titles: dict[str, str] = {}
    then: dict[int, Mapping[str, str]] = {}
    for revision in revisions:
        then[revision.number] = titles
        titles = later_titles(titles, revision.changes)
    shown = [one for one in revisions if one.number in wanted]
    names = names_of(step for one in shown for step in one.changes)
    syncs = {one.revision_id: one for one in Sync.objects.filter(revision__in=[each.pk for each in shown])}
    return [
        Told(one, change_lines(one.changes, names=names, titles=then[one.number]), syncs.get(one.pk))
        for one in shown
    ]


def content_at(plan: Plan, number: int) -> Content:
    """The plan as revision `number` has left it; 0 = before the first one."""
    upto = plan.revisions.filter(number__lte=number).order_by("number")
    return replay(upto.values_list("changes", flat=True))


def compared(plan: Plan, old: int, new: int) -> list[Line]:
    """What leads from one revision to another, either way round, in words."""
    before, after = content_at(plan, old), content_at(plan, new)
    return difference_lines(before, after)


def difference_lines(before: Content, after: Content) -> list[Line]:
    """Two contents of a plan compared in words; tasks are called as in the earlier one. Three statements."""
    changes = difference(before, after)
    was_called = {key: task.get("title", "") for key, task in before.get("tasks", {}).items()}
    called = {key: task.get("title", "") for key, task in after.get("tasks", {}).items()} | was_called
    return change_lines(changes, titles=called)


def plan_then(content: Content) -> PlanThen:
    """A content as a table. Three statements."""
    names = names_of(difference(EMPTY, content))
    said = content.get("plan", {})
    head = [(str(FIELDS[name]), value_words(name, said[name], names)) for name in HEAD if name in said]
    tasks = sorted(content.get("tasks", {}).values(), key=_by_start)
    return PlanThen(head, [_task_then(values, names) for values in tasks])


def _task_then(values: dict[str, Any], names: Names) -> TaskThen:
    def words(name: str) -> str:
        return value_words(name, values.get(name), names)

    return TaskThen(
        title=words("title"), assignee=words("assignee"), receiver=words("receiver"), company=words("company"),
        starts_on=words("starts_on"), due_on=words("due_on"), expected_result=words("expected_result"),
        phase=words("phase"), waits=words("depends_on"),
    )  # fmt: skip


def _by_start(values: dict[str, Any]) -> tuple[str, str, str]:
    return values.get("starts_on", ""), values.get("due_on", ""), values.get("title", "")
