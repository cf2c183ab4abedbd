"""Ranking runs: all companies, or some within seconds of a change; a killed run changes nothing (R27, R96)."""

import gc
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, Min, OuterRef
from django.db.models.functions import TruncQuarter
from django.utils.translation import gettext as _

from accounts.calendar import load_calendar
from accounts.lead_times import procurement_rules
from accounts.models import Company
from accounts.working_days import WorkCalendar
from reports.company_facts import read_facts
from reports.facts import References
from reports.facts import Weights as FormulaWeights
from reports.models import RankRow, RankRun, Weights
from reports.product_references import product_references
from reports.ranking import RankedCompany, Unranked, rank_company
from reports.run_order import place_rows, replace_rows
from reports.run_rows import run_rows
from reports.spans import Span, spans
from reports.weights import active_weights, formula_weights
from upsell_crm.core import audit, clock, outbox
from upsell_crm.core.bulk import insert_rows
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.ids import uuid7
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

Progress = Callable[[int], None]
BATCH = 500  # companies in one event of the outbox
SILENT_AFTER = timedelta(minutes=10)  # a run without a heartbeat for so long was killed


@dataclass(frozen=True, slots=True)
class Formula:
    """What all companies of one run share; loaded once."""

    as_of: date
    calendar: WorkCalendar
    references: References
    weights: FormulaWeights
    valid_days: dict[str, int]

    def rank(self, span: Span) -> Iterator[RankedCompany | Unranked]:
        """Score the companies of a span, in order of id."""
        for facts in read_facts(span, self.as_of, self.valid_days):
            yield rank_company(facts, self.as_of, self.calendar, self.references, self.weights)


@dataclass(slots=True)
class Tally:
    """Counts of a run by everybody's reach: all, each team, each KAM; kept with the run for the tiles."""

    counts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, found: RankedCompany | Unranked, team_id: int | None, kam_id: int | None) -> None:
        """Count one company once for each of its readers."""
        if isinstance(found, Unranked):
            words = [found.list_code, "all"]
        else:
            words = [f"band_{found.band}", "all"]
            if found.slack < 0:
                words.append("late")
            if found.confidence < 50:
                words.append("few_data")
        for reader in ("all", f"team:{team_id}", f"kam:{kam_id}"):
            self.counts[reader].update(words)


def load_formula(as_of: date, stored: Weights) -> Formula:
    """The calendar, the references and the weights of a run, by a handful of statements."""
    weights, valid_days = formula_weights(stored)
    references = References(product_references(), procurement_rules(as_of))
    return Formula(as_of, load_calendar(), references, weights, valid_days)


def run_ranking(
    *,
    as_of: date | None = None,
    by: User | None,
    kind: str = RankRun.Kind.MANUAL,
    progress: Progress | None = None,
) -> RankRun:
    """Rank every company as of a date; becomes what pages show when the date is today.

    `by=None` is the nightly job. Raises NotAllowed, and DomainError while another full run is working.
    """
    if by is not None and not by.scopes(Action.RUN_RANKING):
        raise NotAllowed("not_allowed", _("You may not run the ranking."))
    run = _start(as_of or clock.today(), kind, by)
    began = time.monotonic()
    gc.freeze()  # what the process has loaded so far need not be searched again among millions of new objects
    try:
        _fill(run, spans(Company.objects.all()), progress or (lambda percent: None))
        _finish(run, began)
    except BaseException as problem:
        _fail(run, problem)
        raise
    return run


def rank_companies(*, company_ids: Iterable[int]) -> RankRun | None:
    """Rank some companies again, right after their facts changed; nothing runs → nothing is stored."""
    ids = sorted(set(company_ids))
    if not ids or not Weights.objects.filter(active=True).exists():
        return None
    began = time.monotonic()
    with transaction.atomic():
        run = RankRun.objects.create(
            kind=RankRun.Kind.SINGLE, as_of=clock.today(), weights=active_weights(), started_at=clock.now()
        )
        _fill(run, (Span(pk, pk) for pk in ids), lambda percent: None)
        _close(run, began)
        replace_rows(run)
    return run


def rank_soon(*, company_id: int | None = None, company_ids: Iterable[int] = ()) -> None:
    """Owe a new ranking of the companies whose facts have changed (event `facts_changed`)."""
    if company_id is not None:
        outbox.owe("rank_companies", str(company_id), company_ids=[company_id])
    many = sorted(set(company_ids))
    for start in range(0, len(many), BATCH):
        outbox.owe("rank_companies", str(uuid7()), company_ids=many[start : start + BATCH])


