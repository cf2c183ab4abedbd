"""Pages of handovers: the list, one handover, the slots on a client and a deal, the lead's line."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.models import Company
from deals.handover_page import page_of
from deals.handover_queries import SHOWS, handovers_shown, handovers_to
from deals.leaving import companies_without_kam, deals_without_kam
from deals.models import Deal, Handover
from deals.views.handover_start import may_start
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

TABS = {"to_me": _("To me"), "from_me": _("From me"), "team": _("All open"), "done": _("Finished")}
LANE = 7  # rows of the slot before «all handovers»
assert tuple(TABS) == SHOWS


@require_GET
def handover_list(request: PageRequest) -> HttpResponse:
    """What comes to me first; the counts of accepted lines come with the rows."""
    require(request.user, Action.SEE_DEAL)
    asked = request.GET.get("show", "")
    tab = asked if asked in TABS else ("to_me" if request.user.scopes(Action.TAKE_OVER) else "team")
    rows = handovers_shown(request.user, tab).annotate(
        total=Count("items"), accepted=Count("items", filter=Q(items__accepted_at__isnull=False))
    )
    context = {"page": paginate(rows, request.GET, order=["-id"]), "tab": tab, "tabs": TABS}
    context["leads"] = bool(request.user.scopes(Action.ASSIGN_KAM))
    return render(request, "deals/handover_list.html", context)


@require_GET
def my_handovers(request: PageRequest) -> HttpResponse:
    """The slot of «Мой день»: what is being handed over to me."""
    return render(request, "deals/_my_handovers.html", {"handovers": handovers_to(request.user)[:LANE]})


@require_GET
def handover_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """One handover: strip, introduction, checklist, dossier, what will move."""
    handover = the_handover(request, public_id)
    return render(request, "deals/handover_detail.html", page_of(handover, request.user))


def the_handover(request: PageRequest, public_id: Any) -> Handover:
    """A handover that this person may see, else 404."""
    seen = Handover.objects.visible_to(request.user).select_related(
        "company__owner_kam", "deal__responsible_kam", "from_user", "to_user", "introduction"
    )
    return get_object_or_404(seen, public_id=public_id)


@require_GET
def handover_summary(request: PageRequest) -> HttpResponse:
    """The lead's line on his priorities: what nobody answers for, what is being handed over."""
    require(request.user, Action.ASSIGN_KAM)
    context = {
        "companies": companies_without_kam(request.user).count(),
        "deals": deals_without_kam(request.user).count(),
        "handovers": handovers_shown(request.user, "team").count(),
    }
    return render(request, "deals/_handover_summary.html", context)


@require_GET
def company_handover(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot on the client's card: the handover that runs, or the button that starts one."""
    company = get_object_or_404(
        Company.objects.visible_to(request.user).select_related("owner_kam"), public_id=public_id
    )
    return _slot(request, company, None)


@require_GET
def deal_handover(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot on the deal: its own handover, else the client's, else the button."""
    deals = Deal.objects.visible_to(request.user).select_related("company__owner_kam", "responsible_kam")
    deal = get_object_or_404(deals, public_id=public_id)
    return _slot(request, deal.company, deal)


def _slot(request: PageRequest, company: Company, deal: Deal | None) -> HttpResponse:
    which = Q(deal=None) | Q(deal=deal) if deal else Q(deal=None)
    running = Handover.objects.visible_to(request.user).open().filter(which, company=company)
    handover = running.select_related("from_user", "to_user").order_by("-deal_id", "pk").first()
    context = {
        "company": company, "deal": deal, "handover": handover,
        "may_start": handover is None and may_start(request.user, company, deal),
    }  # fmt: skip
    return render(request, "deals/_handover_slot.html", context)
