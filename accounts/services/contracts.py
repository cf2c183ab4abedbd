"""Contracts: entering them, changing their terms, moving their state, booking their money (domain.md §2.8, §2.9)."""

from collections.abc import Iterable
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import may
from accounts.contract_machine import MACHINE, MoveFacts, has_active_successor, paid_amount
from accounts.enums import ContractStatus
from accounts.models import Company, Contract, Payment
from accounts.services.act_by import refresh_act_by
from accounts.services.contract_links import check_links
from accounts.services.licences import Licence, add_lines, shift_lines
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change, create, validate
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action

TERMS = frozenset(
    {"number", "form", "parent_contract", "start_date", "end_date", "renewal_kind", "auto_renew_notice_days",
     "renewal_refused_on", "amount", "vat", "renews", "procurement_type", "valid_until", "external_id", "source"}
)  # fmt: skip


def create_contract(
    *, company: Company, by: User, number: str, start_date: date, end_date: date | None,
    lines: Iterable[Licence] = (), status: str = ContractStatus.DRAFT, amount: Decimal | None = None, **terms: Any,
) -> Contract:  # fmt: skip
    """Enter a contract with its licences; without an amount, the sum of the lines counts.

    A KAM or closer enters drafts; BackOffice and imports enter any state, with the dates that it needs.
    Raises NotAllowed, and DomainError for every rule of §2.8.3.
    """
    may_any = may(by, Action.EDIT_CONTRACT, company)
    if not may_any and (status != ContractStatus.DRAFT or not may(by, Action.DRAFT_CONTRACT, company)):
        raise NotAllowed("not_allowed", _("You may not enter such a contract of this company."))
    last_day, licences = _checked_end(start_date, end_date), list(lines)
    contract = Contract(
        company=company, number=number, start_date=start_date, end_date=last_day, status=status,
        amount=sum((line.total for line in licences), Decimal(0)) if amount is None else amount,
        status_changed_at=clock.now(), **terms,
    )  # fmt: skip
    with transaction.atomic():
        check_links(contract)
        create(contract, by=by, event="create_contract")
        add_lines(contract, licences, by=by)
        _after(contract)
    return contract


def update_contract(
    contract: Contract, values: dict[str, Any], *, by: User, version: int | None = None, reason: str = ""
) -> dict[str, list[Any]]:
    """Change the terms of a contract, never its status; returns what changed.

    Licences that ran over the whole old period follow new dates; the others must still lie within it.
    Raises NotAllowed, Stale, DomainError.
    """
    unknown = set(values) - TERMS
    if unknown:
        raise ValueError(f"update_contract does not change {sorted(unknown)}")
    check_may_edit(contract, by)
    probe = copy(contract)
    for name, value in values.items():
        setattr(probe, name, value)
    _checked_end(probe.start_date, probe.end_date)
    period = contract.start_date, contract.end_date
    with transaction.atomic():
        check_links(probe)
        changed = change(contract, values, by=by, event="update_contract", version=version, reason=reason)
        if {"start_date", "end_date"} & changed.keys():
            shift_lines(contract, *period)
        if changed:
            _after(contract)
    return changed


def check_may_edit(contract: Contract, by: User) -> None:
    """A draft by who may draft, anything by who keeps the books; raises NotAllowed."""
    is_draft = contract.status == ContractStatus.DRAFT
    if may(by, Action.EDIT_CONTRACT, contract.company):
        return
    if not (is_draft and may(by, Action.DRAFT_CONTRACT, contract.company)):
        raise NotAllowed("not_allowed", _("You may not change this contract."))


