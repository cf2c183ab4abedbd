"""The whole package of a deal in one click: drafts in the order of §2.10."""

from django.db import transaction
from django.utils.translation import gettext as _

from deals.document_packages import chain_of
from deals.enums import DOCUMENT_ENDS, FREE_PAPERS, Package
from deals.models import Deal, Document
from deals.services.documents import check_may_prepare, create_document
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User


def create_package(*, by: User, deal: Deal, package: str) -> list[Document]:
    """Drafts of the chain that the deal does not have yet, in order. Raises NotAllowed, DomainError."""
    check_may_prepare(by, deal)
    if package not in Package.values:
        text = _("There is no such package.")
        raise DomainError("package", text, {"package": [text]})
    profile = getattr(deal.company, "procurement", None)
    chain = chain_of(package, needs_tz=bool(profile and profile.needs_tz))
    standing = set(deal.documents.exclude(approval__in=DOCUMENT_ENDS).values_list("type", flat=True))
    with transaction.atomic():
        return [
            create_document(
                by=by, deal=deal, type=link.type, package=package,
                amount=None if link.type in FREE_PAPERS else deal.amount,
            )
            for link in chain
            if link.type and link.type not in standing
        ]  # fmt: skip
