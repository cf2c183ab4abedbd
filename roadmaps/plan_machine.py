"""The states of a strategy as one declared table: from, to, who, guard, effect (domain.md §2.9, R45–R53, R79).

A move that is not in MOVES does not exist. `services/plan_moves.py` is its only user. A roadmap walks all stages; an
action plan goes from draft to work at once, or through the lead's review for a key client.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import OPEN_TASK_STATES
from roadmaps.access import may
from roadmaps.enums import OPEN_PLAN_STATES, PRESENTED, Metric, Phase, PlanState
from roadmaps.models import Plan, PlanTask, Presentation
from roadmaps.queries import members_without_task
from roadmaps.stage1 import OpenPoint, open_points
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, check_reason
from upsell_crm.core.machine import Machine, Move
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

S = PlanState


@dataclass
class PlanMove:
    """What a person states with a move; facts are read when a guard asks for them. `by=None` is a rule or a job."""

    plan: Plan
    today: date
    by: User | None
    reason: str = ""  # of a return, a reopening, a cancellation, an override
    overrides: bool = False  # the lead opens what is shut, with the reason
    success_fact: Decimal | None = None
    refused: list[str] = field(default_factory=list)

    @cached_property
    def stage1(self) -> list[OpenPoint]:
        return open_points(self.plan, self.today)

    @cached_property
    def idle(self) -> list[User]:
        return list(members_without_task(self.plan, self.today))

    @cached_property
    def expected(self) -> list[str]:
        """The expected result of each standing task."""
        links = PlanTask.objects.filter(plan=self.plan).standing().order_by()
        return list(links.values_list("task__expected_result", flat=True))

    @cached_property
    def open_needs(self) -> list[str]:
        """Titles of the tasks about needs that are still owed."""
        owed = PlanTask.objects.filter(plan=self.plan, phase=Phase.NEEDS, task__state__in=OPEN_TASK_STATES)
        return list(owed.order_by("pk").values_list("task__title", flat=True))

    @cached_property
    def is_presented(self) -> bool:
        """The presentation for the client is ready, or has been shown."""
        return Presentation.objects.filter(plan=self.plan, state__in=PRESENTED).exists()

    @cached_property
    def may_override(self) -> bool:
        return self.by is not None and may(self.by, Action.OVERRIDE_GATE, self.plan)


def is_free(plan: Plan, move: PlanMove) -> None:
    """Nothing has to be true."""


def has_reason(plan: Plan, move: PlanMove) -> None:
    """A reason in words."""
    check_reason(move.reason)


def stage1_is_closed(plan: Plan, move: PlanMove) -> None:
    """Every fact of stage 1 stands; the lead may open the gate with a reason (R46–R48, §2.8.5)."""
    if move.stage1 and not plan.stage1_override_reason and not _overridden(move):
        raise DomainError(
            "stage1_open", _("Stage 1 is open: confirm, change or mark as unknown what is listed."),
            {"": [point.text for point in move.stage1]},
        )  # fmt: skip


def is_complete(plan: Plan, move: PlanMove) -> None:
    """Goal, criterion, deadline; a roadmap also has stage 1 closed and a task for each member (R45, R49)."""
    missing = missing_of_head(plan)
    if missing:
        raise DomainError("no_criterion", _("The plan is not complete."), {"": missing})
    if not move.expected:
        raise DomainError("no_tasks", _("Add at least one task with a person and a date."))
    if nameless := move.expected.count(""):
        text = ngettext(
            "%(n)s task has no expected result.", "%(n)s tasks have no expected result.", nameless
        )
        raise DomainError("no_expected_result", text % {"n": nameless})
    if plan.is_roadmap:
        stage1_is_closed(plan, move)
        everybody_has_a_task(plan, move)


def everybody_has_a_task(plan: Plan, move: PlanMove) -> None:
    """Each active member of the working group; the lead may let it go with a comment (R49)."""
    if move.idle and not plan.tasks_override_reason and not _overridden(move):
        raise DomainError(
            "idle_members", _("Every member of the working group needs a task."),
            {"": [_("%s has no task") % user for user in move.idle]},
        )  # fmt: skip


def needs_no_lead(plan: Plan, move: PlanMove) -> None:
    """Starts without review; a key client's plan, or one that the lead checks, does not (R79)."""
    if plan.needs_lead:
        raise DomainError("needs_review", _("The plan of a key client starts after the lead's approval."))
    is_complete(plan, move)


def is_approved(plan: Plan, move: PlanMove) -> None:
    """The plan in review is still complete."""
    is_complete(plan, move)


def needs_are_known(plan: Plan, move: PlanMove) -> None:
    """All tasks about needs are done, accepted or cancelled (§2.9)."""
    if move.open_needs:
        raise DomainError(
            "needs_open",
            _("Finish or cancel the tasks about needs first."),
            {"": [_("not finished: %s") % title for title in move.open_needs]},
        )


