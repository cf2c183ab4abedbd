"""What the panel of a new strategy starts with, so that an action plan takes less than a minute (R41). Reads only."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from accounts.models import Company
from deals.enums import DealKind
from deals.models import Deal, DealMember
from deals.proposals import Proposal, propose_renewal
from roadmaps.enums import Metric
from roadmaps.plan_schedule import act_by_of
from roadmaps.type_choice import Suggestion, suggest_for
from upsell_crm.core.models import User

GOALS = {
    DealKind.RENEWAL: gettext_lazy("Renew the contract by %s"),
    DealKind.UPSELL: gettext_lazy("Expand the contract by %s"),
    DealKind.RENEWAL_UPSELL: gettext_lazy("Renew and expand the contract by %s"),
    DealKind.CROSS_SELL: gettext_lazy("Sign the contract for a new product by %s"),
    DealKind.HOLDING: gettext_lazy("Agree on the project with the holding by %s"),
}


@dataclass(frozen=True, slots=True)
class FirstStep:
    """The first line of the chain: what is to be done anyway, by whom and by when."""

    title: str
    assignee: User | None
    due_on: date


@dataclass(frozen=True, slots=True)
class PlanProposal:
    """Everything that the panel is filled with; `opens` is the deal that the same save opens (§2.9)."""

    suggestion: Suggestion
    goal: str
    metric: str
    value: Decimal | None
    deadline: date
    first: FirstStep
    people: QuerySet[User]
    opens: Proposal | None = None

    @property
    def head(self) -> dict[str, Any]:
        """The head of the plan as initial values of a form."""
        return {
            "type": self.suggestion.type, "goal": self.goal, "success_metric": self.metric,
            "success_value": self.value, "deadline": self.deadline,
        }  # fmt: skip


def propose_for_deal(deal: Deal, today: date) -> PlanProposal:
    """Goal, criterion, deadline and the next step as the deal has them."""
    first = FirstStep(deal.next_step, deal.responsible_kam, max(deal.next_step_on or today, today))
    return _proposal(
        suggest_for(deal.company, today, deal), deal.kind, deal.amount, deal.target_date, act_by_of(deal), first,
        people_of(deal, today), today,
    )  # fmt: skip


def propose_with_deal(company: Company, today: date, by: User) -> PlanProposal:
    """For a client without an open deal: the renewal that the same save opens, and its first step."""
    opens = propose_renewal(company, today)
    amount = sum((line.seats_new * line.price for line in opens.lines), Decimal(0))
    first = FirstStep(opens.next_step.title, company.owner_kam or by, opens.next_step.due_on)
    act_by = min((one.act_by for one in opens.contracts if one.act_by), default=None)
    people = User.objects.filter(
        pk__in=[one for one in (company.owner_kam_id, by.pk) if one], is_active=True
    ).order_by("last_name", "first_name", "pk")
    return _proposal(
        suggest_for(company, today),
        opens.kind,
        amount,
        opens.target_date,
        act_by,
        first,
        people,
        today,
        opens,
    )


def people_of(deal: Deal, today: date) -> QuerySet[User]:
    """Who may be given a step: the working group of the day, its responsible person included."""
    members = DealMember.objects.active_on(today).filter(deal=deal).order_by().values("user")
    people = User.objects.filter(Q(pk__in=members) | Q(pk=deal.responsible_kam_id), is_active=True)
    return people.order_by("last_name", "first_name", "pk")


def _proposal(
    suggestion: Suggestion, kind: str, amount: Decimal, target: date, act_by: date | None, first: FirstStep,
    people: QuerySet[User], today: date, opens: Proposal | None = None,
) -> PlanProposal:  # fmt: skip
    """The work of the plan ends where documents begin; when that day is gone, with the contract itself."""
    goal = str(GOALS[DealKind(kind)]) % date_format(target, "SHORT_DATE_FORMAT")
    deadline = act_by if act_by and act_by > first.due_on else max(target, first.due_on, today)
    metric = Metric.AMOUNT if amount else Metric.SIGNED_BY
    amount = Decimal(int(amount)) if amount == int(amount) else amount
    return PlanProposal(suggestion, goal, metric, amount or None, deadline, first, people, opens)
