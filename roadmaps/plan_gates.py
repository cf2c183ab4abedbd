"""The three phases of a strategy with their locks, and what keeps each shut, by the guards of the machine (R46–R53).

The page never says more or less than the service: the reasons are those of its refusal.
"""

from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from roadmaps.enums import PlanState
from roadmaps.models import Plan
from roadmaps.plan_machine import MACHINE, PlanMove, is_complete
from upsell_crm.core.errors import DomainError

S = PlanState
# The move ahead from each state of a roadmap, and of an action plan.
AHEAD: dict[bool, dict[str, PlanState]] = {
    True: {
        S.DRAFT: S.INFO, S.INFO: S.PLANNING, S.RETURNED: S.PLANNING, S.PLANNING: S.ACTIVE, S.ACTIVE: S.PRESENTATION,
        S.PRESENTATION: S.COMPLETED,
    },
    False: {S.DRAFT: S.ACTIVE, S.RETURNED: S.DRAFT, S.ACTIVE: S.COMPLETED},
}  # fmt: skip
PHASES: tuple[tuple[Promise, tuple[PlanState, ...]], ...] = (
    (gettext_lazy("Facts about the client"), (S.DRAFT, S.INFO)),
    (gettext_lazy("Tasks of the working group"), (S.PLANNING, S.RETURNED, S.REVIEW, S.ACTIVE)),
    (pgettext_lazy("phase", "Presentation for the client"), (S.PRESENTATION,)),
)


@dataclass(frozen=True, slots=True)
class Phase:
    """One column: done, here, locked (with what hinders) or over (the plan has ended before it)."""

    number: int
    label: str
    state: str
    hindrances: list[str] = field(default_factory=list)
    says: str = ""


def next_stop(plan: Plan) -> PlanState | None:
    """Where the plan goes from here when all is well: of a plan that the lead checks, to him."""
    target = AHEAD[plan.is_roadmap].get(plan.state)
    if target == S.ACTIVE and plan.state in (S.PLANNING, S.DRAFT) and plan.needs_lead:
        return S.REVIEW
    return target


def hindrances(plan: Plan, today: date, to: str | None = None, read: PlanMove | None = None) -> list[str]:
    """What keeps the move to `to` (as a rule the next one) from being made, in words; [] when it can be made.

    `read` = what the page has read already.
    """
    target = to or next_stop(plan)
    if target is None:
        return []
    facts = read or PlanMove(plan, today, None, reason="—")
    if target == S.COMPLETED:  # what was reached is asked by the form itself
        return [] if not plan.is_roadmap or facts.is_presented else [_("the presentation is not ready")]
    move = next((one for one in MACHINE.moves_from(plan) if one.target == target), None)
    if move is None:
        return []
    guard = is_complete if target == S.ACTIVE else move.guard  # that the lead has to look is no hindrance
    try:
        guard(plan, facts)
    except DomainError as problem:
        listed = [str(text) for texts in problem.errors.values() for text in texts]
        return listed or [str(problem.message)]
    return []


def rests_on_stage1(plan: Plan) -> bool:
    """Whether the next move asks for the facts of stage 1."""
    return plan.is_roadmap and plan.state in (S.INFO, S.PLANNING) and not plan.stage1_override_reason


def phases(plan: Plan, shut: list[str]) -> list[Phase]:
    """The columns of a roadmap; `shut` = `hindrances` of the next move. An action plan has none."""
    if not plan.is_roadmap:
        return []
    here = next((place for place, (_label, states) in enumerate(PHASES) if plan.state in states), len(PHASES))
    return [_phase(plan, place, here, shut) for place in range(len(PHASES))]


def _phase(plan: Plan, place: int, here: int, shut: list[str]) -> Phase:
    label = str(PHASES[place][0])
    if plan.state == S.CANCELLED:
        return Phase(place + 1, label, "over")
    if place < here:
        return Phase(place + 1, label, "done", says=_why_done(plan, place))
    if place == here:
        return Phase(place + 1, label, "here", says=_hint(plan))
    if place == here + 1 and plan.state in (S.INFO, S.ACTIVE):
        return Phase(place + 1, label, "locked", shut, "" if shut else _("can be opened now"))
    return Phase(place + 1, label, "locked", [_("opens after «%s»") % PHASES[place - 1][0]])


def _why_done(plan: Plan, place: int) -> str:
    if place == 0 and plan.stage1_override_reason:
        return _("opened by the lead: %s") % plan.stage1_override_reason
    if place == 2 and plan.presentation_override_reason:
        return _("without a presentation, by the lead: %s") % plan.presentation_override_reason
    return ""


def _hint(plan: Plan) -> str:
    """What is to be done in the phase in which the plan stands."""
    said = {
        S.DRAFT: _("write the goal, the criterion and the deadline, then check the facts"),
        S.INFO: _("confirm, change or mark as unknown each fact"),
        S.PLANNING: _("give each member of the working group a task"),
        S.RETURNED: _("the lead has returned the plan: put it right"),
        S.REVIEW: _("the plan is with the lead"),
        S.ACTIVE: _("do the tasks; a changed plan is a numbered revision"),
        S.PRESENTATION: _("prepare the presentation and show it"),
    }
    return said.get(PlanState(plan.state), "")