def has_result(plan: Plan, move: PlanMove) -> None:
    """What was reached is written; a roadmap has a presentation that is ready, or the lead's word (R53, R81)."""
    if move.success_fact is None:
        text = _("Write what was reached by the criterion.")
        raise DomainError("no_fact", text, {"success_fact": [text]})
    if plan.is_roadmap and not move.is_presented and not _overridden(move):
        raise DomainError("no_presentation", _("A roadmap is completed with a presentation that is ready."))


def missing_of_head(plan: Plan) -> list[str]:
    """What the head of the plan still lacks, in words (R45)."""
    missing = []
    if not plan.goal:
        missing.append(_("write the goal"))
    if not plan.success_metric or (plan.success_metric != Metric.SIGNED_BY and plan.success_value is None):
        missing.append(_("choose a success criterion and its value"))
    if plan.deadline is None:
        missing.append(_("set the deadline"))
    return missing


def _overridden(move: PlanMove) -> bool:
    """The lead says so and says why; asking without the right or without words is refused by `plan_moves`."""
    return move.overrides and move.may_override and bool(move.reason.strip())


def start(plan: Plan, move: PlanMove) -> dict[str, Any]:
    """What was approved: a later deadline or another amount asks the lead anew (§2.9)."""
    values: dict[str, Any] = {"approved_deadline": plan.deadline, "approved_amount": plan.deal.amount}
    if move.by is not None and plan.state == S.REVIEW:
        values |= {"validated_by": move.by, "validated_at": clock.now()}
    if move.idle and plan.is_roadmap and not plan.tasks_override_reason:
        values["tasks_override_reason"] = move.reason.strip()
    return values | open_stage1(plan, move)


def open_stage1(plan: Plan, move: PlanMove) -> dict[str, Any]:
    """The lead's reason stays where the facts did not stand by themselves."""
    if plan.is_roadmap and move.stage1 and not plan.stage1_override_reason:
        return {"stage1_override_reason": move.reason.strip()}
    return {}


def finish(plan: Plan, move: PlanMove) -> dict[str, Any]:
    """Criterion against fact, for the quarter review (R81)."""
    values: dict[str, Any] = {"success_fact": move.success_fact, "ended_at": clock.now()}
    if move.overrides:
        values["presentation_override_reason"] = move.reason.strip()
    return values


def give_up(plan: Plan, move: PlanMove) -> dict[str, Any]:
    """The strategy ends without a result."""
    return {"ended_at": clock.now()}


def is_roadmap(plan: Plan) -> bool:
    return plan.is_roadmap


def is_action_plan(plan: Plan) -> bool:
    return not plan.is_roadmap


_LEADS = frozenset({Role.LEAD, Role.HEAD})
_KAM = frozenset({Role.KAM, *_LEADS})
_EDIT, _JUDGE = Action.EDIT_PLAN, Action.VALIDATE_PLAN


def _moves() -> Iterator[Move[Plan]]:
    yield Move(S.DRAFT, S.INFO, _EDIT, _KAM, is_free, when=is_roadmap)
    yield Move(S.INFO, S.PLANNING, _EDIT, _KAM, stage1_is_closed, open_stage1, when=is_roadmap)
    yield Move(S.RETURNED, S.PLANNING, _EDIT, _KAM, is_free, when=is_roadmap)
    yield Move(S.RETURNED, S.DRAFT, _EDIT, _KAM, is_free, when=is_action_plan)
    for source, kind in ((S.PLANNING, is_roadmap), (S.DRAFT, is_action_plan)):
        yield Move(source, S.REVIEW, _EDIT, _KAM, is_complete, open_stage1, is_by_job=True, when=kind)
        yield Move(source, S.ACTIVE, _EDIT, _KAM, needs_no_lead, start, when=kind)
        for begun in (S.ACTIVE, S.PRESENTATION):
            yield Move(begun, source, _EDIT, _KAM, has_reason, is_by_job=True, when=kind)
    yield Move(S.REVIEW, S.ACTIVE, _JUDGE, _LEADS, is_approved, start)
    yield Move(S.REVIEW, S.RETURNED, _JUDGE, _LEADS, has_reason)
    yield Move(S.ACTIVE, S.PRESENTATION, _EDIT, _KAM, needs_are_known, when=is_roadmap)
    yield Move(S.PRESENTATION, S.COMPLETED, _EDIT, _KAM, has_result, finish, when=is_roadmap)
    yield Move(S.ACTIVE, S.COMPLETED, _EDIT, _KAM, has_result, finish, when=is_action_plan)
    for state in OPEN_PLAN_STATES:
        yield Move(state, S.CANCELLED, _EDIT, _KAM, has_reason, give_up, is_by_job=True)


MOVES: tuple[Move[Plan], ...] = tuple(_moves())
MACHINE: Machine[Plan] = Machine(MOVES, may)


def writing_state(plan: Plan) -> PlanState:
    """Where a plan is rewritten: a roadmap in planning, an action plan in draft."""
    return S.PLANNING if plan.is_roadmap else S.DRAFT
