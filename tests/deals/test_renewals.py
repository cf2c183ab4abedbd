"""A renewal in two clicks: everything is filled in (R18, domain.md §2.11, §4.1, §6.1)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, Task
from accounts.models.usage import PotentialEstimate
from accounts.services.act_by import refresh_act_by
from deals.models import Deal
from deals.proposals import propose_renewal
from tests.factories import Cast, T, make_calendar, make_company, make_contract, make_deal, make_product
from upsell_crm.core.models import User


@pytest.fixture
def company(cast: Cast) -> Company:
    """Лисина's client: 10 seats of Casebook until 31.01.2027, no estimate."""
    make_calendar()
    company = make_company("ПАО «Горизонт»", kam=cast.lisina)
    make_contract(company, ("casebook", 10))
    refresh_act_by(company_ids=[company.pk])
    return company


class Fields(HTMLParser):
    """What a browser would send if nobody typed anything."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag == "input" and own.get("name") and (own.get("type") != "checkbox" or "checked" in own):
            self.data.setdefault(str(own["name"]), []).append(
                own.get("value") or ("on" if "checked" in own else "")
            )
        elif tag == "select":
            self._select = str(own.get("name"))
        elif tag == "option" and "selected" in own:
            self.data[self._select] = [own.get("value") or ""]


def test_the_proposal_holds_lines_dates_and_tasks(company: Company) -> None:
    """R18, §2.11: current lines, potential on top, target date = end of the contract, cadence from act-by."""
    contract = company.contracts.get()
    found = propose_renewal(company, date(2026, 9, 1), targets={"casebook": 15, "caselook": 4})
    assert found.contracts == [contract] and found.target_date == date(2027, 1, 31)
    seats = [
        (line.product.code, line.seats_current, line.seats_new) for line in found.lines if line.seats_current
    ]
    assert (seats, found.kind) == ([("casebook", 10, 15)], "renewal_upsell")
    assert found.lines[0].current_amount == Decimal(360_000)
    assert [step.due_on for step in found.steps][-1] == contract.act_by
    assert len(found.steps) == 4


def test_a_late_start_begins_today(company: Company) -> None:
    """The steps whose day has passed are due today in one; what is ahead keeps its day."""
    company.contracts.update(act_by=T + timedelta(days=2))
    steps = propose_renewal(company, T).steps
    assert [step.due_on for step in steps] == [T, T + timedelta(days=2)]


def test_estimates_of_the_client_are_the_targets_when_no_page_names_them(company: Company) -> None:
    """§2.1: an estimate of potential replaces the calculated target."""
    PotentialEstimate.objects.create(company=company, product=make_product(), target_seats=25)
    assert propose_renewal(company, T).lines[0].seats_new == 25


def test_contracts_that_end_together_are_renewed_by_one_deal(company: Company) -> None:
    """§4.9: at most 30 days apart, offered as an option; one that a deal renews already is left to it."""
    second = make_contract(company, ("caselook", 3), end_date=date(2027, 2, 20))
    make_contract(company, ("casebook", 1), end_date=date(2027, 6, 30))
    refresh_act_by(company_ids=[company.pk])
    assert propose_renewal(company, T).mergeable == [second]
    merged = propose_renewal(company, T, merge=True)
    assert (len(merged.contracts), len(merged.lines)) == (2, 2)
    make_deal(company, renews=merged.contracts[0])
    assert propose_renewal(company, T).contracts == [second]


def test_open_and_save_is_all_it_takes(
    cast: Cast, company: Company, client_of: Callable[[User], Client]
) -> None:
    """§6.1: two clicks: the button opens the panel, the panel is saved as it stands."""
    browser = client_of(cast.lisina)
    url = reverse("deals:create_deal", args=[company.public_id]) + "?target-casebook=15"
    panel = browser.get(url, headers={"HX-Request": "true"})
    saved = browser.post(url, Fields(panel.content.decode()).data, headers={"HX-Request": "true"})
    deal = Deal.objects.get()
    assert saved["HX-Redirect"] == deal.get_absolute_url(), saved.content.decode()
    assert (deal.amount, deal.current_amount, deal.kind) == (540_000, 360_000, "renewal_upsell")
    assert deal.renewals.get().contract == company.contracts.get()
    assert (deal.responsible_kam, deal.act_by_at_opening) == (cast.lisina, company.contracts.get().act_by)
    tasks = Task.objects.filter(deal_link__deal=deal)
    assert tasks.count() >= 1 and {task.assignee for task in tasks} == {cast.lisina}


def test_a_researcher_proposes_and_the_kam_gets_a_task(
    cast: Cast, company: Company, client_of: Callable[[User], Client]
) -> None:
    """§3: Researcher and CSM propose; they do not open deals."""
    browser = client_of(cast.rogov)
    assert browser.get(reverse("deals:create_deal", args=[company.public_id])).status_code == 403
    browser.post(reverse("deals:suggest_deal", args=[company.public_id]), {"text": "Новый юридический отдел"})
    task = Task.objects.get()
    assert (task.assignee, task.receiver, task.expected_result) == (
        cast.lisina, cast.rogov, "Новый юридический отдел",
    )  # fmt: skip
