"""What this room puts on the timeline of a client: strategies that began and ended, presentations shown (R11).

A sync is an internal communication and stands there as such (decision 0055).
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import TimelineGroup
from accounts.timeline import Entry, TimelineSource, Told
from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan, PlanRevision, Presentation
from upsell_crm.core.models import User


def _started(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    """The first revision is the start."""
    plans = Plan.objects.visible_to(user).filter(deal__company__in=companies)
    return PlanRevision.objects.filter(plan__in=plans, number=1)


def _ended(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    """Completed, or given up after it had begun; a sketch that nobody started is no news of the client."""
    plans = Plan.objects.visible_to(user).filter(deal__company__in=companies)
    return plans.filter(ended_at__isnull=False, revision__gte=1)


def _shown(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    shown = Presentation.objects.visible_to(user).filter(plan__deal__company__in=companies)
    return shown.filter(shown_at__isnull=False)


def _tell_started(entry: Entry) -> Told:
    title = _("Roadmap started") if entry.detail == PlanType.ROADMAP else _("Action plan started")
    return Told(title, entry.name, reverse("roadmaps:plan_detail", args=[entry.link]), "target")


def _tell_ended(entry: Entry) -> Told:
    is_done = entry.state == PlanState.COMPLETED
    title = _("Strategy completed") if is_done else _("Strategy cancelled")
    text = " · ".join(filter(None, (entry.name, "" if is_done else entry.detail)))
    return Told(
        title, text, reverse("roadmaps:plan_detail", args=[entry.link]), "flag", "good" if is_done else "bad"
    )


def _tell_shown(entry: Entry) -> Told:
    url = reverse("roadmaps:plan_presentation", args=[entry.link])
    return Told(_("Presentation shown to the client"), entry.name, url, "eye", "good")


DEALS = TimelineGroup.DEALS
SOURCES = (
    TimelineSource(
        "plan_started", DEALS, "at", _started, _tell_started, company="plan__deal__company_id",
        link=F("plan__public_id"), name="plan__goal", detail="plan__type",
    ),
    TimelineSource(
        "plan_ended", DEALS, "ended_at", _ended, _tell_ended, company="deal__company_id", name="goal",
        detail="state_reason", state="state",
    ),
    TimelineSource(
        "presentation_shown", DEALS, "shown_at", _shown, _tell_shown, company="plan__deal__company_id",
        link=F("plan__public_id"), name="title",
    ),
)  # fmt: skip
