"""«Ключевые встречи»: the lead sees what is planned with key clients and joins by one click (R78)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.key_meetings import key_meetings as read_key_meetings
from accounts.models import Interaction
from accounts.services.attendance import join_meeting, leave_meeting
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.htmx import done, undone
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

CHANGED = "meeting:changed"


@require_GET
def key_meetings(request: PageRequest) -> HttpResponse:
    """The block of the lead's page."""
    require(request.user, Action.ASK_KAM)
    context = {"meetings": read_key_meetings(request.user, clock.now())}
    return render(request, "accounts/_key_meetings.html", context)


@require_POST
def join(request: PageRequest, public_id: str) -> HttpResponse:
    """«Присоединиться»; the toast takes it back."""
    meeting = _find(request, public_id)
    join_meeting(by=request.user, interaction=meeting)
    undo = reverse("accounts:leave_meeting", args=[meeting.public_id])
    back = meeting.company.get_absolute_url()
    return done(request, _("You are among the people of the meeting."), back=back, event=CHANGED, undo=undo)


@require_POST
def leave(request: PageRequest, public_id: str) -> HttpResponse:
    """«Не приду», and the undo of the toast."""
    meeting = _find(request, public_id)
    leave_meeting(by=request.user, interaction=meeting)
    return undone(
        request, _("The meeting goes without you."), back=meeting.company.get_absolute_url(), event=CHANGED
    )


def _find(request: PageRequest, public_id: str) -> Interaction:
    meetings = Interaction.objects.visible_to(request.user).standing().select_related("company")
    return get_object_or_404(meetings, public_id=public_id)
