"""Writing and dropping a hundred thousand rows without an instance of the model for each."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from django.db import connection, models

PARAMETERS = 900  # of one statement: SQLite may be built to take 999
_AS_TEXT: dict[type, Callable[[Any], str]] = {
    Decimal: str,
    date: date.isoformat,
    dict: json.dumps,
    list: json.dumps,
}


def insert_rows(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """INSERT rows that all name the same fields, many a statement; call it inside a transaction.

    A column that is not named takes the default of the database, if it has one; nothing is validated. A relation
    is given by its key. Decimals and dates go as text, dicts and lists as JSON: both engines read them alike.
    """
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return
    quote, names = connection.ops.quote_name, tuple(first)
    columns = ", ".join(quote(str(model._meta.get_field(name).column)) for name in names)  # type: ignore[union-attr]
    into = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "
    one = f"({', '.join(['%s'] * len(names))})"
    values = ([_plain(row[name]) for name in names] for row in chain([first], waiting))
    with connection.cursor() as cursor:
        while part := list(islice(values, PARAMETERS // len(names))):
            cursor.execute(into + ", ".join([one] * len(part)), list(chain.from_iterable(part)))


def drop_rows(rows: models.QuerySet[Any]) -> None:
    """DELETE by one statement, for rows to which nothing points any more: `delete()` would read each of them."""
    rows.order_by()._raw_delete(rows.db)


def _plain(value: Any) -> Any:
    as_text = _AS_TEXT.get(type(value))
    return value if as_text is None else as_text(value)
