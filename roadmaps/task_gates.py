"""What holds a task of a plan back: the plan has not begun, what it waits for, facts that have gone stale (R44, R46–R49)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.enums import Fact, TaskState
from accounts.fact_states import by_fact, fact_states_of
from accounts.models import Task
from roadmaps.models import Plan, PlanTask
from roadmaps.queries import open_predecessors
from roadmaps.stage1 import is_settled, unknown_of
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User


@dataclass(frozen=True, slots=True)
class Hold:
    """Why one task cannot begin now; false when it can. `stale` are facts of the client, in words."""

    is_early: bool = False  # its plan has not been started
    before: Sequence[PlanTask] = ()
    stale: Sequence[str] = ()

    def __bool__(self) -> bool:
        return self.is_early or bool(self.before) or bool(self.stale)

    @property
    def reasons(self) -> list[str]:
        """In words, for a refusal."""
        reasons = [_("the plan has not been started")] if self.is_early else []
        if self.before:
            reasons.append(_("waits for «%s»") % "», «".join(str(one) for one in self.before))
        return reasons + [_("the fact is out of date: %s") % text for text in self.stale]


NOTHING = Hold()


def hold_back(*, task: Task, by: User | None, was: str) -> None:
    """Reaction to `task_changed`: a task of a plan is begun when nothing holds it back. Raises DomainError `held_back`."""
    if task.state != TaskState.DOING or was not in (TaskState.TODO, TaskState.BLOCKED):
        return
    link = PlanTask.objects.filter(task=task).select_related("plan__deal__company", "task").first()
    if link is None:
        return
    reasons = held_by(link, clock.today())
    if reasons:
        raise DomainError("held_back", "; ".join(reasons), {"": reasons})


def held_by(link: PlanTask, today: date) -> list[str]:
    """Why this task cannot begin now, in words; [] when it can."""
    return holds_of([link], today)[link.pk].reasons


def holds_of(links: Sequence[PlanTask], today: date) -> dict[int, Hold]:
    """What holds each of these tasks back, of one plan or of several; five statements, whatever their number.

    The links come with `plan__deal` read.
    """
    before = open_predecessors(links)
    resting = [link for link in links if link.built_on and rests_on_facts(link.plan)]
    stale = stale_facts({link.plan.company_id for link in resting}, today)
    return {
        link.pk: Hold(
            is_early=link.plan.is_open and not link.plan.is_working,
            before=before.get(link.pk, ()),
            stale=_words(stale[link.plan.company_id], link.built_on) if rests_on_facts(link.plan) and link.built_on else (),
        )
        for link in links
    }  # fmt: skip


def rests_on_facts(plan: Plan) -> bool:
    """Whether stale facts hold its tasks back: not when the lead has opened stage 1 with a reason."""
    return plan.is_open and not plan.stage1_override_reason


def stale_of(plan: Plan, facts: Iterable[str], today: date) -> list[str]:
    """Which of these facts of the client do not hold now, in words."""
    return _words(stale_facts([plan.company_id], today)[plan.company_id], facts)


def stale_facts(company_ids: Collection[int], today: date) -> dict[int, list[str]]:
    """Company → codes of its facts that do not hold now; four statements, none for no company."""
    if not company_ids:
        return {}
    states = fact_states_of(company_ids, today)
    valid_days = {str(state.fact): state.valid_days for found in states.values() for state in found}
    answered = unknown_of(company_ids, today, valid_days)
    return {
        company_id: [
            code for code, state in by_fact(states[company_id]).items() if not is_settled(state, answered[company_id])
        ]
        for company_id in company_ids
    }  # fmt: skip


def _words(stale: Sequence[str], facts: Iterable[str]) -> list[str]:
    wanted = set(facts)
    return [str(Fact(code).label) for code in stale if code in wanted]
