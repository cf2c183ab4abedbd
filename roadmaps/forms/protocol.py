"""The protocol of a sync in one form: notes, what was heard, what changes in tasks, new ones, decisions (R51, R52)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.base import DATE, Conflict, SomeOf, VersionedForm
from roadmaps.agenda import SyncOutlook
from roadmaps.models import Plan, PlanTask, Sync
from roadmaps.services.plan_tasks import TaskSaid
from roadmaps.services.protocol import Decided, Protocol, TaskDecided, may_change_plan
from roadmaps.services.syncs import participants_of
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User
from upsell_crm.core.templatetags.crm import day

NEW_ROWS, DECISION_ROWS = 3, 4  # one more is offered when all are filled
MOST_ROWS = 20
SHOWN_TASKS = 60  # so many rows are changed here; a larger plan has its rest on the tab of tasks
Drafted = Mapping[str, Any]


class Row(forms.Form):
    """One line among others: an untouched one is left out."""

    def __init__(self, data: Any, *, prefix: str, typed: Drafted, **options: Any) -> None:
        names = self.base_fields
        initial = {name: typed[f"{prefix}-{name}"] for name in names if f"{prefix}-{name}" in typed}
        super().__init__(
            data,
            prefix=prefix,
            initial=initial,
            empty_permitted=True,
            use_required_attribute=False,
            **options,
        )


class TaskRow(Row):
    """A task of the plan: an empty field changes nothing."""

    due_on = forms.DateField(label=_("New due day"), required=False, widget=DATE)
    assignee = forms.ModelChoiceField(
        User.objects.none(), label=_("New assignee"), required=False, empty_label=_("as it is")
    )
    dropped = forms.CharField(
        label=_("Not needed, because"), required=False, max_length=300,
        widget=forms.TextInput(attrs={"placeholder": _("the task is removed from the plan")}),
    )  # fmt: skip

    def __init__(
        self, data: Any, *, link: PlanTask, people: Sequence[User], typed: Drafted, why: str = ""
    ) -> None:
        super().__init__(data, prefix=f"task-{link.task.public_id}", typed=typed)
        self.link, self.why = link, why
        task = link.task  # a refused save leaves its values on the record: the page shows those that stand
        self.stands = {"due_on": task.due_on, "assignee": task.assignee, "state": task.get_state_display()}
        _offer(self, people)

    @cached_property
    def said(self) -> TaskDecided:
        """Only what differs from the task as it is."""
        typed = {name: self.cleaned_data.get(name) for name in ("due_on", "assignee")}
        values = {name: value for name, value in typed.items() if value and value != self.stands[name]}
        return TaskDecided(self.link, values, self.cleaned_data.get("dropped", "").strip())


class NewTaskRow(Row):
    """A task that the sync adds to the plan."""

    title = forms.CharField(label=pgettext_lazy("new task", "Task"), max_length=300)
    assignee = forms.ModelChoiceField(User.objects.none(), label=_("Assignee"), empty_label="—")
    due_on = forms.DateField(label=_("Due"), widget=DATE)
    expected_result = forms.CharField(label=_("Expected result"), max_length=1000)

    def __init__(self, data: Any, *, prefix: str, people: Sequence[User], typed: Drafted) -> None:
        super().__init__(data, prefix=prefix, typed=typed)
        _offer(self, people)

    @property
    def said(self) -> TaskSaid:
        return TaskSaid(**self.cleaned_data)


class DecisionRow(Row):
    """A decision in words, about which task."""

    text = forms.CharField(label=_("Decision"), max_length=500)
    task = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, data: Any, *, prefix: str, links: Sequence[PlanTask], typed: Drafted) -> None:
        super().__init__(data, prefix=prefix, typed=typed)
        self.links = {str(link.task.public_id): link for link in links}
        choices = [("", _("the plan as a whole")), *((key, str(link)) for key, link in self.links.items())]
        self.fields["task"].choices = choices  # type: ignore[attr-defined]

    @property
    def said(self) -> Decided:
        return Decided(self.cleaned_data["text"], self.links.get(self.cleaned_data["task"]))


class ProtocolForm(VersionedForm):
    """Everything of one sync; `typed` is the draft of this person."""

    notes = forms.CharField(
        label=pgettext_lazy("protocol", "Notes"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    attended = SomeOf(
        User.objects.none(), label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple
    )
    heard = forms.MultipleChoiceField(label=_("Results heard"), required=False)

    def __init__(
        self, data: Any, *, sync: Sync, agenda: Mapping[str, Any], typed: Drafted, read: SyncOutlook
    ) -> None:  # fmt: skip
        meetings = [one.interaction for one in read.syncs if one.pk == sync.pk]
        invited = [row.user_id for meeting in meetings for row in meeting.our_people.all()]
        begin = {"version": sync.plan.version, "notes": sync.notes, "attended": invited}
        super().__init__(data, initial={**begin, **_lists(typed)})
        group = participants_of(sync.plan)
        circle = {*invited, *(person.pk for person in group)}
        people = User.objects.filter(pk__in=circle).order_by("last_name", "first_name", "pk")
        self.fields["attended"].queryset = people  # type: ignore[attr-defined]
        if circle == {person.pk for person in group}:  # as a rule: the same people, read already
            self.fields["attended"].choices = [(person.pk, str(person)) for person in group]  # type: ignore[attr-defined]
        self.fields["heard"].choices = [(row["key"], row["title"]) for row in agenda["results"]]  # type: ignore[attr-defined]
        self.may_change = may_change_plan(sync.plan)
        links = (
            read.links if data is None else _links(sync.plan)
        )  # those that are changed have plans of their own
        self.rows, self.others = self._task_rows(data, agenda, links, group, typed)
        new = range(_rows_of(data or typed, "new", "title", NEW_ROWS) if self.may_change else 0)
        self.new = [NewTaskRow(data, prefix=f"new-{n}", people=group, typed=typed) for n in new]
        some = range(_rows_of(data or typed, "decision", "text", DECISION_ROWS))
        self.decisions = [DecisionRow(data, prefix=f"decision-{n}", links=links, typed=typed) for n in some]

    def _task_rows(
        self, data: Any, agenda: Mapping[str, Any], links: Sequence[PlanTask], group: Sequence[User], typed: Drafted
    ) -> tuple[list[TaskRow], list[TaskRow]]:  # fmt: skip
        """Rows of the tasks on the agenda, and of the other open ones."""
        if not self.may_change:
            return [], []
        why = {row["task"]: row["why"] for row in agenda["tasks"]}
        open_links = [link for link in links if link.task.is_open]
        open_links.sort(key=lambda link: (str(link.task.public_id) not in why, link.task.due_on))
        rows = [
            TaskRow(data, link=link, people=group, typed=typed, why=why.get(str(link.task.public_id), ""))
            for link in open_links[:SHOWN_TASKS]
        ]
        return [row for row in rows if row.why], [row for row in rows if not row.why]

    def is_valid(self) -> bool:
        """All rows are checked, so that every error shows at once."""
        return all([super().is_valid(), *(row.is_valid() for row in self._all_rows())])

    def _all_rows(self) -> list[Row]:
        return [*self.rows, *self.others, *self.new, *self.decisions]

    @property
    def said(self) -> Protocol:
        """What goes to the service; call after is_valid()."""
        data = self.cleaned_data
        return Protocol(
            notes=data["notes"], attended=list(data["attended"]), heard=frozenset(data["heard"]),
            tasks=[row.said for row in self._changed()], new=[row.said for row in self._added()],
            decisions=[row.said for row in self.decisions if row.has_changed()],
        )  # fmt: skip

    def place(self, problem: DomainError) -> None:
        """The refusal of the service beside the row and the field that it names."""
        rows: dict[str, list[Any]] = {"tasks": self._changed(), "new": self._added()}
        for path, texts in problem.errors.items():
            kind, _dot, rest = path.partition(".")
            number, _dot, name = rest.partition(".")
            if kind not in rows or not number.isdigit():
                continue
            row = rows[kind][int(number)]
            for text in texts:
                row.add_error(name if name in row.fields else None, str(text))

    def conflicts(self, stored: Plan) -> list[Conflict]:
        """Somebody has changed the plan meanwhile: each typed change beside what stands now."""
        now = {link.pk: link.task for link in _links(stored)}
        lines = [Conflict(str(_("revision")), f"№ {stored.revision}", "—")]
        for row in self._changed():
            task = now.get(row.link.pk, row.link.task)
            for name, value in row.said.values.items():
                words = (getattr(task, name), value)
                theirs, mine = (day(one) if name == "due_on" else str(one) for one in words)
                label = f"{row.link}: {str(row.fields[name].label).lower()}"
                lines.append(Conflict(label, theirs, mine))
        return lines

    def _changed(self) -> list[TaskRow]:
        return [row for row in (*self.rows, *self.others) if row.has_changed() and row.said.changes]

    def _added(self) -> list[NewTaskRow]:
        return [row for row in self.new if row.has_changed()]

    @property
    def opens_others(self) -> bool:
        """Something was typed, or refused, in the folded rows."""
        return any(row.has_changed() if row.is_bound else row.initial for row in self.others)


def _links(plan: Plan) -> list[PlanTask]:
    links = PlanTask.objects.filter(plan=plan).standing().in_order()
    return list(links.select_related("plan__deal__company", "task__assignee", "task__company"))


def _offer(row: forms.Form, people: Iterable[User]) -> None:
    """The same people in each row, asked once."""
    field: Any = row.fields["assignee"]
    people = list(people)
    field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
    first = [("", field.empty_label)]
    field.choices = first + [(person.pk, str(person)) for person in people]


def _rows_of(said: Mapping[str, Any], kind: str, name: str, least: int) -> int:
    """How many rows the form has: all that came, all that are filled and an empty one; `more` asks for others."""
    came = [n for n in range(MOST_ROWS) if f"{kind}-{n}-{name}" in said]
    filled = [n for n in came if said[f"{kind}-{n}-{name}"]]
    wanted = [least, *(n + 1 for n in came[-1:]), *(n + 2 for n in filled[-1:])]
    return min(MOST_ROWS, max(wanted) + (least if said.get("more") == kind else 0))


def _lists(typed: Drafted) -> dict[str, Any]:
    """Ticks of a draft as lists, whether one was ticked or several."""
    words = dict(typed)
    for name in ("attended", "heard"):
        if name in words and not isinstance(words[name], list):
            words[name] = [words[name]]
    return words
