"""«Отчёт по действующим клиентам»: who is a client, with how many licences, and who may pay by invoice-offer (R37–R39)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.invoice_offer import Decision
from accounts.offer_texts import answer_text, leading_first, reason_texts
from deals.models import Deal
from deals.product_cells import may_open_deals
from reports.client_filters import ClientFilter
from reports.client_offers import decide_for
from reports.client_rows import current_run, order_of, runs_to_show, with_relations
from reports.client_totals import Holding, group_value, grouped, holdings, totals_of
from reports.existing_clients import (
    Column,
    References,
    answer_of,
    load_references,
    reasons_of,
    report_columns,
    sees_money,
)
from reports.forms import AmountForm
from reports.models import ClientRow, ReportRun
from upsell_crm.core import clock
from upsell_crm.core.access import require
from upsell_crm.core.exports import Kind
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.jobs import request_run
from upsell_crm.core.models import SavedView, User
from upsell_crm.core.paging import PAGE_SIZE, Page, paginate
from upsell_crm.core.roles import Action, Scope
from upsell_crm.core.templatetags import crm

PAGE = "reports:existing_clients"
GROUPS = 15  # holdings of one page
PRINTED = 2_000  # rows of the page for printing: more go into a file
GROUP_ORDER = ("head_name", "head_id")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table: the column tells how to show the value."""

    column: Column
    value: Any

    @property
    def text(self) -> str:
        """The value as a person reads it; no data is a dash, a known zero is 0."""
        return cell_text(self.column.kind, self.value)


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the table with its reasons in words."""

    row: ClientRow
    cells: list[Cell]
    answer: str
    reasons: list[str]


@require_GET
def existing_clients(request: PageRequest) -> HttpResponse:
    """The page, or only its table when a filter asks for it."""
    require(request.user, Action.SEE_REPORT)
    run, failed = runs_to_show()
    is_short, with_money = request.GET.get("view") != "full", sees_money(request.user)
    references = load_references(run, is_short=is_short)
    narrowed = _narrowed(request, run, references)
    columns = report_columns(references, is_short=is_short, with_money=with_money)
    context: dict[str, Any] = {
        "run": run,
        "filter": narrowed,
        "columns": columns,
        "with_money": with_money,
        "sort": request.GET.get("sort", "name"),
        "is_full": not is_short,
        "is_grouped": narrowed.is_grouped,
        "query": _query(request),
        "is_printed": bool(request.GET.get("print")),
    }
    size = PRINTED if context["is_printed"] else PAGE_SIZE
    if narrowed.is_grouped:
        context["page"], context["groups"] = _group_page(
            request, run, narrowed, columns, references, with_money
        )
    else:
        context["page"] = page = paginate(
            with_relations(narrowed.qs), request.GET, order=order_of(request.GET.get("sort", "")), size=size
        )
        context["rows"] = [_shown(row, columns, references, with_money) for row in page.rows]
    shown = [one for _group, members in context.get("groups", ()) for one in members] or context.get(
        "rows", []
    )
    context["may_create"] = _free_for_deals([one.row for one in shown], request.user)
    if request.htmx and request.htmx.target == "clients":
        return render(request, "reports/_client_table.html", context)
    context["failed"] = failed
    context["saved_views"] = SavedView.objects.filter(user=request.user, page=PAGE)
    context["page_name"] = PAGE
    context["may_export"] = bool(request.user.scopes(Action.EXPORT))
    return render(request, "reports/existing_clients.html", context)


@require_GET
def existing_clients_totals(request: PageRequest) -> HttpResponse:
    """Totals over the whole filter, asked for when the table is on the screen (§5.4)."""
    require(request.user, Action.SEE_REPORT)
    run = current_run()
    references = load_references(run, is_short=True)
    narrowed = _narrowed(request, run, references)
    context = {
        "totals": totals_of(narrowed.qs, references.products),
        "with_money": sees_money(request.user),
        "is_grouped": narrowed.is_grouped,
    }
    return render(request, "reports/_client_totals.html", context)


@require_GET
def client_offer(request: PageRequest, public_id: str) -> HttpResponse:
    """Why a client may or may not pay by invoice-offer, for the sum that the reader types (§5.3)."""
    rows = with_relations(ClientRow.objects.current().visible_to(request.user))
    row = get_object_or_404(rows, company__public_id=public_id)
    require(request.user, Action.SEE_MONEY)
    form = AmountForm(request.GET if "amount" in request.GET else {"amount": row.offer_amount})
    amount = form.cleaned_data["amount"] if form.is_valid() else row.offer_amount
    decision = decide_for(row, amount, clock.today())
    context = {"row": row, "form": form, "decision": decision, **_words(decision)}
    is_answer = request.htmx and request.htmx.target == "offer-answer"
    return render(
        request, "reports/_offer_answer.html" if is_answer else "reports/client_offer.html", context
    )


@require_POST
def build_existing_clients(request: PageRequest) -> HttpResponse:
    """«Построить заново»: the same job as each night; whoever reads the report may ask for it (R37)."""
    require(request.user, Action.SEE_REPORT)
    request_run(code="existing_clients", by=None)
    return done(request, _("The report is being built: reload the page in a minute."), back=reverse(PAGE))


def _free_for_deals(rows: list[ClientRow], user: User) -> set[int]:
    """Companies on which this person may open a deal: the report knew of none, and none was opened since it was built."""
    allowed = may_open_deals((row.company for row in rows if not row.deal_stage), user)
    busy = (
        Deal.objects.open().filter(company__in=allowed).values_list("company", flat=True) if allowed else ()
    )
    return allowed - set(busy)


def _narrowed(request: PageRequest, run: ReportRun | None, references: References) -> ClientFilter:
    rows = run.rows.visible_to(request.user) if run else ClientRow.objects.none()
    is_grouped = request.GET.get("group") == "holding"
    return ClientFilter(
        request.GET, rows, by=request.user, products=references.products, is_grouped=is_grouped
    )


def _group_page(
    request: PageRequest, run: ReportRun | None, narrowed: ClientFilter, columns: list[Column],
    references: References, with_money: bool,
) -> tuple[Page, list[tuple[Holding, list[Shown]]]]:  # fmt: skip
    """Holdings by name; a client outside holdings is a group of one."""
    page = paginate(grouped(narrowed.qs), request.GET, order=GROUP_ORDER, size=GROUPS, filled=GROUP_ORDER)
    found = holdings(page.rows, with_relations(narrowed.qs), _unseen(run, request.user))
    for one in found:
        one.cells = [Cell(column, group_value(one, column, references)) for column in columns]
    return page, [
        (one, [_shown(row, columns, references, with_money) for row in one.members]) for one in found
    ]


def _unseen(run: ReportRun | None, reader: User) -> QuerySet[ClientRow]:
    """Rows of the report outside this person's reach: only their number is told."""
    if run is None or Scope.ALL in reader.scopes(Action.SEE_REPORT):
        return ClientRow.objects.none()
    return run.rows.exclude(pk__in=run.rows.visible_to(reader).order_by().values("pk"))


