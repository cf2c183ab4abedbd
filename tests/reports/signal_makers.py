"""Facts that make a rule of the reasons to call speak."""

from datetime import date, timedelta
from typing import Any

from accounts.models import (
    Company,
    Contact,
    ContactRole,
    CourtLoad,
    FeatureRequest,
    FeatureWait,
    Interaction,
    InteractionContact,
    ProcurementProfile,
    UsageSnapshot,
)
from reports.models import Signal, SignalRule
from reports.services.signal_refresh import refresh_signals
from tests.factories import T, make_contact, make_product, moment
from trainings.enums import TrainingState
from trainings.models import Trainee, Training
from upsell_crm.core.models import User


def open_signals(company: Company, *rules: str) -> list[Signal]:
    """The open signals of these rules (of all without any), after a refresh."""
    refresh_signals()
    signals = Signal.objects.open().filter(company=company).order_by("rule", "subject")
    return list(signals.filter(rule__in=rules) if rules else signals)


def evidence_of(company: Company, rule: SignalRule) -> dict[str, Any] | None:
    """What the one open signal of a rule holds; None without one."""
    found = open_signals(company, rule)
    assert len(found) < 2
    return found[0].evidence if found else None


def use(company: Company, active: int, *, days_ago: int = 3, product: str = "casebook") -> UsageSnapshot:
    """Active users of a product some days ago."""
    return UsageSnapshot.objects.create(
        company=company, product=make_product(product), as_of=T - timedelta(days_ago), active_users_30d=active
    )


def train(
    company: Company, tutor: User, people: int, *, days_ago: int = 40, begun: bool | None = None
) -> Training:
    """A held training of so many people."""
    training = Training.objects.create(
        company=company, product=make_product(), topic="Основы", tutor=tutor, state=TrainingState.HELD,
        starts_at=moment(T - timedelta(days_ago)),
    )  # fmt: skip
    Trainee.objects.bulk_create(
        Trainee(training=training, name=f"Ученик {number}", attended=True, activated_30d=begun)
        for number in range(people)
    )
    return training


def load(company: Company, day: date, cases: int) -> CourtLoad:
    """Cases of 12 months as of a day."""
    return CourtLoad.objects.create(company=company, as_of=day, cases_12m=cases)


def wait(company: Company, **values: Any) -> FeatureWait:
    """The client waits for a feature that came out yesterday, and said so."""
    feature = FeatureRequest.objects.create(
        title=values.pop("title", "Выгрузка"), product=make_product(), status=values.pop("status", "released"),
        released_on=T - timedelta(1),
    )  # fmt: skip
    return FeatureWait.objects.create(
        feature=feature, company=company, **{"quote": "Ждём всем отделом", **values}
    )


def talk(company: Company, author: User, *people: Contact, days_ago: int, **values: Any) -> Interaction:
    """A held meeting with these people of the client."""
    values = {"kind": "meeting", "starts_at": moment(T - timedelta(days_ago)), **values}
    interaction = Interaction.objects.create(company=company, author=author, **values)
    InteractionContact.objects.bulk_create(
        InteractionContact(interaction=interaction, contact=person) for person in people
    )
    return interaction


def maker(
    company: Company, name: str = "Орехов Павел Сергеевич", *, since: int | None = 400, **role: Any
) -> Contact:
    """A key decision-maker for so many days; since=None is not known."""
    person = make_contact(company, name)
    valid_from = None if since is None else T - timedelta(since)
    ContactRole.objects.filter(contact=person).update(**{"valid_from": valid_from, **role})
    return person


def budget(company: Company, month: int) -> ProcurementProfile:
    """The client plans his budget in this month."""
    return ProcurementProfile.objects.create(company=company, budget_month=month)
