"""The states of a contract as one declared table: from, to, who, guard, effect (domain.md §2.9).

A move that is not in MOVES does not exist. `move_contract` in services/contracts.py is its only user.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import ContractForm, ContractStatus, LineKind
from accounts.models import Contract
from upsell_crm.core.errors import DomainError, check_reason
from upsell_crm.core.machine import NOBODY, Machine, Move
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

S, F = ContractStatus, ContractForm


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """What the person states with a move; `today` is the business date."""

    today: date
    by: User | None
    reason: str = ""
    signed_on: date | None = None
    terminated_on: date | None = None


def has_content(contract: Contract, facts: MoveFacts) -> None:
    """At least one licence line and an amount; a framework may have none of its own, a pilot costs nothing."""
    kinds = set(contract.lines.values_list("kind", flat=True))
    if not kinds and contract.form != F.FRAMEWORK:
        raise DomainError("no_licences", _("Add at least one licence before sending the contract on."))
    if LineKind.PAID in kinds and not contract.amount:
        raise DomainError(
            "no_amount", _("Enter the amount of the contract."), {"amount": [_("Enter the amount.")]}
        )


def has_invoice(contract: Contract, facts: MoveFacts) -> None:
    """Content, and a date until which the offer can be accepted."""
    has_content(contract, facts)
    if contract.valid_until is None or contract.valid_until < facts.today:
        text = _("Enter until when the invoice-offer is valid: today or later.")
        raise DomainError("no_validity", text, {"valid_until": [text]})


def is_signed(contract: Contract, facts: MoveFacts) -> None:
    """Signed by both sides, not in the future; what it hangs on is in force."""
    signed_on = facts.signed_on or contract.signed_on
    if signed_on is None or signed_on > facts.today:
        text = _("Enter the date on which both sides signed: today or earlier.")
        raise DomainError("not_signed", text, {"signed_on": [text]})
    parent = contract.parent_contract
    if contract.form == F.ORDER and parent is not None and parent.status != S.ACTIVE:
        raise DomainError("framework_not_active", _("The framework contract of this order is not active."))
    if (
        contract.form == F.ADDENDUM
        and parent is not None
        and parent.status not in (S.ACTIVE, S.EXPIRED, S.RENEWED)
    ):
        raise DomainError("contract_not_signed", _("The contract of this addendum is not signed."))


def is_paid(contract: Contract, facts: MoveFacts) -> None:
    """Paid in full; a part of the money leaves the invoice where it is."""
    if not contract.payments.exists() or paid_amount(contract) < contract.amount:
        raise DomainError("not_paid", _("The invoice is not paid in full."))


def is_unpaid(contract: Contract, facts: MoveFacts) -> None:
    """Nothing has been paid; the job waits for the end of validity, a person gives a reason."""
    if contract.payments.exists():
        raise DomainError(
            "paid_partly", _("Money has come for this invoice: return it or wait for the rest.")
        )
    if facts.by is not None:
        return has_reason(contract, facts)
    if contract.valid_until is None or contract.valid_until >= facts.today:
        raise DomainError("still_valid", _("The invoice-offer is still valid."))


def has_reason(contract: Contract, facts: MoveFacts) -> None:
    """A reason in words."""
    check_reason(facts.reason)


def is_terminated(contract: Contract, facts: MoveFacts) -> None:
    """A reason and a day within the contract, not in the future."""
    has_reason(contract, facts)
    day = facts.terminated_on
    if day is None or not contract.start_date <= day <= facts.today:
        text = _("Enter the date of termination: not before the start and not in the future.")
        raise DomainError("no_termination_date", text, {"terminated_on": [text]})


def has_ended(contract: Contract, facts: MoveFacts) -> None:
    """The last covered day has passed and nobody continues it."""
    _is_over(contract, facts)
    if has_active_successor(contract):
        raise DomainError("has_successor", _("An active contract continues this one."))


def is_continued(contract: Contract, facts: MoveFacts) -> None:
    """The last covered day has passed and an active contract continues it."""
    _is_over(contract, facts)
    if not has_active_successor(contract):
        raise DomainError("no_successor", _("No active contract continues this one."))


def _is_over(contract: Contract, facts: MoveFacts) -> None:
    if contract.end_date >= facts.today:
        raise DomainError("not_ended", _("The contract has not ended yet."))


def has_active_successor(contract: Contract) -> bool:
    """Whether a contract in force renews this one."""
    return contract.successors.filter(status=S.ACTIVE).exists()


def paid_amount(contract: Contract) -> Any:
    """The sum of its payments, ₽."""
    return contract.payments.aggregate(total=Sum("amount"))["total"] or 0


def sign(contract: Contract, facts: MoveFacts) -> dict[str, Any]:
    """The signature date."""
    return {"signed_on": facts.signed_on or contract.signed_on}


def accept_by_payment(contract: Contract, facts: MoveFacts) -> dict[str, Any]:
    """Payment is the acceptance of an offer (art. 438 of the Civil Code): the day of the last rouble."""
    return {"paid_on": contract.payments.order_by("-paid_on").values_list("paid_on", flat=True)[0]}


def terminate(contract: Contract, facts: MoveFacts) -> dict[str, Any]:
    """The day and the reason."""
    return {"terminated_on": facts.terminated_on, "termination_reason": facts.reason}


def is_offer(contract: Contract) -> bool:
    """An invoice-offer goes its own way: issued, then paid or void."""
    return contract.form == F.INVOICE_OFFER


def is_no_offer(contract: Contract) -> bool:
    """Every other form is approved and signed."""
    return not is_offer(contract)


_SALES = frozenset({Role.KAM, Role.CLOSER, Role.BACKOFFICE})
_RETURNERS = frozenset({Role.CLOSER, Role.BACKOFFICE})
_STOPPERS = frozenset({Role.CLOSER, Role.BACKOFFICE, Role.LEAD, Role.HEAD})
_TERMINATORS = frozenset({Role.BACKOFFICE, Role.LEAD, Role.HEAD})
_BOOKS = frozenset({Role.BACKOFFICE})
_MOVE, _BOOK, _STOP = Action.MOVE_CONTRACT, Action.BOOK_CONTRACT, Action.STOP_CONTRACT

MOVES: tuple[Move[Contract], ...] = (
    Move(S.DRAFT, S.APPROVAL, _MOVE, _SALES, has_content, when=is_no_offer),
    Move(S.APPROVAL, S.SIGNING, _BOOK, _BOOKS),
    Move(S.SIGNING, S.ACTIVE, _BOOK, _BOOKS, is_signed, sign),
    Move(S.DRAFT, S.ISSUED, _MOVE, _RETURNERS, has_invoice, when=is_offer),
    Move(S.ISSUED, S.ACTIVE, _BOOK, _BOOKS, is_paid, accept_by_payment, when=is_offer),
    Move(S.ISSUED, S.VOID, _BOOK, _BOOKS, is_unpaid, is_by_job=True, when=is_offer),
    Move(S.ACTIVE, S.RENEWED, _BOOK, NOBODY, is_continued, is_by_job=True),
    Move(S.ACTIVE, S.EXPIRED, _BOOK, NOBODY, has_ended, is_by_job=True),
    Move(S.EXPIRED, S.RENEWED, _BOOK, _BOOKS, is_continued, is_by_job=True),
    Move(S.ACTIVE, S.TERMINATED, _STOP, _TERMINATORS, is_terminated, terminate),
    *(Move(source, S.VOID, _STOP, _STOPPERS, has_reason) for source in (S.DRAFT, S.APPROVAL, S.SIGNING)),
    *(Move(source, S.DRAFT, _MOVE, _RETURNERS, has_reason) for source in (S.APPROVAL, S.SIGNING)),
)  # fmt: skip


def _may(by: User, action: Action, contract: Contract) -> bool:
    return may(by, action, contract.company)


MACHINE: Machine[Contract] = Machine(MOVES, _may, field="status")
