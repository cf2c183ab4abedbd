"""What a lawyer or BackOffice needs to prepare a document, and what of it is missing (R90, §2.10)."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import Company
from deals.enums import FREE_PAPERS, DocumentType
from deals.models import DealLine, Document

_WITHOUT_PRICES = (DocumentType.TZ, *FREE_PAPERS)


@dataclass(frozen=True, slots=True)
class Needs:
    """The data at hand and the words for what is missing, ready to be sent back as «не хватает …»."""

    company: Company
    lines: list[DealLine]
    procurement: str
    missing: list[str] = field(default_factory=list)

    @property
    def missing_words(self) -> str:
        return ", ".join(self.missing)


def needs_of(document: Document) -> Needs:
    """Computed from the company, the deal's lines and the procurement profile; relations come prefetched."""
    deal, company = document.deal, document.deal.company
    profile = getattr(company, "procurement", None)
    type_ = deal.procurement_type or (profile.default_type if profile else None)
    lines = list(deal.lines.all())
    missing = _requisites(company)
    if document.type not in FREE_PAPERS:
        missing += _contents(lines, with_prices=document.type not in _WITHOUT_PRICES)
    if type_ is None:
        missing.append(_("procurement type"))
    return Needs(company, lines, str(type_ or ""), missing)


def _requisites(company: Company) -> list[str]:
    missing = []
    if not company.inn:
        missing.append(_("INN"))
    if not company.kpp and len(company.inn) != 12:  # an individual entrepreneur has none
        missing.append(_("KPP"))
    if not company.ogrn:
        missing.append(_("OGRN"))
    return missing


def _contents(lines: list[DealLine], *, with_prices: bool) -> list[str]:
    sold = [line for line in lines if line.seats_new]
    if not lines:
        return [_("products and seats")]
    missing = [] if sold else [_("seats")]
    if with_prices and any(not line.price for line in sold):
        missing.append(_("prices"))
    return missing
