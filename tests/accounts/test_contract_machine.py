"""A contract moves only along the table of §2.9, each move by who may, with a line of history (R40, §2.8.4)."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction

from accounts.contract_machine import MACHINE, MOVES
from accounts.enums import ContractForm, ContractStatus, RenewalKind
from accounts.models import Contract, Payment
from accounts.services.contract_day import run_contract_day
from accounts.services.contracts import move_contract, record_payment
from tests.factories import Cast, T, make_company, make_contract
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent

S = ContractStatus


def make_draft(cast: Cast, **values: object) -> Contract:
    """A draft of Лисина's client with ten seats."""
    company = make_company(kam=cast.lisina)
    return make_contract(
        company, ("casebook", 10), status=S.DRAFT, signed_on=None, amount=Decimal(360_000), **values
    )


def test_a_contract_goes_from_draft_to_active(cast: Cast) -> None:
    """draft → approval (KAM) → signing → active (BackOffice); each step is one line of history."""
    contract = make_draft(cast)
    move_contract(contract, to=S.APPROVAL, by=cast.lisina)
    move_contract(contract, to=S.SIGNING, by=cast.titova)
    move_contract(contract, to=S.ACTIVE, by=cast.titova, signed_on=T)
    contract.refresh_from_db()
    assert (contract.status, contract.signed_on, contract.version) == (S.ACTIVE, T, 4)
    assert contract.act_by is not None
    steps = AuditEvent.objects.filter(event="move_contract", object_id=contract.pk).order_by("id")
    assert [step.changes["status"] for step in steps] == [
        ["draft", "approval"], ["approval", "signing"], ["signing", "active"],
    ]  # fmt: skip


def test_a_move_needs_the_role_of_the_table(cast: Cast) -> None:
    """§2.8.4: a KAM does not sign; a KAM of another team does not even send for approval."""
    contract = make_draft(cast)
    with pytest.raises(NotAllowed):
        move_contract(contract, to=S.APPROVAL, by=cast.demin)
    move_contract(contract, to=S.APPROVAL, by=cast.lisina)
    with pytest.raises(NotAllowed):
        move_contract(contract, to=S.SIGNING, by=cast.lisina)
    assert MACHINE.open_to(cast.lisina, contract) == []
    assert {move.target for move in MACHINE.open_to(cast.titova, contract)} == {S.SIGNING, S.VOID, S.DRAFT}


def test_a_move_outside_the_table_names_the_allowed_ones(cast: Cast) -> None:
    """§2.9: the answer says where the contract stands and where it can go."""
    contract = make_draft(cast)
    with pytest.raises(IllegalTransition) as refusal:
        move_contract(contract, to=S.ACTIVE, by=cast.titova, signed_on=T)
    assert (refusal.value.current, set(refusal.value.allowed)) == (S.DRAFT, {S.APPROVAL, S.VOID})


def test_an_old_version_is_refused(cast: Cast) -> None:
    """§2.8.4: of two people who read the same version, the second is told."""
    contract = make_draft(cast)
    stale = Contract.objects.get(pk=contract.pk)
    move_contract(contract, to=S.APPROVAL, by=cast.lisina, version=1)
    with pytest.raises(Stale):
        move_contract(stale, to=S.VOID, by=cast.titova, reason="дубль", version=1)
    assert Contract.objects.get(pk=contract.pk).status == S.APPROVAL


@pytest.mark.parametrize(
    ("to", "facts", "code"),
    [
        (S.ACTIVE, {}, "not_signed"),
        (S.ACTIVE, {"signed_on": T + timedelta(days=1)}, "not_signed"),
        (S.DRAFT, {}, "no_reason"),
        (S.VOID, {"reason": " "}, "no_reason"),
    ],
)
def test_a_guard_says_what_is_missing(cast: Cast, to: str, facts: dict, code: str) -> None:
    """Each refusal names its rule."""
    contract = make_draft(cast)
    Contract.objects.filter(pk=contract.pk).update(status=S.SIGNING)
    contract.refresh_from_db()
    with pytest.raises(DomainError) as refusal:
        move_contract(contract, to=to, by=cast.titova, **facts)
    assert refusal.value.code == code


def test_an_empty_contract_is_not_sent_for_approval(cast: Cast) -> None:
    """Guard of draft → approval: a licence line and an amount."""
    contract = make_contract(make_company(kam=cast.lisina), status=S.DRAFT, signed_on=None)
    with pytest.raises(DomainError, match="licence|лицензи"):
        move_contract(contract, to=S.APPROVAL, by=cast.lisina)


def test_an_invoice_offer_becomes_active_by_the_last_rouble(cast: Cast) -> None:
    """issued → active: a part of the money leaves it issued with a flag; the same payment twice is one."""
    offer = make_draft(cast, form=ContractForm.INVOICE_OFFER, valid_until=T)
    move_contract(offer, to=S.ISSUED, by=cast.titova)
    for _again in range(2):
        record_payment(offer, amount=Decimal(60_000), paid_on=T, external_id="п-1", by=cast.titova)
    assert list(Contract.objects.partly_paid()) == [offer]
    assert Contract.objects.get(pk=offer.pk).status == S.ISSUED
    record_payment(offer, amount=Decimal(300_000), paid_on=T, external_id="п-2", by=cast.titova)
    offer.refresh_from_db()
    assert (offer.status, offer.paid_on, Payment.objects.count()) == (S.ACTIVE, T, 2)
    with pytest.raises(DomainError, match="external|внешн"):
        record_payment(offer, amount=Decimal(1), paid_on=T, external_id="п-2", by=cast.titova)


