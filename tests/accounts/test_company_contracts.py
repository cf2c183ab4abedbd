"""The tab «Договоры и лицензии»: drafts and moves from the page (§2.9, §3)."""

from decimal import Decimal

import pytest

from accounts.models import Company, Contract
from tests.factories import Cast, make_company, make_contract, make_product


def draft_fields(**values: object) -> dict[str, object]:
    """A draft with two licence lines, the second one empty."""
    product = make_product()
    return {
        "number": "Ч-1", "form": "contract", "start_date": "2027-02-01", "end_date": "2028-01-31",
        "renewal_kind": "manual", "vat": "none", "lines-TOTAL_FORMS": 2, "lines-INITIAL_FORMS": 0,
        "lines-0-product": product.pk, "lines-0-seats": 12, **values,
    }  # fmt: skip


def post_draft(client, company: Company, **values: object):
    return client.post(f"{company.get_absolute_url()}contracts/new/", draft_fields(**values))


def test_a_kam_enters_a_draft_with_its_licences(cast: Cast, client_of) -> None:
    """§3: draft O; an empty price is the list price; the amount is the sum of the lines."""
    company = make_company(kam=cast.vetrov)
    assert post_draft(client_of(cast.vetrov), company).status_code == 302
    contract = Contract.objects.get()
    assert (contract.status, contract.amount) == ("draft", Decimal(432_000))
    assert contract.lines.get().seats == 12


def test_a_draft_with_a_mistake_loses_nothing(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov)
    client = client_of(cast.vetrov)
    for wrong in (
        {"end_date": "2026-01-01"},
        {"lines-0-seats": ""},
        {"lines-0-seats": 0},
        {"form": "order"},
        {"number": ""},
    ):
        answer = post_draft(client, company, **wrong)
        assert answer.status_code == 422 and "2027-02-01" in answer.content.decode(), wrong
    assert not Contract.objects.exists()


@pytest.mark.slow
def test_the_buttons_are_the_moves_of_the_table(cast: Cast, client_of) -> None:
    """§2.9: by role."""
    company = make_company(kam=cast.vetrov)
    post_draft(client_of(cast.vetrov), company)
    page = f"{company.get_absolute_url()}contracts/"

    def moves(user: object) -> set[str]:
        return {target for target, _label in client_of(user).get(page).context["page"].rows[0].open_moves}

    assert moves(cast.vetrov) == {"approval"}
    assert moves(cast.belova) == {"void"}
    assert moves(cast.titova) == {"approval", "void"}
    assert moves(cast.rogov) == set()


def test_from_draft_to_active(cast: Cast, client_of) -> None:
    """§2.9: each move by who may, the signature date asked where it is needed."""
    company = make_company(kam=cast.vetrov)
    post_draft(client_of(cast.vetrov), company)
    contract = Contract.objects.get()
    url = f"/contracts/{contract.public_id}/move/"
    assert client_of(cast.vetrov).post(f"{url}approval/", {"version": 1}).status_code == 302
    assert client_of(cast.vetrov).post(f"{url}signing/", {}).status_code == 403
    office = client_of(cast.titova)
    assert office.post(f"{url}signing/", {}).status_code == 302
    assert office.post(f"{url}active/", {}).context["form"].errors["signed_on"]
    assert office.post(f"{url}active/", {"signed_on": "2026-11-23"}).status_code == 302
    contract.refresh_from_db()
    assert contract.status == "active"


def test_a_move_that_the_table_lacks_is_refused(cast: Cast, client_of) -> None:
    """§2.8.4: 409 with words, not a 500."""
    contract = make_contract(make_company(kam=cast.vetrov), ("casebook", 1))
    office = client_of(cast.titova)
    assert office.post(f"/contracts/{contract.public_id}/move/signing/").status_code == 409
    assert office.get(f"/contracts/{contract.public_id}/move/nonsense/").status_code == 404


def test_void_and_terminate_ask_why(cast: Cast, client_of) -> None:
    contract = make_contract(make_company(kam=cast.vetrov), ("casebook", 1))
    url, lead = f"/contracts/{contract.public_id}/move/terminated/", client_of(cast.belova)
    assert lead.post(url, {"terminated_on": "2026-11-20"}).context["form"].errors["reason"]
    lead.post(url, {"terminated_on": "2026-11-20", "reason": "Соглашение сторон"})
    contract.refresh_from_db()
    assert contract.status == "terminated"


def test_chain_notice_and_payments_are_shown(cast: Cast, client_of) -> None:
    company = make_company(kam=cast.vetrov)
    old = make_contract(
        company, ("casebook", 1), number="С-1", renewal_kind="auto", auto_renew_notice_days=30
    )
    make_contract(company, ("casebook", 1), number="С-2", renews=old, status="draft", signed_on=None)
    shown = client_of(cast.vetrov).get(f"{company.get_absolute_url()}contracts/").content.decode()
    for words in ("№ С-1", "№ С-2", "01.01.2027", "36 000"):
        assert words in shown.replace("\xa0", " "), words
