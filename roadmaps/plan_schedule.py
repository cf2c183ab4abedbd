"""The schedule of a plan of the database, and what it says in words (R45)."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.calendar import load_calendar
from accounts.enums import ContractStatus, TaskState
from accounts.models import Contract
from accounts.working_days import WorkCalendar
from deals.models import Deal
from roadmaps.models import Plan, PlanTask, ReplanItem
from roadmaps.queries import predecessors_of
from roadmaps.schedule import PlannedTask, Schedule, schedule
from upsell_crm.core import clock
from upsell_crm.core.templatetags.crm import day

S = TaskState


def planned(link: PlanTask, before: tuple[int, ...]) -> PlannedTask:
    """The task as the schedule wants it; what was done without a day counts as done when it was due."""
    task = link.task
    done_on = None if task.is_open else clock.local_date(task.done_at) or task.due_on
    return PlannedTask(
        link.pk,
        link.starts_on,
        task.due_on,
        link.phase,
        before,
        is_begun=task.state == S.DOING,
        done_on=done_on,
    )


def act_by_of(deal: Deal) -> date | None:
    """When documents of this deal have to begin (`nearest_act_by`); one statement."""
    return Deal.objects.filter(pk=deal.pk).values_list(nearest_act_by(), flat=True).get()


def nearest_act_by(path: str = "") -> Coalesce:
    """The nearest act-by of the contracts that the deal at `path` renews, or else of the client's contracts in force."""
    known = Contract.objects.filter(act_by__isnull=False).order_by("act_by", "pk").values("act_by")
    renewed = known.filter(deal_renewals__deal=OuterRef(f"{path}pk"))
    in_force = known.filter(company=OuterRef(f"{path}company"), status=ContractStatus.ACTIVE)
    return Coalesce(Subquery(renewed[:1]), Subquery(in_force[:1]))


class Outlook:
    """What pages of a plan show of it, each part read when somebody asks and then kept; `text` = of its end, in words."""

    def __init__(self, plan: Plan, today: date) -> None:
        self.plan, self.today = plan, today

    @cached_property
    def links(self) -> list[PlanTask]:
        """The standing tasks in order, with their people and clients."""
        found = PlanTask.objects.filter(plan=self.plan).standing().in_order()
        links = list(found.select_related("task__assignee", "task__receiver", "task__company"))
        for link in links:
            link.plan = self.plan
        return links

    @cached_property
    def before(self) -> Mapping[int, list[int]]:
        """What each task waits for, done or not (`predecessors_of`)."""
        return predecessors_of(self.plan)

    @cached_property
    def replans(self) -> list[ReplanItem]:
        """Facts that have changed under the plan and wait for an answer, the latest first."""
        return list(ReplanItem.objects.open().filter(plan=self.plan).with_touched())

    @cached_property
    def calendar(self) -> WorkCalendar:
        return load_calendar()

    @cached_property
    def act_by(self) -> date | None:
        """By when documents have to begin; `the_plan` reads it along with the plan."""
        known = vars(self.plan)
        return known["act_by"] if "act_by" in known else act_by_of(self.plan.deal)

    @cached_property
    def schedule(self) -> Schedule:
        """The forecast, by pk of PlanTask; four statements, one less for each part that was read already."""
        tasks = [planned(link, tuple(self.before.get(link.pk, ()))) for link in self.links]
        return schedule(tasks, self.calendar, self.today, deadline=self.plan.deadline, act_by=self.act_by)

    @property
    def text(self) -> str:
        """The forecast in words; "" when the plan has ended or has no tasks."""
        return forecast_words(self.schedule) if self.plan.is_open else ""

    @property
    def end(self) -> date | None:
        """The forecast; None when the plan has ended or has no tasks."""
        return self.schedule.end if self.plan.is_open else None

    @property
    def gap(self) -> str:
        """How far the forecast is from the deadline, in words; "" without one."""
        return "" if self.schedule.deadline is None else gap_words(self.schedule.late_by)

    @property
    def warnings(self) -> list[str]:
        """What the forecast is against, in words (R45)."""
        return [text for text in (deadline_words(self.schedule), documents_words(self.schedule)) if text]


def forecast_words(found: Schedule) -> str:
    """«прогноз: 18.01.2027, на 3 рабочих дня позже срока»; "" for a plan without tasks."""
    if found.end is None:
        return ""
    if found.deadline is None:
        return _("forecast: %s") % day(found.end)
    return _("forecast: %(day)s, %(gap)s") % {"day": day(found.end), "gap": gap_words(found.late_by)}


def gap_words(late_by: int) -> str:
    """How far from the deadline, working days."""
    if late_by == 0:
        return _("just on the deadline")
    if late_by < 0:
        text = ngettext(
            "%(n)s working day before the deadline", "%(n)s working days before the deadline", -late_by
        )
    else:
        text = ngettext(
            "%(n)s working day after the deadline", "%(n)s working days after the deadline", late_by
        )
    return text % {"n": abs(late_by)}


def deadline_words(found: Schedule) -> str:
    """The warning that the plan ends after its deadline; "" when it does not."""
    if found.end is None or found.deadline is None or found.late_by <= 0:
        return ""
    return _(
        "The plan would not be ready by the deadline %s: move the tasks of the critical path or the deadline."
    ) % day(found.deadline)


def documents_words(found: Schedule) -> str:
    """The warning that documents cannot begin by the act-by; "" when they can or nothing is known."""
    late = found.late_for_documents
    if late <= 0 or found.documents_on is None or found.act_by is None:
        return ""
    text = ngettext(
        "Documents have to begin by %(act_by)s, but the work before them ends on %(day)s, %(n)s working day later.",
        "Documents have to begin by %(act_by)s, but the work before them ends on %(day)s, %(n)s working days later.",
        late,
    )
    return text % {"day": day(found.documents_on), "n": late, "act_by": day(found.act_by)}
