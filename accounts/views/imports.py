"""Imports: the list, the upload, the columns, the verdicts with run and undo, the help of each kind."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms.base import add_problem
from accounts.forms.imports import ColumnsForm, ReadingForm, RunForm, UploadForm, kinds_for
from accounts.imports.kinds import KINDS
from accounts.models import ImportRun
from accounts.models.importing import ImportKind
from accounts.services import imports
from upsell_crm.core.access import require
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.http import PageRequest
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action
from upsell_crm.core.spreadsheets import DELIMITERS, ENCODINGS, csv_for_people

SHOWN_ROWS = 5  # of the file, beside the mapping
SHOWN_ISSUES = 200  # on the page; the downloaded file has them all
IMPORTS = (Action.IMPORT_CLIENTS, Action.IMPORT_BOOKS)


def import_list(request: PageRequest) -> HttpResponse:
    """Own imports, newest first; the administrator sees everybody's."""
    require(request.user, *IMPORTS)
    runs = ImportRun.objects.visible_to(request.user).select_related("requested_by")
    page = paginate(runs, request.GET, order=("-pk",))
    return render(request, "accounts/import_list.html", {"page": page, "kinds": kinds_for(request.user)})


def import_new(request: PageRequest) -> HttpResponse:
    """Choose the file; the next page shows how it was understood."""
    require(request.user, *IMPORTS)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        by=request.user,
        initial={"kind": request.GET.get("kind")},
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = imports.upload_file(
                by=request.user,
                kind=form.cleaned_data["kind"],
                name=file.name,
                content=file.read(),
                source=form.cleaned_data["source"],
            )
            return redirect("accounts:import_columns", run.public_id)
        except NotAllowed:
            raise
        except DomainError as problem:
            add_problem(form, problem)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "accounts/import_new.html", {"form": form, "kinds": kinds_for(request.user)}, status=status
    )


def import_columns(request: PageRequest, public_id: str) -> HttpResponse:
    """Encoding, separator, first rows and what each column means; then the check."""
    run = _run(request, public_id)
    if run.state in (ImportRun.State.DONE, ImportRun.State.UNDONE) or run.is_working or not run.file:
        return redirect("accounts:import_detail", run.public_id)
    if request.method == "POST" and "reread" in request.POST:
        return _reread(request, run)
    form = ColumnsForm(request.POST or None, run=run)
    if request.method == "POST" and form.is_valid():
        try:
            imports.set_columns(
                run,
                columns=form.columns(),
                options=form.options(),
                source=form.cleaned_data["source"],
                by=request.user,
            )
            imports.start_check(run)
            return redirect("accounts:import_detail", run.public_id)
        except DomainError as problem:
            _mark(form, problem)
    return _columns_page(request, run, form)


def _columns_page(request: PageRequest, run: ImportRun, form: ColumnsForm) -> HttpResponse:
    sheet = imports.sheet_of(run)
    context = {
        "run": run, "form": form, "headers": sheet.headers, "rows": sheet.rows[:SHOWN_ROWS], "warnings": sheet.warnings,
        "reading": ReadingForm(initial={"encoding": run.encoding, "delimiter": run.delimiter}),
        "encoding": ENCODINGS.get(run.encoding, ""), "delimiter": DELIMITERS.get(run.delimiter, run.delimiter),
        "before": imports.same_file_before(run), "options": form.option_fields(),
    }  # fmt: skip
    return render(
        request, "accounts/import_columns.html", context, status=422 if request.method == "POST" else 200
    )


def _reread(request: PageRequest, run: ImportRun) -> HttpResponse:
    reading = ReadingForm(request.POST)
    try:
        if reading.is_valid():
            imports.reread(run, **reading.cleaned_data)
    except DomainError as problem:
        messages.error(request, str(problem.message))
    return redirect("accounts:import_columns", run.public_id)


def _mark(form: ColumnsForm, problem: DomainError) -> None:
    """The service names fields and options by their codes."""
    for code, texts in problem.errors.items():
        name = next((name for name in (f"column_{code}", f"option_{code}") if name in form.fields), None)
        form.add_error(name, [str(text) for text in texts])
    if not problem.errors:
        form.add_error(None, str(problem.message))


def import_detail(request: PageRequest, public_id: str) -> HttpResponse:
    """Progress, verdicts, what was refused and why; run, download, undo."""
    run = _run(request, public_id)
    if run.state == ImportRun.State.UPLOADED:
        return redirect("accounts:import_columns", run.public_id)
    return _detail(request, run)


def _detail(request: PageRequest, run: ImportRun, obstacles: list[Any] | None = None) -> HttpResponse:
    errors = run.issues.filter(is_warning=False)
    context = {
        "run": run, "errors": errors[:SHOWN_ISSUES], "warnings": run.issues.filter(is_warning=True)[:SHOWN_ISSUES],
        "obstacles": obstacles or [], "may_undo": imports.may_undo(run, request.user), "is_partial": run.rows > len(run.preview),
    }  # fmt: skip
    page = (
        "accounts/_import_state.html"
        if request.htmx and request.htmx.target == "import"
        else "accounts/import_detail.html"
    )
    return render(request, page, context, status=409 if obstacles else 200)


@require_POST
def import_run(request: PageRequest, public_id: str) -> HttpResponse:
    """Write the rows of a checked file."""
    run = _run(request, public_id)
    form = RunForm(request.POST)
    if form.is_valid():
        imports.start_run(run, mode=form.cleaned_data["mode"])
    return redirect("accounts:import_detail", run.public_id)


@require_POST
def import_undo(request: PageRequest, public_id: str) -> HttpResponse:
    """Take the whole import back, or say which rows stand in the way."""
    run = _run(request, public_id)
    obstacles = imports.undo_import(run, by=request.user)
    if obstacles:
        return _detail(request, run, obstacles)
    messages.success(request, _("The import is taken back."))
    return redirect("accounts:import_detail", run.public_id)


def import_errors(request: PageRequest, public_id: str) -> HttpResponse:
    """Every refused cell as a file for the person who keeps the list."""
    run = _run(request, public_id)
    header = (_("Row"), _("Column"), _("Value"), _("What is wrong"))
    issues = run.issues.filter(is_warning=False).values_list("row", "column", "value", "message")
    return _file(f"errors-{run.kind}-{run.pk}.csv", csv_for_people(header, issues.iterator()))


def import_help(request: PageRequest, kind: str) -> HttpResponse:
    """The columns of one kind: what they mean, which headings are known, an example."""
    require(request.user, *IMPORTS)
    maker = _kind(kind)
    groups = [
        [str(field.label) for field in maker.fields if field.code in group]
        for group in maker.required_together
    ]
    context = {
        "kind": kind, "title": ImportKind(kind).label, "fields": maker.fields, "options": maker.options, "groups": groups,
        "may": imports.may_import(request.user, kind),
    }  # fmt: skip
    return render(request, "accounts/import_help.html", context)


def import_sample(request: PageRequest, kind: str) -> HttpResponse:
    """A file to fill in: the headings in the reader's language and one example row."""
    require(request.user, *IMPORTS)
    fields = [field for field in _kind(kind).fields if field.example or field.required]
    content = csv_for_people([field.label for field in fields], [[field.example for field in fields]])
    return _file(f"{kind}.csv", content)


def _kind(code: str) -> Any:
    if code not in KINDS:
        raise Http404
    return KINDS[code]


def _run(request: PageRequest, public_id: str) -> ImportRun:
    runs = ImportRun.objects.visible_to(request.user).select_related("requested_by", "undone_by")
    return get_object_or_404(runs, public_id=public_id)


def _file(name: str, content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
