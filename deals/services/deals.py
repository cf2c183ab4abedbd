"""Deals: opening them, their lines and dates (domain.md §2.2, R18, R65, R91)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may as may_on_company
from accounts.enums import Vat
from accounts.models import Company, Contract, Product
from accounts.models.procurement import ProcurementType
from deals.access import may
from deals.models import Deal, DealLine, DealRenewal
from deals.services.members import check_can_join, check_is_open, join
from deals.services.ranked import announce_facts
from upsell_crm.core import clock
from upsell_crm.core.commands import change, create, validate
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action, Role

EDITABLE = frozenset({"title", "target_date", "next_step", "next_step_on", "forecast", "procurement_type"})


@dataclass(frozen=True)
class LineSaid:
    """One line as it is typed: seats now and in the new contract, price per seat a year in ₽, discount in %."""

    product: Product
    seats_new: int
    seats_current: int = 0
    price: Decimal = Decimal(0)
    discount_pct: Decimal = Decimal(0)
    vat: str = Vat.NONE
    current_amount: Decimal = Decimal(0)
    end_user_company: Company | None = None


def create_deal(
    *, by: User, company: Company, kind: str, title: str, target_date: date, next_step: str, next_step_on: date,
    responsible_kam: User | None = None, lines: Iterable[LineSaid] = (), renews: Sequence[Contract] = (),
    procurement_type: ProcurementType | None = None,
) -> Deal:  # fmt: skip
    """Open a deal with its lines; the responsible person joins its working group (R91).

    Responsible is by default the KAM of the client; without one the lead of the team stands in, marked «without a
    responsible KAM». Raises NotAllowed, DomainError.
    """
    if not may_on_company(by, Action.CREATE_DEAL, company):
        raise NotAllowed("not_allowed", _("You may not open deals with this client."))
    responsible = responsible_kam or company.owner_kam or _lead_of(company) or by
    check_can_be_responsible(responsible)
    deal = Deal(
        company=company, kind=kind, title=title.strip(), target_date=target_date, next_step=next_step.strip(),
        next_step_on=next_step_on, responsible_kam=responsible, needs_kam=not responsible.has_role(Role.KAM),
        team=_team_of(responsible, company), procurement_type=procurement_type, opened_on=clock.today(),
        stage_since=clock.now(), act_by_at_opening=min((c.act_by for c in renews if c.act_by), default=None),
    )  # fmt: skip
    with transaction.atomic():
        create(deal, by=by, event="create_deal")
        for contract in renews:
            _renew(deal, contract)
        write_lines(deal, lines)
        join(deal, responsible, _place_of(responsible), by=by)
        announce("deal_opened", deal=deal, by=by)
        announce_facts(deal)
    return deal


def update_deal(
    deal: Deal, values: dict[str, Any], *, by: User, version: int | None = None
) -> dict[str, Any]:
    """Change title, dates, next step, forecast or procurement type; returns what changed. Raises as `change`."""
    if unknown := set(values) - EDITABLE:
        raise ValueError(f"update_deal does not change {sorted(unknown)}")
    check_may_edit(by, deal)
    with transaction.atomic():
        changed = change(deal, values, by=by, event="update_deal", version=version)
        if changed:
            announce_facts(deal)
    return changed


def set_lines(deal: Deal, lines: Iterable[LineSaid], *, by: User, version: int | None = None) -> None:
    """Replace the lines of an open deal; the amounts of the deal follow. Raises NotAllowed, Stale, DomainError."""
    check_may_edit(by, deal)
    with transaction.atomic():
        deal.lines.all().delete()
        write_lines(deal, lines, by=by, version=version)
        announce("deal_lines_changed", deal=deal, by=by)
        announce_facts(deal)


def write_lines(
    deal: Deal, lines: Iterable[LineSaid], *, by: User | None = None, version: int | None = None
) -> None:
    """Store lines with their amounts (half up to the kopeck) and make the deal's sums equal to theirs."""
    for said in lines:
        line = DealLine(
            deal=deal, product=said.product, seats_current=said.seats_current, seats_new=said.seats_new,
            price=said.price, discount_pct=said.discount_pct, vat=said.vat, current_amount=said.current_amount,
            end_user_company=said.end_user_company,
        )  # fmt: skip
        line.amount = line.computed_amount()
        _check_product(line)
        validate(line)
        line.save()
    rows = list(
        deal.lines.values_list("amount", "current_amount")
    )  # added up here: SQLite would do it in floats
    values = {
        "amount": sum((row[0] for row in rows), Decimal(0)), "current_amount": sum((row[1] for row in rows), Decimal(0)),
    }  # fmt: skip
    change(deal, values, by=by, event="set_lines", version=version)


def check_may_edit(by: User, deal: Deal) -> None:
    """An open deal, by who may; raises NotAllowed, DomainError."""
    if not may(by, Action.EDIT_DEAL, deal):
        raise NotAllowed("not_allowed", _("You may not change this deal."))
    check_is_open(deal)


def check_can_be_responsible(user: User) -> None:
    """A working KAM, or a lead who stands in for one; raises DomainError (R91, §2.8.2)."""
    check_can_join(user, Role.KAM)
    if not user.has_role(Role.KAM, Role.LEAD):
        text = _("%s is neither a KAM nor a lead.") % user
        raise DomainError("not_a_kam", text, {"responsible_kam": [text]})


def _check_product(line: DealLine) -> None:
    if not line.product.is_licensable:
        text = _("%s is a public service and is not sold.") % line.product
        raise DomainError("not_licensable", text, {"product": [text]})


def _renew(deal: Deal, contract: Contract) -> None:
    """A contract of the company or of its holding, in one open deal at a time."""
    group = {deal.company_id, deal.company.head_id or deal.company_id}
    if not {contract.company_id, contract.company.head_id} & group:
        raise DomainError("other_company", _("A deal renews contracts of its own client or holding."))
    if Deal.objects.renewing([contract.pk]).exclude(pk=deal.pk).exists():
        text = _("%s is being renewed in another open deal.") % contract
        raise DomainError("renewed_already", text, {"renews": [text]})
    DealRenewal.objects.create(deal=deal, contract=contract)


def _lead_of(company: Company) -> User | None:
    return company.team.lead if company.team else None


def _team_of(responsible: User, company: Company) -> Any:
    team = responsible.team or company.team
    if team is None:
        raise DomainError("no_team", _("Neither the client nor the responsible person has a team."))
    return team


def _place_of(responsible: User) -> str:
    return Role.KAM if responsible.has_role(Role.KAM) else Role.LEAD
