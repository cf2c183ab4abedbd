"""Files that people bring: small, of known kinds, under generated names (faults D13, E7); the rules of every room."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import BinaryIO
from unicodedata import category

from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.models import Attachment, Interaction
from upsell_crm.core.ids import uuid7
from upsell_crm.core.models import User

MAX_BYTES = 10 * 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Extension → what such a file begins with; None = plain text without NUL bytes.
KINDS: dict[str, tuple[bytes, ...] | None] = {
    "pdf": (b"%PDF-",),
    "docx": (_ZIP,), "xlsx": (_ZIP,), "pptx": (_ZIP,), "odt": (_ZIP,), "ods": (_ZIP,),
    "doc": (_OLE,), "xls": (_OLE,), "ppt": (_OLE,), "msg": (_OLE,),
    "png": (b"\x89PNG\r\n\x1a\n",), "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",),
    "txt": None, "csv": None, "eml": None,
}  # fmt: skip
ACCEPT = ",".join(f".{extension}" for extension in KINDS)


def attachment_problem(file: UploadedFile) -> str:
    """Why the file is refused, or an empty string."""
    extension = _extension(file)
    if extension not in KINDS:
        return _("%(name)s: files of this kind are not accepted. Allowed: %(kinds)s.") % {
            "name": file.name, "kinds": ", ".join(KINDS),
        }  # fmt: skip
    if not file.size:
        return _("%(name)s is empty; choose the file again.") % {"name": file.name}
    if file.size > MAX_BYTES:
        return _("%(name)s is larger than %(limit)s; shorten it or leave a link in the text.") % {
            "name": file.name, "limit": filesizeformat(MAX_BYTES),
        }  # fmt: skip
    if not _begins_as(file, KINDS[extension]):
        return _("%(name)s is not really a .%(extension)s file; save it again in that format.") % {
            "name": file.name, "extension": extension,
        }  # fmt: skip
    return ""


def store_attachments(interaction: Interaction, files: Iterable[UploadedFile], *, by: User) -> None:
    """Keep checked files; the original name is only shown, never used as a path."""
    for upload in files:
        shown = rename_for_storage(upload)
        Attachment.objects.create(
            interaction=interaction, file=upload, name=shown, size=upload.size or 0, uploaded_by=by
        )


def rename_for_storage(upload: UploadedFile) -> str:
    """Give the file a name of ours on the disk; returns the original one as it may be shown.

    Invisible characters go: one that turns the direction of writing makes «…fdp.exe» look like a PDF.
    """
    base = PurePath((upload.name or "").replace("\\", "/")).name
    upload.name = f"{uuid7()}.{_extension(upload)}"
    return "".join(sign for sign in base if not category(sign).startswith("C"))[-200:]


def _extension(file: UploadedFile) -> str:
    return PurePath(file.name or "").suffix.lower().lstrip(".")


def _begins_as(file: UploadedFile, marks: tuple[bytes, ...] | None) -> bool:
    head = _head(file)
    return b"\x00" not in head if marks is None else head.startswith(marks)


def _head(file: BinaryIO | UploadedFile) -> bytes:
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    return bytes(head)
