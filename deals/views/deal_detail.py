"""The page of a deal: where it stands, what comes next, who works on it, what was said (R65, R77, R82, R87)."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import may as may_on_company
from accounts.history_lines import history_line
from deals.access import rights_on_deal
from deals.checklists import lines_of
from deals.deal_machine import steps_open_to
from deals.deal_page import blockers, strip, tasks_of, timeline_of, with_counts
from deals.deal_words import words_of
from deals.enums import ROAD, DealKind, DealStage
from deals.models import Deal, DealRenewal
from deals.services.checks import save_checks
from deals.views.team import the_deal
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

TALKS, CHANGES, TASKS = 10, 15, 20


@require_GET
def deal_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """Everything on one page; the parts of other subjects come by htmx."""
    today = clock.today()
    deals = with_counts(Deal.objects.visible_to(request.user), today).select_related(
        "company__procurement__default_type", "company__head", "team__lead", "responsible_kam", "lead_communicator",
        "procurement_type", "loss_proposed_by", "lead_at_close",
    ).prefetch_related(Prefetch("renewals", DealRenewal.objects.select_related("contract__procurement_type")))  # fmt: skip
    deal = get_object_or_404(deals, public_id=public_id)
    rights = rights_on_deal(request.user, deal)
    steps = {str(move.target) for move in steps_open_to(request.user, deal, rights)}
    context = {
        "deal": deal, "company": deal.company, "rights": rights, "steps": steps,
        "strip": strip(deal, steps), "next_stop": _next_stop(deal, steps),
        "blockers": blockers(deal, today), "words": words_of([deal])[deal.pk], "is_holding": deal.kind == DealKind.HOLDING,
        "lines": list(deal.lines.select_related("product", "end_user_company")),
        "renewed": deal.renewals.all(), "made": list(deal.made_contracts.select_related("contract")),
        "checks": lines_of(deal, [deal.stage]) if deal.stage in ROAD else [],
        "tasks": list(tasks_of(deal)[:TASKS]),
        "may_see_money": rights[Action.SEE_MONEY], "is_print": "print" in request.GET,
    }  # fmt: skip
    return render(request, "deals/deal_detail.html", context)


@require_GET
def deal_talks(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot with the communications of the deal, the newest first."""
    deal = the_deal(request, public_id)
    page = paginate(timeline_of(deal), request.GET, order=("-starts_at", "-pk"), size=TALKS)
    return render(request, "deals/_deal_talks.html", {"deal": deal, "page": page})


@require_GET
def deal_history(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot with the changes of the deal as sentences (R15)."""
    deal = the_deal(request, public_id)
    events = AuditEvent.objects.filter(object_type="deals.deal", object_id=deal.pk).order_by("-id")[:CHANGES]
    may_see_money = may_on_company(request.user, Action.SEE_MONEY, deal.company)
    lines = [history_line(event, may_see_money=may_see_money) for event in events]
    return render(request, "deals/_deal_history.html", {"deal": deal, "lines": lines})


@require_POST
def check_stage(request: PageRequest, public_id: Any) -> HttpResponse:
    """Ticks of the present stage, kept at once."""
    deal = the_deal(request, public_id)
    save_checks(deal, by=request.user, ticked=request.POST.getlist("checks"))
    context = {
        "deal": deal,
        "checks": lines_of(deal, [deal.stage]),
        "rights": {Action.MOVE_DEAL.value: True},
    }
    return render(request, "deals/_deal_checks.html", context)


def _next_stop(deal: Deal, steps: set[str]) -> DealStage | None:
    """The nearest stage ahead that this person may move the deal to."""
    if deal.stage not in ROAD:
        return None
    ahead = ROAD[ROAD.index(DealStage(deal.stage)) + 1 :]
    return next((stage for stage in ahead if stage in steps), None)
