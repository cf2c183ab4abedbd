"""Contracts, their state, history and renewals from outside (domain.md §7)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from accounts.enums import ContractForm, ContractStatus, LineKind, RenewalKind
from accounts.models import Company, Contract
from accounts.services.contracts import move_contract
from tests.factories import (
    Cast,
    T,
    make_calendar,
    make_company,
    make_contact,
    make_contract,
    make_line,
    moment,
)

pytestmark = pytest.mark.django_db
FIELDS = (
    "id number external_id form status status_label status_changed_at version company holding_head start_date end_date "
    "renewal_kind notice_deadline amount currency vat procurement_type renews renewed_by signed_at paid_at documents "
    "licences deal act_by days_left is_expiring archived created_at updated_at"
)


def numbers(machine: Any, path: str = "contracts/", **asked: Any) -> set[str]:
    return {row["number"] for row in machine.walk(path, **asked)}


def member_of(head: Company, **values: Any) -> Company:
    return make_company(parent=head, head=head, **values)


def test_a_contract_has_every_field_of_the_agreement(machine_with: Any, cast: Cast) -> None:
    """§7 Contract: codes, public identifiers, money as text with its currency."""
    head = make_company("ПАО «Северный Альянс»")
    company = member_of(head, name="ООО «Альянс Снабжение»", kam=cast.vetrov)
    old = make_contract(
        company, start_date=date(2025, 2, 1), end_date=date(2026, 1, 31), status=ContractStatus.RENEWED
    )
    contract = make_contract(
        company, ("casebook", 10), number="Д-117", renews=old, amount=Decimal("1234567.5"), act_by=date(2026, 11, 18),
        renewal_kind=RenewalKind.AUTO, auto_renew_notice_days=30, status_changed_at=moment(),
    )  # fmt: skip
    machine = machine_with("contracts:read", "documents:read")
    row = machine.read(f"contracts/{contract.public_id}/")
    assert set(row) == set(FIELDS.split())
    assert row["company"] == {
        "id": str(company.public_id),
        "name": company.name,
        "inn": company.inn,
        "kpp": company.kpp,
    }
    assert row["holding_head"] == {"id": str(head.public_id), "name": head.name}
    assert (row["amount"], row["currency"]) == ("1234567.50", "RUB")
    assert (row["renews"], row["renewed_by"]) == (str(old.public_id), None)
    assert machine.read(f"contracts/{old.public_id}/")["renewed_by"] == str(contract.public_id)
    assert (row["end_date"], row["notice_deadline"], row["days_left"]) == ("2027-01-31", "2027-01-01", 68)
    assert row["status_changed_at"] == "2026-11-24T12:00:00+03:00"
    assert row["status_label"] == {"ru": "Действует", "en": "Active"}
    assert (row["deal"], row["documents"]) == (None, [])
    (line,) = row["licences"]
    assert (line["product_code"], line["seats"], line["price_per_unit"], line["amount"]) == (
        "casebook", 10, "36000.00", "360000.00",
    )  # fmt: skip
    assert (line["kind"], line["end_user_company"]) == ("paid", None)


@pytest.mark.slow
def test_lists_add_lines_only_when_asked(machine_with: Any) -> None:
    """?expand= and ?fields=; naming a nested part in fields asks for it too."""
    machine = machine_with("contracts:read", "documents:read")
    make_contract(make_company(), ("casebook", 10))
    nested = {"licences", "documents"}
    assert not nested & set(machine.read("contracts/")["results"][0])
    assert nested <= set(machine.read("contracts/", expand="licences,documents")["results"][0])
    assert set(machine.read("contracts/", fields="id,version")["results"][0]) == {"id", "version"}
    assert set(machine.read("contracts/", fields="id,licences")["results"][0]) == {"id", "licences"}
    assert set(machine.read("contracts/", fields="id", expand="documents")["results"][0]) == {
        "id",
        "documents",
    }


def test_a_card_too_gives_only_the_fields_asked_for(machine: Any) -> None:
    path = f"contracts/{make_contract(make_company(), ('casebook', 1)).public_id}/"
    assert set(machine.read(path, fields="id,version")) == {"id", "version"}
    assert set(machine.read(path, fields="id,licences")) == {"id", "licences"}


def test_status_is_light(machine: Any) -> None:
    contract = make_contract(make_company(), version=3)
    assert machine.read(f"contracts/{contract.public_id}/status/") == {
        "id": str(contract.public_id),
        "status": "active",
        "status_label": {"ru": "Действует", "en": "Active"},
        "status_changed_at": None,
        "version": 3,
    }


def test_history_tells_changes_of_state_and_no_free_text(machine: Any, cast: Cast) -> None:
    """Who moved it when, from where to where; the reason may name people, so it stays inside."""
    contract = make_contract(
        make_company(), ("casebook", 1), status=ContractStatus.SIGNING, amount=36000, signed_on=None
    )
    move_contract(contract, to=ContractStatus.ACTIVE, by=cast.titova, signed_on=T)
    move_contract(
        contract, to=ContractStatus.TERMINATED, by=cast.titova, reason="Орехов ушёл", terminated_on=T
    )
    rows = machine.walk(f"contracts/{contract.public_id}/history/")
    assert [(row["previous_status"], row["status"]) for row in rows] == [
        ("active", "terminated"),
        ("signing", "active"),
    ]
    assert rows[0]["changed_by"] == str(cast.titova)
    assert "Орехов" not in str(rows)
    page = machine.read(f"contracts/{contract.public_id}/history/", page_size=1)
    assert machine.read(page["next"])["results"] == rows[1:]
    assert machine.get(f"contracts/{uuid4()}/history/").status_code == 404


@pytest.fixture
def three(cast: Cast) -> None:
    """А: К1, active until 31.12.2026; Б: К2, draft; В: a member of А's holding, expired, an invoice-offer."""
    head = make_company("А", kam=cast.vetrov, inn="0077102372")
    make_contract(
        head,
        ("casebook", 10),
        number="А",
        end_date=date(2026, 12, 31),
        act_by=date(2026, 12, 2),
        status_changed_at=moment(date(2026, 11, 20)),
    )
    other = make_company("Б", kam=cast.aliev)
    make_contract(
        other,
        ("caselook", 1),
        number="Б",
        status=ContractStatus.DRAFT,
        signed_on=None,
        status_changed_at=moment(date(2026, 11, 1)),
    )
    member = member_of(head, name="В", kam=cast.lisina)
    make_contract(
        member, ("casebook", 2), number="В", status=ContractStatus.EXPIRED, start_date=date(2025, 11, 1),
        end_date=date(2026, 10, 31), form=ContractForm.INVOICE_OFFER, act_by=date(2026, 9, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": "active"}, "А"),
        ({"status": ["active", "draft"]}, "АБ"),
        ({"form": "invoice_offer"}, "В"),
        ({"form": ["invoice_offer", "contract"]}, "АБВ"),
        ({"end_date_from": "2026-12-31", "end_date_to": "2026-12-31"}, "А"),
        ({"end_date_to": "2026-12-30"}, "В"),
        ({"renewal_window": "30"}, ""),
        ({"renewal_window": "60"}, "А"),
        ({"act_by_before": "2026-12-02"}, "В"),
        ({"act_by_before": "2026-12-03"}, "АВ"),
        ({"expiring": "true"}, "А"),
        ({"expiring": "false"}, "БВ"),
        ({"inn": "0077102372"}, "А"),
        ({"inn": "7710"}, ""),
        ({"number": "Б"}, "Б"),
        ({"number": "б"}, ""),
        ({"product": "casebook"}, "АВ"),
        ({"product": "nothing"}, ""),
        ({"team": "K1"}, "АВ"),
        ({"status_changed_since": "2026-11-20T12:00:00+03:00"}, "А"),
        ({"team": "K1", "product": "casebook", "status": "expired"}, "В"),
        ({"updated_since": "2099-01-01T00:00:00Z"}, ""),
    ],
)  # fmt: skip
def test_filters_narrow_and_combine(machine: Any, three: None, asked: dict[str, Any], found: str) -> None:
    make_calendar(2026, 2027)
    assert numbers(machine, **asked) == set(found)


