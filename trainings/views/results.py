"""The grid of results: typed, pasted from a spreadsheet, uploaded; the index at once (R35, R36)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from trainings.effect import Levels
from trainings.models import Trainee, Training
from trainings.results_paste import Pasted, paste_sheet, paste_text
from trainings.results_rows import (
    CODES,
    COLUMNS,
    GridRow,
    Problem,
    ResultRow,
    facts_of_rows,
    read_rows,
    rows_sent,
)
from trainings.services.results import Entered, enter_results
from trainings.services.trainings import check_may_record
from trainings.views.training_detail import the_training
from upsell_crm.core import clock
from upsell_crm.core.drafts import draft_data, drop_draft
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.http import PageRequest, number_sent
from upsell_crm.core.spreadsheets import MAX_BYTES, read_sheet

SPARE = 3  # empty lines below the last person


@dataclass
class Grid:
    """The lines on the screen, what is wrong in them, and what the page says above."""

    training: Training
    rows: list[GridRow]
    version: int
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    is_restored: bool = False

    @property
    def shown(self) -> list[dict[str, Any]]:
        """Lines with their cells and the problem of each, with some empty ones below."""
        wrong = {(one.row, one.code): one.text for one in self.problems}
        blank = [GridRow() for _place in range(SPARE)]
        return [
            {
                "number": number, "row": row,
                "cells": [
                    {"column": column, "text": row.cells.get(column.code, ""), "problem": wrong.get((number, column.code), "")}
                    for column in COLUMNS
                ],
            }
            for number, row in enumerate([*self.rows, *blank], start=1)
        ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def training_results(request: PageRequest, public_id: Any) -> HttpResponse:
    """One address: GET shows, POST saves, or with `action` checks, pastes, reads a file. Nothing typed is ever lost."""
    training = the_training(request, public_id)
    check_may_record(request.user, training)
    if request.method == "GET":
        return _page(request, _opened(request, training))
    data = dict(request.POST.lists())
    grid = Grid(
        training,
        _with_contacts(training, rows_sent(data)),
        _seen(request.POST, training),
    )
    action = request.POST.get("action", "save")
    if action == "check":
        return _summary(request, grid)
    if action in ("paste", "file"):
        _put_in(request, grid, action)
        template = "trainings/_results_grid.html" if request.htmx else "trainings/results.html"
        return render(
            request, template, _context(grid), status=422 if grid.refusals and not request.htmx else 200
        )
    return _save(request, grid)


def draft_key(training: Training) -> str:
    """Under which key the server keeps what is being typed."""
    return f"training_results:{training.public_id}"


def _opened(request: PageRequest, training: Training) -> Grid:
    """The list as it stands, or what this person has typed and not saved."""
    typed = None if "fresh" in request.GET else draft_data(request.user, draft_key(training))
    if typed is not None:
        rows = _with_contacts(training, rows_sent(dict(typed.lists())))
        version = _seen(typed, training)  # typed over an older list: told at the save
        return Grid(training, _trimmed(rows), version, is_restored=True)
    people = training.trainees.select_related("contact")
    return Grid(training, [_row_of(trainee) for trainee in people], training.version)


def _seen(typed: QueryDict, training: Training) -> int:
    """The version of the list that the person saw."""
    seen = number_sent(typed, "version")
    return training.version if seen is None else seen


def _row_of(trainee: Trainee) -> GridRow:
    """A stored person as text of the grid; who has not come yet and has nothing is left unmarked."""
    is_untouched = trainee.training.state == "planned" and not trainee.attended
    cells = {
        "name": trainee.shown_name, "attended": "" if is_untouched else _yes(trainee.attended),
        "invited": "" if trainee.invited else _yes(False), "minutes": _number(trainee.minutes),
        "pre_test": _number(trainee.pre_test), "test": _number(trainee.test), "reaction": _number(trainee.reaction),
        "activated": "" if trainee.activated_30d is None else _yes(trainee.activated_30d), "comment": trainee.comment,
        "can_quote": _yes(True) if trainee.can_quote else "", "position": trainee.position, "email": trainee.email,
    }  # fmt: skip
    return GridRow(cells, who=str(trainee.public_id), is_contact=trainee.contact_id is not None)


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _number(value: Any) -> str:
    if value is None:
        return ""
    return number_format(
        value.normalize() if hasattr(value, "normalize") else value, use_l10n=True, force_grouping=False
    )


def _with_contacts(training: Training, rows: list[GridRow]) -> list[GridRow]:
    """Marks the lines of contacts: their names are their own. A line of another training stands for nobody."""
    known = dict(training.trainees.values_list("public_id", "contact_id"))
    contacts = {str(public_id): contact is not None for public_id, contact in known.items()}
    for row in rows:
        row.who = row.who if row.who in contacts else ""
        row.is_contact = contacts.get(row.who, False)
    return rows


def _trimmed(rows: Sequence[GridRow]) -> list[GridRow]:
    """Without the empty lines at the end."""
    kept = list(rows)
    while kept and kept[-1].is_blank:
        kept.pop()
    return kept


def _put_in(request: PageRequest, grid: Grid, action: str) -> None:
    """A copied block or a file into the grid; what it cannot take it says."""
    try:
        pasted = _file(request, grid) if action == "file" else _text(request, grid)
    except DomainError as problem:
        grid.refusals.append(str(problem.message))
        return
    grid.rows = _trimmed(pasted.rows)
    grid.problems = read_rows(grid.rows)[1]
    grid.notes.append(
        ngettext("%(n)d line is put in.", "%(n)d lines are put in.", pasted.taken) % {"n": pasted.taken}
    )
    if pasted.unknown:
        grid.notes.append(_("Columns that were left out: %(names)s.") % {"names": ", ".join(pasted.unknown)})


def _text(request: PageRequest, grid: Grid) -> Pasted:
    row, column = request.POST.get("at_row", ""), request.POST.get("at_column", "")
    at = (int(row), column) if row.isdigit() and int(row) < 1000 and column in CODES else None
    return paste_text(grid.rows, request.POST.get("pasted", ""), at=at)


def _file(request: PageRequest, grid: Grid) -> Pasted:
    upload = request.FILES.get("file")
    if upload is None or (upload.size or 0) > MAX_BYTES:
        raise DomainError("no_file", _("Choose a CSV or XLSX file of at most 10 MB."))
    return paste_sheet(grid.rows, read_sheet(upload.read()))


def _save(request: PageRequest, grid: Grid) -> HttpResponse:
    rows, grid.problems = read_rows(grid.rows)
    if grid.problems:
        return _page(request, grid, status=422)
    try:
        entered = enter_results(grid.training, rows, by=request.user, version=grid.version)
    except NotAllowed:
        raise
    except Stale as problem:
        _show_conflict(grid, problem)
        return _page(request, grid, status=409)
    except DomainError as problem:
        grid.refusals.append(str(problem.message))
        return _page(request, grid, status=422)
    drop_draft(request.user, draft_key(grid.training))
    for text in _said(entered):
        messages.success(request, text)
    return redirect(grid.training.get_absolute_url())


def _said(entered: Entered) -> list[str]:
    """What came of the save."""
    if entered.state == "results":
        texts = [_("The results are entered. The ranking of the client is being counted anew.")]
    else:
        missing = ngettext(
            "Saved. For «results entered» %(n)d more person needs a test or a reaction.",
            "Saved. For «results entered» %(n)d more people need a test or a reaction.", entered.missing,
        )  # fmt: skip
        texts = [missing % {"n": entered.missing}]
    if entered.candidates:
        unknown = ngettext(
            "%(n)d person is not a contact yet: confirm below.", "%(n)d people are not contacts yet: confirm below.",
            entered.candidates,
        )  # fmt: skip
        texts.append(unknown % {"n": entered.candidates})
    return texts


def _show_conflict(grid: Grid, problem: Stale) -> None:
    """Somebody was faster: his people are added, his other texts are told, the next save goes on from there (faults B1)."""
    stored = Training.objects.get(pk=grid.training.pk)
    theirs = {
        str(one.public_id): _row_of(one) for one in stored.trainees.select_related("contact", "training")
    }
    mine = {row.who: (number, row) for number, row in enumerate(grid.rows, start=1) if row.who}
    grid.refusals.append(str(problem.message))
    for who, row in theirs.items():
        if who not in mine:
            grid.rows.append(row)
            continue
        number, typed = mine[who]
        for column in COLUMNS:
            if (now := row.cells[column.code]) != typed.cells.get(column.code, ""):
                grid.problems.append(Problem(number, column.code, _("Now stands there: %s") % (now or "—")))
    grid.version = stored.version


def _summary(request: PageRequest, grid: Grid) -> HttpResponse:
    """The index and the mistakes of what is typed, while it is typed."""
    return render(request, "trainings/_results_summary.html", _context(grid))


def _page(request: PageRequest, grid: Grid, status: int = 200) -> HttpResponse:
    return render(request, "trainings/results.html", _context(grid), status=status)


def _context(grid: Grid) -> dict[str, Any]:
    rows, problems = read_rows(grid.rows)
    if not grid.problems:
        grid.problems = problems if _is_typed(grid.rows) else []
    levels = Levels()
    levels.add(facts_of_rows(rows, clock.today()), ())
    return {
        "grid": grid, "training": grid.training, "company": grid.training.company, "columns": COLUMNS, "levels": levels,
        "draft": draft_key(grid.training), "people": len(rows), "rated": sum(row.is_rated for row in rows),
        "missing": _missing(rows),
    }  # fmt: skip


def _is_typed(rows: Sequence[GridRow]) -> bool:
    return any(not row.is_blank for row in rows)


def _missing(rows: Sequence[ResultRow]) -> int:
    """How many tests or reactions make half of those who came."""
    attended = sum(row.attended for row in rows)
    return max(0, -(-attended // 2) - sum(row.is_rated for row in rows))
