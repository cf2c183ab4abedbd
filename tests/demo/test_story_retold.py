"""The story is told into an empty demo database only, and told the same for the same seed (domain.md §8.1)."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from accounts.models import Company, Contact, Contract, FactCheck, Interaction, Product, Task, UsageSnapshot
from tests.factories import T
from upsell_crm.core.errors import DomainError
from upsell_crm.demo.story import tell_story


@pytest.mark.django_db
@override_settings(IS_DEMO=True)
@pytest.mark.slow
def test_the_same_seed_tells_the_same_story() -> None:
    """Deterministic to the address, the phone and the minute; another date moves the dates, not the tale."""
    told = []
    for as_of in (T, T, date(2027, 6, 13)):  # the last one is a Sunday
        with transaction.atomic():
            assert tell_story(as_of=as_of, seed=42)
            told.append(fingerprint())
            transaction.set_rollback(True)
    assert told[0] == told[1]
    assert told[0]["people"] == told[2]["people"]


def fingerprint() -> dict[str, list[Any]]:
    """What people see of the story."""
    return {
        "people": list(Contact.objects.order_by("pk").values_list("last_name", "first_name", "phone", "email")),
        "papers": list(Contract.objects.order_by("pk").values_list("public_id", "number", "status", "end_date", "amount", "act_by")),
        "talks": list(Interaction.objects.order_by("pk").values_list("public_id", "starts_at", "summary", "next_step_on")),
        "tasks": list(Task.objects.order_by("pk").values_list("public_id", "title", "due_on", "state")),
        "usage": list(UsageSnapshot.objects.order_by("pk").values_list("as_of", "active_users_30d", "logins_30d")),
        "checks": list(FactCheck.objects.order_by("pk").values_list("fact", "checked_at")),
    }  # fmt: skip


@pytest.mark.django_db
def test_a_real_database_is_refused() -> None:
    """The story has a known password: only a demo may hold it, and only an empty one."""
    with override_settings(IS_DEMO=False), pytest.raises(DomainError, match="demo"):
        tell_story(as_of=T, seed=42)
    Company.objects.create(name="Чужой клиент")
    with override_settings(IS_DEMO=True), pytest.raises(DomainError, match="other data"):
        tell_story(as_of=T, seed=42)
    assert Product.objects.count() == 0