def _shown(row: ClientRow, columns: list[Column], references: References, with_money: bool) -> Shown:
    cells = [Cell(column, column.value(row)) for column in columns]
    reasons = reasons_of(row, references) if with_money else []
    return Shown(row, cells, answer_of(row, with_money=with_money), reasons)


def cell_text(kind: Kind, value: Any) -> str:
    """One value in the reader's language; in Python, since a table has hundreds of cells."""
    if value is None or value == "":
        return crm.DASH
    if kind is Kind.DAY:
        return crm.day(value)
    if kind is Kind.PERCENT:
        return crm.percent(value)
    if kind is Kind.DECIMAL:
        return number_format(value, 1)
    if kind.is_number:
        return crm.number(value)
    if kind is Kind.YES_NO:
        return _("yes") if value else _("no")
    return str(value)


def _words(decision: Decision) -> dict[str, Any]:
    return {
        "answer": answer_text(decision.answer, decision.limit, is_stale=decision.is_stale),
        "reasons": reason_texts(leading_first(decision)),
        "limit": decision.limit,
    }


def _query(request: PageRequest) -> str:
    """The address without the place in the list: for files and totals."""
    asked = request.GET.copy()
    for name in ("after", "before", "print"):
        asked.pop(name, None)
    return asked.urlencode()
