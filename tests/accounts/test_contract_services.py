"""Entering contracts and licences: every rule of §2.8.3 refuses with a reason, and act-by follows (R5, R11, R22)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.enums import ContractForm, ContractStatus
from accounts.models import Contract, WorkDay
from accounts.references import seed_procedures
from accounts.services.act_by import refresh_act_by
from accounts.services.contracts import create_contract, update_contract
from accounts.services.licences import Licence, add_licence, change_licence, remove_licence
from tests.factories import Cast, T, make_calendar, make_company, make_contract, make_product
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent

YEAR = timedelta(days=364)


def enter(cast: Cast, company: Any, **values: Any) -> Contract:
    """A contract of one year from T, entered by BackOffice."""
    values = {"by": cast.titova, "number": "Д-1", "start_date": T, "end_date": T + YEAR, **values}
    return create_contract(company=company, **values)


def refused(code: str) -> Any:
    """The rule of this code refuses."""
    return pytest.raises(DomainError, check=lambda problem: problem.code == code)


def test_a_kam_drafts_and_backoffice_enters_any_state(cast: Cast) -> None:
    """§3: «Enter licences, contracts»: draft O for a KAM, everything for BackOffice."""
    company = make_company(kam=cast.lisina)
    lines = [Licence(make_product(), 10, Decimal(36_000))]
    draft = enter(cast, company, by=cast.lisina, lines=lines)
    assert (draft.status, draft.amount, draft.lines.get().end_date) == ("draft", 360_000, T + YEAR)
    with pytest.raises(NotAllowed):
        enter(cast, company, by=cast.lisina, number="Д-2", status=ContractStatus.ACTIVE, signed_on=T)
    with pytest.raises(NotAllowed):
        enter(cast, company, by=cast.demin, number="Д-3")
    active = enter(cast, company, number="Д-4", status=ContractStatus.ACTIVE, signed_on=T, lines=lines)
    assert active.act_by is not None
    assert AuditEvent.objects.filter(event="create_contract", company_id=company.pk).count() == 2


def test_a_contract_without_an_end_is_refused(cast: Cast) -> None:
    """§4.9: open-ended contracts are not allowed in data."""
    with refused("open_ended"):
        enter(cast, make_company(), end_date=None)
    with refused("dates"):
        enter(cast, make_company(), end_date=T - timedelta(days=1))


@pytest.mark.parametrize(
    ("form", "parent_form", "code"),
    [
        (ContractForm.ORDER, None, "no_framework"),
        (ContractForm.ORDER, ContractForm.CONTRACT, "no_framework"),
        (ContractForm.ADDENDUM, None, "no_contract"),
        (ContractForm.ADDENDUM, ContractForm.INVOICE_OFFER, "no_contract"),
        (ContractForm.CONTRACT, ContractForm.FRAMEWORK, "no_parent"),
    ],
)
def test_an_order_needs_its_framework(cast: Cast, form: str, parent_form: str | None, code: str) -> None:
    """§2.8.3: an order without a framework, an addendum without its contract."""
    company = make_company()
    parent = make_contract(company, form=parent_form, paid_on=T) if parent_form else None
    with refused(code):
        enter(cast, company, form=form, parent_contract=parent)


def test_only_a_contract_of_the_same_group_is_renewed(cast: Cast) -> None:
    """§2.8.3: group = head + descendants; a stranger's contract is refused."""
    head = make_company()
    child = make_company(parent=head)
    grandchild = make_company(parent=child)
    earlier = make_contract(make_company(parent=head))
    renewal = enter(cast, grandchild, renews=earlier)
    assert renewal.renews == earlier
    with refused("other_group"):
        enter(cast, make_company(), renews=earlier)


def test_a_chain_of_renewals_does_not_close(cast: Cast) -> None:
    """§2.8.3: a renewal chain cycle."""
    first = make_contract(make_company())
    second = make_contract(first.company, renews=first)
    with refused("cycle"):
        update_contract(first, {"renews": second}, by=cast.titova)
    with refused("cycle"):
        update_contract(first, {"renews": first}, by=cast.titova)