def test_an_unpaid_invoice_is_void_after_its_validity(cast: Cast) -> None:
    """issued → void by the job, on the first day after; part-paid ones wait for BackOffice."""
    offer, partly = (make_draft(cast, form=ContractForm.INVOICE_OFFER, valid_until=T) for _ in range(2))
    for one in (offer, partly):
        move_contract(one, to=S.ISSUED, by=cast.titova)
    record_payment(partly, amount=Decimal(1), paid_on=T, external_id="п-1", by=cast.titova)
    assert run_contract_day(T).voided == 0
    assert run_contract_day(T + timedelta(days=1)).voided == 1
    offer.refresh_from_db()
    partly.refresh_from_db()
    assert (offer.status, partly.status) == (S.VOID, S.ISSUED)


def test_a_contract_expires_on_the_day_after_its_last(cast: Cast) -> None:
    """§4.9: ends today → still active; the job is idempotent."""
    contract = make_contract(make_company(), ("casebook", 5), end_date=T)
    assert run_contract_day(T).expired == 0
    assert run_contract_day(T + timedelta(days=1)).expired == 1
    assert run_contract_day(T + timedelta(days=1)).expired == 0
    contract.refresh_from_db()
    assert contract.status == S.EXPIRED


def test_a_predecessor_is_renewed_when_its_last_day_has_passed(cast: Cast) -> None:
    """active → renewed needs an active successor and the end; until then both are active."""
    company = make_company()
    old = make_contract(company, ("casebook", 5), end_date=T)
    new = make_contract(company, ("casebook", 5), start_date=T + timedelta(days=1), end_date=T + timedelta(days=365),
                        status=S.SIGNING, signed_on=None, renews=old)  # fmt: skip
    move_contract(new, to=S.ACTIVE, by=cast.titova, signed_on=T)
    old.refresh_from_db()
    assert old.status == S.ACTIVE
    assert run_contract_day(T + timedelta(days=1)).renewed == 1


def test_a_late_successor_closes_the_expired_contract_with_its_gap(cast: Cast) -> None:
    """expired → renewed: the days without a contract stay in history."""
    company = make_company()
    old = make_contract(company, ("casebook", 5), end_date=T - timedelta(days=20), status=S.EXPIRED)
    new = make_contract(company, ("casebook", 5), start_date=T, end_date=T + timedelta(days=365), status=S.SIGNING,
                        signed_on=None, renews=old)  # fmt: skip
    move_contract(new, to=S.ACTIVE, by=cast.titova, signed_on=T)
    old.refresh_from_db()
    assert old.status == S.RENEWED
    assert AuditEvent.objects.get(event="move_contract", object_id=old.pk).reason.startswith("19 ")


def test_an_automatic_prolongation_makes_the_successor(cast: Cast) -> None:
    """§2.9: at the last day the same lines run one period more; two runs make one successor."""
    terms = {"renewal_kind": RenewalKind.AUTO, "auto_renew_notice_days": 30, "end_date": T}
    contract = make_contract(
        make_company(), ("casebook", 5), ("caselook", 2), start_date=T - timedelta(days=364), **terms
    )
    assert [run_contract_day(T).prolonged, run_contract_day(T).prolonged] == [1, 0]
    successor = Contract.objects.get(renews=contract)
    assert (successor.number, successor.status) == (f"{contract.number}-П1", S.ACTIVE)
    assert (successor.start_date, successor.end_date) == (T + timedelta(days=1), T.replace(year=2027))
    assert [line.seats for line in successor.lines.order_by("id")] == [5, 2]
    assert run_contract_day(T + timedelta(days=1)).renewed == 1


def test_a_refused_prolongation_expires(cast: Cast) -> None:
    """§2.9: a notice of refusal leaves the normal end."""
    terms = {"renewal_kind": RenewalKind.AUTO, "auto_renew_notice_days": 30, "end_date": T}
    make_contract(make_company(), ("casebook", 5), renewal_refused_on=T - timedelta(days=40), **terms)
    done = run_contract_day(T + timedelta(days=1))
    assert (done.prolonged, done.expired) == (0, 1)


@pytest.mark.slow
@pytest.mark.parametrize("steps", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_random_moves_leave_no_state_outside_the_table(cast: Cast, steps: int) -> None:
    """§2.8.4 as a law: each change of state is a row of the table and has its line of history."""
    dice, table = Random(42), {(move.source, move.target) for move in MOVES}
    people = [cast.lisina, cast.titova, cast.belova, cast.kim, cast.andreeva, cast.demin, None]
    company = make_company(kam=cast.lisina)
    contracts = [
        make_contract(
            company,
            ("casebook", 1),
            status=S.DRAFT,
            signed_on=None,
            amount=Decimal(36_000),
            form=form,
            end_date=T + timedelta(days=dice.randint(-3, 3)),
            valid_until=T,
        )  # fmt: skip
        for form in [ContractForm.CONTRACT, ContractForm.INVOICE_OFFER] * max(20, steps // 100)
    ]
    moved = 0
    for _step in range(steps):
        contract = dice.choice(contracts)
        before = contract.status
        try:
            with transaction.atomic():
                move_contract(
                    contract, to=dice.choice(S.values), by=dice.choice(people), reason=dice.choice(["", "решение"]),
                    signed_on=dice.choice([None, T]), terminated_on=dice.choice([None, T - timedelta(days=9)]),
                )  # fmt: skip
        except DomainError:
            contract.refresh_from_db()
            assert contract.status == before
            continue
        moved += 1
        assert (before, contract.status) in table
    history = AuditEvent.objects.filter(event="move_contract")
    assert history.count() == moved > steps // 50
    assert {tuple(line.changes["status"]) for line in history} <= {(str(a), str(b)) for a, b in table}
    assert all(
        Contract.objects.get(pk=one.pk).version == 1 + history.filter(object_id=one.pk).count()
        for one in contracts
    )
