"""Panels over a deal lose nothing: drafts, and both texts after a conflict (faults A8, B1)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from deals.enums import DealStage
from deals.models import Deal
from deals.references import seed_checklists
from tests.factories import Cast, make_company, make_deal
from upsell_crm.core import clock
from upsell_crm.core.drafts import save_draft
from upsell_crm.core.models import Draft, User

ClientOf = Callable[[User], Client]
PANEL = {"HX-Request": "true"}
TYPED: dict[str, dict[str, Any]] = {
    "edit_lines": {
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "1", "lines-0-product": "casebook", "lines-0-seats_current": "3",
        "lines-0-seats_new": "77", "lines-0-price": "1234.00", "lines-0-vat": "none",
    },
    "edit_deal": {
        "title": "Сделка", "next_step": "Показать модуль", "next_step_on": "2026-11-27", "target_date": "2026-12-20",
        "forecast": "commit",
    },
    "win_reasons": {
        "main_reason": "timing_renewal", "other_reasons": ["new_need", "price"], "comment": "Помог пилот",
    },
}  # fmt: skip
SHOWN = {
    "edit_lines": ['value="77"'],
    "edit_deal": ["Показать модуль"],
    "win_reasons": ["Помог пилот", 'value="new_need" id="id_other_reasons_3" checked'],
}


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """Лисина's deal with one line and the checklists."""
    seed_checklists()
    return make_deal(make_company("ПАО «Горизонт»", kam=cast.lisina), ("casebook", 3, 5))


def stands_for(deal: Deal, panel: str) -> None:
    """The reasons of a win are asked of a won deal."""
    if panel == "win_reasons":
        deal.stage, deal.return_stage, deal.closed_at = DealStage.WON, DealStage.RESEARCH, clock.now()
        deal.main_reason, deal.lead_at_close = "timing_renewal", deal.team.lead
        deal.save()


@pytest.mark.parametrize("panel", ["edit_lines", "edit_deal", "win_reasons"])
def test_a_panel_keeps_what_is_typed(cast: Cast, deal: Deal, client_of: ClientOf, panel: str) -> None:
    """A8: what was typed and not saved stands in the form again, several ticks included; after the save it is gone."""
    browser, url = client_of(cast.lisina), reverse(f"deals:{panel}", args=[deal.public_id])
    stands_for(deal, panel)
    key = browser.get(url, headers=PANEL).context["page"].draft
    save_draft(cast.lisina, key, {n: v if isinstance(v, list) else [v] for n, v in TYPED[panel].items()})
    answer = browser.get(url, headers=PANEL)
    page = answer.content.decode()
    assert answer.context["is_restored"] and f'data-draft="{key}"' in page
    for words in SHOWN[panel]:
        assert words in page, words
    saved = browser.post(url, {**TYPED[panel], "version": deal.version}, headers=PANEL)
    assert saved.status_code == 204, saved.content.decode()[:3000]
    assert not Draft.objects.filter(user=cast.lisina, key=key).exists()


@pytest.mark.parametrize("panel", ["edit_lines", "edit_deal", "win_reasons"])
def test_after_a_conflict_both_texts_stand_and_the_next_save_goes_on(
    cast: Cast, deal: Deal, client_of: ClientOf, panel: str
) -> None:
    """B1: the second of two writers sees both texts; saving again goes on from the version that stands now."""
    browser, url = client_of(cast.lisina), reverse(f"deals:{panel}", args=[deal.public_id])
    stands_for(deal, panel)
    seen = deal.version
    Deal.objects.filter(pk=deal.pk).update(version=seen + 1)
    late = browser.post(url, {**TYPED[panel], "version": seen}, headers=PANEL)
    assert late.status_code == 422 and late.context["page"].conflicts
    assert f'name="version" value="{seen + 1}"' in late.content.decode()
    for words in SHOWN[panel]:
        assert words in late.content.decode(), words
    again = browser.post(url, {**TYPED[panel], "version": seen + 1}, headers=PANEL)
    assert again.status_code == 204, again.content.decode()[:3000]
