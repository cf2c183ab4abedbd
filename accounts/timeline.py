"""One order of everything that happened with a client, from the sources that each room names (R11).

All sources are read by one statement (a union of their keys and words); only communications are then read in full.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.enums import TimelineGroup
from upsell_crm.core.models import User
from upsell_crm.core.paging import PAGE_SIZE, BadCursor, Key, Keyset, Page

ORDER = Keyset((Key("at", True), Key("rank", True), Key("key", True)), salt="paging:timeline")


class StartOfDay(Func):
    """A day as a moment (midnight UTC, so the same Moscow day), written alike on both engines."""

    output_field = DateTimeField()
    template = "CAST(%(expressions)s AS timestamp with time zone)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """As SQLite keeps moments: text."""
        return self.as_sql(compiler, connection, template="(%(expressions)s || ' 00:00:00')", **context)


class Entry(NamedTuple):
    """One row of the union; `link` is the public id of what it is about, the meaning of words is the source's own."""

    at: datetime
    rank: int
    key: int
    company_id: int
    link: UUID
    name: str
    detail: str
    state: str


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in words."""

    title: str | Promise
    text: str = ""
    url: str = ""
    icon: str = "note"
    tone: str = ""


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """One kind of events: which records a person may see of some companies, when each happened, how it is told.

    `at` is the path of a moment, or of a day with `is_day`. A room lists its sources in
    `AppConfig.timeline_sources`, a dotted path, since a lower room knows no upper one.
    """

    code: str
    group: TimelineGroup
    at: str
    rows: Callable[[User, Sequence[int]], QuerySet[Any]]
    tell: Callable[[Entry], Told] | None = None  # None: a communication, shown in full
    is_day: bool = False
    company: str = "company_id"
    link: str | Combinable = "public_id"
    name: str | Combinable = ""
    detail: str | Combinable = ""
    state: str | Combinable = ""

    def entries(self, rows: QuerySet[Any], rank: int) -> QuerySet[Any]:
        """The rows with the columns that all sources share."""
        return rows.order_by().annotate(
            t_at=StartOfDay(F(self.at)) if self.is_day else F(self.at),
            t_rank=Value(rank, IntegerField()), t_key=F("pk"),
            t_company=Func(F(self.company), template="%(expressions)s", output_field=BigIntegerField()),
            t_link=F(self.link) if isinstance(self.link, str) else self.link,
            **{f"t_{part}": as_text(getattr(self, part)) for part in ("name", "detail", "state")},
        ).values_list(*(f"t_{part}" for part in ("at", "rank", "key", "company", "link", "name", "detail", "state")))  # fmt: skip

    def since(self, moment: datetime) -> Q:
        """Not earlier than a moment."""
        return Q(**{f"{self.at}__gte": moment.astimezone(UTC).date() if self.is_day else moment})

    def before(self, own_rank: int, at: datetime, rank: int, key: int) -> Q:
        """What stands below the entry (at, rank, key) in the order of the timeline."""
        earlier, same = self._around(at)
        if own_rank < rank:
            return earlier | same
        return earlier | same & Q(pk__lt=key) if own_rank == rank else earlier

    def _around(self, at: datetime) -> tuple[Q, Q]:
        """Conditions: strictly earlier than a moment, and at that very moment."""
        if not self.is_day:
            return Q(**{f"{self.at}__lt": at}), Q(**{self.at: at})
        moment = at.astimezone(UTC)
        if moment.time() == time.min:
            return Q(**{f"{self.at}__lt": moment.date()}), Q(**{self.at: moment.date()})
        return Q(**{f"{self.at}__lte": moment.date()}), Q(pk__in=[])


@cache
def all_sources() -> tuple[TimelineSource, ...]:
    """The sources of every room, in a fixed order: the place of a source decides between events of one moment."""
    found: list[TimelineSource] = []
    for room in apps.get_app_configs():
        found += import_string(room.timeline_sources) if hasattr(room, "timeline_sources") else ()
    return tuple(sorted(found, key=lambda source: source.code))


Narrow = Callable[[TimelineSource, QuerySet[Any]], QuerySet[Any]]


def timeline_page(
    user: User, companies: Sequence[int], asked: Mapping[str, str], *, groups: Sequence[str] = (),
    narrow: Narrow = lambda _source, rows: rows, size: int = PAGE_SIZE,
) -> Page:  # fmt: skip
    """Entries of these companies, the newest first; one statement whatever the sources.

    `groups` empty = all. An altered cursor gives the start.
    """
    try:
        place = ORDER.values_of(asked["after"]) if asked.get("after") else None
    except BadCursor:
        place = None
    parts = []
    for rank, source in enumerate(all_sources()):
        if groups and source.group not in groups:
            continue
        rows = narrow(source, source.rows(user, companies))
        if place:
            rows = rows.filter(source.before(rank, *place))
        parts.append(source.entries(rows, rank))
    first, *others = parts
    found = first.union(*others, all=True) if others else first
    entries = [Entry(*row) for row in found.order_by("-t_at", "-t_rank", "-t_key")[: size + 1]]
    after = ORDER.cursor_of(entries[size - 1]) if len(entries) > size else ""
    return Page(entries[:size], after=after, is_first=place is None)


def as_text(value: str | Combinable) -> Combinable:
    """A path of a text, an expression, or nothing."""
    if isinstance(value, str):
        value = F(value) if value else Value("")
    return Func(value, template="%(expressions)s", output_field=CharField())