def test_a_holding_and_a_kam_are_named_by_identifier(machine: Any, three: None, cast: Cast) -> None:
    head = Company.objects.get(name="А")
    assert numbers(machine, holding=str(head.public_id)) == set("АВ")
    assert numbers(machine, kam=str(cast.aliev.public_id)) == set("Б")
    assert numbers(machine, kam=str(uuid4())) == set()


def test_expiring_is_twenty_working_days_before_act_by(machine: Any) -> None:
    """§2.9: active and act-by ≤ today + 20 working days; 24.11 + 20 = 22.12.2026."""
    make_calendar(2026, 2027)
    company = make_company()
    make_contract(company, number="on", act_by=date(2026, 12, 22))
    make_contract(company, number="after", act_by=date(2026, 12, 23))
    make_contract(company, number="draft", act_by=date(2026, 12, 1), status=ContractStatus.DRAFT)
    make_contract(company, number="unknown", act_by=None)
    shown = {row["number"]: row["is_expiring"] for row in machine.walk("contracts/")}
    assert shown == {"on": True, "after": False, "draft": False, "unknown": False}
    assert numbers(machine, expiring="true") == {"on"}


@pytest.mark.slow
def test_renewals_are_contracts_that_end_in_the_period_and_are_not_renewed(machine: Any, cast: Cast) -> None:
    """/renewals/?from=&to=: both ends inclusive; with act-by and the responsible KAM."""
    company = make_company(kam=cast.vetrov)
    make_contract(company, ("casebook", 1), number="in", end_date=date(2026, 12, 1), act_by=date(2026, 11, 2))
    make_contract(company, ("casebook", 1), number="last", end_date=date(2026, 12, 31))
    make_contract(company, ("casebook", 1), number="after", end_date=date(2027, 1, 1))
    make_contract(company, number="empty", end_date=date(2026, 12, 1))
    make_contract(company, ("casebook", 1), number="pilot", end_date=date(2026, 12, 1), kind=LineKind.TRIAL)
    make_contract(
        company, ("casebook", 1), number="once", end_date=date(2026, 12, 1), renewal_kind=RenewalKind.NONE
    )
    old = make_contract(company, ("casebook", 1), number="renewed", end_date=date(2026, 12, 1))
    make_contract(company, ("casebook", 1), number="successor", renews=old, end_date=date(2027, 12, 1))
    period = {"from": "2026-12-01", "to": "2026-12-31"}
    assert numbers(machine, "renewals/", **period) == {"in", "last"}
    row = next(row for row in machine.walk("renewals/", **period) if row["number"] == "in")
    assert row["responsible_kam"] == {"id": str(cast.vetrov.public_id), "name": cast.vetrov.short_name}
    assert (row["act_by"], row["team"], row["deal"]) == ("2026-11-02", "K1", None)
    assert numbers(machine, "renewals/") == {"in", "last", "after"}  # today and 90 days
    assert numbers(machine, "renewals/", **{"from": "9999-12-31"}) == set()
    assert numbers(machine, "renewals/", team="K2") == set()
    assert numbers(machine, "renewals/", product="casebook", **period) == {"in", "last"}
    backwards = machine.get("renewals/", **{"from": "2026-12-02", "to": "2026-12-01"})
    assert (backwards.status_code, backwards.json()["errors"][0]["field"]) == (400, "to")


