"""An import from the file to the undo: upload → columns → check → run → undo (R103)."""

import hashlib
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from accounts.imports.base import Kind, Settings
from accounts.imports.kinds import KINDS
from accounts.imports.mapping import (
    check_columns,
    guess_columns,
    guess_options,
    read_options,
    remember,
    remembered,
)
from accounts.imports.planning import Issue, Plan, make_plan
from accounts.imports.undoing import Undo
from accounts.imports.writing import write_plan
from accounts.models import ImportIssue, ImportRun
from accounts.models.importing import ImportKind
from upsell_crm.core import audit, clock, outbox
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action
from upsell_crm.core.spreadsheets import Sheet, read_sheet

log = logging.getLogger(__name__)
AT_ONCE = 500  # rows that are done within the request; more go to a worker
PREVIEW_ROWS = 100
PERSONAL = (ImportKind.CONTACTS,)  # kinds whose file is not kept once it is in (152-FZ)


def may_import(by: User | None, kind: str) -> bool:
    """Whether the person may bring in such lists at all; `None` is the command line."""
    return by is None or bool(by.scopes(KINDS[kind].action))


def upload_file(*, by: User | None, kind: str, name: str, content: bytes, source: str = "") -> ImportRun:
    """Read the file, guess its columns and keep it; raises NotAllowed, DomainError with what to do."""
    if not may_import(by, kind):
        raise NotAllowed("not_allowed", _("You may not import such lists."))
    sheet = read_sheet(content)
    known = remembered(kind, sheet.headers)
    columns = (
        {code: header for code, header in known.columns.items() if header in sheet.headers} if known else {}
    )
    columns = columns or guess_columns(kind, sheet.headers)
    run = ImportRun(
        kind=kind, file_name=name[-200:], file_sha256=hashlib.sha256(content).hexdigest(), headers=sheet.headers,
        columns=columns, options=known.options if known else guess_options(kind, columns),
        source=(source or (known.source if known else ""))[:40], rows=len(sheet.rows), requested_by=by,
    )  # fmt: skip
    _take_format(run, sheet)
    run.file.save(f"{run.public_id}.{sheet.file_format}", ContentFile(content), save=False)
    run.save()
    return run


def _take_format(run: ImportRun, sheet: Sheet) -> None:
    run.file_format, run.encoding, run.delimiter = sheet.file_format, sheet.encoding, sheet.delimiter
    run.headers, run.rows = sheet.headers, len(sheet.rows)


def reread(run: ImportRun, *, encoding: str, delimiter: str) -> ImportRun:
    """Read the kept file in another encoding or with another separator; columns are guessed again."""
    sheet = read_sheet(_content(run), encoding=encoding, delimiter=delimiter)
    _take_format(run, sheet)
    run.columns = guess_columns(run.kind, sheet.headers)
    run.save()
    return run


def sheet_of(run: ImportRun) -> Sheet:
    """The table of a kept file, read the way it was decided."""
    return read_sheet(_content(run), encoding=run.encoding, delimiter=run.delimiter)


def _content(run: ImportRun) -> bytes:
    with run.file.open("rb") as file:
        return file.read()


def same_file_before(run: ImportRun) -> ImportRun | None:
    """The latest import of the very same file that was carried out."""
    same = ImportRun.objects.filter(kind=run.kind, file_sha256=run.file_sha256, state=ImportRun.State.DONE)
    return same.exclude(pk=run.pk).first()


def set_columns(
    run: ImportRun, *, columns: dict[str, str], options: dict[str, str], by: User | None, source: str = ""
) -> ImportRun:
    """Decide what the columns mean; kept for the next file with the same headings. Raises DomainError."""
    _refuse_busy(run)
    kind = KINDS[run.kind]
    used = check_columns(kind, run.headers, columns)
    kind(_settings(run, kind, by, read_options(kind, options))).refuse_settings(set(used))
    run.columns, run.options, run.source = (
        used,
        {code: text for code, text in options.items() if text},
        source[:40],
    )
    with transaction.atomic():
        run.save(update_fields=["columns", "options", "source", "updated_at"])
        remember(run.kind, run.headers, run.columns, run.options, run.source, by)
    return run


