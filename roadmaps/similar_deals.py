"""«Похожие сделки»: how long won deals like this one really took (product.md §1.18). Reads only.

Alike = a product in common, the same procurement type, and both over a holding or both not. Days are working days, both
ends counted as the measurements of §4.2 count them. Deals that the reader may not see are counted without names.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median_low
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.calendar import load_calendar
from accounts.enums import LeadTimeKind, TaskState
from accounts.models import LeadTime
from accounts.working_days import WorkCalendar
from deals.enums import DealKind, DealStage
from deals.models import Deal, DealLine
from roadmaps.enums import Phase
from roadmaps.models import PlanTask
from upsell_crm.core.clock import local_date
from upsell_crm.core.models import AuditEvent, User

MOST = 10  # the latest ones
TYPE = Coalesce(F("procurement_type"), F("company__procurement__default_type"))


@dataclass(frozen=True, slots=True)
class Span:
    """How long one thing took in the similar deals; `days` are sorted working days."""

    label: str | Promise
    days: Sequence[int]

    @property
    def median(self) -> int:
        return median_low(self.days)

    @property
    def low(self) -> int:
        return self.days[0]

    @property
    def high(self) -> int:
        return self.days[-1]


@dataclass(frozen=True, slots=True)
class Similar:
    """The neighbours of a deal: how many, which of them the reader may open, and what was measured of them."""

    count: int = 0
    shown: Sequence[Deal] = ()
    approval: Span | None = None
    procurement: Span | None = None
    stages: Sequence[Span] = ()
    phases: dict[str, Span] = field(default_factory=dict)

    @property
    def hidden(self) -> int:
        return self.count - len(self.shown)

    @property
    def spans(self) -> list[Span]:
        """Everything measured, in the order of a deal."""
        ends = [span for span in (self.approval, self.procurement) if span]
        return [*self.stages, *self.phases.values(), *ends]


def similar_to(deal: Deal, user: User) -> Similar:
    """What the won deals like this one took; seven statements, one when there are none."""
    found = neighbours(deal)
    if not found:
        return Similar()
    calendar = load_calendar()
    ids = [one.pk for one in found]
    seen = set(Deal.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    measured = _measured(found)
    return Similar(
        count=len(found), shown=[one for one in found if one.pk in seen],
        approval=_span(_("approval of documents"), measured[LeadTimeKind.APPROVAL]),
        procurement=_span(_("procurement procedure"), measured[LeadTimeKind.PROCUREMENT]),
        stages=_stages(found, calendar), phases=_phases(ids, calendar),
    )  # fmt: skip


def neighbours(deal: Deal) -> list[Deal]:
    """Won deals with a product in common, the same procurement type and structure; the latest first."""
    products = DealLine.objects.filter(deal=deal).order_by().values("product")
    kind = Deal.objects.filter(pk=deal.pk).annotate(counted_type=TYPE).values_list("counted_type", flat=True)
    alike = Deal.objects.filter(stage=DealStage.WON, lines__product__in=products).exclude(pk=deal.pk)
    alike = alike.filter(kind=DealKind.HOLDING) if deal.is_holding else alike.exclude(kind=DealKind.HOLDING)
    alike = alike.annotate(counted_type=TYPE)
    own = kind.get()
    alike = alike.filter(counted_type=own) if own else alike.filter(counted_type=None)
    return list(alike.select_related("company").distinct().order_by("-closed_at", "-pk")[:MOST])


def _measured(deals: Sequence[Deal]) -> dict[str, list[int]]:
    """Approvals and procedures of these clients that were measured while their deal was open."""
    found: dict[str, list[int]] = defaultdict(list)
    spans = [(deal.company_id, deal.opened_on, local_date(deal.closed_at)) for deal in deals]
    rows = LeadTime.objects.filter(company__in={one for one, _opened, _closed in spans}).order_by("pk")
    for company_id, kind, finished_on, days in rows.values_list(
        "company", "kind", "finished_on", "working_days"
    ):
        if any(
            one == company_id and closed and opened <= finished_on <= closed for one, opened, closed in spans
        ):
            found[kind].append(days)
    return found


def _stages(deals: Sequence[Deal], calendar: WorkCalendar) -> list[Span]:
    """Working days in each stage that was left, from the history of the deals."""
    moves = AuditEvent.objects.filter(
        object_type="deals.deal", object_id__in=[deal.pk for deal in deals], changes__has_key="stage"
    ).order_by("at", "pk")  # fmt: skip
    of_deal: dict[int, list[tuple[datetime, Any]]] = defaultdict(list)
    for deal_id, at, changes in moves.values_list("object_id", "at", "changes"):
        of_deal[deal_id].append((at, changes["stage"]))
    days: dict[str, list[int]] = defaultdict(list)
    for deal in deals:
        since: date = deal.opened_on
        for at, (old, _new) in of_deal[deal.pk]:
            left = local_date(at) or since
            if old:
                days[old].append(max(calendar.between(since, left), 0))
            since = left
    return [span for stage in DealStage if (span := _span(stage.label, days[stage]))]


def _phases(deal_ids: Sequence[int], calendar: WorkCalendar) -> dict[str, Span]:
    """Working days that done tasks of their plans took, by phase."""
    done = PlanTask.objects.filter(
        plan__deal__in=deal_ids, task__state__in=[TaskState.DONE, TaskState.ACCEPTED], task__done_at__isnull=False
    ).order_by("pk")  # fmt: skip
    days: dict[str, list[int]] = defaultdict(list)
    for phase, starts_on, done_at in done.values_list("phase", "starts_on", "task__done_at"):
        ended = local_date(done_at) or starts_on
        days[phase].append(max(calendar.between(starts_on, ended) + 1, 1))
    labels = {phase: _("tasks: %s") % phase.label for phase in Phase}
    return {phase.value: span for phase in Phase if (span := _span(labels[phase], days[phase]))}


def _span(label: str | Promise, days: Iterable[int]) -> Span | None:
    taken = sorted(days)
    return Span(label, taken) if taken else None
