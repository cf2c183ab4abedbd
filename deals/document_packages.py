"""Which documents a sale needs, in order, by the form of contract or the procedure (domain.md §2.10)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import ProcurementProfile, ProcurementType
from deals.enums import DOCUMENT_ENDS, Approval, DocumentType, Package
from deals.models import Deal, Document

T = DocumentType


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a chain: a document to prepare, or a milestone in words (`type` empty)."""

    type: str = ""
    milestone: Promise | str = ""
    who: Promise | str = ""
    only_with_tz: bool = False

    @property
    def label(self) -> str:
        """The document or the milestone, in the reader's language."""
        return str(DocumentType(self.type).label if self.type else self.milestone)


_LAWYER, _BACKOFFICE, _KAM, _CLOSER = (
    _("lawyer prepares"), _("BackOffice prepares"), _("KAM prepares"), _("closer leads"),
)  # fmt: skip
_PAID, _ACCESS = pgettext_lazy("milestone", "payment"), pgettext_lazy("milestone", "access")


def _doc(type: str, who: Promise | str, *, only_with_tz: bool = False) -> Link:
    return Link(type=type, who=who, only_with_tz=only_with_tz)


_OFFER, _WORK = _doc(T.KP, _KAM), _doc(T.TZ, _LAWYER, only_with_tz=True)
_CONTRACT, _ADDENDUM = _doc(T.CONTRACT, _LAWYER), _doc(T.ADDENDUM, _LAWYER)
_INVOICE, _ACT, _UPD = _doc(T.INVOICE, _BACKOFFICE), _doc(T.ACT, _BACKOFFICE), _doc(T.UPD, _BACKOFFICE)
_MONEY, _OPEN = Link(milestone=_PAID, who=_BACKOFFICE), Link(milestone=_ACCESS, who=_BACKOFFICE)

CHAINS: dict[str, tuple[Link, ...]] = {
    Package.CONTRACT: (_OFFER, _WORK, _CONTRACT, _INVOICE, _MONEY, _OPEN, _ACT),
    Package.ADDENDUM: (_OFFER, _WORK, _ADDENDUM, _INVOICE, _MONEY, _OPEN, _UPD),
    Package.INVOICE_OFFER: (_doc(T.INVOICE_OFFER, _BACKOFFICE), _MONEY, _OPEN, _UPD),
    Package.FRAMEWORK: (_CONTRACT, _ADDENDUM, _INVOICE, _MONEY, _OPEN, _UPD),
    Package.TENDER: (
        _doc(T.JUSTIFICATION, _CLOSER), Link(milestone=_("notice"), who=_CLOSER), _doc(T.LETTER, _BACKOFFICE),
        Link(milestone=_("protocol"), who=_CLOSER), _CONTRACT, _INVOICE, _MONEY, _OPEN, _UPD,
    ),
    Package.STATE: (
        _doc(T.JUSTIFICATION, _CLOSER), Link(milestone=_("notice"), who=_CLOSER), _doc(T.LETTER, _BACKOFFICE),
        Link(milestone=_("protocol"), who=_CLOSER), _CONTRACT, _INVOICE, _MONEY, _OPEN, _ACT,
    ),
}  # fmt: skip
# The procedure that the client buys by → the package to propose; the rest is a contract between two companies.
_BY_PROCEDURE = {
    "invoice_offer": Package.INVOICE_OFFER, "framework_order": Package.FRAMEWORK, "tender_commercial": Package.TENDER,
    "rfq_223": Package.TENDER, "rfp_223": Package.TENDER, "auction_223": Package.TENDER, "contest_223": Package.TENDER,
    "rfq_44": Package.STATE, "auction_44": Package.STATE, "contest_44": Package.STATE, "small_44": Package.STATE,
    "eshop_44": Package.STATE, "single_44_other": Package.STATE,
}  # fmt: skip


def proposed_package(deal: Deal, profile: ProcurementProfile | None, *, renews: bool) -> str:
    """By the procedure of the deal, else of the client; a renewal is an addendum to what is signed."""
    type_: ProcurementType | None = deal.procurement_type or (profile.default_type if profile else None)
    known = _BY_PROCEDURE.get(type_.code) if type_ else None
    return known or (Package.ADDENDUM if renews else Package.CONTRACT)


def chain_of(package: str, *, needs_tz: bool) -> list[Link]:
    """The links in order; the statement of work only where the client needs it (§2.1 `needs_tz`)."""
    return [link for link in CHAINS[package] if needs_tz or not link.only_with_tz]


@dataclass(frozen=True, slots=True)
class ChainStep:
    """A link as it stands in a deal: its document, or whether its milestone is reached (None = nobody knows)."""

    link: Link
    document: Document | None = None
    is_reached: bool | None = None

    @property
    def tone(self) -> str:
        """The colour beside the words: good when done, bad when refused, accent while it moves."""
        if self.document is None:
            return "good" if self.is_reached else ""
        if self.document.approval in (Approval.SIGNED, Approval.AGREED):
            return "good"
        if self.document.approval in DOCUMENT_ENDS:
            return "bad"
        return "" if self.document.approval == Approval.DRAFT else "accent"


def chain_steps(
    package: str, documents: Iterable[Document], *, needs_tz: bool, is_paid: bool
) -> list[ChainStep]:
    """The chain of a deal: the last standing document of each type, newest first in `documents`."""
    by_type: dict[str, Document] = {}
    for document in documents:
        if document.approval != Approval.CANCELLED:
            by_type.setdefault(document.type, document)
    return [
        ChainStep(
            link, document=by_type.get(link.type), is_reached=is_paid if link.milestone == _PAID else None
        )
        for link in chain_of(package, needs_tz=needs_tz or T.TZ in by_type)
    ]
