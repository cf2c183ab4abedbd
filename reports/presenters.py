"""Ranked rows as the pages show them: the row with its reasons in words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Value
from django.urls import reverse

from accounts.models import Company
from deals.models import Deal
from deals.proposals import TARGET
from reports.explanations import (
    Flag,
    Line,
    Names,
    change_words,
    explain,
    flags,
    missing_hint,
    names_for,
    notes,
    top_lines,
)
from reports.models import RankRow, Signal
from reports.ranking_filters import WINDOW
from reports.strategies import Strategies, strategies_of
from roadmaps.plan_status import NONE, PlanWord
from upsell_crm.core import clock
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a ranked list; `deal_url` is empty for who may not open the deal."""

    row: RankRow
    top: list[Line]
    flags: list[Flag]
    missing: str
    change: str
    deal_url: str = ""
    offers_deal: bool = False
    signals: int = 0  # reasons to call that wait
    plan: PlanWord = NONE
    plan_url: str = ""
    may_plan: bool = False  # no strategy yet, and he may begin one

    @property
    def ends_on(self) -> date | None:
        """The last day of a pilot, for companies without a score."""
        end = self.row.evidence.get("end")
        return date.fromisoformat(end) if end else None

    @property
    def targets_query(self) -> str:
        """The seats that the formula finds possible, for the address of a new deal (R18)."""
        return targets_query(self.row)


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer to «why this score»."""

    row: RankRow
    lines: list[Line]
    flags: list[Flag]
    missing: str
    notes: list[str]
    change: str
    deal_url: str = ""
    offers_deal: bool = False

    @property
    def targets_query(self) -> str:
        """As of `ShownRow`."""
        return targets_query(self.row)


@dataclass(frozen=True, slots=True)
class DealDoors:
    """Which deals of a page its reader may open, with which companies he may open one, and what waits at them."""

    deals: frozenset[int]
    companies: frozenset[int]
    signals: Mapping[int, int]  # company → reasons to call that wait
    to_plan: frozenset[int] = frozenset()  # deals for which he may write a strategy

    def url(self, row: RankRow) -> str:
        """The address of the row's deal; empty without one, or without the right to see it."""
        return row.deal.get_absolute_url() if row.deal and row.deal_id in self.deals else ""

    def offers(self, row: RankRow) -> bool:
        """In the renewal window and without a deal: the moment to open one (R18)."""
        return _wants_deal(row) and row.company_id in self.companies

    def may_plan(self, row: RankRow) -> bool:
        """A strategy may be begun: for the deal of the row, or together with a deal (§2.9)."""
        return row.deal_id in self.to_plan if row.deal_id else row.company_id in self.companies


def shown_rows(rows: Iterable[RankRow], viewer: User) -> list[ShownRow]:
    """Rows with their largest reasons; four statements for the names, doors and strategies, however many rows."""
    listed = list(rows)
    names, doors, plans = names_for(listed, viewer), doors_for(listed, viewer), strategies_of(listed)
    return [_shown(row, names, doors, plans) for row in listed]


def why(row: RankRow, viewer: User) -> Why:
    """Every line of one row."""
    names, doors = names_for([row], viewer), doors_for([row], viewer)
    return Why(
        row, explain(row, names), flags(row), missing_hint(row), notes(row), change_words(row), doors.url(row),
        doors.offers(row),
    )  # fmt: skip


def targets_query(row: RankRow) -> str:
    """«?target-casebook=45»: the rule of the potential stays here, a new deal is told its result."""
    wanted = row.evidence.get("potential", {}).get("products", [])
    query = urlencode({f"{TARGET}{one['product']}": one["target"] for one in wanted})
    return f"?{query}" if query else ""


def doors_for(rows: Iterable[RankRow], viewer: User) -> DealDoors:
    """One statement for the deals, the companies that want one and the signals, however many rows."""
    listed = list(rows)
    deal_ids = {row.deal_id for row in listed if row.deal_id}
    company_ids = {row.company_id for row in listed if not row.listed and row.deal_id is None}
    deals = Deal.objects.visible_to(viewer).filter(pk__in=deal_ids).order_by().annotate(table=Value("deal"))
    companies = Company.objects.allowing(viewer, Action.CREATE_DEAL).filter(pk__in=company_ids).order_by()
    signals = Signal.objects.to_act_on(clock.today()).filter(company__in={row.company_id for row in listed})
    to_plan = Deal.objects.allowing(viewer, Action.EDIT_PLAN).filter(pk__in=deal_ids).order_by()
    found: dict[str, list[int]] = {"deal": [], "company": [], "signal": [], "plan": []}
    everything = companies.annotate(table=Value("company")).values_list("table", "pk")
    for table, pk in everything.union(
        deals.values_list("table", "pk"),
        signals.order_by().annotate(table=Value("signal")).values_list("table", "company_id"),
        to_plan.annotate(table=Value("plan")).values_list("table", "pk"),
        all=True,
    ):
        found[table].append(pk)
    return DealDoors(
        frozenset(found["deal"]), frozenset(found["company"]), Counter(found["signal"]), frozenset(found["plan"])
    )  # fmt: skip


def _wants_deal(row: RankRow) -> bool:
    return not row.listed and row.deal_id is None and row.slack is not None and row.slack <= WINDOW


def _shown(row: RankRow, names: Names, doors: DealDoors, plans: Strategies) -> ShownRow:
    if row.listed:
        return ShownRow(row, [], [], "", "", signals=doors.signals.get(row.company_id, 0))
    plan = plans.at(row)
    return ShownRow(
        row, top_lines(row, names), flags(row), missing_hint(row), change_words(row), doors.url(row), doors.offers(row),
        doors.signals.get(row.company_id, 0), plans.word(row),
        reverse("roadmaps:plan_detail", args=[plan.public_id]) if plan and plan.deal_id in doors.deals else "",
        plan is None and doors.may_plan(row),
    )  # fmt: skip
