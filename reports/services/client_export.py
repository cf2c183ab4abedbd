"""Files of the existing-clients report: who may take which rows, at once or by a job, always logged (§3, §5.4)."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports.client_filters import ClientFilter
from reports.client_rows import NotBuilt, current_run, ordered, with_relations
from reports.existing_clients import Column, load_references, report_columns, sees_money
from reports.models import ClientRow, ReportRun
from upsell_crm.core import audit, clock
from upsell_crm.core.access import check_export, require
from upsell_crm.core.errors import DomainError
from upsell_crm.core.exports import CONTENT_TYPES, File, Heading, Kind, check_format, csv_lines, xlsx_file
from upsell_crm.core.jobs import Progress, ring
from upsell_crm.core.models import JobRun, User
from upsell_crm.core.roles import Action

JOB = "client_export"
CHUNK = 500
AT_ONCE = 2_000  # more rows are written by a job (§5.4)
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Selection:
    """What one person may take by one address of the page: rows, columns, and what stands on «Параметры»."""

    run: ReportRun
    rows: QuerySet[ClientRow]
    number: int
    columns: list[Column]
    parameters: list[tuple[str, str]]

    @property
    def headings(self) -> list[Heading]:
        """№ and the columns."""
        return [Heading("№", Kind.INTEGER), *(column.heading for column in self.columns)]

    def cells(self) -> Iterator[list[Any]]:
        """Typed values row by row, in flat memory."""
        for number, row in enumerate(with_relations(self.rows).iterator(chunk_size=CHUNK), start=1):
            yield [number, *(column.value(row) for column in self.columns)]


def select(by: User, query: str) -> Selection:
    """The rows behind an address of the page that this person may export. Raises NotAllowed, DomainError."""
    require(by, Action.SEE_REPORT)
    require(by, Action.EXPORT)
    run = current_run()
    if run is None:
        raise NotBuilt
    asked = QueryDict(query)
    visible = run.rows.visible_to(by).exportable_by(by)
    references = load_references(run)
    is_grouped = asked.get("group") == "holding"
    narrowed = ClientFilter(asked, visible, by=by, products=references.products, is_grouped=is_grouped)
    number = narrowed.qs.count()
    check_export(by, number)
    columns = report_columns(references, is_short=asked.get("view") != "full", with_money=sees_money(by))
    return Selection(
        run, ordered(narrowed.qs, asked.get("sort", "")), number, columns,
        _parameters(by, run, narrowed, number),
    )  # fmt: skip


def export_now(*, by: User, query: str, file_format: str) -> File:
    """Write the file at once, logged."""
    return _write(select(by, query), by, query, file_format)


def request_export(*, by: User, query: str, file_format: str) -> JobRun:
    """Queue a large file; its requester alone may fetch it."""
    check_format(file_format)
    with transaction.atomic():
        run = JobRun.objects.create(
            job=JOB, kind=JobRun.Kind.MANUAL, business_date=clock.today(), requested_by=by,
            parameters={"query": query, "format": file_format, "language": translation.get_language()},
        )  # fmt: skip
        transaction.on_commit(lambda: ring(run.pk))
    return run


def run_export(run: JobRun, progress: Progress) -> dict[str, Any]:
    """The job: the rights are those of the requester at this moment."""
    _drop_old_files()
    asked = run.parameters
    with translation.override(asked["language"]):
        by = _requester(run)
        selection = select(by, asked["query"])
        file = _write(selection, by, asked["query"], asked["format"])
        progress(10)
        path = file_of(run)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as target, closing(file.content) as content:
            target.writelines(content)
        unfinished.replace(path)
    return {"rows": selection.number, "name": file.name}


def file_of(run: JobRun) -> Path:
    """Where the file of a job lies."""
    return Path(settings.MEDIA_ROOT) / "exports" / f"{run.public_id}.{run.parameters['format']}"


def _write(selection: Selection, by: User, query: str, file_format: str) -> File:
    check_format(file_format)
    audit.log_export(
        by=by,
        kind="existing_clients",
        rows=selection.number,
        parameters={"query": query, "format": file_format},
    )
    name = f"otchet-deystvuyushchie-klienty-{selection.run.as_of}.{file_format}"
    if file_format == "csv":
        return File(name, CONTENT_TYPES["csv"], csv_lines(selection.headings, selection.cells()))
    content, _rows = xlsx_file(
        selection.headings, selection.cells(), sheet=_("Existing clients"), parameters=selection.parameters
    )
    return File(name, CONTENT_TYPES["xlsx"], content)


def _requester(run: JobRun) -> User:
    if run.requested_by is None:
        raise DomainError("no_requester", _("Whoever asked for this file is not here any more."))
    return run.requested_by


def _parameters(by: User, run: ReportRun, narrowed: ClientFilter, number: int) -> list[tuple[str, str]]:
    built = date_format(timezone.localtime(run.built_at), "SHORT_DATETIME_FORMAT") if run.built_at else ""
    return [
        (_("Report"), _("Existing clients")),
        (_("Data as of"), date_format(run.as_of, "SHORT_DATE_FORMAT")),
        (_("Built"), built),
        (_("Version of the weights"), str(run.weights_version or "")),
        (_("Author of the file"), str(by)),
        (_("Exported"), date_format(timezone.localtime(clock.now()), "SHORT_DATETIME_FORMAT")),
        (_("Rows"), str(number)),
        *narrowed.narrowed_by.items(),
        (_("VAT"), _("as the contracts say")),
        (_("Invoice-offer"), _("Preliminary: the client and BackOffice decide.")),
    ]


def _drop_old_files() -> None:
    folder = Path(settings.MEDIA_ROOT) / "exports"
    oldest = time.time() - KEPT.total_seconds()  # files have real times, whatever day is frozen
    for path in folder.glob("*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
