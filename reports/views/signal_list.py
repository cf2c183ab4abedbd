"""«Поводы»: whom to call and why now, the strongest client first; the lane of «Мой день» and the block of the card."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Company
from reports.models import RankRow, Signal
from reports.queries import latest_run, ranked_for
from reports.services.signal_export import export_signals
from reports.signal_filters import SignalFilter
from reports.signal_groups import signal_groups
from reports.signals.table import RULES
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action, Role

ORDER = (
    "listed",
    "-score",
    "act_by",
    "-delta",
    "company_id",
)  # the index `rank_order`; unranked clients stand last
LANE = 7  # clients of the lane before «ещё»
IN_LANE = 2  # signals of one client in it


@require_GET
def signal_list(request: PageRequest) -> HttpResponse:
    """The page, or only what its filters change; a KAM who asks for nothing is led to his own clients."""
    require(request.user, Action.SEE_RANKING)
    if not request.GET and request.user.has_role(Role.KAM):
        return redirect(f"{reverse('reports:signal_list')}?{urlencode({'kam': request.user.username})}")
    chosen = _chosen(request)
    page = paginate(chosen.qs, request.GET, order=ORDER, filled=("delta",))
    context: dict[str, Any] = {
        "filter": chosen, "page": page, "groups": signal_groups(page.rows, chosen.signals, request.user),
        "has_run": bool(page.rows) or latest_run() is not None,
        "may_export": bool(request.user.scopes(Action.EXPORT)),
    }  # fmt: skip
    template = "reports/_signal_page.html" if request.htmx else "reports/signal_list.html"
    return render(request, template, context)


@require_GET
def signal_counts(request: PageRequest) -> HttpResponse:
    """How many signals each rule has, over the whole filter but the rule itself; asked for after the list."""
    require(request.user, Action.SEE_RANKING)
    chosen = _chosen(request)
    clients = chosen.clients.select_related(None).order_by().values("company")
    counted = chosen.state.filter(company__in=clients)
    numbers = dict(counted.order_by().values_list("rule").annotate(n=Count("pk")))
    rules = [(rule.code, numbers[rule.code.value]) for rule in RULES if rule.code.value in numbers]
    context = {"rules": rules, "rule": chosen.in_use.get("rule", ""), "total": sum(numbers.values())}
    return render(request, "reports/_signal_counts.html", context)


@require_GET
def my_signals(request: PageRequest) -> HttpResponse:
    """«Есть новость» of «Мой день»: own clients, seven of them, the strongest first."""
    signals = Signal.objects.to_act_on(clock.today())
    mine = Company.objects.filter(owner_kam=request.user).order_by().values("pk")
    own = ranked_for(request.user).filter(
        Exists(signals.filter(company=OuterRef("company"))), company__in=mine
    )
    rows = list(own.order_by("listed", "-score", "company_id")[: LANE + 1])
    groups = signal_groups(rows[:LANE], signals, request.user)
    context = {
        "groups": groups,
        "in_lane": f":{IN_LANE}",
        "beyond": f"{IN_LANE}:",
        "has_more": len(rows) > LANE,
    }
    return render(request, "reports/_my_signals.html", context)


@require_GET
def company_signals(request: PageRequest, public_id: Any) -> HttpResponse:
    """The block «Сигналы» of the client's card, with what is put aside."""
    company = get_object_or_404(Company.objects.visible_to(request.user), public_id=public_id)
    row = ranked_for(request.user).filter(company=company).first()
    signals = Signal.objects.open()
    groups = signal_groups([row or RankRow(company=company)], signals.visible_to(request.user), request.user)
    return render(request, "reports/_company_signals.html", {"company": company, "group": groups[0]})


@require_POST
def export_signal_list(request: PageRequest) -> StreamingHttpResponse:
    """The signals of the page's filter that this person may take; each file is logged."""
    lines = export_signals(by=request.user, query=request.POST.get("query", "")[:2000])
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="povody-{clock.today()}.csv"'
    return response


def _chosen(request: PageRequest) -> SignalFilter:
    return SignalFilter(request.GET, ranked_for(request.user), by=request.user)
