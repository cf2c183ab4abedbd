"""Tasks: made by people, agreements and jobs; moved only along the table of domain.md §2.9."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.calendar import check_day, load_calendar
from accounts.enums import OPEN_TASK_STATES, TaskOrigin, TaskState
from accounts.models import Company, Task
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action

QUESTION_DAYS = 2  # working days to answer the lead
UNDO_WINDOW = timedelta(minutes=10)
AMENDABLE = frozenset({"title", "assignee", "receiver", "due_on", "expected_result", "company"})

S = TaskState
MOVES: dict[str, tuple[tuple[TaskState, ...], TaskState]] = {  # event → from these states, to this one
    "start_task": ((S.TODO, S.BLOCKED), S.DOING),
    "block_task": ((S.TODO, S.DOING), S.BLOCKED),
    "finish_task": ((S.DOING,), S.DONE),
    "return_task": ((S.DONE,), S.DOING),
    "accept_task": ((S.DONE,), S.ACCEPTED),
    "cancel_task": (OPEN_TASK_STATES, S.CANCELLED),
}


def create_task(
    *, by: User | None, title: str, assignee: User, due_on: date, company: Company | None = None,
    receiver: User | None = None, expected_result: str = "", origin: str = TaskOrigin.PLAN,
    dedupe_key: str | None = None,
) -> Task:  # fmt: skip
    """A new task; a day off becomes the working day before it. `by=None` means a job.

    Oneself may be given a task always, a colleague only on a client where the author logs or leads.
    The receiver is the responsible KAM by default. Raises NotAllowed, DomainError.
    """
    if by and assignee != by and not _may_give(by, company):
        raise NotAllowed("create_task", _("You may give tasks only on your own clients."))
    return make_task(
        by=by, title=title, assignee=assignee, due_on=due_on, company=company, receiver=receiver,
        expected_result=expected_result, origin=origin, dedupe_key=dedupe_key,
    )  # fmt: skip


def make_task(
    *, by: User | None, title: str, assignee: User, due_on: date, company: Company | None = None,
    receiver: User | None = None, expected_result: str = "", origin: str = TaskOrigin.PLAN,
    dedupe_key: str | None = None,
) -> Task:  # fmt: skip
    """The new task itself, for services that have checked the right. Raises DomainError."""
    if not assignee.is_active:
        raise DomainError("assignee_blocked", _("%s does not work here any more.") % assignee)
    task = Task(
        company=company, title=title.strip(), assignee=assignee, due_on=_working(due_on),
        receiver=receiver or (company.owner_kam if company else None), expected_result=expected_result,
        origin=origin, dedupe_key=dedupe_key,
    )  # fmt: skip
    return create(task, by=by, event="create_task")


def ask_kam(*, by: User, company: Company, text: str) -> Task:
    """The lead's question becomes a task of the responsible KAM, due in two working days (R94)."""
    check_may_ask(by, company)
    if not text.strip():
        raise DomainError("no_text", _("Write the question."), {"text": [_("Write the question.")]})
    if company.owner_kam is None:
        raise DomainError("no_kam", _("The client has no responsible KAM. Assign one first."))
    question = text.strip()
    title = question if len(question) <= 300 else f"{question[:299]}…"
    return create_task(
        by=by, company=company, title=title, assignee=company.owner_kam, receiver=by, origin=TaskOrigin.QUESTION,
        due_on=load_calendar().add(clock.today(), QUESTION_DAYS), expected_result=question if title != question else "",
    )  # fmt: skip


def check_may_ask(by: User, company: Company) -> None:
    """Raises NotAllowed for who is not the lead of this client."""
    if not may(by, Action.ASK_KAM, company):
        raise NotAllowed("ask_kam", _("Only the lead of the team asks its KAM."))


def start_task(*, by: User | None, task: Task, version: int | None = None) -> Task:
    """To do or blocked → in progress; the assignee, or a machine that tells what he does (`by=None`)."""
    _only(by is None or _is_assignee(by, task))
    return _move(task, "start_task", by=by, version=version, state_reason="")


def block_task(*, by: User, task: Task, reason: str, version: int | None = None) -> Task:
    """Cannot go on; the assignee says why."""
    _only(_is_assignee(by, task))
    return _move(task, "block_task", by=by, version=version, state_reason=_needed(reason, "reason"))


def finish_task(*, by: User | None, task: Task, result: str, version: int | None = None) -> Task:
    """Done, with what was achieved (§2.8.6); a task that nobody started is started in the same save. `by` as above."""
    _only(by is None or _is_assignee(by, task))
    achieved = _needed(result, "result")
    with transaction.atomic():
        if task.state == S.TODO:
            _move(task, "start_task", by=by, version=version)
            version = None
        return _move(
            task,
            "finish_task",
            by=by,
            version=version,
            actual_result=achieved,
            done_at=clock.now(),
            state_reason="",
        )


