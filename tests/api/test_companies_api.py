"""Companies with the answer about invoice-offers, and the report's lines, from outside (domain.md §7, §5)."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.enums import Fact, FactResult, OfferPolicy, Regime
from accounts.models import Company, FactCheck, ProcurementProfile
from accounts.references import seed_procedures
from reports.references import seed_weights
from reports.services.existing_clients import build_existing_clients
from reports.services.ranking import run_ranking
from tests.factories import Cast, make_calendar, make_company, make_contact, make_contract, moment

pytestmark = pytest.mark.django_db


def payer(name: str, policy: str, *, kam: Any, limit: int | None = None, **values: Any) -> Company:
    """A client with 10 seats that pays by this policy, confirmed today."""
    company = make_company(name, kam=kam, **values)
    ProcurementProfile.objects.create(company=company, invoice_offer_policy=policy, invoice_offer_limit=limit)
    FactCheck.objects.create(
        company=company,
        fact=Fact.PROCUREMENT,
        result=FactResult.CONFIRMED,
        checked_at=moment(),
        checked_by=kam,
    )
    make_contract(company, ("casebook", 10), amount=360000)
    return company


@pytest.fixture
def report(cast: Cast) -> dict[str, Company]:
    """The current report: Yes pays, Limit up to 450 000 ₽, No does not, Silence told nothing; Prospect is no client."""
    make_calendar(2025, 2027)
    seed_procedures()
    seed_weights()
    made = {
        "yes": payer("Да", OfferPolicy.ALLOWED, kam=cast.vetrov),
        "limit": payer("До предела", OfferPolicy.UP_TO_LIMIT, kam=cast.vetrov, limit=450000),
        "no": payer("Нет", OfferPolicy.FORBIDDEN, kam=cast.aliev, is_key=True),
        "unknown": payer("Молчание", OfferPolicy.UNKNOWN, kam=cast.aliev, regime=Regime.UNKNOWN),
        "prospect": make_company("Новый", kam=cast.demin),
    }
    run_ranking(by=None)
    build_existing_clients(by=None)
    return made


def names(machine: Any, path: str = "companies/", **asked: Any) -> set[str]:
    return {row["name"] for row in machine.walk(path, **asked)}


def test_a_company_tells_its_requisites_holding_and_people_of_ours(machine: Any, cast: Cast) -> None:
    head = make_company("ПАО «Голова»")
    company = make_company(
        "ООО «ДЗО»", kam=cast.vetrov, parent=head, head=head, external_id="1C-5", city="Тверь"
    )
    row = machine.read(f"companies/{company.public_id}/")
    assert (row["inn"], row["kpp"], row["external_id"], row["city"]) == (
        company.inn,
        company.kpp,
        "1C-5",
        "Тверь",
    )
    assert row["holding_head"] == {"id": str(head.public_id), "name": "ПАО «Голова»"}
    assert row["responsible_kam"]["id"] == str(cast.vetrov.public_id)
    assert (row["team"], row["status"], row["archived"]) == ("K1", "prospect", False)
    assert row["status_label"] == {"ru": "Без договора", "en": "No contract"}
    assert row["invoice_offer"] is None  # not in the report


@pytest.mark.parametrize(
    ("who", "answer", "limit", "code"),
    [
        ("yes", "yes", "600000.00", "ok"),
        ("limit", "limit", "450000.00", "limit"),
        ("no", "no", None, "client_forbids"),
        ("unknown", "unknown", None, "unknown_policy"),
    ],
)
def test_the_answer_about_invoice_offers_comes_with_every_reason(
    machine: Any, report: dict[str, Company], who: str, answer: str, limit: str | None, code: str
) -> None:
    """R38, §5.3: as in the current report."""
    offer = machine.read(f"companies/{report[who].public_id}/")["invoice_offer"]
    assert (offer["answer"], offer["limit"], offer["as_of"]) == (answer, limit, "2026-11-24")
    assert offer["reasons"][0]["code"] == code
    assert offer["answer_label"]["ru"] and offer["currency"] == "RUB"


def test_texts_of_reasons_follow_the_language(machine: Any, report: dict[str, Company]) -> None:
    path = f"companies/{report['no'].public_id}/"
    spoken = {
        lang: machine.get(path, headers={"Accept-Language": lang}).json()["invoice_offer"]
        for lang in ("ru", "en")
    }
    assert spoken["en"]["text"] == "no"
    assert spoken["ru"]["text"] == "нет"
    assert spoken["ru"]["reasons"][0]["text"] != spoken["en"]["reasons"][0]["text"]


@pytest.mark.slow
def test_companies_are_narrowed_by_filters(machine: Any, report: dict[str, Company], cast: Cast) -> None:
    assert names(machine, invoice_offer="no") == {"Нет"}
    assert names(machine, invoice_offer=["yes", "limit"]) == {"Да", "До предела"}
    assert names(machine, team="K2") == {"Нет", "Молчание"}
    assert names(machine, kam=str(cast.demin.public_id)) == {"Новый"}
    assert names(machine, inn=report["yes"].inn) == {"Да"}
    assert names(machine, holding=str(report["yes"].public_id)) == {"Да"}
    assert "Новый" not in names(machine, product="casebook") and len(names(machine, product="casebook")) == 4
    assert names(machine, updated_since="2099-01-01T00:00:00Z") == set()
    assert len(names(machine, ordering="-updated_at", page_size=2)) == 5


def test_people_of_the_client_need_their_own_scope(machine: Any, machine_with: Callable[..., Any]) -> None:
    """§2.8.13: without contacts:read they are absent, not empty, and asking for them is refused."""
    company = make_company()
    make_contact(
        company, "Орехов Павел", phone="+70001234567", email="orekhov@demo.example", position="Директор"
    )
    make_contact(company, "Ушедший Иван", state="left")
    path = f"companies/{company.public_id}/"
    assert "contacts" not in machine.read(path)
    for asked in ({"expand": "contacts"}, {"fields": "id,contacts"}):
        answer = machine.get(path, **asked)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
        assert "contacts:read" in answer.json()["detail"]
    trusted = machine_with("companies:read", "contacts:read")
    assert "contacts" not in trusted.read(path)
    (person,) = trusted.read("companies/", expand="contacts")["results"][0]["contacts"]
    assert (person["full_name"], person["phone"], person["position"]) == (
        "Орехов Павел",
        "+70001234567",
        "Директор",
    )


@pytest.mark.slow
def test_the_report_gives_its_current_lines(machine: Any, report: dict[str, Company]) -> None:
    """§5.2 by the API; filters are those of the page."""
    path = "reports/existing-clients/"
    rows = {row["name"]: row for row in machine.walk(path, page_size=2)}
    assert set(rows) == {"Да", "До предела", "Нет", "Молчание"}
    line = rows["До предела"]
    assert (line["seats"], line["seats_total"], line["currency"]) == ({"casebook": 10}, 10, "RUB")
    assert (line["invoice_offer"], line["invoice_offer_limit"]) == ("limit", "450000.00")
    assert line["annual_amount"] == "360000.00" and isinstance(line["score"], str)
    assert names(machine, path, invoice_offer=["no", "unknown"]) == {"Нет", "Молчание"}
    assert names(machine, path, key="true") == {"Нет"}
    assert names(machine, path, key="false", team="K2") == {"Молчание"}
    assert names(machine, path, inn=report["no"].inn) == {"Нет"}
    assert names(machine, path, holding=str(report["no"].public_id)) == {"Нет"}
    assert len(names(machine, path, product="casebook")) == 4
    assert names(machine, path, product="casebook", owning="not") == set()
    assert names(machine, path, product="casebook", owning="fewer", seats="10") == set()
    assert (
        len(names(machine, path, renewal_window="90", end_date_from="2027-01-31", regime="commercial")) == 3
    )
    assert names(machine, path, renewal_window="60") == set()
    assert len(names(machine, path, ordering="-act_by", page_size=1)) == 4


def test_words_that_narrow_nothing_alone_are_refused(machine: Any, report: dict[str, Company]) -> None:
    answer = machine.get("reports/existing-clients/", owning="not", seats="5")
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"owning", "seats"}


def test_a_report_that_was_never_built_is_empty(machine: Any) -> None:
    assert machine.read("reports/existing-clients/") == {"next": None, "previous": None, "results": []}
