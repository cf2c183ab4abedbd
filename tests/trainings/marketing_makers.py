"""Makers for the stories of marketing: short, valid by default."""

from typing import Any

from accounts.enums import Consent
from accounts.models import Company, Contact
from tests.factories import T, make_contact, moment
from trainings.enums import ActivityKind
from trainings.models import MarketingActivity
from upsell_crm.core.models import User


def make_person(company: Company, name: str = "Орехов Павел Сергеевич", **values: Any) -> Contact:
    """Somebody of the client who has agreed to letters and has an address."""
    values.setdefault("consent_mailing", Consent.YES)
    values.setdefault("email", "person@client.example")
    return make_contact(company, name, role=values.pop("role", ""), **values)


def make_activity(owner: User, kind: str = ActivityKind.MAILING, **values: Any) -> MarketingActivity:
    """A planned activity of this morning."""
    values.setdefault("title", "Новости Casebook")
    values.setdefault("starts_at", moment(T, 10))
    return MarketingActivity.objects.create(kind=kind, owner=owner, **values)
