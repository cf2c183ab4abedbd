"""Trainings: planned, changed, held, cancelled, taken back (R35, domain.md §2.9)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.access import may as may_on_company
from accounts.models import Company, Contact, Product
from deals.models import Deal
from trainings.enums import TrainingFormat, TrainingState
from trainings.models import Trainee, Training
from trainings.services.training_members import refresh_training_members
from trainings.training_machine import MACHINE, StepFacts, may
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action, Role

EDITABLE = frozenset(
    {"product", "topic", "format", "starts_at", "duration_min", "tutor", "csm", "deal", "notes"}
)


def plan_training(
    *, by: User, company: Company, product: Product, topic: str, starts_at: datetime, tutor: User,
    csm: User | None = None, deal: Deal | None = None, format: str = TrainingFormat.ONLINE, duration_min: int = 90,
    notes: str = "", invited: Sequence[Contact] = (),
) -> Training:  # fmt: skip
    """A training in the calendar with the people invited so far; its tutor and CSM get the client's card.

    Raises NotAllowed, DomainError.
    """
    if not may_on_company(by, Action.PLAN_TRAINING, company):
        raise NotAllowed("not_allowed", _("You may not plan trainings with this client."))
    training = Training(
        company=company, product=product, topic=topic.strip(), format=format, starts_at=starts_at, notes=notes,
        duration_min=duration_min, tutor=tutor, csm=csm, deal=deal,
    )  # fmt: skip
    check_people(training)
    with transaction.atomic():
        create(training, by=by, event="plan_training")
        invite(training, invited)
        refresh_training_members({company.pk})
    return training


def update_training(
    training: Training, values: dict[str, Any], *, by: User, invited: Sequence[Contact] | None = None,
    version: int | None = None,
) -> None:  # fmt: skip
    """Another day, topic or tutor; `invited` replaces the list of who is only invited so far.

    Raises NotAllowed, Stale, DomainError.
    """
    check_may_plan(by, training)
    unknown = set(values) - EDITABLE
    if unknown:
        raise ValueError(f"update_training does not change {sorted(unknown)}")
    planned = Training(company=training.company, tutor=training.tutor, csm=training.csm, deal=training.deal)
    for name, value in values.items():
        setattr(planned, name, value)
    check_people(planned)
    with transaction.atomic():
        change(training, values, by=by, event="update_training", version=version)
        if invited is not None:
            check_is_planned(training)
            training.trainees.filter(contact__isnull=False).exclude(contact__in=invited).delete()
            invite(training, invited)
        refresh_training_members({training.company_id})
        if training.took_place:
            announce("facts_changed", company_id=training.company_id)


def hold_training(
    training: Training, *, came: Sequence[Trainee], by: User, version: int | None = None
) -> None:
    """Planned → held with those who came; results may follow later."""
    move = MACHINE.move_to(training, TrainingState.HELD, by=by)
    move.guard(training, StepFacts(clock.now(), attended=len(came)))
    with transaction.atomic():
        change(training, {"state": TrainingState.HELD}, by=by, event="hold_training", version=version)
        training.trainees.filter(pk__in=[one.pk for one in came]).update(attended=True)
        announce("facts_changed", company_id=training.company_id)


def end_training(training: Training, *, to: str, reason: str, by: User, version: int | None = None) -> None:
    """Planned → cancelled, or nobody came, with the reason."""
    move = MACHINE.move_to(training, to, by=by)
    move.guard(training, StepFacts(clock.now(), reason=reason))
    values = {"state": to, "state_reason": reason.strip()}
    with transaction.atomic():
        change(training, values, by=by, event="end_training", version=version, reason=reason.strip())
        refresh_training_members({training.company_id})


def replan_training(training: Training, *, by: User, version: int | None = None) -> None:
    """Back to planned: the undo of held, cancelled and nobody came. Results are never thrown away by it."""
    was_held = training.took_place
    move = MACHINE.move_to(training, TrainingState.PLANNED, by=by)
    move.guard(training, step_facts(training))
    values = {"state": TrainingState.PLANNED, "state_reason": ""}
    with transaction.atomic():
        change(training, values, by=by, event="replan_training", version=version)
        if was_held:
            training.trainees.update(attended=False, minutes=None)
            announce("facts_changed", company_id=training.company_id)
        refresh_training_members({training.company_id})


def step_facts(training: Training) -> StepFacts:
    """How many came and how many of them have any result, as the list stands."""
    has_result = Q(test__isnull=False) | Q(reaction__isnull=False) | Q(activated_30d__isnull=False)
    counted = training.trainees.aggregate(
        attended=Count("pk", filter=Q(attended=True)), rated=Count("pk", filter=has_result)
    )
    return StepFacts(clock.now(), **counted)


def invite(training: Training, contacts: Sequence[Contact]) -> None:
    """Puts people of the client on the list, each once."""
    for contact in contacts:
        if contact.company_id != training.company_id:
            text = _("%s does not work at this client.") % contact
            raise DomainError("foreign_contact", text, {"invited": [text]})
    known = set(training.trainees.filter(contact__isnull=False).values_list("contact_id", flat=True))
    Trainee.objects.bulk_create(
        Trainee(training=training, contact=contact)
        for contact in dict.fromkeys(contacts)
        if contact.pk not in known
    )


def check_may_plan(by: User, training: Training) -> None:
    """Raises NotAllowed for who may not plan this training."""
    if not may(by, Action.PLAN_TRAINING, training):
        raise NotAllowed("not_allowed", _("You may not change this training."))


def check_may_record(by: User, training: Training) -> None:
    """Raises NotAllowed for who may not enter its results."""
    if not may(by, Action.RECORD_TRAINING, training):
        raise NotAllowed("not_allowed", _("You may not enter the results of this training."))


def check_is_planned(training: Training) -> None:
    """Raises DomainError once it is over: then people are changed in the results."""
    if training.state != TrainingState.PLANNED:
        raise DomainError("not_planned", _("This training is over: change its people in the results."))


def check_people(training: Training) -> None:
    """A working tutor or CSM teaches, a working CSM cares, the deal is the client's. Raises DomainError."""
    if not training.tutor.is_active or not training.tutor.has_role(Role.TUTOR, Role.CSM):
        text = _("Choose a working tutor or CSM.")
        raise DomainError("not_a_tutor", text, {"tutor": [text]})
    if training.csm and (not training.csm.is_active or not training.csm.has_role(Role.CSM)):
        text = _("Choose a working CSM.")
        raise DomainError("not_a_csm", text, {"csm": [text]})
    if training.deal and training.deal.company_id != training.company_id:
        text = _("This deal is another client's.")
        raise DomainError("foreign_deal", text, {"deal": [text]})