def move_contract(
    contract: Contract, *, to: str, by: User | None, version: int | None = None, reason: str = "",
    signed_on: date | None = None, terminated_on: date | None = None, today: date | None = None,
) -> Contract:  # fmt: skip
    """Move a contract along the table of §2.9; `by=None` is the daily job.

    A contract that becomes active closes an expired predecessor as renewed; one that is still running
    stays until its last day (the job closes it). Raises IllegalTransition, NotAllowed, Stale, DomainError.
    """
    facts = MoveFacts(today or clock.today(), by, reason, signed_on, terminated_on)
    move = MACHINE.move_to(contract, to, by=by)
    with transaction.atomic():
        move.guard(contract, facts)
        values = {"status": to, "status_changed_at": clock.now(), **move.effect(contract, facts)}
        old = contract.status
        change(contract, values, by=by, event="move_contract", version=version, reason=reason)
        if to == ContractStatus.ACTIVE:
            _close_predecessor(contract, facts.today)
        announce("contract_status_changed", contract=contract, old=old, new=to)
        _after(contract)
    return contract


def record_payment(
    contract: Contract, *, amount: Decimal, paid_on: date, external_id: str, by: User
) -> Payment:
    """Book money for a contract; the last rouble of an invoice-offer accepts it (§2.9).

    The same external id again is the same payment. A part of the money leaves the invoice issued
    (`ContractQuerySet.partly_paid`). Raises NotAllowed, DomainError.
    """
    if not may(by, Action.BOOK_CONTRACT, contract.company):
        raise NotAllowed("not_allowed", _("You may not book payments."))
    booked = Payment.objects.filter(external_id=external_id).first()
    if booked is not None:
        if (booked.contract_id, booked.amount, booked.paid_on) == (contract.pk, amount, paid_on):
            return booked
        raise DomainError("payment_differs", _("Another payment has this external id already."))
    if paid_on > clock.today():
        text = _("A payment cannot be in the future.")
        raise DomainError("future", text, {"paid_on": [text]})
    payment = Payment(contract=contract, amount=amount, paid_on=paid_on, external_id=external_id)
    validate(payment)
    with transaction.atomic():
        payment.save()
        audit.record(
            "record_payment",
            payment,
            by=by,
            changes={"amount": [None, amount]},
            company_id=contract.company_id,
        )
        accept_payment(contract, paid_on, by)
        announce("facts_changed", company_id=contract.company_id)
    return payment


def accept_payment(contract: Contract, paid_on: date, by: User) -> None:
    """What full payment does to a contract: an issued offer becomes active, others get the day of payment."""
    if paid_amount(contract) < contract.amount:
        return
    if contract.status == ContractStatus.ISSUED:
        move_contract(contract, to=ContractStatus.ACTIVE, by=by)
    elif contract.paid_on is None:
        change(contract, {"paid_on": paid_on}, by=by, event="record_payment")


def _close_predecessor(contract: Contract, today: date) -> None:
    """An expired predecessor is renewed late; the days between are kept as the reason in its history."""
    predecessor = contract.renews
    if (
        predecessor is None
        or predecessor.status != ContractStatus.EXPIRED
        or not has_active_successor(predecessor)
    ):
        return
    gap = max(0, (contract.start_date - predecessor.end_date).days - 1)
    reason = ngettext("%(n)s day without a contract", "%(n)s days without a contract", gap) % {"n": gap}
    move_contract(predecessor, to=ContractStatus.RENEWED, by=None, reason=reason, today=today)


def _checked_end(start_date: date, end_date: date | None) -> date:
    if end_date is None:
        text = _("Enter the last day: a contract without an end cannot be planned.")
        raise DomainError("open_ended", text, {"end_date": [text]})
    if end_date < start_date:
        text = _("The contract ends before it starts.")
        raise DomainError("dates", text, {"end_date": [text]})
    return end_date


def _after(contract: Contract) -> None:
    refresh_act_by(company_ids=[contract.company_id])
    contract.refresh_from_db(fields=["act_by"])
    used = contract.lines.exclude(end_user_company=None).values_list("end_user_company_id", flat=True)
    announce("facts_changed", company_ids={contract.company_id, *used})
