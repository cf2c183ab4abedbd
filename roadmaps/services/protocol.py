"""The protocol of a sync: what was heard and decided changes the plan in one save, as one revision (R51, R52)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import InteractionKind, InteractionState, TaskState
from accounts.services.interactions import hold_planned
from accounts.services.outcome import Outcome
from accounts.services.tasks import accept_task, drop_task
from roadmaps.agenda import agenda_of
from roadmaps.enums import PlanState
from roadmaps.models import Plan, PlanTask, Sync, SyncDecision
from roadmaps.services.plan_tasks import TaskSaid, amend, insert_task
from roadmaps.services.plans import check_may_edit, editing
from upsell_crm.core import clock
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import User

REASON_MAX = 300


@dataclass(frozen=True)
class TaskDecided:
    """What the sync says of one task; `values` as `plan_tasks.amend` takes them, `dropped` = why it is not needed."""

    link: PlanTask
    values: dict[str, Any]
    dropped: str = ""

    @property
    def changes(self) -> bool:
        return bool(self.values or self.dropped)


@dataclass(frozen=True)
class Decided:
    """A decision in words, about one task or the plan as a whole."""

    text: str
    link: PlanTask | None = None


@dataclass(frozen=True)
class Protocol:
    """One filled protocol. `heard` = keys of the results that were heard."""

    notes: str
    attended: Sequence[User]
    heard: frozenset[str] = frozenset()
    tasks: Sequence[TaskDecided] = ()
    new: Sequence[TaskSaid] = ()
    decisions: Sequence[Decided] = ()

    @property
    def changes_plan(self) -> bool:
        return bool(self.new) or any(each.changes for each in self.tasks)


def hold_sync(
    sync: Sync, said: Protocol, *, by: User, version: int | None = None
) -> Sync:  # fmt: skip
    """The sync was held: agenda frozen, protocol kept, and all changes of the plan as one numbered revision.

    `version` is that of the plan. A refusal names the row and the field: `tasks.<n>.due_on`, `new.<n>.title`. Raises
    NotAllowed, Stale, DomainError; after any of them nothing is written.
    """
    plan = sync.plan
    check_may_edit(by, plan)
    if not sync.is_planned:
        raise DomainError("held_already", _("The protocol of this sync is written already."))
    if not said.attended:
        text = _("Tick who was there.")
        raise DomainError("nobody", text, {"attended": [text]})
    agenda = _heard(agenda_of(plan, sync, clock.today()), said.heard)
    reason = reason_of(sync, said)
    before = plan.revision
    with transaction.atomic():
        around = editing(plan, by=by, reason=reason, version=version) if said.changes_plan else nullcontext()
        with around:
            _change_tasks(said, by=by, reason=reason)
            _add_tasks(plan, said, by=by)
        _accept(plan, agenda, by=by)
        _write_decisions(sync, said)
        revision = plan.revisions.filter(number=plan.revision).first() if plan.revision > before else None
        values = {"agenda": agenda, "notes": said.notes.strip(), "revision": revision}
        change(sync, values, by=by, event="hold_sync", reason=reason)
        _hold_meeting(sync, said, by=by)
    return sync


def may_change_plan(plan: Plan) -> bool:
    """In review and after the end a protocol has notes only."""
    return plan.is_open and plan.state != PlanState.REVIEW


def reason_of(sync: Sync, said: Protocol) -> str:
    """«Синхронизация № 3: …» with the first decision, or the first line of the notes."""
    words = [each.text for each in said.decisions] + said.notes.strip().splitlines()
    text = next((line.strip() for line in words if line.strip()), "")
    title = _("Sync № %(n)s") % {"n": sync.number}
    return f"{title}: {text}"[:REASON_MAX] if text else title


def _change_tasks(said: Protocol, *, by: User, reason: str) -> None:
    for place, row in enumerate(said.tasks):
        with row_of("tasks", place, str(row.link)):
            if row.dropped:
                drop_task(by=by, task=row.link.task, reason=row.dropped)
            elif row.values:
                amend(row.link, row.values, by=by, reason=reason)


def _add_tasks(plan: Plan, said: Protocol, *, by: User) -> None:
    for place, row in enumerate(said.new):
        with row_of("new", place, row.title):
            insert_task(plan, row, by=by)


@contextmanager
def row_of(rows: str, place: int, title: str) -> Iterator[None]:
    """A refusal inside names its row: fields become `<rows>.<place>.<field>`, the message begins with the title."""
    try:
        yield
    except (NotAllowed, Stale):
        raise
    except DomainError as problem:
        errors = {
            f"{rows}.{place}.{name}": [f"«{title}»: {text}" for text in texts] for name, texts in problem.errors.items()
        } or {f"{rows}.{place}.": [f"«{title}»: {problem.message}"]}  # fmt: skip
        raise DomainError(problem.code, f"«{title}»: {problem.message}", errors) from problem


def _heard(agenda: dict[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """The agenda with a mark at each result that was heard."""
    wanted = set(keys)
    return {**agenda, "results": [{**row, "heard": row["key"] in wanted} for row in agenda["results"]]}


def _accept(plan: Plan, agenda: dict[str, Any], *, by: User) -> None:
    """A result heard by who receives it is accepted; heard by another it waits for its receiver."""
    keys = [row["task"] for row in agenda["results"] if row["heard"] and not row["accepted"]]
    done = PlanTask.objects.filter(plan=plan, task__public_id__in=keys, task__state=TaskState.DONE)
    for link in done.select_related("task__company").order_by("pk"):
        try:
            accept_task(by=by, task=link.task)
        except NotAllowed:
            continue


def _write_decisions(sync: Sync, said: Protocol) -> None:
    SyncDecision.objects.bulk_create(
        SyncDecision(sync=sync, task=row.link, text=row.text.strip()) for row in said.decisions if row.text.strip()
    )  # fmt: skip


def _hold_meeting(sync: Sync, said: Protocol, *, by: User) -> None:
    """The communication is held with a line for the timeline; a sync held before its time was held now."""
    meeting = sync.interaction
    outcome = Outcome(
        kind=InteractionKind.SYNC, starts_at=min(meeting.starts_at, clock.now()), state=InteractionState.HELD,
        duration_min=meeting.duration_min, summary=summary_of(sync, said), our_people=said.attended,
    )  # fmt: skip
    context = {"deal": str(sync.plan.deal.public_id)}
    hold_planned(by=by, interaction=meeting, outcome=outcome, context=context)


def summary_of(sync: Sync, said: Protocol) -> str:
    """What the timeline of the client says of the sync."""
    first = _("Sync № %(n)s") % {"n": sync.number}
    decided = [f"— {row.text.strip()}" for row in said.decisions if row.text.strip()]
    return "\n".join([first, *decided, said.notes.strip()]).strip()
