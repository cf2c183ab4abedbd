"""Which companies have to be ranked again when a deal has moved (§4.9: its contracts' payers, its holding)."""

from accounts.models import Company, Task
from deals.enums import DealKind
from deals.models import Deal, DealTask
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce


def announce_facts(deal: Deal) -> None:
    """To be called by every service that changes a deal, its tasks, communications or documents."""
    announce("facts_changed", company_ids=companies_under(deal))


def announce_facts_of_task(*, task: Task, by: User | None, was: str) -> None:
    """Event `task_changed`: a deal with an overdue task is not on track, and is again once it is done."""
    link = DealTask.objects.filter(task=task).select_related("deal__company").first()
    if link:
        announce_facts(link.deal)


def companies_under(deal: Deal) -> set[int]:
    """The company of the deal, the payers of the contracts that it renews, and all below a holding project."""
    touched = {deal.company_id, *deal.renewals.order_by().values_list("contract__company_id", flat=True)}
    if deal.kind == DealKind.HOLDING:
        touched.update(Company.objects.below(deal.company).values_list("pk", flat=True))
    return touched
