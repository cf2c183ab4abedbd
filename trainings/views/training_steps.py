"""Panels over a training: the plan, changes, who came, why not, back to the plan (§2.9)."""

from datetime import datetime, time
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.calendar import load_calendar
from accounts.models import Company, Contact, LicenceLine
from accounts.views.company_edit import the_company
from accounts.views.forms import FormPage, draft_initial
from trainings.enums import TrainingState
from trainings.models import Training
from trainings.people import csms, tutors
from trainings.services.trainings import (
    check_may_plan,
    end_training,
    hold_training,
    plan_training,
    replan_training,
    update_training,
)
from trainings.training_forms import EndForm, HoldForm, TrainingForm
from trainings.training_machine import MACHINE
from trainings.views.training_detail import CHANGED, the_training
from upsell_crm.core import clock
from upsell_crm.core.htmx import done, is_fetched
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

ENDS = (TrainingState.CANCELLED, TrainingState.NO_SHOW)


@require_http_methods(["GET", "POST"])
def plan(request: PageRequest, public_id: Any) -> HttpResponse:
    """A new training with this client, filled in as far as it can be guessed."""
    company = the_company(request, public_id, Action.PLAN_TRAINING)
    key = f"plan_training:{company.public_id}"
    training = Training(company=company)
    initial = {**_guess(request, training), **draft_initial(request, key)}
    form = TrainingForm(request.POST or None, instance=training, by=request.user, initial=initial)
    return FormPage(
        title=_("New training"), form=form, company=company, draft=key, done=_("The training is planned."),
        submit=_("Plan"), back=reverse("trainings:company_trainings", args=[company.public_id]), event=CHANGED,
        save=lambda f: plan_training(
            by=request.user, company=company, invited=list(f.cleaned_data["invited"]), **f.values()
        ),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def edit(request: PageRequest, public_id: Any) -> HttpResponse:
    """Another day, tutor or topic; who is invited as long as it is planned."""
    training = the_training(request, public_id)
    check_may_plan(request.user, training)
    key = f"edit_training:{training.public_id}"
    invited = list(
        Contact.objects.filter(trainings__training=training)
        .order_by("pk")
        .values_list("public_id", flat=True)
    )
    initial = {"invited": [str(one) for one in invited], **draft_initial(request, key)}
    form = TrainingForm(request.POST or None, instance=training, by=request.user, initial=initial)
    return FormPage(
        title=_("Change the training"), form=form, company=training.company, draft=key, done=_("Saved."), event=CHANGED,
        back=training.get_absolute_url(), record=training,
        save=lambda f: update_training(
            training, f.values(), by=request.user, version=f.seen_version,
            invited=list(f.cleaned_data["invited"]) if "invited" in f.fields else None,
        ),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def hold(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Состоялось»: who came, all ticked."""
    training = the_training(request, public_id)
    MACHINE.move_to(training, TrainingState.HELD, by=request.user)
    everybody = [str(one) for one in training.trainees.values_list("public_id", flat=True)]
    form = HoldForm(
        request.POST or None, training=training, initial={"version": training.version, "came": everybody}
    )
    return FormPage(
        title=_("The training was held"), form=form, company=training.company, submit=_("It was held"), event=CHANGED,
        done=_("The training is held. Enter the results when they are there."), back=training.get_absolute_url(),
        undo=reverse("trainings:replan_training", args=[training.public_id]),
        save=lambda f: hold_training(
            training, came=list(f.cleaned_data["came"]), by=request.user, version=f.cleaned_data["version"]
        ),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def end(request: PageRequest, public_id: Any, to: str) -> HttpResponse:
    """It was cancelled, or nobody came."""
    if to not in ENDS:
        raise Http404
    training = the_training(request, public_id)
    MACHINE.move_to(training, to, by=request.user)
    key = f"end_training:{training.public_id}:{to}"
    form = EndForm(request.POST or None, initial={"version": training.version, **draft_initial(request, key)})
    title = _("Cancel the training") if to == TrainingState.CANCELLED else _("Nobody came")
    return FormPage(
        title=title, form=form, company=training.company, submit=title, danger=True, draft=key, event=CHANGED,
        done=_("The training is cancelled.") if to == TrainingState.CANCELLED else _("Noted: nobody came."),
        back=training.get_absolute_url(), undo=reverse("trainings:replan_training", args=[training.public_id]),
        save=lambda f: end_training(
            training, to=to, reason=f.cleaned_data["reason"], by=request.user, version=f.cleaned_data["version"]
        ),
    ).answer(request)  # fmt: skip


@require_POST
def replan(request: PageRequest, public_id: Any) -> HttpResponse:
    """Back to the plan: «Отменить» of a toast, or a button."""
    training = the_training(request, public_id)
    replan_training(training, by=request.user)
    if is_fetched(request):
        return HttpResponse(status=204)
    if request.htmx:
        return done(
            request, _("The training is planned again."), back=training.get_absolute_url(), event=CHANGED
        )
    return redirect(training.get_absolute_url())


def _guess(request: PageRequest, training: Training) -> dict[str, Any]:
    """The product with the most seats, oneself as tutor, the client's own CSM, a week from now at eleven."""
    company, today = training.company, clock.today()
    day = load_calendar().add(today, 5)
    own_csm = csms().filter(account_memberships__company=company, account_memberships__until_on=None).first()
    guess: dict[str, Any] = {
        "starts_at": timezone.make_aware(datetime.combine(day, time(11))), "csm": own_csm and own_csm.pk,
        "version": training.version, "product": _most_owned(company),
    }  # fmt: skip
    if tutors().filter(pk=request.user.pk).exists():
        guess["tutor"] = request.user.pk
    return guess


def _most_owned(company: Company) -> int | None:
    """The product of which the client has the most seats."""
    lines = LicenceLine.objects.counted_on(clock.today()).filter(contract__company=company)
    return lines.order_by("-seats", "pk").values_list("product_id", flat=True).first()
