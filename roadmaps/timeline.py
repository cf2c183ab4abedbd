"""The timeline of a plan: its tasks by person or by client, in the words of the reader (R44, R45)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from accounts.enums import TaskState
from roadmaps.gantt import Chart, Task, chart
from roadmaps.models import PlanTask
from roadmaps.plan_schedule import Outlook
from roadmaps.schedule import Forecast
from upsell_crm.core.templatetags.crm import day as shown

BY = {"person": gettext_lazy("By person"), "company": gettext_lazy("By company")}
ZOOMS = {
    "weeks": (gettext_lazy("Two weeks"), 14), "quarter": (pgettext_lazy("zoom", "Quarter"), 91),
    "all": (pgettext_lazy("zoom", "Whole plan"), None),
}  # fmt: skip
STATE_WORDS = {
    TaskState.TODO: pgettext_lazy("task", "to do"), TaskState.DOING: pgettext_lazy("task", "in progress"),
    TaskState.BLOCKED: pgettext_lazy("task", "blocked"), TaskState.DONE: pgettext_lazy("task", "done"),
    TaskState.ACCEPTED: pgettext_lazy("task", "accepted"), TaskState.CANCELLED: pgettext_lazy("task", "cancelled"),
}  # fmt: skip
LEGEND = (
    ("gantt-bar--todo", STATE_WORDS[TaskState.TODO]), ("gantt-bar--doing", STATE_WORDS[TaskState.DOING]),
    ("gantt-bar--blocked", STATE_WORDS[TaskState.BLOCKED]), ("gantt-bar--done", STATE_WORDS[TaskState.DONE]),
    ("is-late", pgettext_lazy("task", "late")), ("is-waiting", pgettext_lazy("task", "waits")),
    ("is-critical", gettext_lazy("critical path")), ("is-forecast", gettext_lazy("forecast beyond the due day")),
)  # fmt: skip
DONE_STATES = (TaskState.DONE, TaskState.ACCEPTED)


@dataclass(frozen=True)
class Line:
    """One task of the timeline in words; `before` = titles of what it waits for. Drawn by `_gantt.html`."""

    link: PlanTask
    forecast: Forecast
    today: date
    before: list[str]
    may_edit: bool

    @cached_property
    def is_late(self) -> bool:
        """Open after its due day."""
        return self.link.task.is_open and self.link.task.due_on < self.today

    @property
    def is_movable(self) -> bool:
        """What is done has its dates for good."""
        return self.may_edit and self.link.task.is_open

    @property
    def tone(self) -> str:
        """The class of its bar: todo, doing, blocked or done."""
        state = self.link.task.state
        return "done" if state in DONE_STATES else str(state)

    @property
    def classes(self) -> str:
        """What css/gantt.css knows of it."""
        known = (
            ("is-late", self.is_late),
            ("is-critical", self.forecast.is_critical),
            ("is-waiting", self.before),
        )
        return " ".join([f"gantt-bar--{self.tone}", *(name for name, holds in known if holds)])

    @cached_property
    def word(self) -> str:
        """Beside the bar: the state, what is late, what waits."""
        is_plain = self.link.task.state == TaskState.TODO and (self.before or self.is_late)
        words = [] if is_plain else [str(STATE_WORDS[TaskState(self.link.task.state)])]
        if self.is_late:
            words.append(pgettext("task", "late"))
        if self.before:
            words.append(pgettext("task", "waits"))
        return ", ".join(words)

    @property
    def slack_text(self) -> str:
        """How far it may slip; "" for what is done."""
        if self.forecast.slack is None:
            return ""
        if self.forecast.slack == 0:
            return _("critical path")
        return ngettext(
            "%(n)s working day of slack", "%(n)s working days of slack", self.forecast.slack
        ) % {"n": self.forecast.slack}  # fmt: skip

    @cached_property
    def text(self) -> str:
        """All of it in one sentence, for those who do not see the bar."""
        task = self.link.task
        dates = f"{shown(self.link.starts_on)} – {shown(task.due_on)}"
        words = [str(task), str(task.assignee), dates, self.word, self.slack_text]
        if self.before:
            words.append(_("waits for «%s»") % "», «".join(self.before))
        return ". ".join(word for word in words if word)


def timeline_of(outlook: Outlook, lines: Iterable[Line], *, by: str, zoom: str) -> Chart:
    """The picture of the plan; the statements are those of the outlook."""
    groups: dict[tuple[str, str], list[Task]] = {}
    for line in lines:
        task = line.link.task
        of = task.assignee if by == "person" else task.company or outlook.plan.deal.company
        groups.setdefault((getattr(of, "last_name", ""), str(of)), []).append(
            Task(line.link.pk, line.link.starts_on, task.due_on, line.forecast, line)
        )
    ordered = [
        (name, tasks) for (_surname, name), tasks in sorted(groups.items(), key=lambda group: group[0])
    ]
    return chart(ordered, outlook.schedule.calendar, limits_of(outlook), in_sight=ZOOMS[zoom][1])


def lines_of(outlook: Outlook, may_edit: bool) -> list[Line]:
    """The standing tasks in order with their forecasts."""
    found = outlook.schedule.tasks
    titles = {link.pk: str(link) for link in outlook.links}
    return [
        Line(
            link, found[link.pk], outlook.today, [titles[pk] for pk in found[link.pk].held_by], may_edit
        )
        for link in outlook.links
    ]  # fmt: skip


def limits_of(outlook: Outlook) -> Iterator[tuple[str, str, date]]:
    """Days with a line of their own: today, the act-by, the deadline, the final presentation."""
    plan = outlook.plan
    yield "today", _("Today"), outlook.today
    for kind, label, day in (
        ("act-by", _("Act by"), outlook.schedule.act_by), ("deadline", _("Deadline"), plan.deadline),
        ("presentation", _("Presentation"), plan.presentation_on),
    ):  # fmt: skip
        if day is not None:
            yield kind, label, day


def summary_of(outlook: Outlook, lines: Sequence[Line]) -> str:
    """What the picture shows, in a few sentences, for those who do not see it."""
    tasks = ngettext("%(n)s task", "%(n)s tasks", len(lines)) % {"n": len(lines)}
    late = [str(line.link) for line in lines if line.is_late]
    path = [str(link) for link in outlook.links if link.pk in outlook.schedule.path]
    words = [tasks, outlook.text]
    words += [f"{label} {shown(day)}" for _kind, label, day in limits_of(outlook)]
    if late:
        words.append(_("Late: %s") % ", ".join(late))
    if path:
        words.append(_("Critical path: %s") % " → ".join(path))
    return ". ".join(word for word in words if word)
