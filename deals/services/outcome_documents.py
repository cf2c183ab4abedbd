"""The status of a document said in the outcome form: the same machine and checks, in the same save (R32)."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.enums import InteractionState
from accounts.models import Interaction
from deals.models import Document
from deals.services.documents import move_document
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User

MOVE, COMMENT = (
    "document_move",
    "document_comment",
)  # «<public id>:<state>» and the words, as the slot names them


def move_said_document(*, interaction: Interaction, by: User, context: Mapping[str, str]) -> None:
    """Reaction to `interaction_logged`; a plan and a record taken back move nothing. Raises DomainError."""
    said = context.get(MOVE, "")
    if not said or interaction.state == InteractionState.PLANNED or interaction.retracted_at:
        return
    identifier, _colon, target = said.partition(":")
    document = _found(interaction, by, identifier)
    try:
        move_document(document, to=target, by=by, comment=context.get(COMMENT, ""))
    except DomainError as problem:  # its fields are not those of the outcome form
        raise DomainError(problem.code, f"{document}: {problem.message}") from problem


def _found(interaction: Interaction, by: User, identifier: str) -> Document:
    try:
        public_id = UUID(identifier)
    except ValueError:
        public_id = None
    known = Document.objects.visible_to(by).filter(deal__company=interaction.company_id)
    document = known.select_related("deal__company").filter(public_id=public_id).first()
    if document is None:
        raise DomainError("no_such_document", _("The chosen document is not of this client."))
    return document
