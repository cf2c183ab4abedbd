"""A strategy in one save: the deal when there is none, the head, the first steps, and the start (R41, R43, §2.9)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Company
from deals.models import Deal
from deals.proposals import Proposal
from deals.services.deals import LineSaid
from deals.services.renewals import open_deal
from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plan_tasks import TaskSaid, insert_task
from roadmaps.services.plans import create_plan, editing
from roadmaps.type_choice import Suggestion
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope


@dataclass(frozen=True)
class PlanSaid:
    """A new strategy as it is typed; `head` as `create_plan` takes it, `is_draft` keeps it from starting."""

    type: str
    suggestion: Suggestion
    head: dict[str, Any] = field(default_factory=dict)
    steps: Iterable[TaskSaid] = ()
    comment: str = ""
    is_draft: bool = False


def begin_plan(deal: Deal, said: PlanSaid, *, by: User) -> Plan:
    """The strategy with its first steps; unless it stays a draft it takes its first move at once.

    An action plan starts, or goes to the lead of a key client; a roadmap begins with its facts (R46). Raises NotAllowed,
    DomainError (`no_steps`, and those of `create_plan`, `add_task`, `move_plan`).
    """
    steps = [] if said.type == PlanType.ROADMAP else list(said.steps)
    if said.type != PlanType.ROADMAP and not steps:
        raise DomainError("no_steps", _("Write at least one step: what, who and by when."))
    with transaction.atomic():
        plan = create_plan(
            deal, by=by, type=said.type, suggested=said.suggestion.type, reasons=said.suggestion.reasons,
            comment=said.comment, **said.head,
        )  # fmt: skip
        with editing(plan, by=by):
            for step in steps:
                insert_task(plan, step, by=by)
        if not said.is_draft:
            move_plan(plan, to=first_stop(plan), by=by)
    return plan


def begin_with_deal(company: Any, opens: Proposal, said: PlanSaid, *, by: User) -> Plan:
    """The renewal as it is proposed and the strategy over it, both or neither (§2.9). Raises as `begin_plan`."""
    check_may_begin_with_deal(by, company)
    lines = [
        LineSaid(
            product=line.product, seats_new=line.seats_new, seats_current=line.seats_current, price=line.price,
            vat=line.product.vat, current_amount=line.current_amount, end_user_company=line.end_user_company,
        )
        for line in opens.lines
    ]  # fmt: skip
    with transaction.atomic():
        list(
            Company.objects.select_for_update().filter(pk=company.pk).values_list("pk")
        )  # two clicks, one deal
        if Deal.objects.visible_to(by).open().filter(company=company).exists():
            raise DomainError(
                "deal_opened", _("A deal of this client has been opened meanwhile: plan for it.")
            )
        deal = open_deal(
            by=by, company=company, lines=lines, renews=opens.contracts, kind=opens.kind, title=opens.title,
            target_date=opens.target_date, next_step=opens.next_step.title, next_step_on=opens.next_step.due_on,
            procurement_type=opens.procurement_type,
        )  # fmt: skip
        return begin_plan(deal, said, by=by)


def may_begin_with_deal(by: User, company: Any) -> bool:
    """Who plans for a deal that does not exist yet: the KAM of the client, the lead of its team, the head (§3)."""
    scopes = by.scopes(Action.EDIT_PLAN) & by.scopes(Action.CREATE_DEAL)
    is_his = Scope.OWN in scopes and company.owner_kam_id == by.pk
    is_team = Scope.TEAM in scopes and bool(by.team_id) and company.team_id == by.team_id
    return Scope.ALL in scopes or is_his or is_team


def check_may_begin_with_deal(by: User, company: Any) -> None:
    """Raises NotAllowed."""
    if not may_begin_with_deal(by, company):
        raise NotAllowed("not_allowed", _("You may not plan for this client."))


def first_stop(plan: Plan) -> PlanState:
    """Where a strategy goes from its draft: facts, work, or the lead who checks it first (R46, R79)."""
    if plan.is_roadmap:
        return PlanState.INFO
    return PlanState.REVIEW if plan.needs_lead else PlanState.ACTIVE
