"""«Отложить»: a reason to call is put aside with a cause and a date; one click takes it back."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.calendar import load_calendar
from accounts.forms.base import DATE
from accounts.views.forms import FormPage, draft_initial
from reports.models import Signal
from reports.services.signal_snooze import LONGEST, check_may_snooze, snooze_signal, wake_signal
from reports.signal_groups import voice_for
from reports.signals.table import BY_CODE
from upsell_crm.core import clock
from upsell_crm.core.htmx import undone
from upsell_crm.core.http import PageRequest

CHANGED = "signal:changed"
USUAL = 14  # days


class SnoozeForm(forms.Form):
    """Until when and why; `seen` is the snooze that stood there when the form was opened."""

    until = forms.DateField(label=gettext_lazy("put aside until"), widget=DATE)
    reason = forms.CharField(
        label=gettext_lazy("why not now"), max_length=300, widget=forms.TextInput(attrs={"autofocus": True})
    )
    seen = forms.DateField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def snooze(request: PageRequest, public_id: Any) -> HttpResponse:
    """The form; the toast offers to take the snooze back."""
    signal = _signal(request, public_id)
    check_may_snooze(request.user, signal)
    key, today = f"snooze_signal:{signal.public_id}", clock.today()
    usual = {"until": load_calendar().add(today + timedelta(USUAL), 0), "seen": signal.snoozed_until}
    form = SnoozeForm(request.POST or None, initial={**usual, **draft_initial(request, key)})
    form.fields["until"].widget.attrs |= {
        "min": (today + timedelta(1)).isoformat(), "max": (today + LONGEST).isoformat(),
    }  # fmt: skip
    words = BY_CODE[signal.rule].words(signal.evidence, voice_for([signal], request.user))
    return FormPage(
        title=_("Put aside: %s") % signal.company, form=form, company=signal.company, submit=_("Put aside"),
        done=_("Put aside. It comes back on the day, or earlier when the facts grow worse."), hint=words, draft=key,
        back=reverse("reports:signal_list"), event=CHANGED, undo=reverse("reports:wake_signal", args=[public_id]),
        save=lambda valid: snooze_signal(
            signal, until=valid.cleaned_data["until"], reason=valid.cleaned_data["reason"], by=request.user,
            seen_until=valid.cleaned_data["seen"],
        ),
    ).answer(request)  # fmt: skip


@require_POST
def wake(request: PageRequest, public_id: Any) -> HttpResponse:
    """Take the snooze back: the undo of the toast, and the button of a signal that is put aside."""
    wake_signal(_signal(request, public_id), by=request.user)
    return undone(
        request, _("The reason is back in the list."), back=reverse("reports:signal_list"), event=CHANGED
    )


def _signal(request: PageRequest, public_id: Any) -> Signal:
    visible = Signal.objects.visible_to(request.user).select_related("company")
    return get_object_or_404(visible, public_id=public_id)
