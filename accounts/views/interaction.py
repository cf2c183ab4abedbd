"""One communication after it was saved: look, take back, correct; its files, promises and objections."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import ObjectionState
from accounts.forms.base import DATE, RecordForm
from accounts.forms.outcome import MOMENT
from accounts.models import Agreement, Attachment, Interaction, Objection
from accounts.services.interactions import (
    can_retract,
    check_may_correct,
)
from accounts.services.interactions import (
    correct_interaction as correct,
)
from accounts.services.interactions import (
    retract_interaction as retract,
)
from accounts.services.promises import check_may_log
from accounts.services.promises import handle_objection as handle
from accounts.services.promises import keep_agreement as keep
from accounts.views.downloads import as_download
from accounts.views.forms import FormPage
from upsell_crm.core.htmx import done, undone
from upsell_crm.core.http import PageRequest


class CorrectionForm(RecordForm):
    """What may be corrected in a record."""

    class Meta:
        model = Interaction
        fields = [
            "kind", "starts_at", "summary", "next_step", "next_step_on", "no_next_step_because", "purpose", "result",
        ]  # fmt: skip
        widgets = {"starts_at": MOMENT, "next_step_on": DATE, "summary": forms.Textarea(attrs={"rows": 6})}


class ObjectionForm(RecordForm):
    """How an objection ended."""

    class Meta:
        model = Objection
        fields = ["state", "handled_how"]


@require_GET
def interaction_detail(request: PageRequest, public_id: str) -> HttpResponse:
    """The record with what it changed, and «Отменить» while it may be taken back."""
    interaction = _find(request, public_id)
    context = {
        "interaction": interaction, "can_retract": can_retract(request.user, interaction),
        "asked": interaction.waits.select_related("feature", "company"), "shown": interaction.presented_waits.select_related("feature", "company"),
    }  # fmt: skip
    return render(request, "accounts/interaction_detail.html", context)


@require_POST
def retract_interaction(request: PageRequest, public_id: str) -> HttpResponse:
    """The undo of the toast and of the page."""
    interaction = _find(request, public_id)
    retract(by=request.user, interaction=interaction)
    return undone(
        request, _("Taken back."), back=interaction.company.get_absolute_url(), event="interaction:saved"
    )


@require_http_methods(["GET", "POST"])
def correct_interaction(request: PageRequest, public_id: str) -> HttpResponse:
    """Correct the words or the time; somebody else's newer text is shown beside one's own."""
    interaction = _find(request, public_id)
    check_may_correct(request.user, interaction)
    form = CorrectionForm(request.POST or None, instance=interaction)
    return FormPage(
        title=_("Correct the record"), form=form, company=interaction.company,
        save=lambda valid: correct(
            by=request.user, interaction=interaction, values=valid.values(), version=valid.seen_version
        ),
        done=_("Corrected."), back=interaction.company.get_absolute_url(), event="interaction:saved",
        record=interaction,
    ).answer(request)  # fmt: skip


@require_GET
def attachment(request: PageRequest, public_id: str) -> HttpResponse:
    """A file, always as a download, never shown inside our pages (faults E7, E8)."""
    file = get_object_or_404(Attachment.objects.visible_to(request.user), public_id=public_id)
    return as_download(file.file, file.name)


@require_POST
def keep_agreement(request: PageRequest, pk: int) -> HttpResponse:
    """The promise is kept."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)
    keep(by=request.user, agreement=agreement)
    return done(
        request,
        _("Kept: %s") % agreement.text,
        back=agreement.company.get_absolute_url(),
        event="interaction:saved",
    )


@require_http_methods(["GET", "POST"])
def handle_objection(request: PageRequest, public_id: str) -> HttpResponse:
    """How the objection was answered, or that it stands."""
    objection = get_object_or_404(Objection.objects.visible_to(request.user), public_id=public_id)
    check_may_log(request.user, objection.company)
    initial = {"state": ObjectionState.HANDLED}
    return FormPage(
        title=_("Objection: %s") % objection.get_category_display(), company=objection.company,
        form=ObjectionForm(request.POST or None, instance=objection, initial=initial), hint=objection.text,
        save=lambda valid: handle(
            by=request.user, objection=objection, state=valid.values()["state"],
            how=valid.values()["handled_how"], version=valid.seen_version,
        ),
        done=_("The objection is updated."), back=objection.company.get_absolute_url(), event="interaction:saved",
        record=objection,
    ).answer(request)  # fmt: skip


def _find(request: PageRequest, public_id: str) -> Interaction:
    known = Interaction.objects.visible_to(request.user).standing().for_timeline()
    return get_object_or_404(known, public_id=public_id)
