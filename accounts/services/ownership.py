"""A client passes from one responsible KAM to another with all its open work (R61, §2.8.8).

The only place that does it: a lead's assignment and a completed handover both come here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.enums import InteractionState
from accounts.models import Agreement, Company, Interaction, InteractionUser, Task
from accounts.models.task import TaskQuerySet
from upsell_crm.core import clock
from upsell_crm.core.commands import change
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Role


@dataclass(frozen=True)
class Passing:
    """Work goes from the people `olds` (ids) to `kam`; the tasks `keep` (ids) stay with whom they are."""

    olds: frozenset[int]
    kam: User
    by: User | None
    reason: str
    keep: frozenset[int] = frozenset()


def give_company(
    company: Company, kam: User, *, by: User, reason: str, event: str, version: int | None = None,
    also_from: Collection[User] = (), keep: Collection[int] = (),
) -> None:  # fmt: skip
    """The responsible KAM changes once, and his open work with him; the client joins the team of the new one.

    `also_from`: a KAM who left earlier, when a lead stands in for him. The caller has asked for the right. The rooms
    above move what is theirs in the same transaction. Raises Stale, DomainError.
    """
    leaving = {user.pk for user in (company.owner_kam, *also_from) if user is not None and user != kam}
    passing = Passing(frozenset(leaving), kam, by, reason, frozenset(keep))
    values: dict[str, Any] = {"owner_kam": kam, "team": kam.team}
    if company.owner_kam_id != kam.pk:
        values["owner_since_on"] = clock.today()
    with transaction.atomic():
        change(company, values, by=by, event=event, version=version, reason=reason)
        pass_tasks(Task.objects.filter(company=company), passing)
        pass_promises(Agreement.objects.filter(company=company), passing)
        join_meetings(Interaction.objects.filter(company=company), passing)
        announce("kam_assigned", company=company, passing=passing)
        announce("facts_changed", company_id=company.pk)


def pass_tasks(tasks: TaskQuerySet, passing: Passing) -> None:
    """Open tasks of the leaving people: to do, or to receive. Each is a line of history."""
    leaving = Q(assignee__in=passing.olds) | Q(receiver__in=passing.olds)
    for task in tasks.open().filter(leaving).order_by("pk"):
        values = {}
        if task.assignee_id in passing.olds and task.pk not in passing.keep:
            values["assignee"] = passing.kam
        if task.receiver_id in passing.olds:
            values["receiver"] = passing.kam
        change(task, values, by=passing.by, event="reassign_task", reason=passing.reason, check=False)
        announce("task_changed", task=task, by=passing.by, was=task.state)


def pass_promises(agreements: QuerySet[Agreement], passing: Passing) -> None:
    """What the leaving people have promised and not kept; a promise stays with its task."""
    open_ones = agreements.filter(done_at=None, owner_user__in=passing.olds)
    open_ones.exclude(task__in=passing.keep).update(owner_user=passing.kam)


def join_meetings(interactions: QuerySet[Interaction], passing: Passing) -> None:
    """The new KAM comes to the meetings that the leaving people have planned."""
    planned = interactions.filter(
        Q(author__in=passing.olds) | Q(our_people__user__in=passing.olds),
        state=InteractionState.PLANNED, retracted_at=None,
    ).exclude(our_people__user=passing.kam)  # fmt: skip
    InteractionUser.objects.bulk_create(
        InteractionUser(interaction=interaction, user=passing.kam, role=Role.KAM, attended=False)
        for interaction in planned.distinct().order_by("pk")
    )
