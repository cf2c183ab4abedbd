"""Which strategy is suggested, and why (R43): each reason with its boundary, and the reads behind it."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Company, Department, DepartmentInterest, PotentialEstimate, ProcurementType
from accounts.models.procurement import ProcurementProfile
from accounts.references import PROCEDURES, seed_procedures
from roadmaps.enums import PlanType
from roadmaps.type_choice import (
    WORDS,
    Limits,
    Structure,
    is_competitive,
    reasons_in_words,
    structure_of,
    suggest,
    suggest_for,
)
from tests.factories import Cast, T, make_company, make_contract, make_deal, make_member, make_product
from upsell_crm.core.models import Parameter
from upsell_crm.core.roles import Role

LIMITS = Limits(Decimal(1_000_000), 3)
TENDERS = {
    "tender_commercial", "rfq_44", "auction_44", "contest_44", "rfq_223", "rfp_223", "auction_223", "contest_223",
}  # fmt: skip


def codes(found: Structure) -> list[str]:
    return [reason["code"] for reason in suggest(found, LIMITS).reasons]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (Structure(family=2), "holding"),
        (Structure(teams=2), "teams"),
        (Structure(potential=Decimal(1_000_000)), "potential"),
        (Structure(departments=3), "departments"),
        (Structure(procedure="auction_44"), "procedure"),
    ],
)
def test_one_reason_is_enough_for_a_roadmap(found: Structure, reason: str) -> None:
    """R43: each of the five alone."""
    assert suggest(found, LIMITS).type == PlanType.ROADMAP
    assert codes(found) == [reason]


@pytest.mark.parametrize(
    "found",
    [
        Structure(),
        Structure(family=1),
        Structure(teams=1),
        Structure(teams=0),
        Structure(potential=Decimal("999999.99")),
        Structure(departments=2),
        Structure(procedure="single_223"),
        Structure(procedure="unknown"),
        Structure(procedure=""),
    ],
)
def test_just_below_every_limit_a_short_plan_is_enough(found: Structure) -> None:
    """R43: otherwise an action plan, and that is said too."""
    assert suggest(found, LIMITS).type == PlanType.ACTION_PLAN
    assert codes(found) == ["simple"]


def test_the_whole_table_of_decisions() -> None:
    """R43: 32 combinations: a roadmap exactly when one of the five holds, with exactly those reasons."""
    for signs in product([False, True], repeat=5):
        holding, teams, potential, departments, procedure = signs
        found = Structure(
            family=6 if holding else 1, teams=3 if teams else 1, departments=4 if departments else 0,
            potential=Decimal(2_000_000 if potential else 10), procedure="contest_44" if procedure else "direct",
        )  # fmt: skip
        names = ["holding", "teams", "potential", "departments", "procedure"]
        wanted = [name for name, is_on in zip(names, signs, strict=True) if is_on]
        assert codes(found) == (wanted or ["simple"])
        assert (suggest(found, LIMITS).type == PlanType.ROADMAP) == bool(wanted)


@given(
    st.integers(1, 9), st.integers(0, 5), st.decimals(0, 10**7, places=2), st.integers(0, 9),
    st.sampled_from([row.code for row in PROCEDURES]), st.integers(0, 3), st.decimals(0, 10**6, places=2),
)  # fmt: skip
def test_a_larger_client_never_falls_back_to_a_short_plan(
    family: int, teams: int, potential: Decimal, departments: int, procedure: str, more: int, money: Decimal
) -> None:
    """R43: monotone: what asked for a roadmap still does when there is more of it."""
    small = Structure(family, teams, potential, departments, procedure)
    large = Structure(family + more, teams + more, potential + money, departments + more, procedure)
    if suggest(small, LIMITS).type == PlanType.ROADMAP:
        assert suggest(large, LIMITS).type == PlanType.ROADMAP


def test_tenders_contests_auctions_and_requests_compete() -> None:
    """R43: and no single supplier, small purchase, shop, framework or invoice-offer does."""
    assert {row.code for row in PROCEDURES if is_competitive(row.code)} == TENDERS


def test_every_reason_has_its_sentence() -> None:
    """R43: in the language of the reader; a code of another release is left out."""
    auction = suggest(
        Structure(procedure="auction_44", procedure_names=("Аукцион", "Auction")), LIMITS
    ).reasons[0]
    said = [{"code": "holding", "n": 6}, {"code": "teams", "n": 2}, {"code": "potential", "n": 1_250_000},
            {"code": "departments", "n": 3}, auction, {"code": "simple", "n": 0}, {"code": "gone"}]  # fmt: skip
    assert set(WORDS) == {reason["code"] for reason in said} - {"gone"}
    with translation.override("ru"):
        words = reasons_in_words(said)
    assert len(words) == 6
    assert words[0] == "клиент входит в холдинг из 6 компаний"
    assert "1 250 000" in words[2].replace("\xa0", " ")
    assert words[4].endswith("Аукцион")


@pytest.mark.django_db
class TestReads:
    @pytest.fixture
    def company(self, cast: Cast) -> Company:
        return make_company(kam=cast.aliev, team=cast.k2)

    def test_a_client_alone_is_simple(self, company: Company) -> None:
        """R43: nothing known, nothing large."""
        assert structure_of(company, T) == Structure()
        assert suggest_for(company, T, make_deal(company)).type == PlanType.ACTION_PLAN

    def test_head_and_subsidiary_both_belong_to_the_holding(self, company: Company) -> None:
        """R43."""
        child = make_company(head=company, parent=company)
        assert structure_of(company, T).family == structure_of(child, T).family == 2

    def test_only_teams_that_work_on_the_deal_today_count(self, company: Company, cast: Cast) -> None:
        """R43: a colleague who has left it is no second team."""
        deal = make_deal(company)
        make_member(deal, cast.moroz, Role.CSM)
        assert structure_of(company, T, deal).teams == 1  # care serves every deal
        member = make_member(deal, cast.kim, Role.CLOSER)
        assert structure_of(company, T, deal).teams == 2
        member.ended_on = date(2026, 11, 20)
        member.save()
        assert structure_of(company, T, deal).teams == 1

    def test_the_potential_is_the_room_at_list_price_or_what_the_deal_adds(self, company: Company) -> None:
        """R43, §4.3."""
        make_contract(company, ("casebook", 10))
        PotentialEstimate.objects.create(company=company, product=make_product("casebook"), target_seats=40)
        assert structure_of(company, T).potential == 30 * 36_000
        deal = make_deal(company, ("casebook", 10, 60))
        assert structure_of(company, T, deal).potential == max(deal.expansion, Decimal(30 * 36_000))

    def test_a_department_that_has_cooled_down_is_not_interested(self, company: Company) -> None:
        """R43: the last word of each department counts, from «present» on."""
        for n, levels in enumerate([(3,), (1, 2), (2, 0), (1,)]):
            department = Department.objects.create(company=company, name=f"Департамент {n}")
            for day, level in enumerate(levels, start=1):
                DepartmentInterest.objects.create(
                    department=department, product=make_product(), level=level, as_of=date(2026, 11, day)
                )
        assert structure_of(company, T).departments == 2

    def test_the_procedure_of_the_deal_goes_before_that_of_the_profile(self, company: Company) -> None:
        """R43."""
        seed_procedures()
        auction, direct = (ProcurementType.objects.get(code=code) for code in ("auction_44", "direct"))
        ProcurementProfile.objects.create(company=company, default_type=auction)
        assert structure_of(company, T).procedure == "auction_44"
        assert structure_of(company, T, make_deal(company, procurement_type=direct)).procedure == "direct"

    def test_the_administrator_moves_the_limits(self, company: Company) -> None:
        """R93: potential and departments are parameters."""
        deal = make_deal(company, ("casebook", 0, 10))
        assert suggest_for(company, T, deal).type == PlanType.ACTION_PLAN
        Parameter.objects.create(code="roadmap_potential", value="300000.00")
        assert suggest_for(company, T, deal).reasons == [{"code": "potential", "n": 360_000}]