def test_two_active_contracts_do_not_renew_the_same_one(cast: Cast) -> None:
    """§2.8.3: two active contracts renewing the same one."""
    earlier = make_contract(make_company())
    make_contract(earlier.company, renews=earlier)
    with refused("renewed_already"):
        enter(cast, earlier.company, renews=earlier, status=ContractStatus.ACTIVE, signed_on=T)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"seats": 0}, "seats"),
        ({"end_date": T + YEAR + timedelta(days=1)}, "end_date"),
        ({"start_date": T - timedelta(days=1)}, "end_date"),
    ],
)
def test_a_licence_lies_within_its_contract(cast: Cast, values: dict[str, Any], field: str) -> None:
    """§2.8.3: a licence line outside its contract's period or with seats ≤ 0."""
    contract = enter(cast, make_company())
    with pytest.raises(DomainError) as problem:
        add_licence(contract, Licence(make_product(), **{"seats": 1, **values}), by=cast.titova)
    assert problem.value.errors
    assert contract.lines.count() == 0


def test_a_public_service_is_not_licensed(cast: Cast) -> None:
    """R3, §2.8.3: a licence for a non-licensable product."""
    contract = enter(cast, make_company())
    with pytest.raises(DomainError) as problem:
        add_licence(contract, Licence(make_product("kad", is_licensable=False), 1), by=cast.titova)
    assert "product" in problem.value.errors


def test_the_end_user_belongs_to_the_group(cast: Cast) -> None:
    """A framework of a holding sells to its subsidiaries, not to strangers."""
    head = make_company()
    child = make_company(parent=head)
    contract = enter(cast, head, form=ContractForm.FRAMEWORK)
    add_licence(contract, Licence(make_product(), 5, end_user_company=child), by=cast.titova)
    with refused("other_group"):
        add_licence(contract, Licence(make_product(), 5, end_user_company=make_company()), by=cast.titova)


def test_a_change_of_a_licence_is_a_change_of_its_contract(cast: Cast) -> None:
    """§2.8.4: version check and history for lines too; the removed one stays in history."""
    contract = enter(cast, make_company())
    line = add_licence(contract, Licence(make_product(), 5), by=cast.titova)
    with pytest.raises(Stale):
        change_licence(line, {"seats": 7}, by=cast.titova, version=1)
    line.refresh_from_db()
    assert change_licence(line, {"seats": 7}, by=cast.titova) == {"seats": [5, 7]}
    remove_licence(line, by=cast.titova, reason="ошибка ввода")
    events = AuditEvent.objects.filter(object_type="accounts.licenceline").order_by("id")
    assert [event.event for event in events] == ["add_licence", "change_licence", "remove_licence"]
    assert Contract.objects.get(pk=contract.pk).version == 4


def test_new_dates_take_the_licences_along(cast: Cast) -> None:
    """Lines over the whole period follow; a line that would fall outside stops the change."""
    contract = enter(cast, make_company(), lines=[Licence(make_product(), 5)])
    update_contract(contract, {"end_date": T + timedelta(days=700)}, by=cast.titova)
    assert contract.lines.get().end_date == T + timedelta(days=700)
    short = Licence(make_product(), 1, end_date=T + timedelta(days=100))
    add_licence(contract, short, by=cast.titova)
    with refused("licence_outside"):
        update_contract(contract, {"end_date": T + timedelta(days=50)}, by=cast.titova)


def test_the_status_is_not_a_term(cast: Cast) -> None:
    """§2.8.4: a state changes by moves alone."""
    with pytest.raises(ValueError, match="status"):
        update_contract(make_contract(make_company()), {"status": "void"}, by=cast.titova)


def test_act_by_follows_the_calendar_and_the_terms(cast: Cast) -> None:
    """§4.2: golden act-by of 31.01.2027 with 45 working days; a decree that moves a day moves it."""
    seed_procedures()
    make_calendar(2026, 2027)
    company = make_company(regime="fz223")
    kind = {"procurement_type_id": None}
    contract = make_contract(company, ("casebook", 5), **kind)
    refresh_act_by(company_ids=[company.pk])
    contract.refresh_from_db()
    assert contract.act_by == date(2026, 11, 18)  # unknown procedure: 15 + 25 + 5
    assert refresh_act_by() == 0
    decree = WorkDay.objects.get(date=date(2026, 12, 1))
    decree.is_working = False
    decree.save()
    assert refresh_act_by() == 1
    contract.refresh_from_db()
    assert contract.act_by == date(2026, 11, 17)


def test_the_night_costs_the_same_statements_for_three_and_thirty(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    """Set-based: no statement per company; five of them count the medians of the base."""
    for _number in range(30):
        make_contract(make_company(), ("casebook", 1))
    with django_assert_max_num_queries(17):
        assert refresh_act_by() == 30
