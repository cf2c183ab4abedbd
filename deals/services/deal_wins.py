"""Contracts that deals bring about: once one is in force the deal is won (domain.md §2.9, §8.2 story 11)."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import ContractStatus
from accounts.models import Contract
from deals.models import Deal, DealContract
from deals.services.deal_moves import win_deal
from deals.services.deals import check_may_edit
from upsell_crm.core import audit
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User

STILL_MADE = (
    ContractStatus.DRAFT, ContractStatus.APPROVAL, ContractStatus.SIGNING, ContractStatus.ISSUED, ContractStatus.ACTIVE,
)  # fmt: skip


def link_contract(deal: Deal, *, by: User, contract: Contract) -> DealContract:
    """This contract is what the deal is about; one in force wins it at once. Raises NotAllowed, DomainError."""
    check_may_edit(by, deal)
    group = {deal.company_id, deal.company.head_id or deal.company_id}
    if not {contract.company_id, contract.company.head_id} & group:
        raise DomainError("other_company", _("A deal makes contracts of its own client or holding."))
    if DealContract.objects.filter(contract=contract).exists():
        raise DomainError("linked_already", _("%s belongs to a deal already.") % contract)
    if deal.renewals.filter(contract=contract).exists():
        raise DomainError("renewed_here", _("%s is what the deal renews, not what it makes.") % contract)
    with transaction.atomic():
        link = _link(deal, contract, by)
        if contract.status == ContractStatus.ACTIVE:
            win_deal(deal, by=None, reason=_in_force(contract))
    return link


def linkable(deal: Deal, user: User) -> QuerySet[Contract]:
    """Contracts of the client or his holding that the deal may have brought about, the latest first."""
    head = deal.company.head_id or deal.company_id
    group = Q(company=deal.company_id) | Q(company=head) | Q(company__head=head)
    known = Contract.objects.visible_to(user).filter(group, made_by_deal=None, status__in=STILL_MADE)
    return known.exclude(deal_renewals__deal=deal).order_by("-start_date", "-pk")


def win_by_contract(*, contract: Contract, old: str, new: str) -> None:
    """Reaction to `contract_status_changed`: the contract is in force, so its open deal is won.

    A contract that a person has entered as the successor of one under renewal belongs to that deal without a word;
    an automatic prolongation does not: the client gets the same lines without any deal.
    """
    if new != ContractStatus.ACTIVE:
        return
    deal = Deal.objects.filter(made_contracts__contract=contract).first()
    if deal is None and contract.renews_id and contract.created_by_id:
        deal = Deal.objects.renewing([contract.renews_id]).first()
        if deal is not None:
            _link(deal, contract, None)
    if deal is not None and deal.is_open:
        win_deal(deal, by=None, reason=_in_force(contract))


def _link(deal: Deal, contract: Contract, by: User | None) -> DealContract:
    link = DealContract.objects.create(deal=deal, contract=contract)
    audit.record(
        "link_contract", deal, by=by, changes={"contract": [None, str(contract)]}, company_id=deal.company_id
    )
    return link


def _in_force(contract: Contract) -> str:
    return _("Contract %s is in force") % contract.number
