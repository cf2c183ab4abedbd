"""Files of a frozen presentation: asked for on the page, written by a job, given out with a line in the log (R58).

The request is a row: with no worker it waits until one comes. Only frozen versions have files.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.access import may as may_on_company
from roadmaps.models import Logo, Plan, Presentation
from roadmaps.slides.pdf import PdfNotPossible, write_pdf
from roadmaps.slides.pptx import write_pptx
from upsell_crm.core import audit, clock
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.jobs import Progress, ring
from upsell_crm.core.models import JobRun, User
from upsell_crm.core.roles import Action

JOB = "presentation_file"
PPTX, PDF = "pptx", "pdf"
WRITERS: dict[str, Callable[..., bytes]] = {PPTX: write_pptx, PDF: write_pdf}


def check_may_look(by: User, plan: Plan) -> None:
    """Slides show prices: whoever may not see amounts may not open them (§3). Raises NotAllowed."""
    if not may_on_company(by, Action.SEE_MONEY, plan.deal.company):
        raise NotAllowed("no_money", _("The presentation shows amounts, which you may not see."))


def request_file(presentation: Presentation, *, by: User, file_format: str) -> JobRun:
    """Ask for a file; a run that waits or works already is returned instead. Raises NotAllowed, DomainError."""
    check_may_look(by, presentation.plan)
    if file_format not in WRITERS:
        raise DomainError("unknown_format", _("The presentation comes as PPTX or PDF."))
    if not presentation.is_frozen:
        raise DomainError(
            "not_frozen", _("Make the presentation ready first: a file is made of frozen numbers.")
        )
    return queue_file(presentation, by=by, file_format=file_format)


def queue_file(presentation: Presentation, *, by: User, file_format: str = PPTX) -> JobRun:
    """A run of the job for this version."""
    with transaction.atomic():
        list(Presentation.objects.select_for_update().filter(pk=presentation.pk).values_list("pk"))  # one run
        waiting = runs_of(presentation, file_format).filter(
            state__in=[JobRun.State.QUEUED, JobRun.State.RUNNING]
        )
        if run := waiting.first():
            return run
        run = JobRun.objects.create(
            job=JOB, kind=JobRun.Kind.MANUAL, business_date=clock.today(), requested_by=by,
            parameters={
                "presentation": str(presentation.public_id), "format": file_format, "language": get_language(),
            },
        )  # fmt: skip
        transaction.on_commit(lambda: ring(run.pk))
    return run


def runs_of(presentation: Presentation, file_format: str) -> Any:
    """Runs of the job for this version, the newest first."""
    asked = {"parameters__presentation": str(presentation.public_id), "parameters__format": file_format}
    return JobRun.objects.filter(job=JOB, **asked).order_by("-pk")


def write_file(run: JobRun, progress: Progress) -> dict[str, Any]:
    """The job: the file of a frozen snapshot; run twice it writes the same."""
    asked = run.parameters
    presentation = Presentation.objects.select_related("plan__deal__company").get(
        public_id=asked["presentation"]
    )
    progress(10)
    logos = logos_of(presentation)
    progress(20)
    try:
        content = WRITERS[asked["format"]](presentation.snapshot, *logos)
    except PdfNotPossible as problem:
        with override(asked["language"]):
            return {"problem": str(problem.message)}
    progress(90)
    name = path_of(presentation, asked["format"])
    _put(name, content)
    if asked["format"] == PPTX:  # no edit of the presentation: whoever has the page open meets no conflict
        Presentation.objects.filter(pk=presentation.pk).update(file=name)
    return {"bytes": len(content)}


def _put(name: str, content: bytes) -> None:
    """The whole file or none, and never a second one, whenever the worker dies (faults A14)."""
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def path_of(presentation: Presentation, file_format: str) -> str:
    """Where the file lies in the storage."""
    return f"presentations/{presentation.public_id}.{file_format}"


def has_file(presentation: Presentation, file_format: str) -> bool:
    """It is written and still there."""
    return default_storage.exists(path_of(presentation, file_format))


def name_of(presentation: Presentation, file_format: str) -> str:
    """«Презентация — ПАО «Банк» — 2026-11-24 — в3.pptx»."""
    return _("Presentation — %(client)s — %(on)s — v%(number)s.%(kind)s") % {
        "client": presentation.plan.deal.company, "on": presentation.snapshot["as_of"], "number": presentation.number,
        "kind": file_format,
    }  # fmt: skip


def give_out(presentation: Presentation, *, by: User, file_format: str) -> Any:
    """The stored file, logged before it leaves. Raises NotAllowed, DomainError."""
    check_may_look(by, presentation.plan)
    if file_format not in WRITERS or not presentation.is_frozen or not has_file(presentation, file_format):
        raise DomainError("no_file", _("The file is not written yet."))
    details = {
        "presentation": str(presentation.public_id),
        "number": presentation.number,
        "format": file_format,
    }
    audit.log_export(
        by=by, kind="presentation", rows=len(presentation.snapshot["blocks"]), parameters=details
    )
    audit.record("export_presentation", presentation, by=by, changes={"file": [None, file_format]})
    return default_storage.open(path_of(presentation, file_format))


def logos_of(presentation: Presentation) -> tuple[bytes | None, bytes | None]:
    """(ours, the client's). One statement."""
    company = presentation.plan.deal.company_id
    known = {logo.is_ours: logo for logo in Logo.objects.all() if logo.is_ours or logo.company_id == company}
    return _bytes(known.get(True)), _bytes(known.get(False))


def _bytes(logo: Logo | None) -> bytes | None:
    if logo is None:
        return None
    try:
        with logo.file.open("rb") as stream:
            return bytes(stream.read())
    except FileNotFoundError:
        return None
