"""Building the existing-clients report: a killed build leaves the last good one in place (R37–R39, §5)."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.calendar import load_calendar
from accounts.enums import LineKind
from accounts.invoice_offer import Decision, OfferFacts, VendorTerms, decide
from accounts.models import LicenceLine, Product
from accounts.offer_facts import read_offer_facts, vendor_terms
from accounts.offer_texts import leading_first
from reports.client_facts import EXPIRED_LIMIT_BD, ClientFacts, ContractPart, read_chunks
from reports.models import ClientRow, ClientSeats, RankRun, ReportRun
from upsell_crm.core import audit, clock
from upsell_crm.core.bulk import drop_rows, insert_rows
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

Progress = Callable[[int], None]
KIND = ReportRun.Kind.EXISTING_CLIENTS
SILENT_AFTER = timedelta(minutes=20)  # a build that has run for so long was killed
KEPT_RUNS = 2  # the current rows and those before them; older rows are dropped, their run records stay


@dataclass(frozen=True, slots=True)
class Shared:
    """What all lines of one build share; loaded once."""

    as_of: date
    vendor: VendorTerms
    individual: dict[int, str]  # products that need an individual contract: id → code


def build_existing_clients(
    *, as_of: date | None = None, by: User | None, progress: Progress | None = None
) -> ReportRun:
    """Build the report for a date; pages show it when the date is today.

    `by=None` is the nightly job. Raises NotAllowed, and DomainError while another build is working.
    """
    if by is not None and not by.scopes(Action.SEE_REPORT):
        raise NotAllowed("not_allowed", _("You may not build this report."))
    run = _start(as_of or clock.today(), by)
    began = time.monotonic()
    try:
        _fill(run, progress or (lambda percent: None))
        _finish(run, began)
    except BaseException as problem:
        _fail(run, problem)
        raise
    return run


def default_amount(contract: ContractPart | None, potential: Decimal | None) -> Decimal:
    """X of §5.3 unless a person types another one: the nearest contract and the potential, ₽."""
    return (contract.amount if contract else Decimal(0)) + (potential or Decimal(0))


def _start(as_of: date, by: User | None) -> ReportRun:
    moment = clock.now()
    running = ReportRun.objects.filter(kind=KIND, state=ReportRun.State.RUNNING)
    running.filter(started_at__lt=moment - SILENT_AFTER).update(
        state=ReportRun.State.FAILED, error="abandoned"
    )
    ranked = RankRun.objects.filter(state=RankRun.State.DONE).exclude(kind=RankRun.Kind.SINGLE)
    ranking = ranked.select_related("weights").order_by("-finished_at").first()
    try:
        with transaction.atomic():
            return ReportRun.objects.create(
                kind=KIND, as_of=as_of, started_at=moment, requested_by=by,
                weights_version=ranking.weights.version if ranking else None,
                parameters={"ranking_as_of": str(ranking.as_of) if ranking else None},
            )  # fmt: skip
    except IntegrityError as problem:
        raise DomainError("already_running", _("The report is being built already.")) from problem


def _fill(run: ReportRun, progress: Progress) -> None:
    shared = _shared(run.as_of)
    expired_since = load_calendar().subtract(run.as_of, EXPIRED_LIMIT_BD)
    for number, chunk in enumerate(read_chunks(run.as_of, expired_since), start=1):
        rows = list(_rows(run, chunk, shared))
        with transaction.atomic():
            insert_rows(ClientRow, rows)
            insert_rows(ClientSeats, _seats(run, chunk))
        run.rows_count += len(rows)
        progress(min(99, 100 - 100 // (number + 1)))


def _seats(run: ReportRun, chunk: list[ClientFacts]) -> Iterator[dict[str, int]]:
    seats = {facts.company["pk"]: facts.seats for facts in chunk}
    for company_id, row_id in run.rows.filter(company__in=seats).order_by().values_list("company_id", "pk"):
        for product_id, number in seats[company_id].items():
            yield {"row": row_id, "product": product_id, "seats": number}


def _shared(as_of: date) -> Shared:
    individual = Product.objects.filter(needs_contract=True).order_by("pk").values_list("pk", "code")
    return Shared(as_of, vendor_terms(), dict(individual))


def _rows(run: ReportRun, chunk: list[ClientFacts], shared: Shared) -> Iterator[dict[str, Any]]:
    offers = read_offer_facts([facts.company["pk"] for facts in chunk], shared.as_of)
    nearest = {facts.company["pk"]: _nearest(facts) for facts in chunk}
    sold = _individual_products(nearest, shared)
    for facts in chunk:
        pk = facts.company["pk"]
        contract, potential = nearest[pk], _potential(facts)
        decision = _decide(offers[pk], facts, sold.get(contract.id, set()) if contract else set(), shared,
                           default_amount(contract, potential))  # fmt: skip
        yield _row(run, facts, contract, potential, decision)


def _nearest(facts: ClientFacts) -> ContractPart | None:
    """The ranking's nearest contract; without a ranking, the one that asks for action first (§4.1)."""
    ranking = facts.ranking
    if ranking and ranking["contract_id"]:
        number, end_date, act_by, amount = (
            ranking[f"contract__{name}"] for name in ("number", "end_date", "act_by", "amount")
        )
        return ContractPart(
            ranking["contract_id"], number, end_date, act_by, amount, annual_amount=Decimal(0)
        )
    return min(
        facts.contracts, key=lambda part: (part.act_by or part.end_date, -part.amount, part.id), default=None
    )


