"""Segments: filters of the company list and of marketing, consent respected and counted (R89, R102, §6.7)."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from accounts.models import Company, FeatureRequest, FeatureWait, UsageSnapshot
from tests.factories import Cast, T, make_company, make_contract, make_product, moment
from tests.trainings.marketing_makers import make_person
from trainings.enums import LeftOut
from trainings.segments import Segment
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User


def companies_of(user: User, **filters: str) -> set[str]:
    """Names of the companies whose people a segment reaches."""
    segment = Segment(user, QueryDict(urlencode(filters)))
    return set(segment.reachable.values_list("company__name", flat=True))


@pytest.fixture
def clients(cast: Cast) -> dict[str, Company]:
    """A bank with Casebook, a shop with Caselook, a factory with nothing; one willing person in each."""
    bank = make_company("Банк", kam=cast.vetrov, industry="bank", region="Москва")
    shop = make_company("Магазин", kam=cast.demin, industry="retail", region="Пермский край")
    plant = make_company("Завод", kam=cast.aliev, industry="industry")
    make_contract(bank, ("casebook", 10))
    make_contract(shop, ("caselook", 10))
    for company in (bank, shop, plant):
        make_person(company)
    return {company.name: company for company in (bank, shop, plant)}


def test_a_segment_is_built_by_licences_industry_region_and_kam(
    cast: Cast, clients: dict[str, Company]
) -> None:
    """R89, §6.7: product owned and not owned, industry, region, responsible KAM, status."""
    of = lambda **filters: companies_of(cast.sokolova, **filters)  # noqa: E731 - four words instead of forty
    assert of() == {"Банк", "Магазин", "Завод"}
    assert of(product="casebook") == {"Банк"}
    assert of(product="casebook", owning="not") == {"Магазин", "Завод"}
    assert of(owning="not") == {"Банк", "Магазин", "Завод"}
    assert of(industry="retail") == {"Магазин"}
    assert of(region="Москва") == {"Банк"}
    assert of(kam="aliev") == {"Завод"}
    assert of(status="prospect") == {"Завод"}


def test_a_segment_is_built_by_awaited_features(cast: Cast, clients: dict[str, Company]) -> None:
    """R89: who waits for a feature; a released one also concerns the owners of its product."""
    feature = FeatureRequest.objects.create(
        title="API", product=make_product("casebook"), status="released", released_on=T
    )
    FeatureWait.objects.create(feature=feature, company=clients["Завод"])
    assert companies_of(cast.sokolova, feature=str(feature.public_id)) == {"Завод"}
    assert companies_of(cast.sokolova, feature=str(feature.public_id), concerned="owners") == {
        "Завод",
        "Банк",
    }


def test_a_segment_is_built_by_use_of_the_last_snapshot(cast: Cast, clients: dict[str, Company]) -> None:
    """§6.7, R20: under 30 % of the seats, or all of them; no snapshot fits neither."""
    product = make_product("casebook")
    for as_of, users in ((date(2026, 9, 1), 10), (date(2026, 11, 1), 2)):
        UsageSnapshot.objects.create(
            company=clients["Банк"], product=product, as_of=as_of, active_users_30d=users
        )
    assert companies_of(cast.sokolova, usage="low") == {"Банк"}
    assert companies_of(cast.sokolova, usage="full") == set()
    assert companies_of(cast.sokolova, usage="low", product="caselook") == set()


def test_a_segment_is_narrowed_to_people_of_one_role(cast: Cast) -> None:
    """Decision-makers alone, of the same companies."""
    company = make_company("Банк", kam=cast.vetrov)
    make_person(company, "Первый Пётр", role="dm")
    make_person(company, "Второй Иван", role="user")
    segment = Segment(cast.sokolova, QueryDict("role=dm"))
    assert [person.last_name for person in segment.reachable] == ["Первый"]


def test_people_without_consent_are_absent_and_counted_by_reason(cast: Cast) -> None:
    """R89, R102, story 15: each person who is left out has exactly one reason."""
    company = make_company("Банк", kam=cast.vetrov)
    make_person(company, "Согласен Пётр")
    make_person(company, "Ушёл Пётр", state="left", left_on=T)
    make_person(company, "Скрыт Пётр", anonymised_at=moment(), consent_mailing="no", email="")
    make_person(company, "Отказался Пётр", consent_mailing="no")
    make_person(company, "Неизвестен Пётр", consent_mailing="unknown")
    make_person(company, "Безадреса Пётр", email="")
    counts = Segment(cast.sokolova, QueryDict("")).counts()
    assert (counts.people, counts.companies) == (1, 1)
    assert counts.excluded == dict.fromkeys(LeftOut.values, 1)
    assert counts.left_out == 5


def test_archived_clients_and_clients_out_of_reach_are_not_in_it(
    cast: Cast, clients: dict[str, Company]
) -> None:
    """§3: a lead sees his own team's people in a segment; nobody asks for archived clients here."""
    make_person(make_company("Архив", kam=cast.vetrov, archived_at=moment()))
    assert companies_of(cast.sokolova, archive="with") == {"Банк", "Магазин", "Завод"}
    assert companies_of(cast.belova) == {"Банк"}


def test_a_filter_typed_wrong_sends_nothing_to_everybody(cast: Cast, clients: dict[str, Company]) -> None:
    """A page ignores what it does not understand; a mailing must not."""
    segment = Segment(cast.sokolova, QueryDict("product=nonsense"))
    with pytest.raises(DomainError) as refused:
        segment.check()
    assert refused.value.code == "bad_filter"
