"""Licence lines of a contract: a change of a line is a change of its contract's version (domain.md §2.8.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import ContractStatus, LineKind
from accounts.models import Company, Contract, LicenceLine, Product
from accounts.services.act_by import refresh_act_by
from accounts.services.contract_links import company_group_ids
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import validate
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action

LINE_FIELDS = frozenset(
    {"product", "seats", "price_per_unit", "amount", "start_date", "end_date", "end_user_company", "kind", "external_id"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence to enter; empty dates are the contract's, an empty amount is seats × price, ₽."""

    product: Product
    seats: int
    price_per_unit: Decimal = Decimal(0)
    amount: Decimal | None = None
    start_date: date | None = None
    end_date: date | None = None
    end_user_company: Company | None = None
    kind: str = LineKind.PAID
    external_id: str = ""

    @property
    def total(self) -> Decimal:
        """The amount of the line, ₽."""
        return self.price_per_unit * self.seats if self.amount is None else self.amount


def add_licence(contract: Contract, licence: Licence, *, by: User, version: int | None = None) -> LicenceLine:
    """Add one line; raises NotAllowed, Stale, DomainError (outside the period, not licensable, no seats)."""
    _check_right(contract, by)
    with transaction.atomic():
        _touch(contract, version, by)
        line = add_lines(contract, [licence], by=by)[0]
        _after(contract, line)
    return line


def change_licence(
    line: LicenceLine, values: dict[str, Any], *, by: User, version: int | None = None
) -> dict[str, list[Any]]:
    """Change one line; `version` is its contract's. Returns what changed. Raises as `add_licence`."""
    unknown = set(values) - LINE_FIELDS
    if unknown:
        raise ValueError(f"change_licence does not change {sorted(unknown)}")
    contract = line.contract
    _check_right(contract, by)
    changed = {
        name: [getattr(line, name), value] for name, value in values.items() if getattr(line, name) != value
    }
    if not changed:
        return {}
    earlier_user = line.end_user_company_id
    for name, (_old, value) in changed.items():
        setattr(line, name, value)
    _check_line(line)
    with transaction.atomic():
        _touch(contract, version, by)
        line.save()
        audit.record("change_licence", line, by=by, changes=changed, company_id=contract.company_id)
        _after(contract, line, earlier_user)
    return changed


def remove_licence(line: LicenceLine, *, by: User, version: int | None = None, reason: str = "") -> None:
    """Take one line out of its contract; the history keeps what it was. Raises NotAllowed, Stale."""
    contract = line.contract
    _check_right(contract, by)
    with transaction.atomic():
        _touch(contract, version, by)
        changes = {
            "seats": [line.seats, None],
            "product": [line.product, None],
            "amount": [line.amount, None],
        }
        audit.record(
            "remove_licence", line, by=by, changes=changes, company_id=contract.company_id, reason=reason
        )
        line.delete()
        _after(contract, line)


def add_lines(contract: Contract, licences: Iterable[Licence], *, by: User | None) -> list[LicenceLine]:
    """Save checked lines of a contract with their history; the caller has checked the right."""
    lines = [_build(contract, licence) for licence in licences]
    for line in lines:
        _check_line(line)
        line.save(force_insert=True)
        changes = {
            "product": [None, line.product],
            "seats": [None, line.seats],
            "amount": [None, line.amount],
        }
        audit.record("add_licence", line, by=by, changes=changes, company_id=contract.company_id)
    return lines


def shift_lines(contract: Contract, old_start: date, old_end: date) -> None:
    """Lines that ran to an end of the old period follow the new one; all must lie within it afterwards."""
    contract.lines.filter(start_date=old_start).update(start_date=contract.start_date)
    contract.lines.filter(end_date=old_end).update(end_date=contract.end_date)
    outside = contract.lines.filter(
        Q(start_date__lt=contract.start_date)
        | Q(end_date__gt=contract.end_date)
        | Q(end_date__lt=F("start_date"))
    )
    if outside.exists():
        text = _("A licence lies outside the new period of the contract: change it first.")
        raise DomainError("licence_outside", text, {"end_date": [text]})


def _build(contract: Contract, licence: Licence) -> LicenceLine:
    return LicenceLine(
        contract=contract,
        product=licence.product,
        seats=licence.seats,
        price_per_unit=licence.price_per_unit,
        amount=licence.total,
        start_date=licence.start_date or contract.start_date,
        end_date=licence.end_date or contract.end_date,
        end_user_company=licence.end_user_company,
        kind=licence.kind,
        external_id=licence.external_id,
    )


def _check_line(line: LicenceLine) -> None:
    validate(line)
    if line.end_user_company_id and line.end_user_company_id not in company_group_ids(
        line.contract.company_id
    ):
        text = _("The end user must belong to the same group of companies.")
        raise DomainError("other_group", text, {"end_user_company": [text]})


def _check_right(contract: Contract, by: User) -> None:
    if may(by, Action.EDIT_CONTRACT, contract.company):
        return
    is_draft = contract.status == ContractStatus.DRAFT
    if not (is_draft and may(by, Action.DRAFT_CONTRACT, contract.company)):
        raise NotAllowed("not_allowed", _("You may not change the licences of this contract."))


def _touch(contract: Contract, version: int | None, by: User) -> None:
    """Compare-and-swap on the contract, so that two people cannot change its lines at once (faults B1)."""
    expected = contract.version if version is None else version
    swapped = Contract.objects.filter(pk=contract.pk, version=expected).update(
        version=expected + 1, updated_by=by, updated_at=clock.now()
    )
    if not swapped:
        raise Stale("version_mismatch", _("Somebody else has changed this record meanwhile."))
    contract.version = expected + 1


def _after(contract: Contract, line: LicenceLine, earlier_user: int | None = None) -> None:
    refresh_act_by(company_ids=[contract.company_id])
    users = {contract.company_id, line.end_user_company_id, earlier_user} - {None}
    announce("facts_changed", company_ids=users)
