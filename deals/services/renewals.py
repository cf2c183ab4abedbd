"""A renewal in two clicks, and «предложить сделку» for who may not open one (R18, §3)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.calendar import load_calendar
from accounts.enums import TaskOrigin
from accounts.models import Company, Contract, Task
from accounts.services.tasks import create_task
from deals.models import Deal
from deals.proposals import Step
from deals.services.deal_tasks import give_task
from deals.services.deals import LineSaid, create_deal
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

ANSWER_DAYS = 2  # working days in which the KAM answers a proposal


def open_deal(
    *, by: User, company: Company, lines: Iterable[LineSaid], renews: Sequence[Contract], steps: Iterable[Step] = (),
    **terms: Any,
) -> Deal:  # fmt: skip
    """A deal with its tasks in one save, dated back from act-by (§2.11). Raises as `create_deal`."""
    with transaction.atomic():
        deal = create_deal(by=by, company=company, lines=lines, renews=renews, **terms)
        for step in steps:
            give_task(deal, title=step.title, assignee=deal.responsible_kam, due_on=step.due_on)
    return deal


def propose_deal(*, by: User, company: Company, text: str) -> Task:
    """A researcher or CSM sees a chance: a task for the KAM to look at it (§3). Raises NotAllowed, DomainError."""
    check_may_propose(by, company)
    if not text.strip():
        words = _("Write what could be sold, and why now.")
        raise DomainError("no_text", words, {"text": [words]})
    assignee = company.owner_kam or (company.team.lead if company.team else None)
    if assignee is None:
        raise DomainError("no_kam", _("The client has no responsible KAM. Assign one first."))
    return create_task(
        by=None, company=company, assignee=assignee, receiver=by, origin=TaskOrigin.QUESTION, expected_result=text.strip(),
        title=_("%(who)s proposes a deal: %(company)s") % {"who": by.short_name, "company": company},
        due_on=load_calendar().add(clock.today(), ANSWER_DAYS),
    )  # fmt: skip


def check_may_propose(by: User, company: Company) -> None:
    """Raises NotAllowed for who may not propose deals with this client."""
    if not may(by, Action.PROPOSE_DEAL, company):
        raise NotAllowed("not_allowed", _("You may not propose deals with this client."))
