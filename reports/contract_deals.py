"""The open deal about each contract of a page, read with the page."""

from django.db.models import Prefetch, QuerySet

from accounts.models import Contract
from deals.enums import OPEN_STAGES
from deals.models import Deal, DealRenewal


def with_open_deals(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    """One statement more for any number of contracts; the deal that has brought one about comes by a join."""
    renewing = DealRenewal.objects.filter(deal__stage__in=OPEN_STAGES).order_by("pk")
    renewing = renewing.select_related("deal__responsible_kam")
    made = contracts.select_related("made_by_deal__deal__responsible_kam")
    return made.prefetch_related(Prefetch("deal_renewals", renewing, to_attr="open_renewals"))


def newest_open_deal(contract: Contract) -> Deal | None:
    """The deal of a contract that came by `with_open_deals`: renewing it or making it (4.10.18: the newest)."""
    deals = [link.deal for link in contract.open_renewals]  # type: ignore[attr-defined]  # see above
    made = getattr(contract, "made_by_deal", None)
    if made is not None and made.deal.is_open:
        deals.append(made.deal)
    return max(deals, key=lambda deal: (deal.opened_on, deal.pk), default=None)