def prune_runs(today: date) -> int:
    """Delete runs that no page shows any more; the first full run of each quarter stays for ever (R83).

    Full runs stay 35 days, those of single companies 7; a run with a current row stays. Returns how many went.
    """
    shown = Exists(RankRow.objects.current().filter(run=OuterRef("pk")))
    old = RankRun.objects.filter(~shown)
    single = old.filter(kind=RankRun.Kind.SINGLE, as_of__lt=today - timedelta(days=7))
    full = old.exclude(kind=RankRun.Kind.SINGLE).filter(as_of__lt=today - timedelta(days=35))
    done = RankRun.objects.filter(state=RankRun.State.DONE).exclude(kind=RankRun.Kind.SINGLE)
    by_quarter = (
        done.annotate(quarter=TruncQuarter("as_of")).order_by().values("quarter").annotate(first=Min("pk"))
    )
    full = full.exclude(pk__in=[row["first"] for row in by_quarter])
    gone = [*single.values_list("pk", flat=True), *full.values_list("pk", flat=True)]
    RankRun.objects.filter(pk__in=gone).delete()  # the rows go with them, unread
    return len(gone)


def _start(as_of: date, kind: str, by: User | None) -> RankRun:
    moment = clock.now()
    full = RankRun.objects.filter(state=RankRun.State.RUNNING).exclude(kind=RankRun.Kind.SINGLE)
    full.filter(heartbeat_at__lt=moment - SILENT_AFTER).update(state=RankRun.State.FAILED, error="abandoned")
    try:
        with transaction.atomic():
            return RankRun.objects.create(
                kind=kind,
                as_of=as_of,
                weights=active_weights(),
                started_at=moment,
                heartbeat_at=moment,
                requested_by=by,
            )
    except IntegrityError as problem:
        raise DomainError("already_running", _("The ranking is being calculated already.")) from problem


def _fill(run: RankRun, parts: Iterable[Span], progress: Progress) -> None:
    """Write the rows of the run, span by span, each in its own short transaction."""
    formula, tally = load_formula(run.as_of, run.weights), Tally()
    total = max(1, Company.objects.present().count()) if run.kind != RankRun.Kind.SINGLE else 1
    for span in parts:
        found = list(_counted(formula, span, tally))
        rows = run_rows(run, found, span)
        with transaction.atomic():
            insert_rows(RankRow, rows)
            run.companies += len(found)
            run.ranked += sum(isinstance(one, RankedCompany) for one in found)
            run.heartbeat_at = clock.now()
            run.save(update_fields=["companies", "ranked", "heartbeat_at", "updated_at"])
        progress(min(99, run.companies * 100 // total))
    run.totals = {reader: dict(counts) for reader, counts in tally.counts.items()}


def _counted(formula: Formula, span: Span, tally: Tally) -> Iterator[RankedCompany | Unranked]:
    owners = dict(_owners(span))
    for found in formula.rank(span):
        tally.add(found, *owners.get(found.company_id, (None, None)))
        yield found


def _owners(span: Span) -> Iterable[tuple[int, tuple[int | None, int | None]]]:
    rows = Company.objects.filter(span.of("pk")).order_by("pk").values_list("pk", "team_id", "owner_kam_id")
    return ((pk, (team_id, kam_id)) for pk, team_id, kam_id in rows)


def _finish(run: RankRun, began: float) -> None:
    """Places, totals and the flip in one transaction: readers see the old ranking or the new one, never a mix."""
    is_current = run.as_of == clock.today()
    with transaction.atomic():
        place_rows(run, is_current=is_current)
        _close(run, began)
        if is_current:
            _rank_again_what_changed_meanwhile(run)
        audit.record("run_ranking", run, by=run.requested_by)


def _close(run: RankRun, began: float) -> None:
    run.state = RankRun.State.DONE
    run.finished_at = clock.now()
    run.duration_ms = int((time.monotonic() - began) * 1000)
    run.save()


def _rank_again_what_changed_meanwhile(run: RankRun) -> None:
    changed = RankRow.objects.filter(run__kind=RankRun.Kind.SINGLE, run__started_at__gte=run.started_at)
    for company_id in changed.order_by("company_id").values_list("company_id", flat=True).distinct():
        outbox.owe("rank_companies", str(company_id), company_ids=[company_id])


def _fail(run: RankRun, problem: BaseException) -> None:
    run.rows.all().delete()
    RankRun.objects.filter(pk=run.pk).update(
        state=RankRun.State.FAILED,
        error=str(problem)[:2000] or type(problem).__name__,
        finished_at=clock.now(),
    )
