"""The frame that all pages of one strategy share: where it stands, what opens next, and the tabs (R77)."""

from dataclasses import dataclass, replace
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deals.access import reaches, rights_by_reach, rights_on_deal
from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan, PlanTask
from roadmaps.plan_gates import next_stop
from roadmaps.plan_head import Head, group_at
from roadmaps.plan_machine import MACHINE
from roadmaps.plan_schedule import Outlook, nearest_act_by
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

S = PlanState
CHANGED = "plan:changed"  # the event that tells the page to read itself anew
ROADS: dict[str, tuple[PlanState, ...]] = {
    PlanType.ROADMAP: (S.INFO, S.PLANNING, S.REVIEW, S.ACTIVE, S.PRESENTATION, S.COMPLETED),
    PlanType.ACTION_PLAN: (S.DRAFT, S.REVIEW, S.ACTIVE, S.COMPLETED),
}
TABS: tuple[tuple[str, Promise], ...] = (
    ("plan_detail", _("Tasks")), ("plan_facts", _("Facts")), ("plan_timeline", pgettext_lazy("tab", "Timeline")),
    ("plan_syncs", _("Syncs")), ("plan_revisions", _("Revisions")), ("plan_review", pgettext_lazy("tab", "Review")),
    ("plan_presentation", _("Presentation")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stop:
    """One stage of the strip; `state` is past, here or ahead."""

    stage: PlanState
    state: str

    @property
    def label(self) -> str:
        return str(self.stage.label)


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the strategy."""

    name: str
    label: Promise
    url: str
    is_here: bool


def the_plan(request: PageRequest, public_id: Any) -> Plan:
    """A strategy that this person may open, with its deal and people; 404 otherwise."""
    plans = (
        Plan.objects.visible_to(request.user)
        .annotate(**read_along(request.user))
        .select_related(
            "deal__company__head",
            "deal__company__owner_kam",
            "deal__responsible_kam",
            "deal__team__lead",
            "validated_by",
        )
    )
    return get_object_or_404(plans, public_id=public_id)


def the_link(request: PageRequest, public_id: Any) -> PlanTask:
    """A task of a plan that this person may open; 404 otherwise."""
    links = PlanTask.objects.visible_to(request.user).select_related(
        "task__assignee", "task__receiver", "task__company", "plan__deal__company", "plan__deal__responsible_kam",
        "plan__deal__team",
    )  # fmt: skip
    return get_object_or_404(links, public_id=public_id)


def read_along(user: User, path: str = "") -> dict[str, Any]:
    """What every page says of the plan, for the statement that finds the record of the page; `path` leads to the plan."""
    of_deal = {**reaches(user, f"{path}deal__"), "act_by": nearest_act_by(f"{path}deal__")}
    return of_deal | group_at(clock.today(), path)


def page_rights(user: User, plan: Plan) -> dict[str, bool]:
    """Rights on the deal; no statement for a plan that was read with `read_along` for this person."""
    known = vars(plan)
    return (
        rights_by_reach(user, plan.deal, known) if "reach_own" in known else rights_on_deal(user, plan.deal)
    )


def frame(user: User, plan: Plan, here: str, outlook: Outlook | None = None) -> dict[str, Any]:
    """The context of every page of the plan: `here` = the URL name of the page without the room."""
    rights, outlook = page_rights(user, plan), outlook or Outlook(plan, clock.today())
    steps = steps_open_to(user, plan, rights)
    return {
        "plan": plan, "deal": plan.deal, "company": plan.deal.company, "rights": rights, "strip": strip(plan),
        "steps": steps, "next_step": next_step(plan, steps), "may_edit": plan.is_open and rights[Action.EDIT_PLAN],
        "tabs": tabs(plan, here), "outlook": outlook, "head": Head(plan, outlook, clock.today()),
        "replans": outlook.replans,
    }  # fmt: skip


def steps_open_to(user: User, plan: Plan, rights: dict[str, bool]) -> set[str]:
    """Where this person may move the plan now, by rights that were read already; no statement per move."""

    def known(by: User, action: Action, record: Plan) -> bool:
        return rights[action]

    return {str(move.target) for move in replace(MACHINE, may=known).open_to(user, plan)}


def next_step(plan: Plan, steps: set[str]) -> PlanState | None:
    """The step ahead that stands on the button of the page; the lead's own answer stands on his page (R79)."""
    target = next_stop(plan)
    return target if target in steps and plan.state != S.REVIEW else None


def strip(plan: Plan) -> list[Stop]:
    """The road of its type; a plan that is being rewritten stands at the stage where it is written."""
    road = list(ROADS[plan.type])
    stands = {S.DRAFT: road[0], S.RETURNED: S.PLANNING if plan.is_roadmap else S.DRAFT}
    here = stands.get(S(plan.state), S(plan.state))
    if not plan.needs_lead and here != S.REVIEW:
        road.remove(S.REVIEW)
    place = road.index(here) if here in road else len(road)
    states = ("past" if n < place else "here" if n == place else "ahead" for n in range(len(road)))
    return [Stop(stage, state) for stage, state in zip(road, states, strict=True)]


def tabs(plan: Plan, here: str) -> list[Tab]:
    """An action plan has no facts to close and no presentation to finish with, but may have both."""
    return [
        Tab(name, label, reverse(f"roadmaps:{name}", args=[plan.public_id]), name == here)
        for name, label in TABS
    ]
