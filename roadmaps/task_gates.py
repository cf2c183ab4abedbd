"""What holds a task of a plan back: the plan has not begun, what it waits for, facts that have gone stale (R44, R46–R49)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.enums import Fact, TaskState
from accounts.models import Task
from roadmaps.models import Plan, PlanTask
from roadmaps.queries import open_predecessors
from roadmaps.stage1 import Standing, standings_of
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User


@dataclass(frozen=True, slots=True)
class Hold:
    """Why one task cannot begin now; false when it can. `facts` are codes of those that do not hold."""

    is_early: bool = False  # its plan has not been started
    before: Sequence[PlanTask] = ()
    facts: Sequence[str] = ()

    def __bool__(self) -> bool:
        return self.is_early or bool(self.before) or bool(self.facts)

    @property
    def stale(self) -> list[str]:
        """The same facts in the reader's words."""
        return [str(Fact(code).label) for code in self.facts]

    @property
    def reasons(self) -> list[str]:
        """In words, for a refusal."""
        return [text for _code, text in self.told]

    @property
    def told(self) -> list[tuple[str, str]]:
        """Each reason with its code for programs: `plan_not_started`, `waits_for`, `stale_fact`."""
        told = [("plan_not_started", _("the plan has not been started"))] if self.is_early else []
        if self.before:
            told.append(("waits_for", _("waits for «%s»") % "», «".join(str(one) for one in self.before)))
        return told + [("stale_fact", _("the fact is out of date: %s") % text) for text in self.stale]


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


def holds_of(
    links: Sequence[PlanTask], today: date, known: Mapping[int, list[Standing]] | None = None,
    before: Mapping[int, Sequence[PlanTask]] | None = None,
) -> dict[int, Hold]:  # fmt: skip
    """What holds each of these tasks back, of one plan or of several; four statements, whatever their number.

    The links come with `plan__deal` read; `known` = facts of the clients, `before` = open predecessors, read already.
    """
    before = open_predecessors(links) if before is None else before
    resting = [link for link in links if link.built_on and rests_on_facts(link.plan)]
    stale = stale_facts({link.plan.company_id for link in resting}, today, known)
    return {
        link.pk: Hold(
            is_early=link.plan.is_open and not link.plan.is_working,
            before=before.get(link.pk, ()),
            facts=[code for code in stale.get(link.plan.company_id, ()) if code in link.built_on and rests_on_facts(link.plan)],
        )
        for link in links
    }  # fmt: skip


def rests_on_facts(plan: Plan) -> bool:
    """Whether stale facts hold its tasks back: not when the lead has opened stage 1 with a reason."""
    return plan.is_open and not plan.stage1_override_reason


def held_by_facts(
    links: Iterable[PlanTask], plan: Plan, facts: list[Standing], today: date
) -> list[tuple[PlanTask, list[str]]]:
    """Open tasks of the plan that cannot begin because of their facts, with those facts in words; no statement."""
    if not rests_on_facts(plan):
        return []
    stale = stale_facts([plan.company_id], today, {plan.company_id: facts})[plan.company_id]
    open_links = [link for link in links if link.task.is_open]
    found = [(link, Hold(facts=[code for code in stale if code in link.built_on])) for link in open_links]
    return [(link, hold.stale) for link, hold in found if hold.facts]


def stale_facts(
    company_ids: Collection[int], today: date, known: Mapping[int, list[Standing]] | None = None
) -> dict[int, list[str]]:
    """Company → codes of its facts that do not hold now; three statements, none for no company or for `known` ones."""
    if not company_ids:
        return {}
    found = standings_of(company_ids, today) if known is None else known
    return {
        company_id: list(dict.fromkeys(fact.state.fact for fact in facts if not fact.is_settled))
        for company_id, facts in found.items()
    }
