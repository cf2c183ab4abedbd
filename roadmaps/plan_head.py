"""The head of a strategy as its page shows it: criterion, dates, people, approval, and the phases with their locks."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.act_by import slack
from deals.models import DealMember
from roadmaps.enums import Phase as PlanPhase
from roadmaps.models import Plan, Presentation
from roadmaps.plan_gates import hindrances, phases
from roadmaps.plan_machine import PRESENTED, PlanMove
from roadmaps.plan_numbers import criterion_words, share_reached, value_words
from roadmaps.schedule import Schedule
from roadmaps.stage1 import Standing, points_of
from roadmaps.type_choice import reasons_in_words


def head_of(plan: Any, found: Schedule, read: PlanMove, today: date) -> dict[str, Any]:
    """What the head says beside the plan itself, which comes from `with_group`; at most one statement of its own.

    `read` = what the page knows already, so that the guards ask for nothing twice.
    """
    shut = hindrances(plan, today, read=read) if plan.is_open else []
    slack_bd = slack(found.act_by, today, found.calendar) if found.act_by else None
    return {
        "criterion": criterion_words(plan),
        "fact": "" if plan.success_fact is None else value_words(plan.success_metric, plan.success_fact),
        "share": share_reached(plan), "act_by": found.act_by, "act_by_slack": slack_bd,
        "people": plan.people, "teams": plan.teams,
        "is_late": plan.is_open and plan.deadline is not None and plan.deadline < today,
        "type_reasons": reasons_in_words(plan.type_reasons), "hindrances": shut, "phases": phases(plan, shut),
    }  # fmt: skip


def with_group(plans: QuerySet[Plan], today: date) -> QuerySet[Plan]:
    """Adds `people` and `teams` of the working group of the day and `is_presented`, in the statement that reads the plan."""
    members = DealMember.objects.active_on(today).filter(deal=OuterRef("deal")).order_by().values("deal")
    people = members.annotate(n=Count("user", distinct=True)).values("n")
    teams = members.annotate(n=Count("user__team", distinct=True)).values("n")
    ready = Exists(Presentation.objects.filter(plan=OuterRef("pk"), state__in=PRESENTED))
    return plans.annotate(
        is_presented=ready, people=Coalesce(Subquery(people), 0), teams=Coalesce(Subquery(teams), 0)
    )


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
