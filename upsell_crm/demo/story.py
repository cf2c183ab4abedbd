"""The demo story of domain.md §8.1, told once into an empty database, the same for the same seed and date."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from accounts.calendar import load_calendar
from accounts.models import (
    Agreement,
    Company,
    Contact,
    Contract,
    FactCheck,
    FeatureRequest,
    FeatureWait,
    Interaction,
    LicenceLine,
    Objection,
    ProcurementType,
    Product,
    ProductFeedback,
    Task,
)
from accounts.services.act_by import refresh_act_by
from reports.references import seed_references
from trainings.models import Trainee, Training
from upsell_crm.core.api.scopes import ApiScope
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import ApiClient, AuditEvent, Parameter, Team, User
from upsell_crm.demo.clients import make_clients
from upsell_crm.demo.conversations import make_conversations
from upsell_crm.demo.deals import make_deals
from upsell_crm.demo.documents import make_documents
from upsell_crm.demo.experience import make_experience
from upsell_crm.demo.features import make_features
from upsell_crm.demo.handovers import make_handovers
from upsell_crm.demo.history import make_history
from upsell_crm.demo.marketing import make_marketing
from upsell_crm.demo.needs import make_needs
from upsell_crm.demo.papers import make_papers
from upsell_crm.demo.people import make_people
from upsell_crm.demo.people_of_clients import make_people_of_clients
from upsell_crm.demo.plans import make_plans
from upsell_crm.demo.presentations import make_presentations
from upsell_crm.demo.program import make_program
from upsell_crm.demo.reasons import find_reasons, make_reasons
from upsell_crm.demo.strategies import make_strategies
from upsell_crm.demo.trainings import make_trainings
from upsell_crm.demo.whitespace import make_whitespace
from upsell_crm.demo.world import World

MARK = "demo_story"  # the parameter that says: this database holds the story, told on this date
API_PREFIX = "erpdemo0"
API_TOKEN = (
    f"crm_{API_PREFIX}_demo-only-token-of-the-story-2026"  # fixed, because only a demo on loopback has it
)
API_SCOPES = (  # no contacts: BackOffice needs no personal data
    ApiScope.CONTRACTS_READ, ApiScope.CONTRACTS_WRITE_STATUS, ApiScope.COMPANIES_READ, ApiScope.LICENCES_READ,
)  # fmt: skip
PARTS: tuple[Callable[[World], None], ...] = (
    make_people, make_clients, make_papers, make_needs, make_people_of_clients, make_features, make_conversations,
    make_plans, make_deals, make_documents, make_handovers, make_program, make_history, make_trainings, make_marketing,
    make_reasons, make_whitespace, make_experience, make_strategies, make_presentations,
)  # fmt: skip
COUNTED: tuple[type[Model], ...] = (
    Team, User, Company, Contact, Contract, LicenceLine, Interaction, ProductFeedback, Objection, Agreement, Task,
    FeatureRequest, FeatureWait, FactCheck, Training, Trainee, AuditEvent,
)  # fmt: skip


def told_on() -> dict[str, Any] | None:
    """The date and seed of the story in this database, or nothing."""
    mark: dict[str, Any] | None = Parameter.objects.filter(code=MARK).values_list("value", flat=True).first()
    return mark


def tell_story(*, as_of: date, seed: int) -> bool:
    """Write the whole story in one transaction; a database that has it already is left as it is (False).

    Raises DomainError when this is not a demo, or when other clients are here.
    """
    if not settings.IS_DEMO:
        raise DomainError(
            "not_a_demo", "The story has a known password. Start it with ./crm demo (CRM_DEMO=1)."
        )
    if told_on() is not None:
        return False
    if Company.objects.exists() or User.objects.exists():
        raise DomainError("not_empty", "This database has other data; use another CRM_DATA_DIR.")
    with transaction.atomic():
        seed_references()
        world = World(as_of, seed, load_calendar())
        world.products = Product.objects.in_bulk(field_name="code")
        world.procedures = ProcurementType.objects.in_bulk(field_name="code")
        for make in PARTS:
            make(world)
        _make_api_client(world)
        refresh_act_by(today=as_of)
        find_reasons(world)
        Parameter.objects.create(code=MARK, value={"as_of": as_of.isoformat(), "seed": seed})
    return True


def counts() -> dict[str, int]:
    """How many records of each kind there are."""
    return {model._meta.model_name or "": model._default_manager.count() for model in COUNTED}


def _make_api_client(world: World) -> None:
    ApiClient.objects.create(
        name="erp-demo", token_prefix=API_PREFIX, token_hash=hashlib.sha256(API_TOKEN.encode()).hexdigest(),
        scopes=list(API_SCOPES), expires_at=world.at(365) + timedelta(hours=1),
    )  # fmt: skip
