"""The decision map: roles of people, how well we know them, who influences whom (R34)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import DecisionRole, Fact, FactResult, LinkKind, SetBy
from accounts.models import Company, Contact, ContactLink, ContactRole, ContactStrength, Product
from accounts.services.contacts import check_present, check_right
from accounts.services.facts import announce_change, note_fact
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change, create, validate
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce

MAX_CHAIN = 50  # superiors above one person; more is a circle


def save_contact_role(
    contact: Contact, role: str, *, by: User, company: Company | None = None, influence: int = 3, attitude: int = 0,
    is_key: bool = False, product: Product | None = None, version: int | None = None,
) -> ContactRole:  # fmt: skip
    """Give a person a role in the decision, or change the one he has; several roles at a time are possible.

    Who enters a decision-maker says by it that this person decides today: the fact is «changed» (R47).
    """
    company = company or contact.company
    check_right(company, by)
    check_present(contact)
    values: dict[str, Any] = {"influence": influence, "attitude": attitude, "is_key": is_key}
    present = ContactRole.objects.filter(
        contact=contact, company=company, role=role, product=product, valid_to=None
    )
    with transaction.atomic():
        known = present.first()
        if known is None:
            known = ContactRole(
                contact=contact,
                company=company,
                role=role,
                product=product,
                valid_from=clock.today(),
                **values,
            )
            create(known, by=by, event="save_contact_role")
            _tell_new(known, by=by)
        else:
            change(known, values, by=by, event="save_contact_role", version=version)
        announce("contact_role_saved", role=known, by=by)
        announce("facts_changed", company_id=company.pk)
    return known


def _tell_new(role: ContactRole, *, by: User) -> None:
    if role.role != DecisionRole.DM:
        return
    contact = role.contact
    if contact.company_id == role.company_id:
        note_fact(role.company, Fact.DM, by=by, result=FactResult.CHANGED, contact=contact)
    told = _("There is a new decision-maker")
    announce_change(role.company, Fact.DM, by=by, what=told, contact=contact, new=contact)


def end_contact_role(
    role: ContactRole, *, by: User, on: date | None = None, version: int | None = None
) -> None:
    """The person does not play this role any more; the past one stays in history."""
    check_right(role.company, by)
    ends_on = on or clock.today()
    if role.valid_from and ends_on < role.valid_from:
        ends_on = role.valid_from
    with transaction.atomic():
        change(role, {"valid_to": ends_on}, by=by, event="end_contact_role", version=version)
        if role.role == DecisionRole.DM:
            told = _("The decision-maker decides no longer")
            announce_change(role.company, Fact.DM, by=by, what=told, contact=role.contact, old=role.contact)
        announce("facts_changed", company_id=role.company_id)


def set_strength(contact: Contact, user: User, level: int, *, by: User) -> ContactStrength:
    """How well a colleague knows a person, 0–5, by hand; a calculation never overwrites it (§2.6)."""
    check_right(contact.company, by)
    check_present(contact)
    strength = ContactStrength.objects.filter(contact=contact, user=user).first()
    strength = strength or ContactStrength(contact=contact, user=user)
    before = strength.level if strength.pk else None
    strength.level, strength.set_by, strength.as_of = level, SetBy.MANUAL, clock.today()
    with transaction.atomic():
        validate(strength)
        strength.save()
        if before != level:
            changes = {"level": [before, level], "user": [None, str(user)]}
            audit.record("set_strength", strength, by=by, company_id=contact.company_id, changes=changes)
        announce("facts_changed", company_id=contact.company_id)
    return strength


def link_contacts(person: Contact, other: Contact, kind: str, *, by: User) -> ContactLink:
    """Draw a line of the map; a person reports to one other, and nobody to himself through others."""
    check_right(person.company, by)
    check_present(person)
    check_present(other)
    with transaction.atomic():
        if kind == LinkKind.REPORTS_TO:
            ContactLink.objects.filter(from_contact=person, kind=kind).delete()
            _check_chain(person, other)
        known = ContactLink.objects.filter(from_contact=person, to_contact=other, kind=kind).first()
        if known is not None:
            return known
        link = ContactLink(from_contact=person, to_contact=other, kind=kind)
        validate(link)
        link.save()
        audit.record(
            "link_contacts", link, by=by, company_id=person.company_id, changes={"kind": [None, kind]}
        )
    return link


def unlink_contacts(link: ContactLink, *, by: User) -> None:
    """Take a line off the map."""
    company = link.from_contact.company
    check_right(company, by)
    with transaction.atomic():
        audit.record(
            "unlink_contacts", link, by=by, company_id=company.pk, changes={"kind": [link.kind, None]}
        )
        link.delete()


def set_superior(person: Contact, superior: Contact | None, *, by: User) -> None:
    """Whom a person reports to; None = nobody that is known. Raises DomainError for a circle."""
    if superior is not None:
        link_contacts(person, superior, LinkKind.REPORTS_TO, by=by)
        return
    check_right(person.company, by)
    known = ContactLink.objects.filter(from_contact=person, kind=LinkKind.REPORTS_TO)
    for link in known.select_related("from_contact__company"):
        unlink_contacts(link, by=by)


def _check_chain(person: Contact, superior: Contact) -> None:
    text = _("These people would report to each other in a circle.")
    above: int | None = superior.pk
    for _step in range(MAX_CHAIN):
        if above is None:
            return
        if above == person.pk:
            break
        above = (
            ContactLink.objects.filter(from_contact_id=above, kind=LinkKind.REPORTS_TO)
            .values_list("to_contact_id", flat=True)
            .first()
        )
    raise DomainError("reporting_circle", text, {"to_contact": [text]})
