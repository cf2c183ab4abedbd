"""A plan drafted from a template: dates counted back from act-by, people by role, durations as they really were (R93)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.calendar import load_calendar
from deals.models import DealMember
from roadmaps.enums import Phase
from roadmaps.models import Plan, PlanTemplate, TemplateStep
from roadmaps.plan_schedule import act_by_of
from roadmaps.similar_deals import Similar
from upsell_crm.core.models import User


@dataclass(frozen=True, slots=True)
class DraftTask:
    """One step as a task: both days are working days, included; `is_squeezed` = its own day has passed already."""

    step: TemplateStep
    person: User
    starts_on: date
    due_on: date
    is_measured: bool
    is_squeezed: bool


def anchor_of(plan: Plan) -> tuple[date, bool]:
    """The day from which steps are counted, and whether it is the act-by: else the deadline, else the date of the deal."""
    act_by = act_by_of(plan.deal)
    return act_by or plan.deadline or plan.deal.target_date, act_by is not None


def default_template(plan: Plan, templates: Sequence[PlanTemplate]) -> PlanTemplate | None:
    """The one for a holding where the deal is over one, else the first of the plan's type."""
    wanted = "holding" if plan.deal.is_holding and plan.is_roadmap else ""
    fitting = [template for template in templates if template.type == plan.type] or list(templates)
    return next((one for one in fitting if one.code == wanted), fitting[0] if fitting else None)


def draft(plan: Plan, template: PlanTemplate, similar: Similar, today: date) -> list[DraftTask]:
    """The steps as tasks, in order; nothing is written. A step whose day has passed is due on the first working day, and
    none before the working day after its predecessors."""
    calendar, (anchor, _is_act_by) = load_calendar(), anchor_of(plan)
    people = _people(plan, today)
    first_day = calendar.add(today, 0)
    ends: dict[str, date] = {}
    tasks = []
    for step in template.steps.order_by("position", "pk"):
        offset, days, is_measured = _measured(step, similar)
        due = calendar.subtract(anchor, -offset) if offset <= 0 else calendar.add(anchor, offset)
        floor = max([first_day, *(calendar.add(ends[code], 1) for code in step.after if code in ends)])
        is_squeezed = due < floor
        due = ends[step.code] = max(due, floor)
        starts = min(max(calendar.subtract(due, days - 1), first_day), due)
        person = people.get(step.role, plan.deal.responsible_kam)
        tasks.append(DraftTask(step, person, starts, due, is_measured, is_squeezed))
    return tasks


def _measured(step: TemplateStep, similar: Similar) -> tuple[int, int, bool]:
    """Offset and duration; documents after act-by take as long as approvals of similar deals, others as their phase did."""
    if step.phase == Phase.DOCS and step.offset_bd > 0 and similar.approval:
        return similar.approval.median, max(similar.approval.median, 1), True
    span = similar.phases.get(step.phase)
    if span and step.phase != Phase.DOCS:
        return step.offset_bd, span.median, True
    return step.offset_bd, step.duration_bd, False


def _people(plan: Plan, today: date) -> dict[str, User]:
    """Role → the member who has it, the longest there first; of a holding, whoever works for the whole deal before others."""
    members = DealMember.objects.active_on(today).filter(deal=plan.deal_id, user__is_active=True)
    found: dict[str, User] = {}
    for member in sorted(members.select_related("user"), key=lambda one: (one.scope_company_id or 0, one.pk)):
        found.setdefault(member.role, member.user)
    found["kam"] = plan.deal.responsible_kam
    return found
