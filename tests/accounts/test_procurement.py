"""The tab «Закупка»: the form, its live effect, its history (R10, R21, R22)."""

import pytest

from accounts.models import ProcurementProfile, ProcurementType
from accounts.references import seed_procedures
from accounts.services.procurement import update_procurement
from tests.factories import Cast, make_calendar, make_company, make_contract


@pytest.fixture
def procedures(db: None) -> dict[str, ProcurementType]:
    """The reference of §4.4 and the calendar around the golden date."""
    seed_procedures()
    make_calendar()
    return ProcurementType.objects.in_bulk(field_name="code")


def test_the_answer_to_saving_says_how_the_act_by_moved(cast: Cast, client_of, procedures: dict) -> None:
    """R22: in the same request, from an invoice-offer to an auction."""
    company = make_company(kam=cast.vetrov, regime="fz44")
    make_contract(company, ("casebook", 10), number="7/26")
    update_procurement(company, {"default_type": procedures["invoice_offer"]}, by=cast.vetrov)
    fields = {"default_type": procedures["auction_44"].pk, "invoice_offer_policy": "unknown", "version": 1}
    headers = {"HX-Request": "true"}
    answer = client_of(cast.vetrov).post(
        f"{company.get_absolute_url()}procurement/edit/", fields, headers=headers
    )
    assert answer.status_code == 204
    told = answer["HX-Trigger"].encode().decode("unicode_escape")
    assert "№ 7/26: 15.01.2027 → " in told


def test_the_effect_is_shown_before_saving(cast: Cast, client_of, procedures: dict) -> None:
    """R21: +10 working days of approval, exactly ten working days earlier; nothing is written."""
    company = make_company(kam=cast.vetrov)
    make_contract(company, ("casebook", 10))
    values = {"default_type": procedures["direct"], "approval_bd_override": 15, "lead_bd_override": 25}
    update_procurement(company, values, by=cast.vetrov)
    client, url = client_of(cast.vetrov), f"{company.get_absolute_url()}procurement/act-by/"
    assert client.get(url).context["effect"].act_by.act_by.isoformat() == "2026-11-18"
    typed = {"default_type": procedures["direct"].pk, "approval_bd_override": 25, "lead_bd_override": 25}
    effect = client.get(url, typed).context["effect"]
    assert (effect.act_by.act_by.isoformat(), effect.lead.approval_level) == ("2026-11-03", 1)
    assert ProcurementProfile.objects.get().approval_bd_override == 15


def test_another_procedure_is_previewed_without_the_old_terms(
    cast: Cast, client_of, procedures: dict
) -> None:
    """R22: the preview says what saving will do."""
    company = make_company(kam=cast.vetrov)
    make_contract(company, ("casebook", 10))
    values = {"default_type": procedures["direct"], "approval_bd_override": 60, "lead_bd_override": 60}
    update_procurement(company, values, by=cast.vetrov)
    typed = {
        "default_type": procedures["single_internal"].pk,
        "approval_bd_override": 60,
        "lead_bd_override": 60,
    }
    effect = (
        client_of(cast.vetrov)
        .get(f"{company.get_absolute_url()}procurement/act-by/", typed)
        .context["effect"]
    )
    assert (effect.lead.approval_bd, effect.lead.procurement_bd) == (15, 10)


def test_only_procedures_of_the_clients_law_are_offered(cast: Cast, client_of, procedures: dict) -> None:
    company = make_company(kam=cast.vetrov, regime="fz223")
    form = client_of(cast.vetrov).get(f"{company.get_absolute_url()}procurement/edit/").context["form"]
    codes = set(form.fields["default_type"].queryset.values_list("code", flat=True))
    assert {"rfp_223", "invoice_offer", "unknown"} <= codes and "auction_44" not in codes
    assert "small_purchase_limit" in form.fields and "annual_small_left" not in form.fields


def test_days_out_of_range_lose_nothing(cast: Cast, client_of, procedures: dict) -> None:
    company = make_company(kam=cast.vetrov)
    fields = {"lead_bd_override": 251, "invoice_offer_policy": "allowed", "etp": "Сбербанк-АСТ"}
    answer = client_of(cast.vetrov).post(f"{company.get_absolute_url()}procurement/edit/", fields)
    assert answer.status_code == 422 and "Сбербанк-АСТ" in answer.content.decode()


def test_who_and_when_and_what_before(cast: Cast, client_of, procedures: dict) -> None:
    """R10: author, validation date, history."""
    company = make_company(kam=cast.vetrov)
    update_procurement(company, {"budget_month": 10}, by=cast.rogov)
    update_procurement(company, {"budget_month": 11}, by=cast.vetrov)
    client = client_of(cast.vetrov)
    context = client.get(f"{company.get_absolute_url()}procurement/").context
    assert (context["fact"].checked_by, context["fact"].is_fresh) == (str(cast.vetrov), True)
    lines = client.get(f"{company.get_absolute_url()}history/", {"event": "update_procurement"}).context[
        "lines"
    ]
    assert [(line.who, line.changes[0].new) for line in lines] == [
        (str(cast.vetrov), "11"),
        (str(cast.rogov), "10"),
    ]
