"""Millions of rows into both engines in flat memory: COPY on PostgreSQL, executemany on SQLite.

For the load generator alone: it writes what the database stores, past models and their rules.
"""

import io
import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import JSONField, Max, Model

IS_POSTGRES = connection.vendor == "postgresql"
_EPOCH = 0x0193_0000_0000  # the first 48 bits of an identifier
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def stamp(day: date, hour: int = 9) -> str:
    """A moment of a day, UTC, as the database stores it."""
    return f"{day.isoformat()} {hour:02}:00:00{'+00' if IS_POSTGRES else ''}"


class Table:
    """Rows of one model that wait to be written; `columns` vary, all others hold the model's defaults."""

    def __init__(self, model: type[Model], *columns: str, serial: int) -> None:
        self.model = model
        self.next_id: int = (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
        self._rows: list[tuple[Any, ...]] = []
        fields = {field.attname: field for field in model._meta.concrete_fields}
        self._has_uuid = "public_id" in fields
        self._own = ("id", *(["public_id"] if self._has_uuid else []), *columns)
        self._rest = [name for name in fields if name not in self._own]
        empty = model()
        self._constants = tuple(_stored(getattr(empty, name), fields[name]) for name in self._rest)
        self._serial = serial  # of the table, so that two tables never share an identifier

    def add(self, *values: Any) -> int:
        """Queue one row; returns its id. Values are as the database stores them."""
        pk = self.next_id
        self.next_id = pk + 1
        head = (pk, self.identifier(pk)) if self._has_uuid else (pk,)
        self._rows.append((*head, *values, *self._constants))
        return pk

    def identifier(self, number: int, mark: int = 0) -> str:
        """A UUIDv7-shaped value that grows with the number, so that its index grows at one end."""
        return f"{_EPOCH + number:012x}7{self._serial:03x}8{mark:015x}"

    def flush(self) -> int:
        """Write what waits; returns how many rows."""
        rows, self._rows = self._rows, []
        if not rows:
            return 0
        columns = ", ".join(f'"{name}"' for name in self._column_names())
        table = self.model._meta.db_table
        with connection.cursor() as cursor:
            if IS_POSTGRES:
                cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN', _copy_file(rows))
            else:
                marks = ", ".join("?" * len(rows[0]))
                with connection.wrap_database_errors:
                    connection.connection.executemany(
                        f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows
                    )
        return len(rows)

    def _column_names(self) -> Iterable[str]:
        by_attname = {field.attname: str(field.column) for field in self.model._meta.concrete_fields}
        return (by_attname[name] for name in (*self._own, *self._rest))


def set_sequences(tables: Iterable[Table]) -> None:
    """Tell PostgreSQL where the next identifiers begin; SQLite knows by itself."""
    if not IS_POSTGRES:
        return
    with connection.cursor() as cursor:
        for table in tables:
            name = table.model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), %s)", [table.next_id])


def analyse() -> None:
    """Fresh statistics, as a living database has them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _stored(value: Any, field: Any) -> Any:
    """A default of a model as the database stores it."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return stamp(date(2026, 1, 1))
    if isinstance(field, JSONField):
        return json.dumps(value)
    stored = field.get_db_prep_save(value, connection)
    if isinstance(stored, bool):
        return int(stored)
    return str(stored) if isinstance(stored, Decimal | UUID | datetime | date) else stored


def _copy_file(rows: Iterable[tuple[Any, ...]]) -> io.StringIO:
    lines = ("\t".join(map(_copy_value, row)) for row in rows)
    return io.StringIO("\n".join(lines) + "\n")


def _copy_value(value: Any) -> str:
    if value is None:
        return "\\N"
    return value.translate(_ESCAPES) if type(value) is str else str(value)
