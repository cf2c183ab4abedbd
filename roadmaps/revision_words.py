"""The changes of a plan as lines that a person reads (R52): «срок: 15.01.2027 → 01.02.2027».

Works on operations of `plan_content`. Names of colleagues, companies and tasks come from `names_of`: three statements
for any number of revisions. A task that is gone keeps the title that it had in the difference.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Fact
from accounts.models import Company, Task
from roadmaps.enums import Metric, Phase, PlanType
from roadmaps.models import PlanTask
from roadmaps.plan_content import Change
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role
from upsell_crm.core.templatetags.crm import DASH, day, number

FIELDS: dict[str, Promise] = {  # in the order in which they are read
    "type": pgettext_lazy("revision", "type"),
    "goal": pgettext_lazy("revision", "goal"),
    "success_metric": pgettext_lazy("revision", "success criterion"),
    "success_value": pgettext_lazy("revision", "value of the criterion"),
    "deadline": pgettext_lazy("revision", "deadline"),
    "presentation_on": pgettext_lazy("revision", "final presentation"),
    "title": pgettext_lazy("revision", "title"),
    "assignee": pgettext_lazy("revision", "assignee"),
    "receiver": pgettext_lazy("revision", "receiver"),
    "company": pgettext_lazy("revision", "company"),
    "starts_on": pgettext_lazy("revision", "start"),
    "due_on": pgettext_lazy("revision", "due"),
    "expected_result": pgettext_lazy("revision", "expected result"),
    "depends_on": pgettext_lazy("revision", "waits"),
    "phase": pgettext_lazy("revision", "phase"),
    "role": pgettext_lazy("revision", "role"),
    "built_on": pgettext_lazy("revision", "rests on"),
}  # fmt: skip
ORDER = {name: place for place, name in enumerate(FIELDS)}
TEXTS = frozenset({"goal", "title", "expected_result"})  # compared word by word
LISTS = frozenset({"depends_on", "built_on"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a changed text: `kind` is «was», «now» or nothing for what stays."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One change in words. `op` as in `plan_content`; `task` = public id of the task, empty for the head."""

    op: str
    subject: str
    was: str = ""
    now: str = ""
    task: str = ""
    field: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The whole line without marks."""
        if self.op in ("add", "remove"):
            return self.subject
        if self.field in LISTS:
            return f"{self.subject}: {self.now}"
        return f"{self.subject}: {self.was} → {self.now}"


@dataclass
class Names:
    """What identifiers of a content are called; whoever is unknown is a dash."""

    users: dict[int, str] = field(default_factory=dict)
    companies: dict[int, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def user(self, pk: Any) -> str:
        return self.users.get(pk, DASH)

    def company(self, pk: Any) -> str:
        return self.companies.get(pk, DASH)

    def title(self, key: str) -> str:
        return self.titles.get(key, DASH)


def names_of(changes: Iterable[Change], links: Iterable[PlanTask] = ()) -> Names:
    """Names of everybody and everything that these changes speak of; three statements at most.

    `links` = tasks of the plan with their people and clients: who stands in them is not asked for again.
    """
    tasks_now = [link.task for link in links]
    people, companies, tasks = set[int](), set[int](), set[str]()
    titles: dict[str, str] = {}
    for step in changes:
        if step["op"] == "set":
            continue
        tasks.add(step["task"])
        for values in _said(step):
            people |= {values[name] for name in ("assignee", "receiver") if values.get(name)}
            companies |= {values["company"]} if values.get("company") else set()
            tasks |= set(values.get("depends_on") or ())
            if values.get("title"):
                titles[step["task"]] = values["title"]
    titles = {str(task.public_id): task.title for task in tasks_now} | titles
    unknown = tasks - set(titles)
    found = Task.objects.filter(public_id__in=unknown).order_by().values_list("public_id", "title")
    titles |= {str(key): title for key, title in (found if unknown else ())}
    known = {person.pk: person for task in tasks_now for person in (task.assignee, task.receiver) if person}
    return Names(_short_names(people, known), _company_names(companies, tasks_now), titles)


def change_lines(
    changes: Sequence[Change], *, names: Names | None = None, titles: Mapping[str, str] | None = None
) -> list[Line]:
    """The changes in words, the head first. `titles` = what the tasks were called before these changes.

    Without `names` they are looked up: three statements at most.
    """
    names = names or names_of(changes)
    called = {**names.titles, **titles_in(changes), **(titles or {})}
    known = Names(names.users, names.companies, called)
    ranked = sorted(changes, key=_rank)
    return [_line(step, known) for step in ranked]


def titles_in(changes: Iterable[Change]) -> dict[str, str]:
    """What tasks are called in what was added, removed or, before it got another title, changed."""
    titles = {step["task"]: step["new"].get("title", "") for step in changes if step["op"] == "add"}
    titles |= {step["task"]: step["old"].get("title", "") for step in changes if step["op"] == "remove"}
    renamed = (step for step in changes if step["op"] == "change" and step["field"] == "title")
    return titles | {step["task"]: step["old"] or "" for step in renamed}


def later_titles(titles: Mapping[str, str], changes: Iterable[Change]) -> dict[str, str]:
    """What tasks are called after these changes; the titles of what was removed stay known."""
    known = dict(titles)
    for step in changes:
        if step["op"] in ("add", "remove"):
            known[step["task"]] = _said(step)[0].get("title", "")
        elif step["op"] == "change" and step["field"] == "title":
            known[step["task"]] = step["new"] or ""
    return known


def value_words(name: str, value: Any, names: Names) -> str:
    """One value of a content as the reader writes it: a date, a name, a label; a dash for nothing."""
    if value in (None, "", []):
        return DASH
    return WORDS.get(name, lambda said, _names: str(said))(value, names)


def _said(step: Change) -> list[dict[str, Any]]:
    """What a change of a task says, as values by field."""
    if step["op"] == "change":
        return [{step["field"]: step["new"]}, {step["field"]: step["old"]}]
    return [step.get("new") or step.get("old") or {}]


def _rank(step: Change) -> tuple[int, str, int]:
    """Head, added, removed, changed; a task's changes stand together in the order of reading."""
    place = {"set": 0, "add": 1, "remove": 2, "change": 3}[step["op"]]
    if step["op"] in ("add", "remove"):
        values = _said(step)[0]
        return place, str(values.get("starts_on", "")) + str(values.get("due_on", "")), 0
    return place, step.get("task", ""), ORDER.get(step["field"], len(ORDER))


