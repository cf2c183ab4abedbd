"""The head of a strategy as its page shows it: criterion, dates, people, approval, and the phases with their locks."""

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.act_by import slack
from deals.models import DealMember
from roadmaps.enums import PRESENTED
from roadmaps.enums import Phase as PlanPhase
from roadmaps.models import Plan, Presentation
from roadmaps.plan_gates import hindrances, phases
from roadmaps.plan_machine import PlanMove
from roadmaps.plan_numbers import criterion_words, share_reached, value_words
from roadmaps.plan_schedule import Outlook
from roadmaps.stage1 import Standing, points_of
from roadmaps.type_choice import reasons_in_words


class Head:
    """What the head says beside the plan itself, which comes from `with_group`; read when the page shows it.

    An ended plan has nothing to begin: neither act-by nor forecast.
    """

    def __init__(self, plan: Any, outlook: Outlook, today: date) -> None:
        self.plan, self.outlook, self.today = plan, outlook, today

    @cached_property
    def group(self) -> Any:
        """The plan with the numbers of its working group; one statement when it came without them."""
        if hasattr(self.plan, "people"):
            return self.plan
        return with_group(Plan.objects.filter(pk=self.plan.pk), self.today).get()

    @property
    def criterion(self) -> str:
        return criterion_words(self.plan)

    @property
    def fact(self) -> str:
        fact = self.plan.success_fact
        return "" if fact is None else value_words(self.plan.success_metric, fact)

    @property
    def share(self) -> int | None:
        return share_reached(self.plan)

    @property
    def is_late(self) -> bool:
        return self.plan.is_open and self.plan.deadline is not None and self.plan.deadline < self.today

    @property
    def type_reasons(self) -> list[str]:
        return reasons_in_words(self.plan.type_reasons)

    @property
    def act_by(self) -> date | None:
        return self.outlook.schedule.act_by if self.plan.is_open else None

    @property
    def act_by_slack(self) -> int | None:
        found = self.outlook.schedule
        return slack(found.act_by, self.today, found.calendar) if found.act_by else None


def locks_of(plan: Plan, read: PlanMove, today: date) -> dict[str, Any]:
    """The phases with their locks; `read` = what the page knows already, so that the guards ask for nothing twice."""
    shut = hindrances(plan, today, read=read) if plan.is_open else []
    return {"hindrances": shut, "locks": phases(plan, shut)}


def with_group(plans: QuerySet[Plan], today: date) -> QuerySet[Plan]:
    """Adds `people` and `teams` of the working group of the day and `is_presented`, in the statement that reads the plan."""
    return plans.annotate(**group_at(today))


def group_at(today: date, path: str = "") -> dict[str, Any]:
    """The same as annotations of whatever record leads to the plan by `path`."""
    members = (
        DealMember.objects.active_on(today).filter(deal=OuterRef(f"{path}deal")).order_by().values("deal")
    )
    people = members.annotate(n=Count("user", distinct=True)).values("n")
    teams = members.annotate(n=Count("user__team", distinct=True)).values("n")
    return {
        "is_presented": Exists(Presentation.objects.filter(plan=OuterRef(f"{path}pk"), state__in=PRESENTED)),
        "people": Coalesce(Subquery(people), 0), "teams": Coalesce(Subquery(teams), 0),
    }  # fmt: skip


def known_to_page(plan: Any, today: date, context: dict[str, Any], facts: list[Standing] | None) -> PlanMove:
    """The facts of the guards as the page with the tasks has them: no statement for what is shown anyway."""
    read = PlanMove(plan, today, None, reason="—")
    links = context["links"]
    read.expected = [link.task.expected_result for link in links]
    read.open_needs = [
        link.task.title for link in links if link.phase == PlanPhase.NEEDS and link.task.is_open
    ]
    read.idle, read.is_presented = context["idle"], plan.is_presented
    if facts is not None:
        read.stage1 = points_of(facts)
    return read
