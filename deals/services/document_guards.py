"""What documents forbid to their contract (domain.md §2.9, §2 «Effects that cross rooms»)."""

from django.utils.translation import gettext as _

from accounts.enums import ContractStatus
from accounts.models import Contract
from deals.enums import Approval
from deals.models import Document
from upsell_crm.core.errors import DomainError

_AGREED = (Approval.AGREED, Approval.SIGNING, Approval.SIGNED)
_DEAD = (Approval.REFUSED, Approval.CANCELLED, Approval.ANNULLED)


def contract_waits_for_documents(contract: Contract, old: str, new: str) -> None:
    """Reaction to `contract_status_changed`: it is signed only when its documents are agreed; raises DomainError.

    A contract without documents of its own in our deals is BackOffice's business; a cancelled text does not count.
    """
    if (old, new) != (ContractStatus.APPROVAL, ContractStatus.SIGNING):
        return
    texts = list(
        Document.objects.contract_like().filter(contract=contract).exclude(approval=Approval.CANCELLED)
    )
    waiting = [text for text in texts if text.approval not in (*_AGREED, *_DEAD)]
    is_only_refused = bool(texts) and all(text.approval in _DEAD for text in texts)
    if waiting or is_only_refused:
        text = (waiting or texts)[0]
        raise DomainError(
            "document_not_agreed",
            _("%(document)s is not agreed yet: it is «%(state)s».")
            % {"document": text, "state": text.get_approval_display()},
        )
