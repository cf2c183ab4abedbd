"""Results of a training: the whole list of people in one save (R35)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Contact
from trainings.enums import TrainingState
from trainings.models import Trainee, Training
from trainings.results_rows import ResultRow
from trainings.services.training_members import refresh_training_members
from trainings.services.trainings import check_may_record
from trainings.training_machine import MACHINE, StepFacts, somebody_came
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError, IllegalTransition
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.text import normalise

FIELDS = (
    "name", "position", "email", "invited", "attended", "minutes", "pre_test", "test", "reaction", "activated_30d",
    "comment", "can_quote",
)  # fmt: skip
ENTERED = (TrainingState.PLANNED, TrainingState.HELD, TrainingState.RESULTS)


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a save: the state, and how many results are missing for «results entered»."""

    state: str
    missing: int
    candidates: int


def enter_results(
    training: Training, rows: Sequence[ResultRow], *, by: User, version: int | None = None
) -> Entered:
    """Replace the list of people by `rows`; whoever is not among them leaves it.

    The training moves as far as its guards let it: held with the first attendee, results with a test or a reaction of
    half of them, back to held when they are taken away. New names that are a contact of the client are linked to him.
    Raises NotAllowed, Stale, DomainError, IllegalTransition for a training that did not take place.
    """
    check_may_record(by, training)
    if training.state not in ENTERED:
        text = _("This training did not take place. Plan it again first.")
        raise IllegalTransition("illegal_transition", text, current=training.state, allowed=["planned"])
    facts = StepFacts(
        clock.now(), attended=sum(row.attended for row in rows), rated=sum(row.is_rated for row in rows)
    )
    somebody_came(training, facts)
    try:
        with transaction.atomic():
            before = training.trainees.filter(attended=True).count()
            _move(training, facts, by=by, version=version)
            kept = _write(training, rows)
            changes = {"attended": [before, facts.attended], "rated": [None, facts.rated]}
            audit.record("enter_results", training, by=by, company_id=training.company_id, changes=changes)
            refresh_training_members({training.company_id})
            announce("facts_changed", company_id=training.company_id)
    except IntegrityError as problem:  # a second person linked to one contact, a name that is there twice
        raise DomainError("conflict", _("Somebody stands in the list twice.")) from problem
    candidates = sum(trainee.contact_id is None for trainee in kept)
    return Entered(training.state, facts.missing, candidates)


def _move(training: Training, facts: StepFacts, *, by: User, version: int | None) -> None:
    """Along the table, step by step; the version moves even when only people change."""
    for state in _road(training.state, has_results=not facts.missing):
        MACHINE.move_to(training, state, by=by).guard(training, facts)
        change(training, {"state": state}, by=by, event="move_training", version=version)
        version = None
    change(training, {"results_at": clock.now()}, by=by, event="enter_results", version=version)


def _road(state: str, *, has_results: bool) -> list[TrainingState]:
    """Through which states the training goes to where its list of people puts it."""
    if state == TrainingState.RESULTS:
        return [] if has_results else [TrainingState.HELD]
    start = [TrainingState.HELD] if state == TrainingState.PLANNED else []
    return [*start, TrainingState.RESULTS] if has_results else start


def _write(training: Training, rows: Sequence[ResultRow]) -> list[Trainee]:
    """The list in the database is `rows` afterwards; a handful of statements for any number of people."""
    known = {str(trainee.public_id): trainee for trainee in training.trainees.all()}
    kept: list[Trainee] = []
    new: list[Trainee] = []
    for row in rows:
        trainee = known.pop(row.who, None)
        (new if trainee is None else kept).append(_filled(trainee or Trainee(training=training), row))
    Trainee.objects.filter(pk__in=[trainee.pk for trainee in known.values()]).delete()
    _link_known(training, [*kept, *new])
    Trainee.objects.bulk_update(kept, [*FIELDS, "contact"])
    Trainee.objects.bulk_create(new)
    return [*kept, *new]


def _filled(trainee: Trainee, row: ResultRow) -> Trainee:
    said: dict[str, Any] = {name: getattr(row, name, None) for name in FIELDS}
    said["activated_30d"] = row.activated
    if trainee.contact_id is not None:  # his name and address are the contact's own (R102)
        said |= {"name": "", "position": "", "email": ""}
    for name, value in said.items():
        setattr(trainee, name, value)
    return trainee


def _link_known(training: Training, trainees: Sequence[Trainee]) -> None:
    """A full name that exactly one working contact of the client has is that contact."""
    strangers = [trainee for trainee in trainees if trainee.contact_id is None]
    if not strangers:
        return
    taken = {trainee.contact_id for trainee in trainees}
    by_name: dict[str, list[Contact]] = {}
    for contact in Contact.objects.filter(company=training.company_id).working().order_by("pk"):
        by_name.setdefault(normalise(contact.full_name), []).append(contact)
    for trainee in strangers:
        namesakes = by_name.get(normalise(trainee.name), [])
        if len(namesakes) == 1 and namesakes[0].pk not in taken and " " in trainee.name.strip():
            trainee.contact = namesakes[0]
            taken.add(namesakes[0].pk)
            trainee.name = trainee.position = trainee.email = ""
