"""«Пересчитать сейчас»."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upsell_crm.core.access import require
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.jobs import request_run
from upsell_crm.core.roles import Action


@require_POST
def ranking_rerun(request: PageRequest) -> HttpResponse:
    """Start the ranking job; its page shows the progress."""
    require(request.user, Action.RUN_RANKING)
    request_run(code="ranking", by=request.user)
    return done(request, _("The ranking is being calculated."), back=reverse("core:job_list"))
