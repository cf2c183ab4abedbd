"""Pages by keyset: the next page starts after the last row seen, whatever was added meanwhile (no OFFSET, no COUNT)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PAGE_SIZE = 25
# What a cursor may carry: the tag in it → how the text becomes the value again.
_READERS: dict[str, Any] = {
    "int": int, "str": str, "Decimal": Decimal, "date": date.fromisoformat,
    "datetime": datetime.fromisoformat, "UUID": UUID, "bool": lambda text: text == "True", "float": float,
}  # fmt: skip


class BadCursor(ValueError):
    """The cursor was changed by hand, belongs to another list, or is from an older release."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, the cursors of its neighbours ("" = none), and a note for the reader."""

    rows: list[Any]
    after: str = ""
    before: str = ""
    note: str | Promise = ""
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class Key:
    """One field of the order. A null stands last, whichever way the field is sorted."""

    name: str
    is_descending: bool = False
    is_nullable: bool = False

    def ordering(self, *, is_backward: bool) -> OrderBy:
        """The order of this field; nulls are mentioned only where there can be some, so that indexes serve."""
        descends = self.is_descending != is_backward
        expression = F(self.name)
        if not self.is_nullable:
            return expression.desc() if descends else expression.asc()
        place = {"nulls_first": True} if is_backward else {"nulls_last": True}
        return expression.desc(**place) if descends else expression.asc(**place)

    def beyond(self, value: Any, *, is_backward: bool) -> Q:
        """Rows that stand strictly further than `value` in the direction of travel."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if is_backward else Q(pk__in=[])
        comparison = "lt" if self.is_descending != is_backward else "gt"
        further = Q(**{f"{self.name}__{comparison}": value})
        if self.is_nullable and not is_backward:
            further |= Q(**{f"{self.name}__isnull": True})
        return further

    def equal(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


@dataclass(frozen=True)
class Keyset:
    """The order of a list by named fields ("-score"); the last one must be unique."""

    keys: tuple[Key, ...]
    salt: str = field(default="")

    @classmethod
    def of(cls, queryset: QuerySet, order: Sequence[str], filled: Collection[str] = ()) -> "Keyset":
        keys = tuple(_key(queryset, name, filled) for name in order)
        return cls(keys, salt=f"paging:{queryset.model._meta.label_lower}:{','.join(order)}")

    def ordering(self, *, is_backward: bool = False) -> list[OrderBy]:
        return [key.ordering(is_backward=is_backward) for key in self.keys]

    def cursor_of(self, row: Any) -> str:
        """Where this row stands, signed: a reader cannot ask for another order or list. Without a time: same page, same text."""
        values = [attrgetter(key.name.replace("__", "."))(row) for key in self.keys]
        return signing.Signer(salt=self.salt).sign_object([_written(value) for value in values])

    def values_of(self, cursor: str) -> list[Any]:
        """The values in a cursor of ours; raises BadCursor."""
        try:
            values = [_read(pair) for pair in signing.Signer(salt=self.salt).unsign_object(cursor)]
        except (signing.BadSignature, ValueError, TypeError, KeyError, ArithmeticError) as problem:
            raise BadCursor from problem
        if len(values) != len(self.keys):
            raise BadCursor
        return values

    def beyond(self, values: Sequence[Any], *, is_backward: bool) -> Q:
        """Rows further than the row with these values: further by the first field, or equal in it and so on.

        The first field is also bounded alone, since a database walks an index by that and not by an OR.
        """
        condition = Q(pk__in=[])
        same = Q()
        for key, value in zip(self.keys, values, strict=True):
            condition |= same & key.beyond(value, is_backward=is_backward)
            same &= key.equal(value)
        first, value = self.keys[0], values[0]
        bound = first.beyond(value, is_backward=is_backward) | first.equal(value)
        return bound & condition


def paginate(
    queryset: QuerySet,
    asked: Mapping[str, str],
    *,
    order: Sequence[str],
    size: int = PAGE_SIZE,
    filled: Collection[str] = (),
) -> Page:
    """One page of `queryset` by `?after=` or `?before=`; one statement.

    `filled` names nullable fields that are never null in this list, so that a plain index serves the order.
    A cursor that is not ours, or a place that has emptied, gives the first page with a note.
    """
    keyset = Keyset.of(queryset, order, filled)
    cursor, is_backward = asked.get("after") or asked.get("before") or "", not asked.get("after")
    if not cursor:
        return first_page(queryset, keyset, size)
    try:
        values = keyset.values_of(cursor)
    except BadCursor:
        return first_page(
            queryset, keyset, size, note=_("This link to a page is out of date: here is the start.")
        )
    page = page_beside(queryset, keyset, size, values, is_backward=is_backward)
    return (
        page
        if page.rows
        else first_page(queryset, keyset, size, note=_("The list has changed: here is its start."))
    )


def first_page(queryset: QuerySet, keyset: Keyset, size: int, note: str | Promise = "") -> Page:
    """The start of the list."""
    rows = list(queryset.order_by(*keyset.ordering())[: size + 1])
    after = keyset.cursor_of(rows[size - 1]) if len(rows) > size else ""
    return Page(rows[:size], after=after, note=note)


def page_beside(
    queryset: QuerySet, keyset: Keyset, size: int, values: Sequence[Any], *, is_backward: bool
) -> Page:
    """The page beyond a row with these values; empty when nothing is left there."""
    beside = queryset.filter(keyset.beyond(values, is_backward=is_backward))
    rows = list(beside.order_by(*keyset.ordering(is_backward=is_backward))[: size + 1])
    has_more = len(rows) > size
    rows = rows[:size]
    if not rows:
        return Page(rows)
    if is_backward:
        rows.reverse()
    has_after, has_before = (True, has_more) if is_backward else (has_more, True)
    return Page(
        rows,
        after=keyset.cursor_of(rows[-1]) if has_after else "",
        before=keyset.cursor_of(rows[0]) if has_before else "",
        is_first=not has_before,
    )


def first_of_each(
    queryset: QuerySet, field: str, values: Sequence[Any], *, order: Sequence[str], size: int
) -> list[Any]:
    """Keys of the first `size` rows for each value of `field`: the columns of a board.

    One statement; with an index over (field, *order) it reads no more rows than it gives, however many there are.
    """
    rows = queryset.model._base_manager.order_by()
    first, *others = [
        rows.filter(pk__in=queryset.filter(**{field: value}).order_by(*order).values("pk")[:size]).values_list("pk")
        for value in values
    ]  # fmt: skip
    return [key for (key,) in first.union(*others, all=True)]


def _key(queryset: QuerySet, name: str, filled: Collection[str]) -> Key:
    path = name.lstrip("-")
    return Key(path, name.startswith("-"), path not in filled and _is_nullable(queryset, path))


def _is_nullable(queryset: QuerySet, path: str) -> bool:
    """Whether a field may be null; an annotation may, unless it says otherwise."""
    model = queryset.model
    nullable = False
    for name in path.split("__"):
        try:
            part = model._meta.get_field(name)
        except FieldDoesNotExist:
            return path not in {"pk"}
        nullable = nullable or part.null
        model = part.related_model or model
    return nullable


def _written(value: Any) -> list[str] | None:
    return (
        None
        if value is None
        else [type(value).__name__, value.isoformat() if isinstance(value, date) else str(value)]
    )


def _read(pair: list[str] | None) -> Any:
    return None if pair is None else _READERS[pair[0]](pair[1])


def paginate_rows(
    rows: Sequence[Any],
    asked: Mapping[str, str],
    *,
    key: Callable[[Any], tuple[Any, ...]],
    name: str,
    size: int = PAGE_SIZE,
) -> Page:
    """A page of rows that were sorted by `key` in Python, since no column holds what they are sorted by.

    `key` is unique for each row and made of what a cursor may carry, without None; `name` tells one list and order from
    another. As in `paginate`, the next page begins after the last row seen, whatever has come or gone meanwhile.
    """
    signer = signing.Signer(salt=f"paging:{name}")
    cursor, is_backward = asked.get("after") or asked.get("before") or "", not asked.get("after")
    keys, start, end = [key(row) for row in rows], 0, size
    note: str | Promise = ""
    if cursor:
        try:
            seen = tuple(_read(pair) for pair in signer.unsign_object(cursor))
            place = bisect_left(keys, seen) if is_backward else bisect_right(keys, seen)
        except (signing.BadSignature, ValueError, TypeError, KeyError, ArithmeticError):
            place, note = 0, _("This link to a page is out of date: here is the start.")
        start, end = (max(0, place - size), place) if is_backward and place else (place, place + size)
        if start >= len(rows):
            start, end, note = 0, size, _("The list has changed: here is its start.")
    shown = rows[start:end]
    return Page(
        list(shown),
        after=signer.sign_object([_written(value) for value in keys[end - 1]]) if end < len(rows) else "",
        before=signer.sign_object([_written(value) for value in keys[start]]) if start else "",
        note=note,
        is_first=not start,
    )
