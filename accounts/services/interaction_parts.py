"""The rows that hang on a communication, written with it and taken back with it, in its transaction."""

from collections.abc import Sequence

from django.db.models import Q

from accounts.access import may
from accounts.enums import (
    AgreementSide,
    ContactState,
    DecisionRole,
    Fact,
    FactResult,
    InteractionKind,
    InteractionState,
    TaskOrigin,
)
from accounts.models import (
    Agreement,
    Company,
    Contact,
    ContactRole,
    Department,
    DepartmentInterest,
    Interaction,
    InteractionContact,
    InteractionDepartment,
    InteractionUser,
    Objection,
    ProductFeedback,
)
from accounts.services.attachments import store_attachments
from accounts.services.contact_roles import save_contact_role
from accounts.services.contacts import add_contact
from accounts.services.facts import note_fact
from accounts.services.outcome import AgreementSaid, NewPerson, Outcome
from accounts.services.outcome_waits import take_back_waits, write_waits
from accounts.services.tasks import create_task
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.roles import Action

MET = "meet_contact"  # history event: a person who was not confirmed turned up


def write_parts(interaction: Interaction, outcome: Outcome, *, by: User) -> None:
    """Everything of the form besides the record itself."""
    write_people(interaction, outcome, by=by)
    ProductFeedback.objects.bulk_create(
        ProductFeedback(
            interaction=interaction, product=said.product, reaction=said.reaction, text=said.text, quote_ok=said.quote_ok
        )
        for said in outcome.feedback
    )  # fmt: skip
    for said in outcome.objections:
        objection = Objection(
            interaction=interaction, company=interaction.company, category=said.category, text=said.text
        )
        create(objection, by=by, event="log_objection")
    for agreement in outcome.agreements:
        _write_agreement(interaction, agreement, by=by)
    _write_departments(interaction, outcome)
    write_waits(interaction, outcome, by=by)
    store_attachments(interaction, outcome.attachments, by=by)


def write_people(interaction: Interaction, outcome: Outcome, *, by: User) -> None:
    """Who was there; a decision-maker met face to face is confirmed by it."""
    company = interaction.company
    new = [_add_person(company, person, by=by) for person in outcome.new_people]
    attendees = list(dict.fromkeys([*outcome.attendees, *new]))
    is_held = interaction.state == InteractionState.HELD
    InteractionContact.objects.filter(interaction=interaction).delete()
    InteractionUser.objects.filter(interaction=interaction).delete()
    InteractionContact.objects.bulk_create(
        InteractionContact(interaction=interaction, contact=contact, attended=is_held)
        for contact in attendees
    )
    InteractionUser.objects.bulk_create(
        InteractionUser(interaction=interaction, user=user, role=_first_role(user, by), attended=is_held)
        for user in dict.fromkeys([*outcome.our_people] or [by])
    )
    if is_held and (outcome.kind != InteractionKind.EMAIL or outcome.replied):
        _confirm(interaction, attendees, by=by)


def take_back_parts(interaction: Interaction, *, by: User) -> list[int]:
    """Remove the by-products: fact checks, parts, open tasks; returns the ids of the people who were there."""
    _unmeet(interaction, by=by)
    take_back_waits(interaction, by=by)
    interaction.fact_checks.all().delete()
    for agreement in interaction.agreements.select_related("task"):
        if agreement.task and agreement.task.is_open:
            change(agreement.task, {"state": "cancelled"}, by=by, event="cancel_task", check=False)
    interaction.agreements.all().delete()
    interaction.objections.all().delete()
    interaction.feedback.all().delete()
    interaction.departments.all().delete()
    DepartmentInterest.objects.filter(interaction=interaction).delete()
    return list(interaction.client_people.values_list("contact_id", flat=True))


def _add_person(company: Company, person: NewPerson, *, by: User) -> Contact:
    last_name, _, rest = person.name.strip().partition(" ")
    first_name, _, patronymic = rest.strip().partition(" ")
    contact = add_contact(
        company,
        by=by,
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic.strip(),
        source="outcome",
    )
    if person.role:
        save_contact_role(contact, person.role, by=by)
    return contact


def _confirm(interaction: Interaction, attendees: Sequence[Contact], *, by: User) -> None:
    """A ticked person works there; a ticked ЛПР is a fact confirmed today (§6.1), by people only (§2.8.15)."""
    company = interaction.company
    for contact in attendees:
        if contact.state == ContactState.UNVERIFIED:
            change(
                contact, {"state": ContactState.ACTIVE}, by=by, event=MET, reason=str(interaction.public_id)
            )
    if not may(by, Action.CONFIRM_FACTS, company):
        return
    in_force = Q(valid_to=None) | Q(valid_to__gte=clock.today())
    roles = ContactRole.objects.filter(in_force, company=company, role=DecisionRole.DM, contact__in=attendees)
    deciding = set(roles.values_list("contact_id", flat=True))
    for contact in attendees:
        if contact.pk in deciding:
            note_fact(
                company, Fact.DM, by=by, result=FactResult.CONFIRMED, contact=contact, interaction=interaction
            )


def _unmeet(interaction: Interaction, *, by: User) -> None:
    met = AuditEvent.objects.filter(
        object_type="accounts.contact", event=MET, reason=str(interaction.public_id)
    ).values_list("object_id", flat=True)
    for contact in Contact.objects.filter(pk__in=list(met), state=ContactState.ACTIVE):
        change(contact, {"state": ContactState.UNVERIFIED}, by=by, event="unmeet_contact")


def _write_agreement(interaction: Interaction, said: AgreementSaid, *, by: User) -> None:
    """A dated promise of ours is a task in the same save; the client's is kept as a promise (R30)."""
    agreement = Agreement(
        interaction=interaction, company=interaction.company, side=said.side, text=said.text.strip(),
        due_on=said.due_on, owner_contact=said.owner_contact,
    )  # fmt: skip
    if said.side == AgreementSide.US:
        agreement.owner_user = said.owner or by
        if said.due_on:
            agreement.task = create_task(
                by=by, company=interaction.company, title=agreement.text, assignee=agreement.owner_user,
                due_on=said.due_on, origin=TaskOrigin.AGREEMENT,
            )  # fmt: skip
    agreement.full_clean()
    agreement.save()


def _write_departments(interaction: Interaction, outcome: Outcome) -> None:
    levels: dict[Department, int] = {}
    for said in outcome.departments:
        levels[said.department] = max(said.level, levels.get(said.department, 0))
    InteractionDepartment.objects.bulk_create(
        InteractionDepartment(interaction=interaction, department=department, level=level)
        for department, level in levels.items()
    )
    as_of = clock.local_date(interaction.starts_at) or clock.today()
    DepartmentInterest.objects.bulk_create(
        DepartmentInterest(
            department=said.department, product=said.product, level=said.level, as_of=as_of, interaction=interaction
        )
        for said in outcome.departments
        if said.product
    )  # fmt: skip


def _first_role(user: User, by: User) -> str:
    """The author's roles are at hand; a colleague's are not worth a query each."""
    return min(by.role_codes, default="") if user == by else ""
