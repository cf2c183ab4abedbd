"""Tasks that belong to a deal; the link stands in this room, the task itself in accounts (§2.3)."""

from datetime import date

from django.db import transaction

from accounts.enums import TaskOrigin
from accounts.models import Task
from accounts.services.tasks import create_task
from deals.models import Deal, DealTask
from upsell_crm.core.models import User

TITLE_MAX = 300


def give_task(
    deal: Deal, *, title: str, assignee: User, due_on: date, by: User | None = None,
    origin: str = TaskOrigin.PLAN, receiver: User | None = None, expected_result: str = "",
    dedupe_key: str | None = None,
) -> Task:  # fmt: skip
    """A task of the deal. `by=None`: the rules ask for it, whoever started them. Raises as `create_task`."""
    with transaction.atomic():
        task = create_task(
            by=by, company=deal.company, title=title[:TITLE_MAX], assignee=assignee, due_on=due_on,
            receiver=receiver or deal.responsible_kam, expected_result=expected_result, origin=origin,
            dedupe_key=dedupe_key,
        )  # fmt: skip
        DealTask.objects.create(deal=deal, task=task)
    return task
