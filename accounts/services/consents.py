"""The consent of people to mailings, taken back for many at once (R89, R102)."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from accounts.enums import Consent
from accounts.models import Contact
from upsell_crm.core import audit, clock
from upsell_crm.core.models import AuditEvent, User


def withdraw_consents(contact_ids: Collection[int], *, by: User, reason: str) -> int:
    """Consent → «no» for those who had not said so yet, each with a line of history; returns how many.

    The caller has checked the right. Three statements for any number of people.
    """
    with transaction.atomic():
        people = Contact.objects.filter(pk__in=contact_ids, anonymised_at=None)
        changed = list(people.exclude(consent_mailing=Consent.NO).order_by("pk"))
        AuditEvent.objects.bulk_create(
            audit.build_event(
                "withdraw_consent", person, by=by, company_id=person.company_id, reason=reason,
                changes={"consent_mailing": [person.consent_mailing, Consent.NO]},
            )
            for person in changed
        )  # fmt: skip
        Contact.objects.filter(pk__in=[person.pk for person in changed]).update(
            consent_mailing=Consent.NO, version=F("version") + 1, updated_by=by, updated_at=clock.now()
        )
    return len(changed)
