"""Contracts of the story in all states, their licences, payments and one debt."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.act_by import add_months
from accounts.enums import ContractForm, ContractStatus, LineKind, RenewalKind
from accounts.models import Contract, Debt, LicenceLine, Payment
from upsell_crm.demo.clients_table import BY_NUMBER, CLIENTS, Client
from upsell_crm.demo.world import World

S, F = ContractStatus, ContractForm
Seats = dict[str, int]
MONTHS = {33: 36}  # № 33 signed for three years, all others for one
NEVER_RENEWED = frozenset({33, 34})  # no contract before the present one
TRIAL = frozenset({34})
SUCCESSOR_SIGNED = 37  # its row in the table is the successor; the present contract ends on T + 37
NEXT = (  # what is being prepared: (№, status, form, seats, days in this status)
    (11, S.ISSUED, F.INVOICE_OFFER, {"casebook": 2}, 4),
    (12, S.DRAFT, F.CONTRACT, {"casebook": 130, "caselook": 50}, 6),
    (26, S.ISSUED, F.INVOICE_OFFER, {"casebook": 5, "caselook": 14}, 3),
    (28, S.APPROVAL, F.CONTRACT, {"casebook": 20}, 12),
    (29, S.DRAFT, F.CONTRACT, {"casebook": 35, "caselook": 20}, 9),
    (30, S.SIGNING, F.CONTRACT, {"casebook": 7}, 2),
    (31, S.APPROVAL, F.ADDENDUM, {"casebook": 18}, 2),
    (32, S.VOID, F.CONTRACT, {"casebook": 4}, 20),
)


def make_papers(world: World) -> None:
    """Present, past and future contracts, so that every state and form can be seen."""
    past, present = [], []
    for client in CLIENTS:
        if client.end is None:
            continue
        contract = _present(world, client)
        present.append(contract)
        world.contracts[client.no] = contract
        if client.no not in NEVER_RENEWED:
            past.append(_earlier(world, client, contract))
    world.save(Contract, past)
    world.save(Contract, present)
    extra = world.save(Contract, _second_contracts(world))
    coming = world.save(Contract, (_coming(world, *row) for row in NEXT))
    LicenceLine.objects.bulk_create(_lines(world, [*past, *present, *extra, *coming]))
    Payment.objects.bulk_create(_payments(world, [*past, *present, *coming]))
    Debt.objects.create(company=world.companies[38], amount=Decimal(54_000), as_of=world.day(-10))


def _present(world: World, client: Client) -> Contract:
    end = world.day(client.end or 0)
    start = world.day(38) if client.no == SUCCESSOR_SIGNED else _start(end, MONTHS.get(client.no, 12))
    status = S.ACTIVE if end >= world.as_of else S.EXPIRED
    contract = _contract(world, client, _form(client), start, end, status, _seats(client))
    if client.no == 35:
        contract.renewal_kind, contract.auto_renew_notice_days = RenewalKind.AUTO, 30
    if client.no == SUCCESSOR_SIGNED:
        contract.signed_on = world.working_day(-6)
    return contract


def _earlier(world: World, client: Client, present: Contract) -> Contract:
    end = present.start_date - timedelta(days=1)
    seats = {code: max(1, number * 4 // 5) for code, number in _seats(client).items()}
    status, start = S.RENEWED, _start(end, 12)
    if client.no == SUCCESSOR_SIGNED:
        seats, status = _seats(client), S.ACTIVE
    if client.no == 27:
        seats = {"caselook": 5}
    earlier = _contract(world, client, _form(client), start, end, status, seats)
    present.renews = earlier
    return earlier


def _second_contracts(world: World) -> list[Contract]:
    """№ 39 has two contracts twenty days apart; № 32 left one of its own early."""
    row = BY_NUMBER
    end = world.day(92)
    second = _contract(world, row[39], F.CONTRACT, _start(end, 12), end, S.ACTIVE, {"caselook": 5}, mark="Б")
    end = world.day(-300)
    left = _contract(
        world, row[32], F.CONTRACT, _start(end, 12), end, S.TERMINATED, {"caselook": 2}, mark="Б"
    )
    left.terminated_on, left.termination_reason = world.day(-420), "Сократили отдел, пользоваться некому"
    return [second, left]


def _coming(world: World, no: int, status: str, form: str, seats: Seats, days: int) -> Contract:
    present = world.contracts[no]
    start = present.end_date + timedelta(days=1)
    end = add_months(start, 12) - timedelta(days=1)
    client = BY_NUMBER[no]
    contract = _contract(world, client, form, start, end, status, seats)
    contract.status_changed_at = world.moment(world.working_day(-days), 11)
    contract.signed_on = contract.paid_on = None
    contract.renews = present
    if form == F.ADDENDUM:
        contract.parent_contract, contract.number = present, "ДС-1"
    if status == S.ISSUED:
        contract.valid_until = world.day(7)
    if status == S.VOID:
        contract.termination_reason = "Клиент попросил новый проект на других условиях"
    return contract


def _contract(
    world: World, client: Client, form: str, start: date, end: date, status: str, seats: Seats, mark: str = ""
) -> Contract:
    kam = world.users[client.kam]
    months = round((end - start).days / 30.4)
    a_year = sum((world.products[code].list_price_year * n for code, n in seats.items()), Decimal(0))
    signed_on = world.calendar.roll(start - timedelta(days=9))
    contract = Contract(
        company=world.companies[client.no], number=f"{_letter(form)}-{100 + client.no}{mark}/{start:%y}", form=form,
        start_date=start, end_date=end, status=status, status_changed_at=world.moment(signed_on, 15),
        amount=Decimal(0) if client.no in TRIAL else (a_year * months / 12).quantize(Decimal(1)), signed_on=signed_on,
        procurement_type=None if client.procedure == "unknown" else world.procedures[client.procedure],
        created_by=kam, updated_by=world.users["titova"], source="1c",
        external_id=f"1C-{client.no:03d}{mark}-{start:%y%m%d}",
    )  # fmt: skip
    contract.seats = seats  # type: ignore[attr-defined]  # read by _lines right after the insert
    if form == F.INVOICE_OFFER:
        contract.signed_on, contract.paid_on = None, world.calendar.roll(start - timedelta(days=3))
        contract.valid_until = start
    return contract


def _lines(world: World, contracts: Iterable[Any]) -> Iterable[LicenceLine]:
    trials = {world.companies[no].pk for no in TRIAL}
    for contract in contracts:
        is_trial = contract.company_id in trials
        whole = sum(world.products[code].list_price_year * n for code, n in contract.seats.items())
        for code, number in contract.seats.items():
            product = world.products[code]
            share = product.list_price_year * number / whole
            yield LicenceLine(
                public_id=world.identifier(), contract=contract, product=product, seats=number,
                price_per_unit=Decimal(0) if is_trial else product.list_price_year,
                amount=(contract.amount * share).quantize(Decimal(1)), start_date=contract.start_date,
                end_date=contract.end_date, kind=LineKind.TRIAL if is_trial else LineKind.PAID,
            )  # fmt: skip


def _payments(world: World, contracts: Iterable[Contract]) -> Iterable[Payment]:
    for contract in contracts:
        if contract.status == S.ISSUED and contract.company == world.companies[11]:
            yield _payment(contract, contract.amount / 2, world.working_day(-1))
        elif contract.status in (S.ACTIVE, S.EXPIRED, S.RENEWED) and contract.amount:
            paid_on = contract.paid_on or world.calendar.add(contract.signed_on or contract.start_date, 7)
            if paid_on <= world.as_of:
                yield _payment(contract, contract.amount, paid_on)


def _payment(contract: Contract, amount: Decimal, paid_on: date) -> Payment:
    return Payment(contract=contract, external_id=f"П-{contract.external_id}", amount=amount, paid_on=paid_on)


def _form(client: Client) -> str:
    if client.procedure == "framework_order":
        return F.FRAMEWORK
    if client.procedure == "invoice_offer" and client.no not in TRIAL:
        return F.INVOICE_OFFER
    return F.STATE_CONTRACT if client.regime == "44" else F.CONTRACT


def _letter(form: str) -> str:
    return {F.FRAMEWORK: "РД", F.INVOICE_OFFER: "СО", F.STATE_CONTRACT: "ГК"}.get(ContractForm(form), "Л")


def _seats(client: Client) -> Seats:
    return {code: n for code, n in (("casebook", client.casebook), ("caselook", client.caselook)) if n}


def _start(end: date, months: int) -> date:
    return add_months(end + timedelta(days=1), -months)
