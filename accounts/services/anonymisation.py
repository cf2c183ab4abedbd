"""Taking a person's name, phone and e-mail out of everything we keep; the numbers stay (R102, 152-FZ)."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import (
    Agreement,
    Contact,
    FactCheck,
    FeatureWait,
    ImportChange,
    ImportIssue,
    Interaction,
    Objection,
    ProcurementProfile,
    ProductFeedback,
    Task,
)
from accounts.services.contacts import check_present, check_right
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import AuditEvent, Draft, User
from upsell_crm.core.reactions import announce

MASK = "•••"
Scrub = Callable[[str], str]

# Where people write freely about a client: model, path to the company, fields.
FREE_TEXTS: tuple[tuple[type[models.Model], str, tuple[str, ...]], ...] = (
    (Interaction, "company", ("summary", "next_step", "no_next_step_because", "tags", "custom")),
    (Objection, "company", ("text", "handled_how")),
    (Agreement, "company", ("text",)),
    (ProductFeedback, "interaction__company", ("text",)),
    (FeatureWait, "company", ("quote",)),
    (FactCheck, "company", ("note",)),
    (Task, "company", ("title", "expected_result", "actual_result", "state_reason")),
    (ProcurementProfile, "company", ("notes",)),
)


def anonymise_contact(contact: Contact, *, by: User, reason: str, version: int | None = None) -> None:
    """Make a person unknown for good; interactions, roles and strengths stay as numbers.

    Raises NotAllowed, Stale, DomainError. Upper rooms clean their own texts on `contact_anonymised`.
    """
    check_right(contact.company, by)
    check_present(contact)
    if not reason.strip():
        text = _("Write on whose request, for example the number of the letter.")
        raise DomainError("reason_required", text, {"reason": [text]})
    scrub = scrubber(contact)
    blank = {
        "last_name": f"№ {contact.pk}", "first_name": "", "patronymic": "", "position": "", "email": "", "phone": "",
        "messenger": "", "preferred_channel": "", "can_quote": False, "consent_mailing": "no",
        "anonymised_at": clock.now(), "search_text": "",
    }  # fmt: skip
    company_ids = {
        contact.company_id,
        *contact.interactions.values_list("interaction__company_id", flat=True),
    }
    with transaction.atomic():
        change(contact, blank, by=None, event="anonymise_contact", version=version, check=False)
        _scrub_texts(company_ids, scrub)
        _scrub_history(contact, company_ids, scrub)
        _scrub_drafts(contact, scrub)
        _scrub_imports(contact, scrub)
        announce("contact_anonymised", contact_id=contact.pk, company_id=contact.company_id, scrub=scrub)
        audit.record("anonymise_contact", contact, by=by, company_id=contact.company_id, reason=scrub(reason))


def scrubber(contact: Contact) -> Scrub:
    """A function that masks this person's names in every case form, phone and e-mail in a text.

    A last name that a colleague at the client shares is masked only together with a first name or initials.
    """
    patterns = [re.escape(word) for word in (contact.email, contact.messenger) if word]
    if contact.phone:
        digits = re.sub(r"\D", "", contact.phone)[-10:]
        patterns.append(r"(?:\+?[78][\s(-]*)?" + r"[\s()-]*".join(digits))
    patterns.extend(_name_patterns(contact))
    found = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None
    return (lambda text: found.sub(MASK, text)) if found else (lambda text: text)


def _name_patterns(contact: Contact) -> Iterable[str]:
    last = _any_case(contact.last_name)
    first = _any_case(contact.first_name) if contact.first_name else ""
    patronymic = rf"(?:\s+{_any_case(contact.patronymic)})?" if contact.patronymic else ""
    initials = rf"{contact.first_name[:1]}\.(?:\s*{contact.patronymic[:1] or '[А-Я]'}\.)?" if first else ""
    if first:
        yield rf"\b{last}\s+{first}{patronymic}\b"
        yield rf"\b{first}{patronymic}\s+{last}\b"
        yield rf"\b{last}\s+{initials}"
        yield rf"{initials}\s*{last}\b"
        if contact.patronymic:
            yield rf"\b{first}\s+{_any_case(contact.patronymic)}\b"
    namesakes = Contact.objects.filter(company=contact.company_id, last_name__iexact=contact.last_name)
    if not namesakes.exclude(pk=contact.pk).exists():
        yield rf"\b{last}\b"


def _any_case(name: str) -> str:
    """«Орехов» also as Орехова, Орехову, Ореховым; «Анна» as Анны, Анне; «Ё» also as «Е»."""
    stem = name[:-1] if len(name) > 3 and name[-1].lower() in "аяьйоеиы" else name
    letters = "".join("[её]" if letter in "её" else re.escape(letter) for letter in stem.lower())
    return letters + r"[а-яёa-z]{0,3}"


def scrub_value(value: Any, scrub: Scrub) -> Any:
    """A text, or a structure of JSON with texts in it, without the person."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, list):
        return [scrub_value(item, scrub) for item in value]
    if isinstance(value, dict):
        return {key: scrub_value(item, scrub) for key, item in value.items()}
    return value


def scrub_rows(rows: models.QuerySet[Any], fields: Iterable[str], scrub: Scrub) -> None:
    """Rewrites only the rows in which something was found, in flat memory."""
    names = tuple(fields)
    for row in rows.only("pk", *names).order_by("pk").iterator(chunk_size=500):
        clean = {name: scrub_value(getattr(row, name), scrub) for name in names}
        changed = {name: value for name, value in clean.items() if value != getattr(row, name)}
        if changed:
            type(row)._base_manager.filter(pk=row.pk).update(**changed)


def _scrub_texts(company_ids: set[int], scrub: Scrub) -> None:
    for model, path, fields in FREE_TEXTS:
        scrub_rows(model._base_manager.filter(**{f"{path}__in": company_ids}), fields, scrub)


def _scrub_history(contact: Contact, company_ids: set[int], scrub: Scrub) -> None:
    own = Q(object_type="accounts.contact", object_id=contact.pk)
    AuditEvent.objects.filter(own).update(object_label=f"№ {contact.pk}")
    about = AuditEvent.objects.filter(own | Q(company_id__in=company_ids))
    scrub_rows(about, ("object_label", "changes", "reason"), scrub)


def _scrub_drafts(contact: Contact, scrub: Scrub) -> None:
    """A half-typed form about the person itself is dropped; in others the names are masked."""
    Draft.objects.filter(key__contains=str(contact.public_id)).delete()
    scrub_rows(Draft.objects.all(), ("data",), scrub)


def _scrub_imports(contact: Contact, scrub: Scrub) -> None:
    own = ImportChange.objects.filter(object_type="accounts.contact", object_id=contact.pk)
    runs = set(own.values_list("run_id", flat=True))
    own.update(before={}, after={})
    scrub_rows(ImportIssue.objects.filter(run__in=runs), ("value", "message"), scrub)