def _settings(run: ImportRun, kind: type[Kind], by: User | None, options: dict[str, Any]) -> Settings:
    return Settings(by=by, action=kind.action, source=run.source, options=options)


def _refuse_busy(run: ImportRun) -> None:
    if run.state in (ImportRun.State.RUNNING, ImportRun.State.DONE, ImportRun.State.UNDONE):
        raise DomainError("import_state", _("This import is over or under way: upload the file again."))


# --- check -------------------------------------------------------------------------------------------


def start_check(run: ImportRun) -> ImportRun:
    """The verdict per row, at once for a short file, else by a worker."""
    _refuse_busy(run)
    return _start(run, ImportRun.State.CHECKING, "import_check", check_run)


def start_run(run: ImportRun, *, mode: str) -> ImportRun:
    """Write the rows of a checked file, at once when short, else by a worker."""
    if not run.can_be_run:
        raise DomainError("import_state", _("Check the file first; nothing can be written as it stands."))
    run.mode = mode
    run.save(update_fields=["mode", "updated_at"])
    return _start(run, ImportRun.State.RUNNING, "import_run", perform_run)


def _start(run: ImportRun, state: str, topic: str, perform: Callable[[int], None]) -> ImportRun:
    with transaction.atomic():
        moved = ImportRun.objects.filter(pk=run.pk, state=run.state).update(
            state=state, progress=0, started_at=clock.now(), error="", finished_at=None
        )
        if not moved:
            raise DomainError("import_state", _("This import is over or under way: upload the file again."))
        if run.rows > AT_ONCE:
            outbox.owe(topic, str(run.public_id), run_id=run.pk, language=get_language() or "")
    if run.rows <= AT_ONCE:
        perform(run.pk)
    run.refresh_from_db()
    return run


def check_run(run_id: int, language: str = "") -> None:
    """Dry run: fills the verdicts, counts and issues; writes no client data. Topic `import_check`."""
    _guarded(run_id, ImportRun.State.CHECKING, _check, language)


def perform_run(run_id: int, language: str = "") -> None:
    """Write a file; a killed job has written nothing and is done again. Topic `import_run`."""
    _guarded(run_id, ImportRun.State.RUNNING, _perform, language)


def _guarded(run_id: int, state: str, work: Callable[[ImportRun], None], language: str) -> None:
    """Do `work` in the language of the person who started it; a refusal becomes the text that the page shows."""
    run = ImportRun.objects.select_related("requested_by").filter(pk=run_id, state=state).first()
    if run is None:  # done already: topics are delivered at least once
        return
    with override(language or get_language() or django_settings.LANGUAGE_CODE):
        try:
            work(run)
        except DomainError as problem:
            _fail(run, str(problem.message))
        except Exception:
            log.exception("import %s", run.public_id)
            _fail(run, _("The import has stopped because of an internal error; nothing was written."))


def _fail(run: ImportRun, message: str) -> None:
    ImportRun.objects.filter(pk=run.pk).update(
        state=ImportRun.State.FAILED, error=message, finished_at=clock.now(), progress=100
    )


