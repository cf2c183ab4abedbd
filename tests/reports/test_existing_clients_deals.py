"""The report's column «Открытая сделка (этап)»: page, files and filter (§5.2, §5.4)."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company
from deals.enums import DealKind, DealStage
from deals.models import Deal
from reports.services.existing_clients import build_existing_clients
from reports.services.ranking import run_ranking
from tests.factories import Cast, T, make_company, make_contract, make_deal, moment
from tests.reports.test_existing_clients_export import body, sheets
from upsell_crm.core.models import User

SignIn = Callable[[User], Client]
URL, FILE = "/reports/existing-clients/", "/reports/existing-clients/export/"
STAGES = {"Ведём": "Презентация", "ДЗО": "Стратегия", "Голова": "Стратегия", "Проиграли": "", "Никого": ""}


@pytest.fixture(autouse=True)
def clients(cast: Cast, references: None, settings: Any, tmp_path: Any) -> None:
    """A renewal, a holding project over a ДЗО, a lost deal, and no deal at all."""
    settings.MEDIA_ROOT = tmp_path
    head = make_company("Голова", kam=cast.vetrov)
    found = {name: make_company(name, kam=cast.vetrov) for name in ("Ведём", "Проиграли", "Никого")}
    found |= {"Голова": head, "ДЗО": make_company("ДЗО", kam=cast.vetrov, parent=head, head=head)}
    contracts = {name: make_contract(company, ("casebook", 5)) for name, company in found.items()}
    make_deal(found["Ведём"], renews=contracts["Ведём"], stage=DealStage.PRESENTATION)
    make_deal(head, kind=DealKind.HOLDING, stage=DealStage.STRATEGY)
    lost = make_deal(found["Проиграли"], renews=contracts["Проиграли"])
    Deal.objects.filter(pk=lost.pk).update(
        stage=DealStage.LOST, return_stage=DealStage.NEEDS, closed_at=moment(T), main_reason="price"
    )
    run_ranking(by=None)
    build_existing_clients(by=None)


@pytest.mark.slow
def test_the_column_stands_in_the_page_and_in_both_files(cast: Cast, client_of: SignIn) -> None:
    """§5.2, R37: the stage of the deal that the ranking shows; a lost one is none."""
    client = client_of(cast.titova)
    html = client.get(URL, {"view": "full"}).content.decode()
    assert "Открытая сделка (этап)" in html and "Презентация" in html
    content = body(client.post(FILE, {"format": "xlsx", "query": "view=full"}))
    heading, *rows = sheets(content)["Действующие клиенты"]
    name, stage = heading.index("Компания"), heading.index("Открытая сделка (этап)")
    assert {row[name]: row[stage] for row in rows} == STAGES
    text = body(client.post(FILE, {"format": "csv", "query": "view=full"})).decode("utf-8-sig")
    lines = csv.DictReader(io.StringIO(text), delimiter=";")
    assert {line["Компания"]: line["Открытая сделка (этап)"] for line in lines} == STAGES


@pytest.mark.parametrize("having", ["has", "not"])
def test_the_filter_has_and_has_not(cast: Cast, client_of: SignIn, having: str) -> None:
    """§5.4: the page, its totals and the files take the same word."""
    rows = client_of(cast.titova).get(URL, {"deal": having}).context["page"].rows
    expected = {name for name, stage in STAGES.items() if bool(stage) == (having == "has")}
    assert {row.company.name for row in rows} == expected


@pytest.mark.slow
def test_a_row_without_a_deal_offers_one(cast: Cast, client_of: SignIn) -> None:
    """§6.1: one primary action per row, for who may open a deal, and not where one was opened since the report was built."""

    def offered(user: User) -> set[str]:
        page = client_of(user).get(URL)
        return {
            str(row.company)
            for row in page.context["page"].rows
            if row.company_id in page.context["may_create"]
        }

    assert offered(cast.vetrov) == {"Проиграли", "Никого"}
    html = client_of(cast.vetrov).get(URL).content.decode()
    nobody = Company.objects.get(name="Никого")
    assert f"/companies/{nobody.public_id}/deals/new/" in html
    assert offered(cast.titova) == set()
    make_deal(nobody)
    assert offered(cast.vetrov) == {"Проиграли"}