def _line(step: Change, names: Names) -> Line:
    if step["op"] in ("add", "remove"):
        return _whole_task(step, names)
    name, task = step["field"], step.get("task", "")
    label = str(FIELDS.get(name, name))
    title = names.title(task) if task else ""
    if name in LISTS:
        subject = f"«{title}» {label}" if task else label
        return Line(step["op"], subject, now=_list_words(step, names), task=task, field=name)
    subject = f"{label} «{title}»" if task else label
    was, now = (value_words(name, step[side], names) for side in ("old", "new"))
    pieces = _pieces(step["old"], step["new"]) if name in TEXTS else ()
    return Line(step["op"], subject, was, now, task, name, pieces)


def _whole_task(step: Change, names: Names) -> Line:
    """«новая задача: «…» (Алиев, до 01.12.2026, результат: …)»."""
    values = _said(step)[0]
    words = {
        "title": values.get("title", DASH), "who": value_words("assignee", values.get("assignee"), names),
        "due": value_words("due_on", values.get("due_on"), names),
        "result": values.get("expected_result") or DASH,
    }  # fmt: skip
    if step["op"] == "add":
        text = _("new task: «%(title)s» (%(who)s, by %(due)s, result: %(result)s)") % words
    else:
        text = _("task removed: «%(title)s» (%(who)s, by %(due)s)") % words
    return Line(step["op"], text, task=step["task"])


def _list_words(step: Change, names: Names) -> str:
    """What was added to a list and what was taken away: «+ «…», − «…»»."""
    old, new = step["old"] or [], step["new"] or []
    words = WORDS[step["field"]]
    added = [f"+ {words([item], names)}" for item in new if item not in old]
    return ", ".join(added + [f"− {words([item], names)}" for item in old if item not in new])


def _pieces(old: str | None, new: str | None) -> tuple[Piece, ...]:
    """Two texts word by word; nothing when they have too little in common to be read as one."""
    was, now = (old or "").split(" "), (new or "").split(" ")
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    if not old or not new or matcher.ratio() < 0.4:
        return ()
    pieces: list[Piece] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("", " ".join(was[a:b])))
            continue
        sides = (("was", was[a:b]), ("now", now[c:d]))
        pieces += [Piece(side, " ".join(words)) for side, words in sides if words]
    return tuple(pieces)


def _company_names(wanted: set[int], tasks: Iterable[Task]) -> dict[int, str]:
    known = {task.company.pk: task.company.name for task in tasks if task.company}
    rest = wanted - set(known)
    named = Company.objects.filter(pk__in=rest).order_by().values_list("pk", "name")
    return known | dict(named if rest else ())


def _short_names(people: set[int], known: Mapping[int, User]) -> dict[int, str]:
    """Last names; of namesakes the full ones."""
    rest = people - set(known)
    found = list(User.objects.filter(pk__in=rest).order_by()) if rest else []
    found += [user for pk, user in known.items() if pk in people]
    lasts = [user.last_name for user in found]
    return {
        user.pk: user.last_name if user.last_name and lasts.count(user.last_name) == 1 else str(user)
        for user in found
    }


def _day_words(value: str, _names: Names) -> str:
    return day(date.fromisoformat(value))


def _label_of(choices: Any) -> Callable[[Any, Names], str]:
    labels = dict(choices.choices)
    return lambda value, _names: str(labels.get(value, value))


def _tasks_words(keys: Sequence[str], names: Names) -> str:
    return ", ".join(f"«{names.title(key)}»" for key in keys)


def _facts_words(codes: Sequence[str], _names: Names) -> str:
    labels = dict(Fact.choices)
    return ", ".join(f"«{labels.get(code, code)}»" for code in codes)


WORDS: dict[str, Callable[[Any, Names], str]] = {
    "type": _label_of(PlanType),
    "success_metric": _label_of(Metric),
    "success_value": lambda value, _names: number(value),
    "deadline": _day_words,
    "presentation_on": _day_words,
    "starts_on": _day_words,
    "due_on": _day_words,
    "phase": _label_of(Phase),
    "role": _label_of(Role),
    "assignee": lambda value, names: names.user(value),
    "receiver": lambda value, names: names.user(value),
    "company": lambda value, names: names.company(value),
    "depends_on": _tasks_words,
    "built_on": _facts_words,
}
