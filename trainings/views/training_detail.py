"""The page of a training: people, index and levels, candidates, quotes, history (R35, R36)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import may as may_on_company
from accounts.history_lines import history_line
from trainings.effect import EFFECT_DAYS, levels_by
from trainings.models import Trainee, Training
from trainings.queries import read_held, with_counts
from trainings.similar import similar_people
from trainings.training_machine import MACHINE, may
from trainings.views.training_list import index_of
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.roles import Action

CHANGED = "training:changed"
CHANGES = 15


def the_training(request: PageRequest, public_id: Any) -> Training:
    """A training that this person may open; 404 otherwise."""
    seen = Training.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("company__owner_kam", "product", "tutor", "csm"), public_id=public_id
    )


def the_trainee(request: PageRequest, public_id: Any) -> Trainee:
    """Somebody on the list of a training that this person may open; 404 otherwise."""
    people = Trainee.objects.of_people(request.user)
    return get_object_or_404(people.select_related("training__company", "contact"), public_id=public_id)


@require_GET
def training_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """Everything of one training on one page."""
    seen = with_counts(Training.objects.visible_to(request.user))
    training = get_object_or_404(
        seen.select_related("company__owner_kam", "product", "tutor", "csm", "deal"), public_id=public_id
    )
    people = list(training.trainees.select_related("contact"))
    candidates = [trainee for trainee in people if trainee.contact_id is None]
    may_record = may(request.user, Action.RECORD_TRAINING, training)
    context = {
        "training": training, "company": training.company, "people": people, "index": index_of(training),
        "candidates": similar_people(training.company_id, candidates) if may_record else [],
        "quotes": [one for one in people if one.can_quote and one.comment],
        "steps": {str(move.target) for move in MACHINE.open_to(request.user, training)},
        "may_plan": may(request.user, Action.PLAN_TRAINING, training), "may_record": may_record,
        "has_begun": training.starts_at <= clock.now(), "effect_days": EFFECT_DAYS,
        "may_see_money": may_on_company(request.user, Action.SEE_MONEY, training.company),
    }  # fmt: skip
    if training.took_place:
        held = list(read_held(Training.objects.filter(pk=training.pk)))
        context["levels"] = levels_by(held, lambda one: one.pk)[training.pk]
    return render(request, "trainings/training_detail.html", context)


@require_GET
def training_history(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot with the changes of the training as sentences (R15)."""
    training = the_training(request, public_id)
    events = AuditEvent.objects.filter(object_type="trainings.training", object_id=training.pk).order_by(
        "-id"
    )
    lines = [history_line(event, may_see_money=False) for event in events[:CHANGES]]
    return render(request, "trainings/_training_history.html", {"lines": lines})
