"""History as it would have been written: contracts that moved, clients that changed hands, keys that were set."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from accounts.enums import ContractForm, ContractStatus
from accounts.models import Contract
from upsell_crm.core import clock
from upsell_crm.core.audit import build_event
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.demo.clients_table import CLIENTS
from upsell_crm.demo.world import World

S = ContractStatus
PATH = (S.DRAFT, S.APPROVAL, S.SIGNING, S.ACTIVE)
OFFER_PATH = (S.DRAFT, S.ISSUED, S.ACTIVE)
LATER = (S.RENEWED, S.EXPIRED, S.TERMINATED)
Line = tuple[AuditEvent, datetime]


def make_history(world: World) -> None:
    """Lines of history with their moments; the moment is set afterwards, since it is the database's own."""
    lines, moments = [], []
    for line, at in sorted(_lines(world), key=lambda pair: pair[1]):
        lines.append(line)
        moments.append(at)
    saved = AuditEvent.objects.bulk_create(lines, batch_size=500)
    for line, at in zip(saved, moments, strict=True):
        line.at = at
    AuditEvent.objects.bulk_update(saved, ["at"], batch_size=200)


def _lines(world: World) -> Iterator[Line]:
    for client in CLIENTS:
        company = world.companies[client.no]
        line = build_event("create_company", company, by=world.users["admin"], changes={"name": [None, company.name]}, company_id=company.pk)  # fmt: skip
        yield line, world.at(-800, 10)
        if client.is_key:
            lead = company.team.lead if company.team else None
            yield (
                build_event(
                    "mark_key", company, by=lead, changes={"is_key": [False, True]}, company_id=company.pk
                ),
                world.at(-170),
            )
    yield from _handed_over(world)
    yield from _procurement(world)
    for contract in Contract.objects.select_related("company__owner_kam").order_by("pk"):
        yield from _contract_lines(world, contract)


def _handed_over(world: World) -> Iterator[Line]:
    company = world.companies[29]
    changes = {"owner_kam": ["Олег Седов", "Ольга Белова"]}
    line = build_event("assign_kam", company, by=world.users["belova"], changes=changes, company_id=company.pk,
                       reason="Седов уволился, клиента временно веду сама")  # fmt: skip
    yield line, world.at(-15, 11)


def _procurement(world: World) -> Iterator[Line]:
    for no, old, new, days in ((19, "auction_223", "rfq_223", 200), (37, "rfp_223", "auction_223", 90), (12, "direct", "tender_commercial", 60)):  # fmt: skip
        profile = world.companies[no].procurement
        names = [str(world.procedures[code]) for code in (old, new)]
        line = build_event(
            "update_procurement", profile, by=world.companies[no].owner_kam, changes={"default_type": names}
        )
        yield line, world.at(-days, 14)


def _contract_lines(world: World, contract: Contract) -> Iterator[Line]:
    kam, books = world.users[_kam_of(world, contract)], world.users["titova"]
    day = (
        contract.signed_on or contract.paid_on or clock.local_date(contract.status_changed_at) or world.as_of
    )
    created = build_event(
        "create_contract",
        contract,
        by=kam,
        changes={"number": [None, contract.number], "amount": [None, contract.amount]},
    )
    yield created, world.moment(_before(world, day, 30), 10)
    path = OFFER_PATH if contract.form == ContractForm.INVOICE_OFFER else PATH
    reached = (
        path.index(S.ACTIVE if contract.status in LATER else contract.status)
        if contract.status != S.VOID
        else 0
    )
    for place in range(1, reached + 1):
        days = 8 * (reached - place)
        yield (
            _moved(contract, path[place - 1], path[place], kam if path is PATH and place == 1 else books),
            world.moment(_before(world, day, days), 15),
        )
    if contract.status == S.VOID:
        yield _moved(contract, S.DRAFT, S.VOID, kam, contract.termination_reason), world.moment(day, 16)
    elif contract.terminated_on:
        yield (
            _moved(contract, S.ACTIVE, S.TERMINATED, books, contract.termination_reason),
            world.moment(contract.terminated_on, 16),
        )
    elif contract.status in LATER:
        yield (
            _moved(contract, S.ACTIVE, contract.status, None),
            world.moment(contract.end_date + timedelta(days=1), 0),
        )


def _moved(contract: Contract, old: str, new: str, by: User | None, reason: str = "") -> AuditEvent:
    return build_event(
        "move_contract", contract, by=by, changes={"status": [str(old), str(new)]}, reason=reason
    )


def _before(world: World, day: date, days: int) -> date:
    return world.calendar.roll(day - timedelta(days=days))


def _kam_of(world: World, contract: Contract) -> str:
    """Who dealt with the contract: № 29 was Седов's."""
    kam = contract.company.owner_kam
    return "sedov" if kam is None or contract.company_id == world.companies[29].pk else kam.username