def test_contracts_of_an_archived_company_come_with_a_mark(machine: Any) -> None:
    """§7: a machine must learn of archiving, so nothing vanishes."""
    gone = make_contract(make_company(archived_at=moment(T - timedelta(days=1))))
    assert machine.read(f"contracts/{gone.public_id}/")["archived"] is True
    assert [row["archived"] for row in machine.walk("contracts/")] == [True]


def test_an_end_user_of_a_frameworks_line_is_named(machine: Any) -> None:
    head = make_company("Голова")
    user = member_of(head, name="ДЗО")
    contract = make_contract(head, form=ContractForm.FRAMEWORK)
    make_line(contract, end_user_company=user)
    row = machine.read(f"contracts/{contract.public_id}/")
    assert row["licences"][0]["end_user_company"] == {"id": str(user.public_id), "name": "ДЗО"}
    assert row["holding_head"] is None


def test_no_personal_data_leaves_with_contracts(machine_with: Callable[..., Any]) -> None:
    """§2.8.13: a key without contacts:read never sees a phone number, whichever way it asks."""
    company = make_company()
    make_contact(company, "Орехов Павел", phone="+70001234567", email="orekhov@demo.example")
    contract = make_contract(company, ("casebook", 1))
    one = machine_with("contracts:read")
    for path in (
        "contracts/",
        f"contracts/{contract.public_id}/",
        "renewals/",
        f"contracts/{contract.public_id}/history/",
    ):
        text = one.get(path).content.decode()
        assert "Орехов" not in text and "7000123" not in text and "orekhov" not in text
    assert Contract.objects.count() == 1
