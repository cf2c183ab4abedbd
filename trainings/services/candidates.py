"""People of a training who are not contacts yet: confirmed by one click, or found to be somebody known (R36)."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import ContactState, DecisionRole
from accounts.models import Contact, ContactRole
from accounts.services.anonymisation import scrub_rows
from trainings.models import Trainee, Training
from trainings.services.training_members import refresh_training_members
from trainings.services.trainings import check_may_record
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import create
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce


def confirm_trainee(trainee: Trainee, *, by: User) -> Contact:
    """He becomes a contact of the client with the role «user»; all his trainings under this name are linked to him.

    The right is that of the training (§3: a tutor edits trainees, and nobody else of the client).
    """
    return confirm_trainees(trainee.training, [trainee], by=by)[0]


def confirm_trainees(training: Training, trainees: Sequence[Trainee], *, by: User) -> list[Contact]:
    """Several at once, by the same rule. Raises NotAllowed, DomainError."""
    check_may_record(by, training)
    if any(trainee.contact_id is not None for trainee in trainees):
        raise DomainError("confirmed", _("This person is a contact already."))
    with transaction.atomic():
        contacts = [_confirmed(training, trainee, by=by) for trainee in trainees]
        refresh_training_members({training.company_id})
        announce("facts_changed", company_id=training.company_id)
    return contacts


def link_trainee(trainee: Trainee, contact: Contact, *, by: User) -> None:
    """He is this contact of the client; the role «user» is added when he has none here."""
    training = trainee.training
    check_may_record(by, training)
    if contact.company_id != training.company_id or contact.anonymised_at is not None:
        text = _("%s does not work at this client.") % contact
        raise DomainError("foreign_contact", text, {"contact": [text]})
    if training.trainees.filter(contact=contact).exclude(pk=trainee.pk).exists():
        raise DomainError("linked", _("%s stands in this list already.") % contact)
    with transaction.atomic():
        _link(trainee, contact)
        if not contact.roles.filter(company=training.company_id, valid_to=None).exists():
            _give_role(contact, by=by)
        audit.record(
            "link_trainee",
            training,
            by=by,
            company_id=training.company_id,
            changes={"trainee": [None, contact]},
        )
        refresh_training_members({training.company_id})


def unlink_trainee(trainee: Trainee, *, by: User) -> None:
    """Undo of a link to the wrong person: he is a name again; the contact stays."""
    check_may_record(by, trainee.training)
    if trainee.contact is None:
        raise DomainError("not_linked", _("This person is not linked to a contact."))
    with transaction.atomic():
        was = trainee.contact
        Trainee.objects.filter(pk=trainee.pk).update(contact=None, name=was.full_name)
        trainee.contact, trainee.name = None, was.full_name
        training = trainee.training
        audit.record(
            "unlink_trainee",
            training,
            by=by,
            company_id=training.company_id,
            changes={"trainee": [was, None]},
        )
        refresh_training_members({training.company_id})


def _confirmed(training: Training, trainee: Trainee, *, by: User) -> Contact:
    last_name, first_name, patronymic = [*trainee.name.split(maxsplit=2), "", ""][:3]
    contact = Contact(
        company=training.company, last_name=last_name, first_name=first_name, patronymic=patronymic,
        position=trainee.position, email=trainee.email, state=ContactState.ACTIVE,
    )  # fmt: skip
    create(contact, by=by, event="add_contact")
    _give_role(contact, by=by)
    name = trainee.name
    _link(trainee, contact)
    namesakes = Trainee.objects.candidates().filter(training__company=training.company_id, name=name)
    namesakes.update(contact=contact, name="", position="", email="")
    return contact


def _give_role(contact: Contact, *, by: User) -> None:
    role = ContactRole(
        contact=contact,
        company=contact.company,
        role=DecisionRole.USER,
        influence=1,
        valid_from=clock.today(),
    )
    create(role, by=by, event="save_contact_role")


def _link(trainee: Trainee, contact: Contact) -> None:
    """From now on his name and address are the contact's own (R102)."""
    linked = {"contact": contact, "name": "", "position": "", "email": ""}
    Trainee.objects.filter(pk=trainee.pk, contact=None).update(**linked)
    for name, value in linked.items():
        setattr(trainee, name, value)


def forget_trainee(*, contact_id: int, company_id: int, scrub: Callable[[str], str]) -> None:
    """Reaction to `contact_anonymised` (R102): his name leaves every list of the client, his words are quoted no more."""
    people = Trainee.objects.filter(training__company=company_id)
    people.filter(contact=contact_id).update(can_quote=False)
    scrub_rows(people, ("name", "email", "comment"), scrub)
    scrub_rows(Training.objects.filter(company=company_id), ("topic", "notes", "state_reason"), scrub)
