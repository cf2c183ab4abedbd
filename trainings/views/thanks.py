"""«Спасибо»: the feed of the team, the slot of a deal, the slot of «Мой день» (R94)."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.forms import FormPage
from deals.models import Deal
from trainings.enums import SessionState
from trainings.forms.experience import DealThanksForm
from trainings.models import ExchangeSession, KnowledgeNote, Thanks
from trainings.services.thanks import take_thanks_back, thank_for_deal
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action

NEW = timedelta(days=7)  # so long thanks are news, and so near an exchange is
SHOWN = 5


@require_GET
def thanks_list(request: PageRequest) -> HttpResponse:
    """What the team has thanked each other for; a deal is named only to who may open it."""
    require(request.user, Action.WRITE_NOTE)
    seen = Thanks.objects.visible_to(request.user).select_related("from_user", "to_user", "note", "deal")
    page = paginate(seen, request.GET, order=("-pk",))
    deals = Deal.objects.visible_to(request.user).filter(pk__in=[each.deal_id for each in page.rows])
    notes = KnowledgeNote.objects.visible_to(request.user).filter(pk__in=[each.note_id for each in page.rows])
    context = {
        "page": page, "deals": set(deals.values_list("pk", flat=True)), "notes": set(notes.values_list("pk", flat=True)),
    }  # fmt: skip
    return render(request, "trainings/thanks_list.html", context)


@require_GET
def deal_thanks(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot on a deal."""
    deal = _the_deal(request, public_id)
    thanks = Thanks.objects.filter(deal=deal).select_related("from_user", "to_user")
    return render(request, "trainings/_deal_thanks.html", {"deal": deal, "thanks": thanks[:SHOWN]})


@require_http_methods(["GET", "POST"])
def thank_deal(request: PageRequest, public_id: Any) -> HttpResponse:
    """To somebody of the working group."""
    deal = _the_deal(request, public_id)
    form = DealThanksForm(request.POST or None, deal=deal, by=request.user)
    return FormPage(
        title=_("Say thanks"), form=form, submit=_("Say thanks"), done=_("The team sees your thanks."),
        back=deal.get_absolute_url(), event="thanks:changed",
        save=lambda f: thank_for_deal(deal, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_POST
def take_back(request: PageRequest, public_id: Any) -> HttpResponse:
    """Within ten minutes, by who said it."""
    thanks = get_object_or_404(Thanks.objects.visible_to(request.user), public_id=public_id)
    back = thanks.deal.get_absolute_url() if thanks.deal else thanks.note.get_absolute_url()  # type: ignore[union-attr]
    take_thanks_back(thanks, by=request.user)
    return done(request, _("Taken back."), back=back, event="thanks:changed")


@require_GET
def my_experience(request: PageRequest) -> HttpResponse:
    """The slot of «Мой день»: thanks of this week and the exchange that comes; nothing when there is nothing new."""
    since = clock.now() - NEW
    thanks = Thanks.objects.filter(to_user=request.user, created_at__gte=since).select_related(
        "from_user", "note", "deal"
    )
    session = ExchangeSession.objects.visible_to(request.user).filter(
        state=SessionState.PLANNED, starts_at__gte=clock.now() - timedelta(hours=12), starts_at__lte=clock.now() + NEW
    ).order_by("starts_at", "pk").first()  # fmt: skip
    return render(request, "trainings/_my_experience.html", {"thanks": thanks[:SHOWN], "session": session})


def _the_deal(request: PageRequest, public_id: Any) -> Deal:
    return get_object_or_404(Deal.objects.visible_to(request.user), public_id=public_id)
