"""The contract that a deal brings about: a draft with the deal's lines (domain.md §2.2, §2.9)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import ContractStatus
from accounts.models import Contract
from accounts.services.contracts import create_contract
from accounts.services.licences import Licence
from deals.enums import CONTRACT_LIKE, DOCUMENT_ENDS
from deals.models import Deal, DealContract, Document
from deals.models.deal import KOPECK
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User


def draft_contract(
    *, by: User, deal: Deal, number: str, form: str, start_date: date, end_date: date,
    parent_contract: Contract | None = None,
) -> Contract:  # fmt: skip
    """«Завести договор по сделке»: a draft with the seats and sums of the deal, which renews what the deal renews.

    Open texts of the contract are linked to it, so that it waits for them. Raises as `create_contract`.
    """
    if not deal.is_open:
        raise DomainError("closed", _("The deal is closed."))
    if DealContract.objects.filter(deal=deal).exclude(contract__status=ContractStatus.VOID).exists():
        raise DomainError("has_contract", _("The deal has its contract already."))
    lines = [
        Licence(
            product=line.product, seats=line.seats_new, price_per_unit=(line.amount / line.seats_new).quantize(KOPECK),
            amount=line.amount, end_user_company=line.end_user_company,
        )
        for line in deal.lines.select_related("product", "end_user_company")
        if line.seats_new
    ]  # fmt: skip
    if not lines:
        raise DomainError("no_lines", _("Enter the lines of the deal first: products, seats, prices."))
    with transaction.atomic():
        contract = create_contract(
            company=deal.company, by=by, number=number, form=form, start_date=start_date, end_date=end_date,
            lines=lines, renews=renewed_contract(deal), procurement_type=deal.procurement_type,
            parent_contract=parent_contract,
        )  # fmt: skip
        DealContract.objects.create(deal=deal, contract=contract)
        _link_texts(deal, contract, by)
    return contract


def renewed_contract(deal: Deal) -> Contract | None:
    """The contract of the deal's own client that ends last among those it renews."""
    renewed = deal.renewals.filter(contract__company=deal.company).select_related("contract")
    return max((row.contract for row in renewed), key=lambda contract: contract.end_date, default=None)


def _link_texts(deal: Deal, contract: Contract, by: User) -> None:
    texts = Document.objects.filter(deal=deal, contract=None, type__in=CONTRACT_LIKE)
    for text in texts.exclude(approval__in=DOCUMENT_ENDS).select_related("deal"):
        change(text, {"contract": contract}, by=by, event="draft_contract")
