"""Confirming what we know about a client: one line per fact, person and day (R15, R46–R48)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import DecisionRole, Fact, FactResult
from accounts.models import Company, Contact, FactCheck, Interaction
from accounts.services.act_by import refresh_act_by
from upsell_crm.core import audit, clock
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action


def confirm_fact(
    company: Company, fact: str, *, by: User, result: str = FactResult.CONFIRMED,
    contact: Contact | None = None, interaction: Interaction | None = None, note: str = "",
) -> list[FactCheck]:  # fmt: skip
    """Say that a fact is right today, was changed, or is not known; decision-makers are confirmed one by one.

    Without `contact` all working decision-makers of the company are confirmed. Only people confirm, never in
    the future (§2.8.15). Raises NotAllowed, DomainError.
    """
    may_requisites = fact == Fact.REQUISITES and may(by, Action.EDIT_REQUISITES, company)
    if not may_requisites and not may(by, Action.CONFIRM_FACTS, company):
        raise NotAllowed("not_allowed", _("You may not confirm the data of this company."))
    if fact not in Fact.values or result not in FactResult.values:
        raise DomainError("unknown_fact", _("There is no such fact or answer."))
    if contact is not None and (fact != Fact.DM or contact.company_id != company.pk):
        raise DomainError("wrong_contact", _("This person does not belong to the fact."))
    people = [contact] if contact or fact != Fact.DM else _decision_makers(company)
    with transaction.atomic():
        checks = [
            note_fact(company, fact, by=by, result=result, contact=person, interaction=interaction, note=note)
            for person in people
        ]
        if fact == Fact.PROCUREMENT:  # own terms count only while they are fresh (§4.10.1)
            refresh_act_by(company_ids=[company.pk])
        announce("facts_changed", company_id=company.pk)
    return checks


def _decision_makers(company: Company) -> list[Contact]:
    people = list(
        Contact.objects.working()
        .filter(company=company, roles__role=DecisionRole.DM, roles__valid_to=None)
        .distinct()
        .order_by("pk")
    )
    if not people:
        raise DomainError("no_decision_maker", _("There is no decision-maker yet: add one in «Contacts»."))
    return people


def note_fact(
    company: Company, fact: str, *, by: User, result: str, contact: Contact | None = None,
    interaction: Interaction | None = None, note: str = "",
) -> FactCheck:  # fmt: skip
    """The line itself, for services that have asked for the right already; call inside a transaction."""
    check = FactCheck.objects.create(
        company=company, fact=fact, result=result, contact=contact, interaction=interaction,
        note=note[:300], checked_at=clock.now(), checked_by=by,
    )  # fmt: skip
    audit.record(
        "confirm_fact", check, by=by, company_id=company.pk, changes={fact: [None, result]}, reason=note
    )
    return check
