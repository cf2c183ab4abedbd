"""The facts of the existing-clients report, read for a chunk of companies by a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.enums import (
    SIGNED_STATUSES,
    ContractForm,
    ContractStatus,
    FactResult,
    FeatureStatus,
    LineKind,
)
from accounts.models import (
    Company,
    Contract,
    FactCheck,
    FeatureWait,
    Interaction,
    LicenceLine,
    UsageSnapshot,
)
from accounts.queries import seats_on
from deals.enums import OPEN_STAGES
from deals.models import Deal
from reports.models import ClientRow, RankRow
from upsell_crm.core.clock import day_end

CHUNK = 500  # companies read at once
EXPIRED_LIMIT_BD = 60  # working days: longer ago is «Бывшие» (§5.1)
_YEAR = 365
_RANKING = (
    "company_id", "listed", "contract_id", "score", "band", "act_by", "slack", "delta", "confidence", "missing",
    "stale", "evidence", "contract__number", "contract__end_date", "contract__act_by", "contract__amount",
    "deal__stage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ContractPart:
    """What the report needs of a running or lately expired contract; amounts in ₽, VAT as in the contract."""

    id: int
    number: str
    end_date: date
    act_by: date | None
    amount: Decimal
    annual_amount: Decimal


@dataclass(slots=True)
class ClientFacts:
    """Everything one line of the report is made of; `seats` and `usage` are by product id."""

    company: dict[str, Any]
    standing: str
    contracts: list[ContractPart] = field(default_factory=list)
    seats: dict[int, int] = field(default_factory=dict)
    usage: dict[int, int] = field(default_factory=dict)  # product id → active users of the latest snapshot
    ranking: dict[str, Any] | None = None
    waits: int = 0
    deal_stage: str = ""


@dataclass(frozen=True, slots=True)
class Eligible:
    """Who has a row: who pays for a licence that counts, who uses one, whose contract has expired (§5.1)."""

    payers: frozenset[int]
    users: frozenset[int]
    expired: frozenset[int]

    def ids(self) -> list[int]:
        """All of them, in order of the primary key."""
        return sorted(self.payers | self.users | self.expired)

    def standing(self, company_id: int) -> str:
        """Paying comes before using, and both before having been a client."""
        if company_id in self.payers:
            return ClientRow.Standing.ACTIVE
        return ClientRow.Standing.IN_HEAD if company_id in self.users else ClientRow.Standing.EXPIRED


def eligible(as_of: date, expired_since: date) -> Eligible:
    """Ids only, by three statements over the licences: asking each company for its own would read them anew."""
    counted = LicenceLine.objects.counted_on(as_of).order_by()
    return Eligible(
        payers=frozenset(counted.values_list("contract__company_id", flat=True).distinct()),
        users=frozenset(counted.values_list("used_by_id", flat=True).distinct()),  # type: ignore[misc]
        expired=frozenset(
            _expired(as_of, expired_since).order_by().values_list("company_id", flat=True).distinct()
        ),
    )


def read_chunks(as_of: date, expired_since: date) -> Iterator[list[ClientFacts]]:
    """The facts of every eligible company that is not archived, a chunk at a time, in flat memory."""
    found = eligible(as_of, expired_since)
    ids = found.ids()
    for start in range(0, len(ids), CHUNK):
        yield _read(ids[start : start + CHUNK], found, as_of, expired_since)


def _read(ids: list[int], found: Eligible, as_of: date, expired_since: date) -> list[ClientFacts]:
    facts = {row["pk"]: ClientFacts(row, found.standing(row["pk"])) for row in _companies(ids, as_of)}
    expired_ids = [pk for pk, one in facts.items() if one.standing == ClientRow.Standing.EXPIRED]
    for contract in _running(facts, as_of):
        facts[contract.company_id].contracts.append(_part(contract))
    for contract in (
        _expired(as_of, expired_since).filter(company__in=expired_ids).order_by("-end_date", "pk")
    ):
        facts[contract.company_id].contracts.append(_part(contract, is_running=False))
    for pk, seats in seats_on(facts, as_of).items():
        facts[pk].seats = seats
    for pk, seats in _seats_at_expiry({pk: facts[pk].contracts for pk in expired_ids}).items():
        facts[pk].seats = seats
    for pk, product_id, active in _usage(facts, as_of):
        facts[pk].usage[product_id] = active
    for ranking in RankRow.objects.current().filter(company__in=facts).order_by("pk").values(*_RANKING):
        facts[ranking["company_id"]].ranking = ranking
    for pk, number in _waits(facts):
        facts[pk].waits = number
    for pk, stage in _deal_stages(facts):
        facts[pk].deal_stage = facts[pk].deal_stage or stage
    for one in facts.values():
        covering = (one.ranking or {}).get("deal__stage")
        if covering in OPEN_STAGES:  # the deal that the ranking shows, be it of the head organisation
            one.deal_stage = covering
    return list(facts.values())


def _companies(ids: list[int], as_of: date) -> QuerySet[Any, Any]:
    own = OuterRef("pk")
    talks = (
        Interaction.objects.held().filter(company=own, starts_at__lte=day_end(as_of)).order_by("-starts_at")
    )
    checks = FactCheck.objects.filter(company=own, checked_at__lte=day_end(as_of))
    checks = checks.exclude(result=FactResult.UNKNOWN).order_by("-checked_at")
    return (
        Company.objects.present()
        .filter(pk__in=ids)
        .order_by("pk")
        .annotate(
            talk_at=Subquery(talks.values("starts_at")[:1]),
            talk_kind=Subquery(talks.values("kind")[:1]),
            checked_at=Subquery(checks.values("checked_at")[:1]),
        )
        .values(
            "pk", "sort_name", "head_id", "talk_at", "talk_kind", "checked_at", "next_step",
            "next_step_on", "procurement__default_type__code",
        )
    )  # fmt: skip


def _running(company_ids: Collection[int], as_of: date) -> QuerySet[Contract]:
    """Contracts with a licence that counts on the day, with the sum of their own lines."""
    counted = LicenceLine.objects.counted_on(as_of).filter(contract__company__in=list(company_ids))
    lines = Sum("lines__amount", filter=Q(lines__kind=LineKind.PAID))
    return (
        Contract.objects.filter(pk__in=counted.values("contract")).annotate(lines_amount=lines).order_by("pk")
    )


def _expired(as_of: date, since: date) -> QuerySet[Contract]:
    """Contracts that ended in the window, not terminated and without a signed successor (§4.10.2)."""
    successors = Contract.objects.filter(renews=OuterRef("pk"), status__in=SIGNED_STATUSES)
    return (
        Contract.objects.with_paid_lines()
        .filter(~Exists(successors), status__in=[ContractStatus.ACTIVE, ContractStatus.EXPIRED])
        .filter(end_date__gte=since, end_date__lt=as_of)
    )


def _part(contract: Contract, *, is_running: bool = True) -> ContractPart:
    """Annual = amount × 365 / days. A framework has the sum of its own lines: its orders bring theirs (§2.8.12)."""
    amount = contract.amount
    if is_running and contract.form == ContractForm.FRAMEWORK:
        amount = contract.lines_amount or Decimal(0)  # type: ignore[attr-defined]  # see _running
    days = (contract.end_date - contract.start_date).days + 1
    annual = (amount * _YEAR / days).quantize(Decimal("0.01")) if is_running else Decimal(0)
    return ContractPart(
        contract.pk, contract.number, contract.end_date, contract.act_by, contract.amount, annual
    )


def _seats_at_expiry(contracts: dict[int, list[ContractPart]]) -> dict[int, dict[int, int]]:
    """All paid lines as they stood on the last day of the last expired contract (§4.10.13)."""
    last_on = {company_id: max(part.end_date for part in parts) for company_id, parts in contracts.items()}
    seats: dict[int, dict[int, int]] = {}
    ids = [part.id for parts in contracts.values() for part in parts]
    lines = LicenceLine.objects.filter(contract__in=ids, kind=LineKind.PAID).order_by("pk")
    for company_id, product_id, end_date, number in lines.values_list(
        "contract__company", "product_id", "end_date", "seats"
    ):
        if end_date == last_on[company_id]:
            by_product = seats.setdefault(company_id, defaultdict(int))
            by_product[product_id] += number
    return seats


def _usage(company_ids: Collection[int], as_of: date) -> QuerySet[Any, tuple[Any, ...]]:
    """The latest snapshot on or before the day of each company and product (§4.10.7)."""
    later = UsageSnapshot.objects.filter(
        company=OuterRef("company"),
        product=OuterRef("product"),
        as_of__gt=OuterRef("as_of"),
        as_of__lte=as_of,
    )
    latest = UsageSnapshot.objects.filter(~Exists(later), company__in=list(company_ids), as_of__lte=as_of)
    return latest.order_by("pk").values_list("company_id", "product_id", "active_users_30d")


def _waits(company_ids: Collection[int]) -> QuerySet[Any, tuple[int, int]]:
    """Features for which each company still waits: not declined, and it has not answered yet."""
    open_waits = FeatureWait.objects.filter(company__in=list(company_ids), response="").exclude(
        feature__status__in=[FeatureStatus.DECLINED, FeatureStatus.CLOSED]
    )
    return (
        open_waits.order_by("company_id")
        .values_list("company_id")
        .annotate(number=Count("pk", distinct=True))
    )


def _deal_stages(company_ids: Collection[int]) -> QuerySet[Any, tuple[int, str]]:
    """Stages of the open deals of each company, the newest deal first."""
    deals = Deal.objects.open().filter(company__in=list(company_ids))
    return deals.order_by("company_id", "-opened_on", "-pk").values_list("company_id", "stage")
