"""The Closer's calendar, and the documents in trouble on the lead's page (§6.2, §6.5, R90)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.references import seed_calendar, seed_procedures
from accounts.services.act_by import refresh_act_by
from deals.enums import Approval
from deals.models import Deal, Document
from reports.models import RankRow
from reports.references import seed_weights
from reports.services.ranking import run_ranking
from tests.factories import (
    Cast,
    T,
    make_company,
    make_contract,
    make_deal,
    make_document,
    make_member,
    moment,
)
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

ClientOf = Callable[[User], Client]
S = Approval


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """A renewal of a contract until 31.01.2027 in which Ким is the closer: act by 18.11, procurement by 09.12.2026."""
    seed_calendar()
    seed_procedures()
    company = make_company("АО «Гранит»", kam=cast.lisina, regime="fz223")
    contract = make_contract(company, ("casebook", 5), end_date=date(2027, 1, 31))
    refresh_act_by(company_ids=[company.pk])
    deal = make_deal(company, ("casebook", 5, 5), renews=contract, target_date=date(2026, 12, 28))
    make_member(deal, cast.kim, Role.CLOSER)
    return deal


@pytest.mark.slow
def test_the_calendar_says_when_to_begin_to_procure_and_to_sign(
    cast: Cast, deal: Deal, client_of: ClientOf
) -> None:
    """§6.5.3, §4.2: act-by, the first day of the procedure after 15 working days of approval, the day to sign."""
    make_document(deal, S.CLIENT_REVIEW, number="5", promised_on=date(2026, 12, 3))
    closer = client_of(cast.kim)
    november = closer.get("/documents/calendar/").context["days"]
    assert [(day, [str(e.label) for e in found]) for day, found in november] == [
        (date(2026, 11, 18), ["начать согласование"])
    ]
    december = closer.get("/documents/calendar/?month=2026-12").context["days"]
    assert [(day, str(found[0].label)) for day, found in december] == [
        (date(2026, 12, 3), "обещано клиентом"), (date(2026, 12, 9), "начать закупку"), (date(2026, 12, 28), "подписать"),
    ]  # fmt: skip
    assert "Ничего" in closer.get("/documents/calendar/?month=2027-06").content.decode()
    assert closer.get("/documents/calendar/?month=завтра").context["first"] == date(2026, 11, 1)


def test_the_calendar_is_of_ones_own_deals(cast: Cast, deal: Deal, client_of: ClientOf) -> None:
    """§3: another team's closer sees none of it; the head only when he asks for all."""
    assert not client_of(cast.demin).get("/documents/calendar/?who=all").context["days"]
    head = client_of(cast.andreeva)
    assert not head.get("/documents/calendar/").context["days"]
    assert head.get("/documents/calendar/?who=all").context["days"]


@pytest.mark.slow
@pytest.mark.parametrize("page", ["/documents/calendar/?month=2026-12", "/documents/troubles/"])
def test_it_costs_the_same_for_many(
    cast: Cast, deal: Deal, client_of: ClientOf, query_budget: Any, page: str
) -> None:
    """The bar of every page."""

    def add(count: int) -> None:
        for _row in range(count):
            other = make_deal(deal.company, target_date=date(2026, 12, 20))
            make_member(other, cast.kim, Role.CLOSER)
            make_document(other, S.CLIENT_REVIEW, promised_on=date(2026, 12, 3))
            make_document(other, S.REFUSED)

    browser = client_of(cast.kim)
    query_budget(add, lambda: browser.get(page), at_most=15)


def test_a_refused_document_is_forgotten_when_another_replaces_it(cast: Cast, deal: Deal) -> None:
    """§4.5 «документы отклонены»: a new text of the same type settles it; one that is cancelled does not."""
    refused = make_document(deal, S.REFUSED)
    make_document(deal, S.DRAFT, type="invoice")
    again = make_document(deal, S.CANCELLED)
    assert list(Document.objects.rejected()) == [refused]
    Document.objects.filter(pk=again.pk).update(approval=S.INTERNAL)
    assert not Document.objects.rejected().exists()


@pytest.mark.slow
def test_a_late_document_is_counted_by_the_tile_and_named_to_the_lead(
    cast: Cast, deal: Deal, client_of: ClientOf
) -> None:
    """R90, §6.2: «Документы стоят» counts what stands longer than the norm, not only what was refused."""
    seed_weights()
    document = make_document(deal, S.SIGNING, number="9", approval_since=moment(T))
    lead = client_of(cast.belova)
    run_ranking(by=None)
    assert not RankRow.objects.current().get(company=deal.company).has_stuck_documents
    assert not lead.get("/documents/troubles/").content.decode().strip()
    Document.objects.filter(pk=document.pk).update(approval_since=moment(T - timedelta(days=20)))
    run_ranking(by=None)
    row = RankRow.objects.current().get(company=deal.company)
    assert row.has_stuck_documents and "documents_late" in row.flags
    page = lead.get("/documents/troubles/").content.decode()
    assert "1 документ стоит дольше нормы" in page and "АО «Гранит»" in page
    assert "document" in lead.get("/priorities/").content.decode()
