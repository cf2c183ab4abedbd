"""Signals as the pages show them: by client, the strongest first, in words, with what may be done about them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import Company, Contact, FeatureWait, Product
from deals.models import Deal
from reports.models import RankRow, Signal
from reports.signals.rule import Voice
from reports.signals.steps import SELL, STEPS, Step
from reports.signals.table import BY_CODE, ORDER
from upsell_crm.core import clock
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

RIGHTS = tuple(sorted({step.right for step in STEPS}))


@dataclass(frozen=True, slots=True)
class Door:
    """A button beside a signal."""

    label: Promise | str
    url: str
    is_panel: bool


@dataclass(frozen=True, slots=True)
class ShownSignal:
    """One signal in words; `is_mine` when this reader may act on it and put it aside."""

    signal: Signal
    words: str
    doors: list[Door]
    is_mine: bool
    is_put_aside: bool

    @property
    def label(self) -> Promise | str:
        """The name of its rule."""
        return self.signal.get_rule_display()


@dataclass(frozen=True, slots=True)
class SignalGroup:
    """A client with the signals that a page shows of it."""

    row: RankRow
    signals: list[ShownSignal]

    @property
    def company(self) -> Company:
        return self.row.company


@dataclass(frozen=True, slots=True)
class Rights:
    """What this reader may do with which of the clients, and which of their deals he may open."""

    companies: Mapping[str, frozenset[int]]
    deals: frozenset[int]

    def may(self, action: str, company_id: int) -> bool:
        """Whether the right reaches this client."""
        return company_id in self.companies[action]


def signal_groups(rows: Iterable[RankRow], signals: QuerySet[Signal], viewer: User) -> list[SignalGroup]:
    """The signals of these clients, strongest rule first; five statements, however many clients."""
    listed = list(rows)
    found: dict[int, list[Signal]] = {row.company_id: [] for row in listed}
    for signal in signals.filter(company__in=found).order_by("pk"):
        found[signal.company_id].append(signal)
    voice = voice_for((signal for own in found.values() for signal in own), viewer)
    rights = rights_for(listed, viewer)
    return [
        SignalGroup(
            row, [shown(signal, row, voice, rights) for signal in sorted(found[row.company_id], key=strength)]
        )
        for row in listed
    ]


def strength(signal: Signal) -> tuple[int, int, int]:
    """The order within a client: by rule, then the worse one, then the older one."""
    return ORDER[signal.rule], -signal.severity, signal.pk


def shown(signal: Signal, row: RankRow, voice: Voice, rights: Rights) -> ShownSignal:
    """One signal in the words of its rule."""
    rule = BY_CODE[signal.rule]
    doors = [
        _door(step, signal, row, rights) for step in rule.steps if rights.may(step.right, signal.company_id)
    ]
    return ShownSignal(
        signal, rule.words(signal.evidence, voice), doors, rights.may(Action.LOG_INTERACTION, signal.company_id),
        signal.snoozed_until is not None and signal.snoozed_until > voice.today,
    )  # fmt: skip


def voice_for(signals: Iterable[Signal], viewer: User) -> Voice:
    """Names of products, people and the clients' own words: three statements; people only as far as may be seen."""
    evidence = [signal.evidence for signal in signals]
    contacts = {one["contact"] for one in evidence if one.get("contact")}
    waits = {one["wait"] for one in evidence if one.get("wait")}
    people = Contact.objects.visible_to(viewer).filter(pk__in=contacts).order_by()
    quotes = FeatureWait.objects.visible_to(viewer).filter(public_id__in=waits).order_by()
    return Voice(
        clock.today(),
        {product.code: product.name for product in Product.objects.all()},
        {person.pk: person.short_name for person in people},
        {str(public_id): quote for public_id, quote in quotes.values_list("public_id", "quote")},
    )


def rights_for(rows: Iterable[RankRow], viewer: User) -> Rights:
    """One statement for every right and for the open deals."""
    listed = list(rows)
    ids = {row.company_id for row in listed}
    reached: dict[str, set[int]] = {action: set() for action in RIGHTS}
    reached["deal"] = set()
    selects: list[Any] = [
        Company.objects.allowing(viewer, action)
        .filter(pk__in=ids)
        .order_by()
        .annotate(table=Value(action.value))
        for action in RIGHTS
    ]
    deals = Deal.objects.visible_to(viewer).filter(pk__in={row.deal_id for row in listed if row.deal_id})
    selects.append(deals.order_by().annotate(table=Value("deal")))
    first, *others = (rows.values_list("table", "pk") for rows in selects)
    for table, pk in first.union(*others, all=True):
        reached[table].add(pk)
    open_deals = frozenset(reached.pop("deal"))
    return Rights({action: frozenset(found) for action, found in reached.items()}, open_deals)


def _door(step: Step, signal: Signal, row: RankRow, rights: Rights) -> Door:
    """A client with an open deal is sold to in it, not in a second one."""
    if step is SELL and row.deal is not None and row.deal_id in rights.deals:
        return Door(step.instead, row.deal.get_absolute_url(), is_panel=False)
    product = [signal.evidence["product"]] if step.by_product else []
    url = reverse(step.url_name, args=[row.company.public_id, *product])
    return Door(step.label, url + step.query(signal.evidence, row), step.is_panel)
