"""The golden company G1 of domain.md 4.5 as records of the database."""

from datetime import timedelta
from decimal import Decimal

from accounts.enums import Fact, FactResult
from accounts.models import (
    Company,
    ContactStrength,
    Contract,
    FactCheck,
    FeatureRequest,
    FeatureWait,
    PotentialEstimate,
    ProcurementProfile,
    ProcurementType,
    UsageSnapshot,
)
from tests.factories import Cast, T, make_company, make_contact, make_contract, make_product, moment


def make_golden_g1(cast: Cast) -> tuple[Company, Contract, ProcurementProfile]:
    """№ 13 of the demo story: G1 without its training (80.5)."""
    company = make_company("Страховой дом", kam=cast.lisina, regime="fz223")
    contract = make_contract(company, ("casebook", 50), amount=Decimal(1_800_000))
    profile = ProcurementProfile.objects.create(
        company=company,
        default_type=ProcurementType.objects.get(code="single_223"),
        approval_bd_override=20,
        lead_bd_override=20,
    )
    checks = {"company": company, "result": FactResult.CONFIRMED, "checked_by": cast.lisina}
    FactCheck.objects.create(fact=Fact.PROCUREMENT, checked_at=moment(T - timedelta(5)), **checks)
    dm = make_contact(company)
    FactCheck.objects.create(fact=Fact.DM, contact=dm, checked_at=moment(T - timedelta(5)), **checks)
    ContactStrength.objects.create(
        contact=dm, user=cast.lisina, level=4, as_of=T, last_two_way_on=T - timedelta(12)
    )
    for code, target in (("casebook", 70), ("caselook", 10)):
        PotentialEstimate.objects.create(
            company=company,
            product=make_product(code),
            target_seats=target,
            verified_at=moment(T - timedelta(3)),
        )
    UsageSnapshot.objects.create(
        company=company, product=make_product(), as_of=T - timedelta(1), active_users_30d=46
    )
    feature = FeatureRequest.objects.create(
        title="Выгрузка в 1С", product=make_product(), status="released", released_on=T - timedelta(9)
    )
    FeatureWait.objects.create(feature=feature, company=company)
    return company, contract, profile
