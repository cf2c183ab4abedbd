"""How a saved form answers (core/htmx.py): panel, page of its own, no scripts."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company
from tests.factories import Cast, make_company
from upsell_crm.core.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(cast: Cast) -> Company:
    return make_company(kam=cast.aliev, team=cast.k2)


def save(browser: Client, company: Company, **headers: str) -> Any:
    path = f"/companies/{company.public_id}/department/"
    return browser.post(path, {"name": "Юристы", "kind": "legal"}, headers=headers)


def test_a_panel_closes_and_its_page_stays(
    company: Company, cast: Cast, client_of: Callable[[User], Client]
) -> None:
    """product.md §3.1: the list keeps its place."""
    answer = save(
        client_of(cast.aliev), company, HX_Request="true", HX_Current_URL="http://testserver/companies/"
    )
    assert answer.status_code == 204 and "panel:close" in json.loads(answer["HX-Trigger"])


def test_a_form_on_a_page_of_its_own_leads_back(
    company: Company, cast: Cast, client_of: Callable[[User], Client]
) -> None:
    """Rule 5: what was saved is not saved twice from a page that stays."""
    here = f"http://testserver/companies/{company.public_id}/department/"
    answer = save(client_of(cast.aliev), company, HX_Request="true", HX_Current_URL=here)
    assert answer.status_code == 204 and answer["HX-Redirect"].startswith("/companies/")
    assert "HX-Trigger" not in answer