def _potential(facts: ClientFacts) -> Decimal | None:
    ranking = facts.ranking
    if ranking is None or "potential" in ranking["missing"] or (ranking["listed"] and not ranking["delta"]):
        return None
    return Decimal(ranking["delta"])


def _individual_products(nearest: dict[int, ContractPart | None], shared: Shared) -> dict[int, set[str]]:
    """Products of the nearest contracts that are sold only under an individual contract (row 3 of §5.3)."""
    ids = [part.id for part in nearest.values() if part]
    lines = LicenceLine.objects.filter(contract__in=ids, kind=LineKind.PAID, product__in=shared.individual)
    found: dict[int, set[str]] = {}
    for contract_id, product_id in lines.order_by("pk").values_list("contract_id", "product_id"):
        found.setdefault(contract_id, set()).add(shared.individual[product_id])
    return found


def _decide(
    offer: OfferFacts, facts: ClientFacts, sold: set[str], shared: Shared, amount: Decimal
) -> Decision:
    wanted = (facts.ranking or {}).get("evidence", {}).get("potential", {}).get("products", [])
    added = {one["product"] for one in wanted} & set(shared.individual.values())
    question = replace(offer, individual_products=tuple(sorted(sold | added)))
    return decide(question, amount, shared.as_of, shared.vendor)


def _row(
    run: ReportRun, facts: ClientFacts, contract: ContractPart | None, potential: Decimal | None,
    decision: Decision,
) -> dict[str, Any]:  # fmt: skip
    """The columns of ClientRow."""
    company, ranking = facts.company, facts.ranking or {}
    renewal = ranking.get("evidence", {}).get("renewal", {})
    used = {product_id: number for product_id, number in facts.usage.items() if product_id in facts.seats}
    end = renewal.get("end") if contract and renewal.get("contract_id") == contract.id else None
    return {
        "run": run.pk,
        "company": company["pk"],
        "head": company["head_id"] or company["pk"],
        "contract": contract.id if contract else None,
        "standing": facts.standing,
        "sort_name": company["sort_name"],
        "end_date": date.fromisoformat(end) if end else contract.end_date if contract else None,
        "act_by": ranking.get("act_by") or (contract.act_by if contract else None),
        "slack": ranking.get("slack"),
        "seats_total": sum(facts.seats.values()),
        "active_users": sum(used.values()) if used else None,
        "usage_seats": sum(facts.seats[product_id] for product_id in used),
        "offer": decision.answer,
        "offer_limit": decision.limit,
        "offer_amount": decision.amount,
        "annual_amount": sum((part.annual_amount for part in facts.contracts), Decimal(0)),
        "potential": potential,
        "score": ranking.get("score"),
        "band": ranking.get("band") or "",
        "confidence": ranking.get("confidence"),
        "is_stale": bool(ranking.get("stale")) or decision.is_stale,
        "deal_stage": facts.deal_stage,
        "data": _details(facts, contract, decision, renewal),
    }


def _details(
    facts: ClientFacts, contract: ContractPart | None, decision: Decision, renewal: dict[str, Any]
) -> dict[str, Any]:
    """What is only shown: codes, numbers and ISO dates, no words."""
    company, ranking = facts.company, facts.ranking or {}
    training = ranking.get("evidence", {}).get("training", {})
    talk_on, checked_on = clock.local_date(company["talk_at"]), clock.local_date(company["checked_at"])
    return {
        "reasons": leading_first(decision),
        "offer_is_stale": decision.is_stale,
        "procedure": company["procurement__default_type__code"] or "",
        "approval": renewal.get("approval"),
        "approval_level": renewal.get("approval_level"),
        "procurement": renewal.get("procurement"),
        "procurement_level": renewal.get("procurement_level"),
        "contract": contract.number if contract else "",
        "training_index": training.get("index"),
        "training_on": training.get("last_on"),
        "waits": facts.waits,
        "talk_on": str(talk_on) if talk_on else None,
        "talk_kind": company["talk_kind"] or "",
        "next_step": company["next_step"],
        "next_step_on": str(company["next_step_on"]) if company["next_step_on"] else None,
        "checked_on": str(checked_on) if checked_on else None,
    }


def _finish(run: ReportRun, began: float) -> None:
    """The flip in one transaction: readers see the old report or the new one, never a mix."""
    with transaction.atomic():
        run.state, run.built_at = ReportRun.State.DONE, clock.now()
        run.duration_ms = int((time.monotonic() - began) * 1000)
        if run.as_of == clock.today():
            ReportRun.objects.filter(kind=KIND, is_current=True).update(is_current=False)
            run.is_current = True
        run.save()
        audit.record("build_existing_clients", run, by=run.requested_by)
    _drop_old_rows()


def _drop_old_rows() -> None:
    done = ReportRun.objects.filter(kind=KIND, state=ReportRun.State.DONE, is_current=False).order_by("-id")
    kept = list(done.values_list("pk", flat=True)[: KEPT_RUNS - 1])
    old = ClientRow.objects.filter(run__kind=KIND, run__is_current=False).exclude(run__in=kept)
    old = old.exclude(run__state=ReportRun.State.RUNNING)
    drop_rows(ClientSeats.objects.filter(row__in=old))
    drop_rows(old)


def _fail(run: ReportRun, problem: BaseException) -> None:
    drop_rows(ClientSeats.objects.filter(row__in=run.rows.all()))
    drop_rows(run.rows.all())
    ReportRun.objects.filter(pk=run.pk).update(
        state=ReportRun.State.FAILED, error=str(problem)[:2000] or type(problem).__name__
    )
