"""Versions of a document's file: checked like every upload, numbered, never overwritten (faults E7)."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.services.attachments import attachment_problem, rename_for_storage
from deals.document_machine import may_on_document
from deals.models import Document, DocumentFile
from upsell_crm.core import audit
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action


def add_file(
    *, by: User, document: Document, file: UploadedFile, comment: str = ""
) -> DocumentFile:  # fmt: skip
    """Keep a new version of an open document; raises NotAllowed, DomainError."""
    if not may_on_document(by, Action.MOVE_DOCUMENT, document):
        raise NotAllowed("not_allowed", _("You may not add files to this document."))
    if not document.is_open:
        raise DomainError("closed", _("The document is closed: its files do not change any more."))
    check_file(file)
    with transaction.atomic():
        return store_version(document, file, comment, by=by)


def check_file(file: UploadedFile) -> None:
    """Raises DomainError with the reason at the field `file`."""
    if problem := attachment_problem(file):
        raise DomainError("file", problem, {"file": [problem]})


def store_version(document: Document, file: UploadedFile, comment: str, *, by: User) -> DocumentFile:
    """The next version of a checked file; call inside a transaction.

    The document's row is locked, so that two people who upload at once get two numbers.
    """
    Document.objects.select_for_update().get(pk=document.pk)
    last = document.files.aggregate(last=Max("number"))["last"] or 0
    name = rename_for_storage(file)
    version = DocumentFile.objects.create(
        document=document, step=document.steps.get(left_at=None), number=last + 1, file=file, name=name,
        size=file.size or 0, comment=comment.strip()[:300], uploaded_by=by,
    )  # fmt: skip
    audit.record(
        "add_document_file", document, by=by, changes={"file": [None, f"{version.number}: {name}"]},
        company_id=document.company_id,
    )  # fmt: skip
    return version
