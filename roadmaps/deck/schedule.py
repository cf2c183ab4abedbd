"""Block «Schedule»: steps that concern the client, by phase, with who does them (R57).

Titles of our tasks are written for us: the client sees the phase in words of its own and its dates.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import OPEN_TASK_STATES, Fact
from accounts.models import Contract
from roadmaps.deck.parts import Facts, Subject, iso
from roadmaps.enums import Phase
from roadmaps.models import PlanTask

STEPS: dict[str, Promise] = {
    Phase.NEEDS: gettext_lazy("We gather what the departments need"),
    Phase.PRESENTATION: gettext_lazy("We present the offer"),
    Phase.DOCS: gettext_lazy("We prepare the documents"),
}


def build(subject: Subject) -> Facts:
    """Our phases of the plan, then what the client does until the contract is signed. Two statements."""
    act_by = _act_by(subject)
    deadline = subject.deal.target_date
    steps = [*_ours(subject), *_theirs(subject, act_by, deadline)]
    data = {"steps": steps, "act_by": iso(act_by), "deadline": iso(deadline)}
    sources = [_("Plan «%s» and the dates of the deal") % subject.plan, *subject.checked(Fact.PROCUREMENT)]
    return Facts(data, sources, subject.stale(Fact.PROCUREMENT))


def _ours(subject: Subject) -> list[dict[str, Any]]:
    links = (
        PlanTask.objects.filter(plan=subject.plan, phase__in=list(STEPS)).standing().select_related("task")
    )
    phases: dict[str, list[PlanTask]] = defaultdict(list)
    for link in links.order_by("starts_on", "pk"):
        phases[link.phase].append(link)
    ordered = sorted(phases.items(), key=lambda pair: pair[1][0].starts_on)
    return [
        step(
            STEPS[phase], min(link.starts_on for link in tasks), max(_due(link) for link in tasks), "us", phase,
            is_done=not any(link.task.state in OPEN_TASK_STATES for link in tasks),
        )
        for phase, tasks in ordered
    ]  # fmt: skip


def _due(link: PlanTask) -> date:
    return max(link.starts_on, link.task.due_on or link.starts_on)


def _theirs(subject: Subject, act_by: date | None, deadline: date) -> list[dict[str, Any]]:
    begins = min(act_by or subject.today, deadline)
    return [
        step(gettext_lazy("Approval and procurement"), begins, deadline, "client", Phase.DOCS),
        step(gettext_lazy("The contract is signed"), deadline, deadline, "client", Phase.DOCS),
    ]


def step(
    title: str | Promise, starts_on: date, due_on: date, who: str, phase: str, *, is_done: bool = False
) -> dict[str, Any]:
    """One line of the schedule; `who` is "us" or "client"."""
    return {
        "title": str(title), "starts_on": iso(starts_on), "due_on": iso(due_on), "who": who, "is_done": is_done,
        "phase": str(phase),
    }  # fmt: skip


def _act_by(subject: Subject) -> date | None:
    """The last good day to begin, of the contracts that are renewed; else what the deal was opened with."""
    days = Contract.objects.filter(deal_renewals__deal=subject.deal, act_by__isnull=False).order_by("act_by")
    return days.values_list("act_by", flat=True).first() or subject.deal.act_by_at_opening
