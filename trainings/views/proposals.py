"""To whom a training should be offered, and the offer itself: a task of the KAM (§6.6)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Product
from accounts.views.company_edit import the_company
from accounts.views.forms import FormPage, draft_initial
from trainings.low_index import index_of, low_index_clients
from trainings.services.proposals import propose_training
from trainings.training_forms import ProposeForm
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

CHANGED = "proposal:changed"


@require_GET
def low_index(request: PageRequest) -> HttpResponse:
    """The slot under the calendar: clients with an index below 40."""
    require(request.user, Action.PLAN_TRAINING)
    clients = low_index_clients(request.user, clock.today())
    return render(request, "trainings/_low_index.html", {"clients": clients})


@require_http_methods(["GET", "POST"])
def propose(request: PageRequest, public_id: Any, code: str) -> HttpResponse:
    """The KAM of the client gets a task."""
    company = the_company(request, public_id, Action.PLAN_TRAINING)
    product = get_object_or_404(Product, code=code)
    key = f"propose_training:{company.public_id}:{code}"
    form = ProposeForm(request.POST or None, initial=draft_initial(request, key))
    return FormPage(
        title=_("Offer a training on %s") % product, form=form, company=company, submit=_("Set the task"), draft=key,
        done=_("The KAM has a task."), back=company.get_absolute_url(), event=CHANGED,
        hint=_("The responsible KAM gets a task due in three working days: agree a date with the client."),
        save=lambda f: propose_training(
            by=request.user, company=company, product=product, comment=f.cleaned_data["comment"],
            index=index_of(company, product, clock.today()),
        ),
    ).answer(request)  # fmt: skip
