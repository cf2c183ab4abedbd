"""What a contract may hang on: its framework, its contract, the contract it renews (domain.md §2.8.3)."""

from django.utils.translation import gettext as _

from accounts.enums import ContractForm, ContractStatus
from accounts.models import Company, Contract
from accounts.models.company import MAX_DEPTH
from upsell_crm.core.errors import DomainError

STOPPED = (ContractStatus.VOID, ContractStatus.TERMINATED)
AMENDABLE = (ContractForm.CONTRACT, ContractForm.STATE_CONTRACT, ContractForm.FRAMEWORK, ContractForm.ORDER)


def check_links(contract: Contract) -> None:
    """The parent and the predecessor of a contract that is about to be saved; raises DomainError."""
    group = company_group_ids(contract.company_id)
    _check_parent(contract, group)
    _check_predecessor(contract, group)


def company_group_ids(company_id: int) -> set[int]:
    """The head of the holding and all its descendants; at most ten statements."""
    head: int = company_id
    for _level in range(MAX_DEPTH):
        above = Company.objects.filter(pk=head).values_list("parent_id", flat=True).first()
        if above is None:
            break
        head = above
    group, level = {head}, {head}
    while level:
        level = set(Company.objects.filter(parent_id__in=level).values_list("pk", flat=True)) - group
        group |= level
    return group


def _check_parent(contract: Contract, group: set[int]) -> None:
    parent = contract.parent_contract
    if contract.form == ContractForm.ORDER:
        if parent is None or parent.form != ContractForm.FRAMEWORK:
            raise _wrong("parent_contract", "no_framework", _("An order needs its framework contract."))
    elif contract.form == ContractForm.ADDENDUM:
        if parent is None or parent.form not in AMENDABLE:
            raise _wrong(
                "parent_contract", "no_contract", _("An addendum needs the contract that it changes.")
            )
    elif parent is not None:
        raise _wrong(
            "parent_contract", "no_parent", _("Only an order or an addendum belongs to another contract.")
        )
    if parent is None:
        return
    if parent is contract or (parent.pk is not None and parent.pk == contract.pk):
        raise _wrong("parent_contract", "self", _("A contract cannot belong to itself."))
    if parent.company_id not in group:
        raise _wrong(
            "parent_contract", "other_group", _("That contract belongs to another group of companies.")
        )
    if parent.status in STOPPED:
        raise _wrong("parent_contract", "stopped", _("That contract is void or terminated."))


def _check_predecessor(contract: Contract, group: set[int]) -> None:
    earlier = contract.renews
    if earlier is None:
        return
    if earlier.company_id not in group:
        raise _wrong(
            "renews", "other_group", _("A contract of another group of companies cannot be renewed here.")
        )
    if earlier.status == ContractStatus.VOID:
        raise _wrong("renews", "stopped", _("A void contract cannot be renewed."))
    if earlier.pk is None:  # an import brings both; nothing stored can point at it yet
        return
    seen: set[int] = set()
    step: int | None = earlier.pk
    while step is not None:
        if step == contract.pk or step in seen:
            raise _wrong("renews", "cycle", _("The chain of renewals would come back to this contract."))
        seen.add(step)
        step = Contract.objects.filter(pk=step).values_list("renews_id", flat=True).first()
    rivals = Contract.objects.filter(renews=earlier, status=ContractStatus.ACTIVE).exclude(pk=contract.pk)
    if contract.status == ContractStatus.ACTIVE and rivals.exists():
        raise _wrong("renews", "renewed_already", _("Another active contract renews the same one."))


def _wrong(field: str, code: str, text: str) -> DomainError:
    return DomainError(code, text, {field: [text]})
