"""What happens to contracts when a day begins: prolongation, expiry, invoices that were not paid (§2.9, §2.12)."""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.act_by import next_period_end
from accounts.enums import ContractForm, ContractStatus, LineKind, RenewalKind
from accounts.models import Contract, LicenceLine
from accounts.services.act_by import contract_terms, refresh_act_by
from accounts.services.contracts import move_contract
from accounts.services.licences import Licence, add_lines
from upsell_crm.core import clock
from upsell_crm.core.commands import create
from upsell_crm.core.errors import DomainError
from upsell_crm.core.reactions import announce

log = logging.getLogger(__name__)
PROLONGED = re.compile(r"-П(\d+)$")  # the mark of a prolongation in a number


@dataclass(slots=True)
class ContractDay:
    """What one run has done; `failed` are the ids of contracts that a rule stopped, see the log."""

    voided: int = 0
    prolonged: int = 0
    renewed: int = 0
    expired: int = 0
    act_by_moved: int = 0
    failed: list[int] = field(default_factory=list)


def run_contract_day(today: date | None = None) -> ContractDay:
    """The job of 00:10: a second run on the same day finds nothing to do (by state and date).

    Each contract is its own transaction, so one bad record does not stop the others.
    """
    day, done = today or clock.today(), ContractDay()
    done.voided = _each(_unpaid_offers(day), partial(_void, today=day), done)
    while found := _each(list(_to_prolong(day, done.failed)), prolong_contract, done):
        done.prolonged += found  # again: a successor may itself have ended while the job was down
    continued, ended = _split(_over(day))
    done.renewed = _each(continued, partial(_close, to=ContractStatus.RENEWED, today=day), done)
    done.expired = _each(ended, partial(_close, to=ContractStatus.EXPIRED, today=day), done)
    done.act_by_moved = refresh_act_by(today=day)
    return done


def _each(contracts: Iterable[Contract], act: Callable[[Contract], object], done: ContractDay) -> int:
    count = 0
    for contract in contracts:
        try:
            act(contract)
            count += 1
        except DomainError as problem:
            log.error("contract %s was left as it is: %s", contract.pk, problem)
            done.failed.append(contract.pk)
    return count


def _void(offer: Contract, *, today: date) -> None:
    move_contract(
        offer, to=ContractStatus.VOID, by=None, today=today, reason=_("The invoice was not paid in time.")
    )


def _close(contract: Contract, *, to: str, today: date) -> None:
    move_contract(contract, to=to, by=None, today=today)


def _split(over: Iterable[Contract]) -> tuple[list[Contract], list[Contract]]:
    """Those that an active contract continues, and those that simply end."""
    contracts = list(over)
    followed = Contract.objects.filter(renews__in=contracts, status=ContractStatus.ACTIVE)
    continued = set(followed.values_list("renews_id", flat=True))
    return [c for c in contracts if c.pk in continued], [c for c in contracts if c.pk not in continued]


def prolong_contract(contract: Contract) -> Contract:
    """The successor of an automatic prolongation: one period more, the same paid and gift lines, in force at once."""
    start = contract.end_date + timedelta(days=1)
    successor = Contract(
        company=contract.company, number=_next_number(contract.number), form=contract.form,
        parent_contract=contract.parent_contract, start_date=start,
        end_date=next_period_end(contract_terms(contract)), renewal_kind=contract.renewal_kind,
        auto_renew_notice_days=contract.auto_renew_notice_days, amount=contract.amount, vat=contract.vat,
        status=ContractStatus.ACTIVE, status_changed_at=clock.now(), renews=contract,
        procurement_type=contract.procurement_type, signed_on=contract.end_date,
    )  # fmt: skip
    with transaction.atomic():
        create(successor, by=None, event="prolong_contract")
        add_lines(successor, [_same(line) for line in _carried(contract)], by=None)
        refresh_act_by(company_ids=[contract.company_id])
        announce("contract_status_changed", contract=successor, old="", new=ContractStatus.ACTIVE)
        announce("facts_changed", company_id=contract.company_id)
    return successor


def _unpaid_offers(today: date) -> Iterable[Contract]:
    """Issued invoice-offers past their validity with no money at all; part-paid ones wait for BackOffice."""
    return Contract.objects.filter(
        status=ContractStatus.ISSUED, valid_until__lt=today, payments=None
    ).order_by("pk")


def _to_prolong(today: date, failed: list[int]) -> Iterable[Contract]:
    """Contracts on their last day that prolong themselves: not refused in time, not followed by another."""
    refused = Q(renewal_refused_on__isnull=False, renewal_refused_on__lte=F("end_date"))
    return (
        Contract.objects.filter(
            status=ContractStatus.ACTIVE, renewal_kind=RenewalKind.AUTO, end_date__lte=today
        )
        .exclude(form=ContractForm.INVOICE_OFFER)
        .exclude(refused)
        .exclude(pk__in=failed)
        .exclude(
            pk__in=Contract.objects.filter(status=ContractStatus.ACTIVE, renews__isnull=False).values(
                "renews"
            )
        )
        .select_related("company", "parent_contract", "procurement_type")
        .order_by("end_date", "pk")
    )


def _over(today: date) -> Iterable[Contract]:
    """Contracts past their last day, earliest first: a predecessor is closed while its successor is in force."""
    late = Q(status=ContractStatus.EXPIRED, successors__status=ContractStatus.ACTIVE)
    return (
        Contract.objects.filter(Q(status=ContractStatus.ACTIVE) | late, end_date__lt=today)
        .select_related("company", "renews")
        .distinct()
        .order_by("end_date", "pk")
    )


def _carried(contract: Contract) -> Iterable[LicenceLine]:
    running = contract.lines.filter(end_date=contract.end_date).exclude(kind=LineKind.TRIAL)
    return running.select_related("product", "end_user_company").order_by("pk")


def _same(line: LicenceLine) -> Licence:
    return Licence(
        product=line.product, seats=line.seats, price_per_unit=line.price_per_unit, amount=line.amount,
        end_user_company=line.end_user_company, kind=line.kind,
    )  # fmt: skip


def _next_number(number: str) -> str:
    """«Д-12» → «Д-12-П1» → «Д-12-П2»."""
    found = PROLONGED.search(number)
    if found is None:
        return f"{number}-П1"
    return f"{number[: found.start()]}-П{int(found[1]) + 1}"
