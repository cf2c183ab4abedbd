"""«План: нет / черновик / на проверке / утверждён» for a deal or a client, for lists and cards (R40, product.md §3.1)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from roadmaps.enums import WORKING_STATES, PlanState
from roadmaps.models import Plan


@dataclass(frozen=True, slots=True)
class PlanWord:
    """One word of the line with its colour."""

    code: str
    label: Promise
    tone: str


NONE = PlanWord("none", pgettext_lazy("plan status", "none"), "warn")
DRAFT = PlanWord("draft", pgettext_lazy("plan status", "draft"), "")
REVIEW = PlanWord("review", pgettext_lazy("plan status", "in review"), "info")
APPROVED = PlanWord("approved", pgettext_lazy("plan status", "approved"), "good")
LABEL = gettext_lazy("Plan")


def plan_word(state: str | None) -> PlanWord:
    """The word for the state of the open strategy; None = there is none."""
    if not state or state in (PlanState.COMPLETED, PlanState.CANCELLED):
        return NONE
    if state == PlanState.REVIEW:
        return REVIEW
    return APPROVED if state in WORKING_STATES else DRAFT


def with_plan_state(deals: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `plan_state` and `plan_public_id` of the open strategy of each deal, null without one; no statement more."""
    open_plan = Plan.objects.open().filter(deal=OuterRef("pk")).order_by()
    return deals.annotate(
        plan_state=Subquery(open_plan.values("state")[:1]),
        plan_public_id=Subquery(open_plan.values("public_id")[:1]),
    )


def with_company_plan(companies: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `plan_state` of the latest moved among the open strategies of each client, null without one."""
    plans = Plan.objects.open().filter(deal__company=OuterRef("pk")).order_by("-state_since", "-pk")
    return companies.annotate(plan_state=Subquery(plans.values("state")[:1]))


def has_plan(path: str = "pk") -> Q:
    """Clients with an open strategy, as a condition; `path` leads to the client (`company_id` of a row)."""
    return Q(Exists(Plan.objects.open().filter(deal__company=OuterRef(path))))
