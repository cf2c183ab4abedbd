"""People of the client: adding, changing, leaving (R34). Personal data goes out by `anonymisation.py`."""

from copy import copy
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import ContactState, DecisionRole, Fact, FactResult
from accounts.models import Company, Contact
from accounts.models.contact import to_e164
from accounts.services.facts import announce_change, note_fact
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action

EDITABLE = frozenset(
    {"last_name", "first_name", "patronymic", "department", "position", "email", "phone", "messenger",
     "preferred_channel", "state", "consent_mailing", "can_quote"}
)  # fmt: skip


def add_contact(company: Company, *, by: User, **values: Any) -> Contact:
    """A new person of the client. Raises NotAllowed, DomainError with the texts per field."""
    check_right(company, by)
    contact = Contact(company=company, **_checked(values))
    with transaction.atomic():
        create(contact, by=by, event="add_contact")
        announce("facts_changed", company_id=company.pk)
    return contact


def update_contact(
    contact: Contact, values: dict[str, Any], *, by: User, version: int | None = None
) -> dict[str, list[Any]]:
    """Change what is known of a person; returns what changed. Raises NotAllowed, Stale, DomainError."""
    check_right(contact.company, by)
    check_present(contact)
    unknown = set(values) - EDITABLE
    if unknown:
        raise ValueError(f"update_contact does not change {sorted(unknown)}")
    values = _checked(values)
    if values.get("state") == ContactState.LEFT:
        raise DomainError("left_needs_date", _("Use «has left» to say since when."))
    if contact.state == ContactState.LEFT and "state" in values:
        values |= {"left_on": None, "moved_to": None}
    with transaction.atomic():
        changed = change(
            contact, with_search_column(contact, values), by=by, event="update_contact", version=version
        )
        if changed:
            announce("facts_changed", company_id=contact.company_id)
    return {name: pair for name, pair in changed.items() if name != "search_text"}


def mark_contact_left(
    contact: Contact, *, left_on: date, by: User, moved_to: Company | None = None, version: int | None = None
) -> None:
    """The person does not work at the client any more; roles end that day, the history stays (R47).

    `moved_to` is the client they work at now, if it is one of ours.
    """
    check_right(contact.company, by)
    check_present(contact)
    if left_on > clock.today():
        text = _("The date is in the future.")
        raise DomainError("invalid", text, {"left_on": [text]})
    if moved_to is not None and moved_to.pk == contact.company_id:
        text = _("Choose another company.")
        raise DomainError("invalid", text, {"moved_to": [text]})
    values = {"state": ContactState.LEFT, "left_on": left_on, "moved_to": moved_to}
    with transaction.atomic():
        change(contact, values, by=by, event="mark_contact_left", version=version)
        roles = list(contact.roles.filter(valid_to=None).order_by("pk"))
        for role in roles:
            ends_on = max(left_on, role.valid_from) if role.valid_from else left_on
            change(role, {"valid_to": ends_on}, by=by, event="end_contact_role")
        note_fact(contact.company, Fact.DM, by=by, result=FactResult.CHANGED, contact=contact)
        if any(role.role == DecisionRole.DM for role in roles):
            told = _("The decision-maker has left")
            announce_change(contact.company, Fact.DM, by=by, what=told, contact=contact, old=contact)
        announce("facts_changed", company_id=contact.company_id)


def check_right(company: Company, by: User) -> None:
    """Raises NotAllowed for who may not edit people of this company."""
    if not may(by, Action.EDIT_CONTACTS, company):
        raise NotAllowed("not_allowed", _("You may not change the contacts of this company."))


def check_present(contact: Contact) -> None:
    """An anonymised person stays anonymous (R102)."""
    if contact.anonymised_at is not None:
        raise DomainError("anonymised", _("This person is anonymised and cannot be changed."))


def with_search_column(contact: Contact, values: dict[str, Any]) -> dict[str, Any]:
    """`values` with the search column that they lead to."""
    probe = copy(contact)
    for name, value in values.items():
        setattr(probe, name, value)
    probe.set_search_columns()
    return {**values, "search_text": probe.search_text}


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The phone in E.164."""
    if not values.get("phone"):
        return dict(values)
    try:
        return {**values, "phone": to_e164(values["phone"])}
    except ValidationError as problem:
        raise DomainError("invalid", problem.messages[0], {"phone": list(problem.messages)}) from problem
