"""What a good lead would see in a plan before anybody starts: pure rules over its facts (product.md §1.9, R79).

A rule takes `PlanFacts` and yields flags; it reads nothing. «bad» = the plan should not start like this, «warn» = ask.
A flag warns and never locks: what really shuts the way stands in `plan_machine`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmaps.enums import FLAG_ITEM, Phase
from roadmaps.lint_facts import Decider, PlanFacts, PlannedTask
from upsell_crm.core.templatetags.crm import day

Severity = Literal["bad", "warn"]
TALKING = frozenset(
    {Phase.NEEDS.value, Phase.PRESENTATION.value}
)  # phases in which somebody meets the client
NAMED_MOST = 3  # names in one line; the rest is counted


@dataclass(frozen=True, slots=True)
class Flag:
    """One remark: `code` for comments and tests, `place` says where it is put right, `task` which task it speaks of."""

    code: str
    severity: Severity
    text: str
    place: str
    task: str = ""

    @property
    def item(self) -> str:
        """How a comment names it."""
        return f"{FLAG_ITEM}{self.code}"


Rule = Callable[[PlanFacts], Iterator[Flag]]


def lint(facts: PlanFacts) -> list[Flag]:
    """Every remark, the grave ones first."""
    found = [flag for rule in RULES for flag in rule(facts)]
    return sorted(found, key=lambda flag: flag.severity == "warn")


def closer(facts: PlanFacts) -> Iterator[Flag]:
    """Somebody leads the documents: a Closer in the group, with a task of his own."""
    closers = [member for member in facts.members if member.is_closer]
    if not closers:
        yield Flag(
            "no_closer", "bad", _("No Closer in the working group: nobody leads the documents."), "team"
        )
    elif not any(member.user_id in _busy(facts) for member in closers):
        text = _("The Closer has no task: %s.") % _names(member.name for member in closers)
        yield Flag("closer_idle", "bad", text, "tasks")


def deciders(facts: PlanFacts) -> Iterator[Flag]:
    """Each key ЛПР is met by somebody: a task about needs or presentation names him, or is of one who knows him."""
    if not facts.deciders:
        text = _("No key decision-maker of the client is known: there is nobody to convince.")
        yield Flag("no_dm", "bad", text, "facts")
    talks = [task for task in facts.tasks if task.phase in TALKING]
    left = [decider.name for decider in facts.deciders if not any(_meets(task, decider) for task in talks)]
    if left:
        text = _(
            "Nobody works with the decision-maker: %s. Name them in a task about needs or presentation, or give such "
            "a task to a colleague who knows them."
        )  # fmt: skip
        yield Flag("nobody_on_dm", "bad", one_stop(text % _names(left)), "tasks")


def dates_of_head(facts: PlanFacts) -> Iterator[Flag]:
    """The deadline lies before the act-by and after everything that is planned."""
    deadline = facts.deadline
    if deadline is None:
        return
    if facts.act_by and deadline > facts.act_by:
        text = _("The deadline %(deadline)s is after %(act_by)s, the last day to start the renewal in time.")
        values = {"deadline": day(deadline), "act_by": day(facts.act_by)}
        yield Flag("late_deadline", "bad", text % values, "head")
    if facts.forecast_on and facts.forecast_on > deadline:
        text = _("The tasks end on %(end)s, after the deadline %(deadline)s.")
        values = {"end": day(facts.forecast_on), "deadline": day(deadline)}
        yield Flag("late_forecast", "bad", text % values, "timeline")


def results(facts: PlanFacts) -> Iterator[Flag]:
    """Each task says what it is to bring (R50)."""
    nameless = [task for task in facts.tasks if not task.expected_result.strip()]
    if nameless:
        text = ngettext(
            "%(n)s task has no expected result: %(titles)s.", "%(n)s tasks have no expected result: %(titles)s.",
            len(nameless),
        )  # fmt: skip
        values = {"n": len(nameless), "titles": _titles(nameless)}
        yield Flag("no_result", "bad", text % values, "tasks", _only(nameless))


def overload(facts: PlanFacts) -> Iterator[Flag]:
    """Nobody has more tasks in a week than the parameter allows, counted with his other work."""
    for week in facts.weeks:
        if week.of_plan and week.total > facts.overload:
            text = _(
                "%(name)s: %(n)s tasks in the week of %(monday)s, %(here)s of them here; more than %(most)s."
            )
            values = {
                "name": week.name, "n": week.total, "monday": day(week.monday), "here": week.of_plan,
                "most": facts.overload,
            }  # fmt: skip
            yield Flag("overload", "warn", text % values, "timeline")


def presentation(facts: PlanFacts) -> Iterator[Flag]:
    """A roadmap ends with the presentation: it has its day, not after the deadline (R53)."""
    if facts.presentation_on is None:
        if facts.is_roadmap:
            yield Flag("no_presentation", "bad", _("The final presentation has no date."), "head")
    elif facts.deadline and facts.presentation_on > facts.deadline:
        text = _("The presentation on %(day)s is after the deadline %(deadline)s.")
        values = {"day": day(facts.presentation_on), "deadline": day(facts.deadline)}
        yield Flag("late_presentation", "bad", text % values, "head")


def idle_members(facts: PlanFacts) -> Iterator[Flag]:
    """Everybody in the group has something to do (R49); the Closer has a rule of his own."""
    idle = [one.name for one in facts.members if one.user_id not in _busy(facts) and not one.is_closer]
    if idle:
        text = ngettext(
            "%(n)s member has no task: %(names)s.", "%(n)s members have no task: %(names)s.", len(idle)
        )
        severity: Severity = "bad" if facts.is_roadmap else "warn"
        yield Flag("idle_member", severity, text % {"n": len(idle), "names": _names(idle)}, "tasks")


def days(facts: PlanFacts) -> Iterator[Flag]:
    """No day off, and nothing planned for the past; in work a late task is no mistake of the plan."""
    if facts.deadline in facts.days_off:
        text = _("The deadline %s is a day off.") % day(facts.deadline)
        yield Flag("deadline_off", "warn", text, "head")
    off = [task for task in facts.tasks if task.is_open and task.due_on in facts.days_off]
    if off:
        text = ngettext(
            "%(n)s task is due on a day off: %(titles)s.",
            "%(n)s tasks are due on a day off: %(titles)s.",
            len(off),
        )
        yield Flag("day_off", "warn", text % {"n": len(off), "titles": _titles(off)}, "tasks", _only(off))
    if facts.is_working:
        return
    if facts.deadline and facts.deadline < facts.today:
        text = _("The deadline %s has passed.") % day(facts.deadline)
        yield Flag("deadline_past", "bad", text, "head")
    past = [task for task in facts.tasks if task.is_open and task.due_on < facts.today]
    if past:
        text = ngettext(
            "%(n)s task is due in the past: %(titles)s.",
            "%(n)s tasks are due in the past: %(titles)s.",
            len(past),
        )
        yield Flag("past", "bad", text % {"n": len(past), "titles": _titles(past)}, "tasks", _only(past))


def stale_facts(facts: PlanFacts) -> Iterator[Flag]:
    """Decision-makers and procurement are known freshly (R47, R48)."""
    if facts.stale:
        text = _("Facts to be confirmed: %s.") % "; ".join(facts.stale[:NAMED_MOST])
        yield Flag("stale_facts", "bad", one_stop(text), "facts")


def one_product(facts: PlanFacts) -> Iterator[Flag]:
    """Departments want more than is offered: the ecosystem, not one product (R65)."""
    if len(facts.sells) == 1 and facts.interested_in:
        text = _("Only %(product)s is offered, but the client is interested in %(others)s too.")
        values = {"product": facts.sells[0], "others": _names(facts.interested_in)}
        yield Flag("one_product", "warn", text % values, "lines")


RULES: tuple[Rule, ...] = (
    closer, deciders, dates_of_head, results, overload, presentation, idle_members, days, stale_facts, one_product,
)  # fmt: skip

CODES = frozenset(
    {"no_closer", "closer_idle", "no_dm", "nobody_on_dm", "late_deadline", "late_forecast", "no_result", "overload",
     "no_presentation", "late_presentation", "idle_member", "deadline_off", "day_off", "deadline_past", "past",
     "stale_facts", "one_product"}
)  # fmt: skip


def one_stop(text: str) -> str:
    """«Кольцова Д. Р.» ends a sentence with its own full stop."""
    return text.replace("..", ".")


def _meets(task: PlannedTask, decider: Decider) -> bool:
    words = f"{task.title} {task.expected_result}".lower().replace("ё", "е").split()
    stem = decider.stem.replace("ё", "е")
    return task.assignee_id in decider.known_by or any(
        word.strip('«»"(),.;:').startswith(stem) for word in words
    )


def _busy(facts: PlanFacts) -> set[int]:
    return {task.assignee_id for task in facts.tasks}


def _only(tasks: list[PlannedTask]) -> str:
    return tasks[0].key if len(tasks) == 1 else ""


def _titles(tasks: list[PlannedTask]) -> str:
    return _names(f"«{task.title}»" for task in tasks)


def _names(names: Iterable[str]) -> str:
    """«А, Б, В и ещё 2»."""
    listed = list(names)
    shown = ", ".join(listed[:NAMED_MOST])
    rest = len(listed) - NAMED_MOST
    return _("%(names)s and %(n)s more") % {"names": shown, "n": rest} if rest > 0 else shown
