"""Base data, holdings, responsible KAM, key mark and archive: accounts/services/companies.py."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.enums import Segment
from accounts.models import Company
from accounts.services.companies import (
    archive_company,
    assign_kam,
    create_company,
    mark_key,
    restore_company,
    update_company,
)
from accounts.services.profile import save_court_load, save_revenue, segment_of
from tests.factories import Cast, T, make_company, make_contract, make_inn
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent


def test_a_kam_adds_a_client_of_his_own(cast: Cast) -> None:
    """§3: the creator's team and, for a KAM, he himself."""
    company = create_company(by=cast.vetrov, name="АО «Новый клиент»", inn=make_inn(9001), kpp="770101001")
    assert (company.owner_kam, company.team, company.owner_since_on) == (cast.vetrov, cast.k1, T)
    assert list(Company.objects.matching("новый КЛИЕНТ")) == [company]


def test_who_has_no_right_adds_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        create_company(by=cast.sokolova, name="АО «Чужой»")
    assert not Company.objects.exists()


def test_the_same_inn_and_kpp_are_refused(cast: Cast) -> None:
    """R15, §2.8.1: duplicates by ИНН + КПП."""
    known = make_company(kam=cast.vetrov)
    with pytest.raises(DomainError) as refusal:
        create_company(by=cast.vetrov, name="Дубль", inn=known.inn, kpp=known.kpp)
    assert "ИНН" in str(refusal.value.errors) or "INN" in str(refusal.value.errors)


