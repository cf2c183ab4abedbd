"""The load generator writes past the models, so what it wrote is held against them (R4)."""

from collections import Counter

import pytest
from django.db import connection

from accounts.models import Company, Contact, Contract, Interaction, LicenceLine, Task
from deals.models import Deal, DealLine, DealMember, Document
from reports.services.ranking import run_ranking
from roadmaps.models import Plan, PlanReview, PlanTask
from roadmaps.plan_content import replay
from roadmaps.queries import content_of
from trainings.models import Trainee, Training
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action
from upsell_crm.demo.load import seed_load

WITH_RULES = (
    Company,
    Contact,
    Contract,
    LicenceLine,
    Task,
    Deal,
    DealLine,
    DealMember,
    Document,
    Training,
    Trainee,
    Plan,
    PlanTask,
    PlanReview,
)


@pytest.mark.django_db
@pytest.mark.slow
def test_a_base_of_two_hundred_and_fifty() -> None:
    """2.4 contracts and 40 communications a company, 100 companies a KAM, records that obey their own rules."""
    said: list[int] = []
    seed_load(companies=250, seed=1, progress=said.append)
    assert said == [250]
    assert (Company.objects.count(), Contract.objects.count(), Interaction.objects.count()) == (
        250,
        600,
        10_000,
    )
    deals = Deal.objects.count(), Deal.objects.open().count()
    assert 200 < deals[0] < 300 and 50 < deals[1] < 100, deals  # 0.9 and 0.3 a company
    kams = Counter(Company.objects.order_by("pk").values_list("owner_kam__username", flat=True))
    assert kams == {"load-kam-1": 100, "load-kam-2": 100, "load-kam-3": 50}
    for model in WITH_RULES:
        for record in model._base_manager.order_by("pk")[::17]:
            record.full_clean()
    connection.check_constraints()
    for plan in Plan.objects.filter(revision=1)[:20]:
        changes = plan.revisions.values_list("changes", flat=True)
        assert replay(changes) == content_of(plan) == plan.content
    assert 20 < Plan.objects.open().count() < 70  # of six of ten open deals
    lead = User.objects.get(username="load-lead-1")
    assert Company.objects.allowing(lead, Action.SEE_RANKING).count() == 250
    assert not lead.has_usable_password()
    assert Contract.objects.filter(status="active", act_by=None).count() == 0


@pytest.mark.slow
@pytest.mark.django_db
def test_the_base_can_be_ranked_and_written_on() -> None:
    """The facts are spread over all bands, and a new record gets an identifier of its own."""
    seed_load(companies=60, seed=1, progress=lambda done: None)
    run = run_ranking(by=None, kind="nightly")
    assert run.ranked > 45
    assert {True, False} == {row.is_damped for row in run.rows.exclude(deal=None)}
    assert {row.band for row in run.rows.ranked()} >= {"A", "C", "D"}
    trained = [
        row.evidence["training"].get("index") for row in run.rows.ranked() if "training" in row.evidence
    ]
    assert len(trained) > 15 and len(set(trained)) > 5  # indices of all kinds, and trainings without results
    assert Company.objects.visible_to(User.objects.get(username="load-tutor-1")).exists()
    assert Company.objects.create(name="Новый клиент").pk > 60
    with pytest.raises(DomainError, match="other data"):
        seed_load(companies=1, seed=1, progress=lambda done: None)
