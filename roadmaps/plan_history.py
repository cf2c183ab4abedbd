"""What a plan was: its revisions in words, any two compared, the plan as it stood in one of them (R52)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from roadmaps.models import Plan, PlanRevision, PlanTask, Sync
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


def told_revisions(
    revisions: Sequence[PlanRevision], *, before: int | None = None, links: Iterable[PlanTask] = ()
) -> tuple[list[Told], int | None]:
    """A page of revisions, the newest first, and the number before which the next page begins. Four statements at most."""
    shown = [one.number for one in revisions if before is None or one.number < before][-PAGE:]
    return told_by_number(revisions, set(shown), links)[::-1], shown[0] if shown and shown[0] > 1 else None


def revisions_of(plan: Plan) -> list[PlanRevision]:
    """All of them, the first one first, with who made each. One statement."""
    return list(PlanRevision.objects.filter(plan=plan).select_related("by").order_by("number"))


def told_by_number(
    revisions: Sequence[PlanRevision], wanted: set[int], links: Iterable[PlanTask] = (),
    syncs: Iterable[Sync] | None = None,
) -> list[Told]:  # fmt: skip
    """These revisions of all, in words, in order; tasks are called as they were before each. Four statements at most.

    Less when `links` of the plan (see `names_of`) or its `syncs` were read already.
    """
    titles: dict[str, str] = {}
    then: dict[int, Mapping[str, str]] = {}
    for revision in revisions:
        then[revision.number] = titles
        titles = later_titles(titles, revision.changes)
    shown = [one for one in revisions if one.number in wanted]
    names = names_of((step for one in shown for step in one.changes), links)
    if syncs is None:
        syncs = Sync.objects.filter(revision__in=[each.pk for each in shown])
    held = {sync.revision_id: sync for sync in syncs}
    return [
        Told(one, change_lines(one.changes, names=names, titles=then[one.number]), held.get(one.pk))
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