def _plan(run: ImportRun, share: int) -> tuple[Kind, Plan]:
    """The plan of a run; `share` is how much of the progress bar the planning takes."""

    def progress(percent: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(progress=percent * share // 100)

    maker = KINDS[run.kind]
    kind = maker(_settings(run, maker, run.requested_by, read_options(maker, run.options)))
    sheet = sheet_of(run)
    plan = make_plan(kind, sheet, check_columns(maker, sheet.headers, run.columns), progress)
    plan.warnings[:0] = [Issue(0, "", "", text) for text in sheet.warnings]
    return kind, plan


def _check(run: ImportRun) -> None:
    _kind, plan = _plan(run, 100)
    with transaction.atomic():
        _keep_verdicts(run, plan)
        _finish(run, ImportRun.State.CHECKED, plan)


def _perform(run: ImportRun) -> None:
    kind, plan = _plan(run, 80)
    if run.mode == ImportRun.Mode.WHOLE and plan.errors:
        with transaction.atomic():
            _keep_verdicts(run, plan)
            _finish(run, ImportRun.State.FAILED, plan)
            ImportRun.objects.filter(pk=run.pk).update(error=refused_whole(plan.counts["rejected"]))
        return
    with transaction.atomic():
        write_plan(run, kind, plan, run.requested_by)
        _keep_verdicts(run, plan)
        _finish(run, ImportRun.State.DONE, plan)
        audit.record("import_file", run, by=run.requested_by, reason=run.file_name,
                     changes={name: [None, count] for name, count in plan.counts.items() if count})  # fmt: skip
    if run.kind in PERSONAL:
        _forget(run)


def refused_whole(bad_rows: int) -> str:
    """Why nothing of the file was written."""
    return ngettext(
        "%(count)d row is wrong, so nothing was written.", "%(count)d rows are wrong, so nothing was written.", bad_rows
    ) % {"count": bad_rows}  # fmt: skip


def _keep_verdicts(run: ImportRun, plan: Plan) -> None:
    run.issues.all().delete()
    issues = [(issue, False) for issue in plan.errors] + [(issue, True) for issue in plan.warnings]
    ImportIssue.objects.bulk_create(
        [ImportIssue(run=run, row=one.row, column=one.column, value=one.value, message=one.message, is_warning=odd) for one, odd in issues],
        batch_size=500,
    )  # fmt: skip


def _finish(run: ImportRun, state: str, plan: Plan) -> None:
    worth = sorted(plan.verdicts, key=lambda one: (one.action == "unchanged", one.row))[:PREVIEW_ROWS]
    preview = [
        {
            "row": one.row,
            "action": one.action,
            "label": one.label,
            "changes": [list(change) for change in one.changes],
        }
        for one in sorted(worth, key=lambda one: one.row)
    ]
    ImportRun.objects.filter(pk=run.pk).update(
        state=state,
        progress=100,
        finished_at=clock.now(),
        preview=preview,
        rows=len(plan.verdicts),
        error="",
        **plan.counts,
    )


def _forget(run: ImportRun) -> None:
    """Names and phones stay in the cards only."""
    run.file.delete(save=False)
    ImportRun.objects.filter(pk=run.pk).update(preview=[], file="")
    ImportIssue.objects.filter(run=run).update(value="")


# --- undo --------------------------------------------------------------------------------------------


def undo_import(run: ImportRun, *, by: User | None) -> list[Issue]:
    """Take a whole import back. Returns the obstacles; when there are any, nothing was touched.

    By the author or the administrator (§3). Raises NotAllowed, DomainError.
    """
    if not may_undo(run, by):
        raise NotAllowed(
            "not_allowed", _("Only the author of the import or the administrator takes it back.")
        )
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if not locked.can_be_undone:
            raise DomainError("import_state", _("There is nothing to take back."))
        undo = Undo(locked)
        obstacles = undo.obstacles()
        if obstacles:
            return obstacles
        undo.perform(by)
        ImportRun.objects.filter(pk=run.pk).update(
            state=ImportRun.State.UNDONE, undone_at=clock.now(), undone_by=by
        )
        audit.record("undo_import", locked, by=by, reason=run.file_name)
    run.refresh_from_db()
    return []


def may_undo(run: ImportRun, by: User | None) -> bool:
    """The author while he may import such lists, and the administrator."""
    return (
        by is None
        or bool(by.scopes(Action.MANAGE_SYSTEM))
        or (run.requested_by_id == by.pk and may_import(by, run.kind))
    )


# --- everything at once ------------------------------------------------------------------------------


def import_now(
    *, by: User | None, kind: str, name: str, content: bytes, mode: str, columns: dict[str, str] | None = None,
    options: dict[str, str] | None = None, source: str = "", dry_run: bool = False,
) -> ImportRun:  # fmt: skip
    """The whole way in this process, for the command line and the demo. Raises NotAllowed, DomainError."""
    run = upload_file(by=by, kind=kind, name=name, content=content, source=source)
    try:
        set_columns(
            run,
            columns=run.columns | (columns or {}),
            options=run.options | (options or {}),
            source=run.source,
            by=by,
        )
    except DomainError:
        run.file.delete(save=False)
        run.delete()
        raise
    state = ImportRun.State.CHECKING if dry_run else ImportRun.State.RUNNING
    ImportRun.objects.filter(pk=run.pk).update(mode=mode, state=state, started_at=clock.now())
    (check_run if dry_run else perform_run)(run.pk)
    run.refresh_from_db()
    return run
