"""At most six statements a page, whatever the number of rows (domain.md §7, Acceptance)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.references import seed_procedures
from reports.references import seed_weights
from reports.services.existing_clients import build_existing_clients
from tests.factories import make_calendar, make_company, make_contact, make_contract, make_deal, make_document
from upsell_crm.core.models import User

pytestmark = pytest.mark.django_db
AT_MOST = 6


def add_clients(number: int) -> None:
    kam = User.objects.get(username="lisina")
    head = make_company(kam=kam)
    for _number in range(number):
        company = make_company(kam=kam, parent=head, head=head)
        make_contact(company)
        contract = make_contract(company, ("casebook", 2), ("caselook", 3))
        deal = make_deal(company, ("casebook", 2, 4), renews=contract)
        make_document(deal, contract=contract)
    build_existing_clients(by=None)


PATHS = (
    ("contracts/", {"expand": "licences,documents", "page_size": "500"}),
    (
        "contracts/",
        {
            "status": "active",
            "team": "K1",
            "product": "casebook",
            "expiring": "false",
            "invoice_offer": "unknown",
        },
    ),
    ("renewals/", {"expand": "licences,documents", "page_size": "500"}),
    ("contracts/", {"has_open_deal": "true", "approval": "draft", "edo": "paper"}),
    ("documents/", {"page_size": "500", "approval": "draft"}),
    ("companies/", {"page_size": "500"}),
    ("companies/", {"expand": "contacts", "page_size": "500"}),
    ("reports/existing-clients/", {"page_size": "500", "product": "casebook"}),
)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [30, pytest.param(300, marks=pytest.mark.slow)])
def test_pages_cost_the_same_with_few_and_many_rows(cast: Any, machine_with: Any, rows: int) -> None:
    make_calendar(2025, 2027)
    seed_procedures()
    seed_weights()
    machine = machine_with("contracts:read", "companies:read", "contacts:read", "documents:read")

    def cost() -> dict[str, int]:
        counts = {}
        for path, asked in PATHS:
            machine.read(path, **asked)  # the first visit notes the use of the token
            with CaptureQueriesContext(connection) as captured:
                machine.read(path, **asked)
            counts[f"{path} {asked}"] = len(captured)
        return counts

    add_clients(3)
    few = cost()
    add_clients(rows - 3)
    many = cost()
    assert few == many
    assert max(many.values()) <= AT_MOST, many
