"""Jobs of this room; the whole schedule stands in upsell_crm/schedule.py."""

from typing import Any

from roadmaps.services.presentation_files import write_file
from upsell_crm.core.jobs import Progress
from upsell_crm.core.models import JobRun


def presentation_file(run: JobRun, progress: Progress) -> dict[str, Any]:
    """PPTX or PDF of a frozen presentation for whoever asked."""
    return write_file(run, progress)
