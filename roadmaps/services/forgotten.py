"""A person of a client who was anonymised leaves frozen presentations and their files too (R102)."""

from collections.abc import Callable

from django.core.files.storage import default_storage

from accounts.services.anonymisation import scrub_rows
from roadmaps.models import Presentation
from roadmaps.services.presentation_files import WRITERS, path_of


def forget_in_presentations(*, contact_id: int, company_id: int, scrub: Callable[[str], str]) -> None:
    """Reaction to `contact_anonymised`: the law is above «what was sent never changes»; files are written anew when asked."""
    ours = Presentation.objects.filter(plan__deal__company=company_id)
    scrub_rows(ours, ("title", "blocks", "snapshot"), scrub)
    for presentation in ours.order_by("pk"):
        for file_format in WRITERS:
            default_storage.delete(path_of(presentation, file_format))
    ours.update(file="")