def return_task(*, by: User, task: Task, reason: str = "", version: int | None = None) -> Task:
    """Done → in progress: the receiver or the lead says what is missing; the assignee undoes within ten minutes."""
    undoes = _is_assignee(by, task) and task.done_at and clock.now() - task.done_at <= UNDO_WINDOW
    if not undoes:
        _only(may_judge(by, task))
    comment = reason.strip() if undoes else _needed(reason, "reason")
    return _move(task, "return_task", by=by, version=version, done_at=None, state_reason=comment)


def accept_task(*, by: User, task: Task, version: int | None = None) -> Task:
    """The result is received: the receiver or the lead."""
    _only(may_judge(by, task))
    return _move(task, "accept_task", by=by, version=version)


def cancel_task(*, by: User, task: Task, reason: str, version: int | None = None) -> Task:
    """Not needed any more: the receiver, the lead, or whoever gave it to himself; with a reason."""
    _only(_may_dispose(by, task))
    return drop_task(by=by, task=task, reason=reason, version=version)


def drop_task(*, by: User | None, task: Task, reason: str, version: int | None = None) -> Task:
    """The cancelling itself, for services that have checked the right."""
    return _move(task, "cancel_task", by=by, version=version, state_reason=_needed(reason, "reason"))


def reassign_task(*, by: User, task: Task, assignee: User, version: int | None = None) -> Task:
    """An open task goes to a colleague who still works here."""
    _only(_may_dispose(by, task))
    return pass_task(by=by, task=task, assignee=assignee, version=version)


def pass_task(
    *, by: User | None, task: Task, assignee: User, version: int | None = None, reason: str = ""
) -> Task:
    """The passing itself, for services that have checked the right: the mechanics of a holding, a handover."""
    values = {"assignee": assignee}
    amend_task(by=by, task=task, values=values, version=version, reason=reason, event="reassign_task")
    return task


def amend_task(
    *, by: User | None, task: Task, values: dict[str, Any], version: int | None = None, reason: str = "",
    event: str = "amend_task",
) -> dict[str, Any]:  # fmt: skip
    """Other words, people or dates of an open task, for services that have checked the right; returns what changed.

    A due day off becomes the working day before it. Raises DomainError, IllegalTransition, Stale.
    """
    if unknown := set(values) - AMENDABLE:
        raise ValueError(f"amend_task does not change {sorted(unknown)}")
    if not task.is_open:
        raise _illegal(task)
    assignee = values.get("assignee", task.assignee)
    if not assignee.is_active:
        raise DomainError("assignee_blocked", _("%s does not work here any more.") % assignee)
    if values.get("due_on") not in (None, task.due_on):
        values = {**values, "due_on": _working(values["due_on"])}
    with transaction.atomic():
        changed = change(task, values, by=by, event=event, version=version, reason=reason)
        if changed:
            announce("task_changed", task=task, by=by, was=task.state)
    return changed


def _move(task: Task, event: str, *, by: User | None, version: int | None, **values: Any) -> Task:
    sources, target = MOVES[event]
    if task.state not in sources:
        raise _illegal(task)
    values["state"], was = target, task.state
    with transaction.atomic():
        change(task, values, by=by, event=event, version=version, reason=values.get("state_reason", ""))
        announce("task_changed", task=task, by=by, was=was)
    return task


def _illegal(task: Task) -> IllegalTransition:
    allowed = [str(target) for sources, target in MOVES.values() if task.state in sources]
    return IllegalTransition(
        "illegal_transition",
        _("The task is in the state «%s», this step is not possible from it.") % task.get_state_display(),
        current=task.state, allowed=allowed,
    )  # fmt: skip


def _needed(text: str, field: str) -> str:
    if words := text.strip():
        return words
    texts = {"result": _("Write what was achieved."), "reason": _("Write the reason.")}
    raise DomainError("text_needed", texts[field], {field: [texts[field]]})


def _only(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed("not_yours", _("This step belongs to another person of the task."))


def may_judge(by: User, task: Task) -> bool:
    """Whether this person accepts or returns the result: its receiver, the client's KAM, or the lead. No statement."""
    return _is_receiver(by, task) or _leads(by, task)


def _is_assignee(by: User, task: Task) -> bool:
    return task.assignee_id == by.pk


def _is_receiver(by: User, task: Task) -> bool:
    kam_id = task.company.owner_kam_id if task.company else None
    return by.pk in {task.receiver_id, kam_id}


def _leads(by: User, task: Task) -> bool:
    return task.company is not None and may(by, Action.ASK_KAM, task.company)


def _may_dispose(by: User, task: Task) -> bool:
    gave_himself = _is_assignee(by, task) and task.created_by_id == by.pk
    return gave_himself or _is_receiver(by, task) or _leads(by, task)


def _may_give(by: User, company: Company | None) -> bool:
    return company is not None and (
        may(by, Action.LOG_INTERACTION, company) or may(by, Action.ASK_KAM, company)
    )


def _working(day: date) -> date:
    """A due date is a working day (§2.3): a day off rolls back, but never before today."""
    check_day(day, "due_on")
    calendar = load_calendar()
    rolled = calendar.roll(day)
    return rolled if rolled >= clock.today() else calendar.add(day, 0)