def test_a_wrong_check_digit_names_the_field(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        create_company(by=cast.vetrov, name="Опечатка", inn="7707083890")
    assert "inn" in refusal.value.errors


def test_a_new_name_is_found_at_once_and_stands_in_history(cast: Cast) -> None:
    """R15: who, when, old, new."""
    company = make_company("ООО «Тёплый дом»", kam=cast.vetrov)
    update_company(company, {"name": "ООО «Зелёный дом»"}, by=cast.vetrov, version=1)
    assert Company.objects.matching("зеленый").exists() and not Company.objects.matching("тёплый").exists()
    line = AuditEvent.objects.get(event="update_company")
    assert line.changes["name"] == ["ООО «Тёплый дом»", "ООО «Зелёный дом»"]
    assert (line.actor_name, line.company_id) == (str(cast.vetrov), company.pk)


def test_an_old_version_changes_nothing(cast: Cast) -> None:
    company = make_company(kam=cast.vetrov, city="Москва")
    update_company(Company.objects.get(pk=company.pk), {"city": "Тверь"}, by=cast.belova)
    with pytest.raises(Stale):
        update_company(company, {"city": "Тула"}, by=cast.vetrov, version=1)
    assert Company.objects.get(pk=company.pk).city == "Тверь"


def test_backoffice_corrects_requisites_and_nothing_else(cast: Cast) -> None:
    """§3: base data — «requisites A»."""
    company = make_company(kam=cast.vetrov)
    update_company(company, {"kpp": "770201001"}, by=cast.titova)
    with pytest.raises(NotAllowed):
        update_company(company, {"region": "Москва"}, by=cast.titova)


def holding(*names: str, kam: object) -> list[Company]:
    """A chain of companies, the head first."""
    chain: list[Company] = []
    for name in names:
        chain.append(make_company(name, kam=kam, parent=chain[-1] if chain else None))
    return chain


def test_a_holding_never_bites_its_tail(cast: Cast) -> None:
    """§2.8.1: no parent cycle, parent ≠ self."""
    head, middle, bottom = holding("A", "B", "C", kam=cast.vetrov)
    for parent in (bottom, middle, head):
        with pytest.raises(DomainError) as refusal:
            update_company(head, {"parent": parent}, by=cast.vetrov)
        assert refusal.value.code == "holding_cycle"
        head.refresh_from_db()


def test_a_holding_has_five_levels_at_most(cast: Cast) -> None:
    """§2.8.1: counted through both joined trees."""
    chain = holding("A", "B", "C", "D", "E", kam=cast.vetrov)
    with pytest.raises(DomainError) as refusal:
        create_company(by=cast.vetrov, name="F", parent=chain[-1])
    assert refusal.value.code == "holding_depth"
    top, second = holding("X", "Y", kam=cast.vetrov)
    with pytest.raises(DomainError):
        update_company(chain[0], {"parent": top}, by=cast.vetrov)
    chain[0].refresh_from_db()
    update_company(chain[4], {"parent": second}, by=cast.vetrov)


def test_the_lead_gives_a_client_to_another_kam_with_a_reason(cast: Cast) -> None:
    """§2.8.8."""
    company = make_company(kam=cast.vetrov)
    with pytest.raises(DomainError):
        assign_kam(company, cast.lisina, reason=" ", by=cast.belova)
    with pytest.raises(NotAllowed):
        assign_kam(company, cast.lisina, reason="Хочу", by=cast.lisina)
    with pytest.raises(DomainError):
        assign_kam(company, cast.rogov, reason="Ресёрчер не КАМ", by=cast.belova)
    assign_kam(company, cast.demin, reason="Отраслевая экспертиза", by=cast.belova)
    company.refresh_from_db()
    assert (company.owner_kam, company.team, company.owner_since_on) == (cast.demin, cast.k3, T)
    assert AuditEvent.objects.get(event="assign_kam").reason == "Отраслевая экспертиза"


def test_only_the_lead_marks_a_key_client(cast: Cast) -> None:
    """R78."""
    company = make_company(kam=cast.vetrov)
    with pytest.raises(NotAllowed):
        mark_key(company, True, by=cast.vetrov)
    mark_key(company, True, by=cast.belova)
    assert Company.objects.get(pk=company.pk).is_key


def test_a_company_is_archived_never_deleted(cast: Cast) -> None:
    """§2.8.14: and not while a contract is in force."""
    company = make_company(kam=cast.vetrov)
    contract = make_contract(company, ("casebook", 5))
    with pytest.raises(DomainError):
        archive_company(company, reason="Ликвидирован", by=cast.belova)
    contract.status = "expired"
    contract.save()
    archive_company(company, reason="Ликвидирован", by=cast.belova)
    assert not Company.objects.present().exists()
    restore_company(company, by=cast.belova)
    assert Company.objects.present().exists()


@pytest.mark.parametrize(
    ("billions", "segment"),
    [
        ("0.499", Segment.S),
        ("0.5", Segment.M),
        ("4.99", Segment.M),
        ("5", Segment.L),
        ("50", Segment.L),
        ("50.01", Segment.XL),
    ],
)
def test_the_segment_follows_the_revenue(billions: str, segment: str) -> None:
    """§2.1: S < 0.5, M 0.5–5, L 5–50, XL > 50 billion ₽."""
    assert segment_of(Decimal(billions) * 1_000_000_000) == segment


def test_court_load_is_entered_by_hand_as_of_a_day(cast: Cast) -> None:
    """R8: total and its parts by role; the same day corrects, another day is a row of its own; history is kept."""
    company = make_company(kam=cast.vetrov)
    for day, cases in ((T, 10), (T, 12), (T - timedelta(days=365), 7)):
        save_court_load(
            company, as_of=day, cases_12m=cases, as_plaintiff=4, as_defendant=3, by=cast.vetrov,
            claims_amount=Decimal(5_000_000),
        )  # fmt: skip
    assert list(company.court_loads.order_by("-as_of").values_list("cases_12m", flat=True)) == [12, 7]
    assert AuditEvent.objects.filter(event="save_court_load", company_id=company.pk).count() == 3
    with pytest.raises(DomainError):
        save_court_load(company, as_of=T, cases_12m=3, as_plaintiff=4, by=cast.vetrov)


def test_revenue_is_kept_per_year_and_the_latest_decides(cast: Cast) -> None:
    """R7: older years stay."""
    company = make_company(kam=cast.vetrov)
    for year, billions in ((2025, 60), (2024, 1)):
        save_revenue(
            company,
            year=year,
            revenue=Decimal(billions) * 1_000_000_000,
            source="manual",
            as_of=T,
            by=cast.vetrov,
        )
    company.refresh_from_db()
    assert company.segment == Segment.XL
    assert [row.year for row in company.years.all()] == [2025, 2024]
    assert company.fact_checks.filter(fact="revenue").count() == 2
