"""Unknown people of a training: one click makes a contact, or says who of the client it is (R36)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Contact
from accounts.views.forms import FormPage
from trainings.services.candidates import confirm_trainee, confirm_trainees, link_trainee, unlink_trainee
from trainings.services.trainings import check_may_record
from trainings.training_forms import LinkForm
from trainings.views.training_detail import CHANGED, the_trainee, the_training
from upsell_crm.core.htmx import done, undone
from upsell_crm.core.http import PageRequest


@require_POST
def confirm(request: PageRequest, public_id: Any) -> HttpResponse:
    """A new contact of the client with the role «user»."""
    trainee = the_trainee(request, public_id)
    contact = confirm_trainee(trainee, by=request.user)
    return done(
        request, _("%s is a contact now.") % contact, back=trainee.training.get_absolute_url(), event=CHANGED
    )


@require_POST
def confirm_all(request: PageRequest, public_id: Any) -> HttpResponse:
    """All unknown people of the training at once."""
    training = the_training(request, public_id)
    check_may_record(request.user, training)
    contacts = confirm_trainees(training, list(training.trainees.candidates()), by=request.user)
    text = ngettext("%(n)d new contact.", "%(n)d new contacts.", len(contacts)) % {"n": len(contacts)}
    return done(request, text, back=training.get_absolute_url(), event=CHANGED)


@require_http_methods(["GET", "POST"])
def link(request: PageRequest, public_id: Any) -> HttpResponse:
    """Who he is: a proposed contact by one click (`contact`), or chosen from all people of the client."""
    trainee = the_trainee(request, public_id)
    training = trainee.training
    check_may_record(request.user, training)
    undo = reverse("trainings:unlink_trainee", args=[trainee.public_id])
    if "quick" in request.POST:
        people = Contact.objects.filter(company=training.company)
        contact = get_object_or_404(people, public_id=request.POST.get("contact"))
        link_trainee(trainee, contact, by=request.user)
        return done(
            request, _("It is %s.") % contact, back=training.get_absolute_url(), event=CHANGED, undo=undo
        )
    form = LinkForm(request.POST or None, training=training)
    return FormPage(
        title=_("Who is %s?") % trainee, form=form, company=training.company, done=_("Linked."), event=CHANGED, undo=undo,
        back=training.get_absolute_url(), submit=_("Link"),
        save=lambda f: link_trainee(trainee, f.cleaned_data["contact"], by=request.user),
    ).answer(request)  # fmt: skip


@require_POST
def unlink(request: PageRequest, public_id: Any) -> HttpResponse:
    """The link was wrong: «Отменить» of the toast."""
    trainee = the_trainee(request, public_id)
    unlink_trainee(trainee, by=request.user)
    return undone(request, _("Undone."), back=trainee.training.get_absolute_url(), event=CHANGED)
