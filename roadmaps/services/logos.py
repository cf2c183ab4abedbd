"""Logos on the slides: the client's by whoever writes the presentation, ours by a lead or an administrator (R58)."""

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts.services.attachments import attachment_problem, rename_for_storage
from deals.access import may
from deals.models import Deal
from roadmaps.models import Logo
from upsell_crm.core import audit
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

MAX_BYTES = 1024 * 1024
MAX_SIDE = 4_000  # pixels; a larger picture is a photograph, not a logo
SIDE = 1_200  # pixels that are kept
FORMATS = ("PNG", "JPEG")
ACCEPT = ".png,.jpg,.jpeg"


def may_set_logo(by: User, deal: Deal, *, is_ours: bool) -> bool:
    """Ours stands on the slides of everybody, so a KAM does not change it."""
    if is_ours:
        return by.has_role(Role.LEAD, Role.HEAD, Role.ADMIN)
    return may(by, Action.EDIT_PLAN, deal)


def save_logo(upload: UploadedFile, *, by: User, deal: Deal, is_ours: bool) -> Logo:
    """Put a picture in the place of the former one. Raises NotAllowed, DomainError with what is wrong with the file."""
    _check_right(by, deal, is_ours)
    if problem := logo_problem(upload):
        raise DomainError("bad_picture", problem, {"file": [problem]})
    rename_for_storage(upload)
    name = default_storage.save(f"logos/{upload.name}", _picture_alone(upload))
    try:
        return _put(name, by, deal, is_ours)
    except DomainError:
        default_storage.delete(name)
        raise


def _put(name: str, by: User, deal: Deal, is_ours: bool) -> Logo:
    """The stored file in the place of the former one, which is deleted."""
    with transaction.atomic():
        logo = _stored(deal, is_ours)
        if logo is None:
            fresh = Logo(company=None if is_ours else deal.company, is_ours=is_ours, file=name)
            return create(fresh, by=by, event="save_logo")
        former = str(logo.file.name)
        change(logo, {"file": name}, by=by, event="save_logo", check=False)
        audit.record("save_logo", logo, by=by, company_id=logo.company_id)
        transaction.on_commit(lambda: default_storage.delete(former))
    return logo


def remove_logo(*, by: User, deal: Deal, is_ours: bool) -> None:
    """Slides go without it."""
    _check_right(by, deal, is_ours)
    logo = _stored(deal, is_ours)
    if logo is not None:
        with transaction.atomic():
            audit.record("remove_logo", logo, by=by, company_id=logo.company_id)
            former = str(logo.file.name)
            logo.delete()
            transaction.on_commit(lambda: default_storage.delete(former))


def logo_problem(upload: UploadedFile) -> str:
    """Why the picture is refused, or an empty string: a real PNG or JPEG of a sensible size."""
    if problem := attachment_problem(upload):
        return problem
    if (upload.size or 0) > MAX_BYTES:
        return _("The picture is larger than %s.") % filesizeformat(MAX_BYTES)
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            sides = picture.size
            picture.verify()
        if max(sides) <= MAX_SIDE:  # a picture that breaks off is found only by reading it
            upload.seek(0)
            with Image.open(upload, formats=FORMATS) as picture:
                picture.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return _("Choose a picture in PNG or JPEG; this file is not one.")
    finally:
        upload.seek(0)
    return _("A side of the picture is longer than %s pixels.") % MAX_SIDE if max(sides) > MAX_SIDE else ""


def _picture_alone(upload: UploadedFile) -> ContentFile:
    """Drawn anew, upright and no larger than a slide needs: no place or camera in it, nothing hidden behind it (E7)."""
    with Image.open(upload, formats=FORMATS) as picture:
        kind = picture.format or FORMATS[0]
        drawn = ImageOps.exif_transpose(picture).convert("RGB" if kind == "JPEG" else "RGBA")
    drawn.thumbnail((SIDE, SIDE))
    drawn.info = {}
    content = BytesIO()
    drawn.save(content, kind)
    return ContentFile(content.getvalue())


def _check_right(by: User, deal: Deal, is_ours: bool) -> None:
    if not may_set_logo(by, deal, is_ours=is_ours):
        raise NotAllowed("not_allowed", _("You may not change this logo."))


def _stored(deal: Deal, is_ours: bool) -> Logo | None:
    whose = {"is_ours": True} if is_ours else {"company": deal.company}
    return Logo.objects.filter(**whose).first()
