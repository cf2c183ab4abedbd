"""What the deal page says at a glance: the status line, the strip of stages, blockers (R77, R82, R87). Reads only."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import OPEN_TASK_STATES, ObjectionState, TaskState
from accounts.models import Interaction, Task
from deals.checklists import needs_procedure
from deals.enums import ROAD, DealStage
from deals.models import Deal, DealTask
from upsell_crm.core import clock

SILENT_DAYS = 14  # without a communication a deal stands still (§4.5)


@dataclass(frozen=True, slots=True)
class Stop:
    """One stage of the strip; `state` is past, here, ahead or skipped."""

    stage: DealStage
    state: str
    url: str = ""

    @property
    def label(self) -> str:
        return str(self.stage.label)


def strip(deal: Deal, open_to: set[str]) -> list[Stop]:
    """The road with the place of the deal on it; what may be reached now has an address."""
    here = ROAD.index(DealStage(deal.return_stage or deal.stage))
    has_procedure = needs_procedure(deal)
    stops = []
    for place, stage in enumerate(ROAD):
        state = "past" if place < here else "here" if place == here else "ahead"
        if stage == DealStage.PROCUREMENT and not has_procedure and place != here:
            state = "skipped"
        url = reverse("deals:move_deal", args=[deal.public_id, stage]) if stage in open_to else ""
        stops.append(Stop(stage, state, url))
    return stops


def with_counts(deals: QuerySet[Deal], today: date) -> QuerySet[Deal]:
    """Adds what the status line counts, in the statement that reads the deal."""
    tasks = Q(task_links__task__state__in=OPEN_TASK_STATES)
    objections = Interaction.objects.standing().filter(
        deal_links__deal=OuterRef("pk"), objections__state=ObjectionState.OPEN
    )
    return deals.annotate(
        blocked_tasks=Count("task_links", filter=Q(task_links__task__state=TaskState.BLOCKED), distinct=True),
        late_tasks=Count("task_links", filter=tasks & Q(task_links__task__due_on__lt=today), distinct=True),
        has_objections=Exists(objections),
    )


def blockers(deal: Any, today: date) -> list[str]:
    """What keeps the deal from moving, in words; the deal comes from `with_counts`."""
    if not deal.is_open:
        return []
    found = []
    if deal.loss_proposed_by_id:
        found.append(_("the loss waits for the lead"))
    if deal.needs_kam:
        found.append(_("without a responsible KAM"))
    if deal.stage != DealStage.HOLD and deal.next_step_on and deal.next_step_on < today:
        found.append(_("the next step is overdue"))
    if n := deal.blocked_tasks:
        found.append(ngettext("%(n)s blocked task", "%(n)s blocked tasks", n) % {"n": n})
    if n := deal.late_tasks:
        found.append(ngettext("%(n)s overdue task", "%(n)s overdue tasks", n) % {"n": n})
    if deal.has_objections:
        found.append(_("open objections"))
    if is_silent(deal, today):
        found.append(_("no communication for %d days") % silent_days(deal, today))
    return found


def silent_days(deal: Deal, today: date) -> int:
    """Calendar days since the last held communication, or since the opening."""
    return (today - (clock.local_date(deal.last_contact_at) or deal.opened_on)).days


def is_silent(deal: Deal, today: date) -> bool:
    """Two weeks without a word; a paused deal may be silent."""
    return deal.stage in ROAD and silent_days(deal, today) > SILENT_DAYS


def standing_still(today: date) -> Q:
    """Moving deals that stand still, by the words of §4.5: the next step has passed, a task is overdue, or two weeks silence.

    The ranking asks the same of its facts (`reports.ranking.stalled_by`); a deal that was opened lately may still be silent.
    """
    since = clock.bounds(today - timedelta(days=SILENT_DAYS))[0]
    opened = today - timedelta(days=SILENT_DAYS)
    silent = Q(last_contact_at__lt=since) | Q(last_contact_at=None, opened_on__lt=opened)
    late = DealTask.objects.filter(
        deal=OuterRef("pk"), task__state__in=OPEN_TASK_STATES, task__due_on__lt=today
    )
    return Q(stage__in=ROAD) & (silent | Q(next_step_on__lt=today) | Q(Exists(late)))


def tasks_of(deal: Deal) -> QuerySet[Task]:
    """Tasks of the deal, the open ones first by date."""
    return (
        Task.objects.filter(deal_link__deal=deal)
        .select_related("assignee")
        .order_by("done_at", "due_on", "pk")
    )


def timeline_of(deal: Deal) -> QuerySet[Interaction]:
    """Communications of the deal, the newest first."""
    return Interaction.objects.standing().filter(deal_links__deal=deal).for_timeline()
