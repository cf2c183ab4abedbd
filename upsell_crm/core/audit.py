"""Writing history; services call it inside their transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model

from upsell_crm.core.models.history import AuditEvent, ExportLog
from upsell_crm.core.models.people import User

request_id: ContextVar[str] = ContextVar("request_id", default="")
_machine: ContextVar[str] = ContextVar("machine", default="")


@contextmanager
def acting_as(machine: str) -> Iterator[None]:
    """Inside, what nobody of us does (`by=None`) stands in history under the name of this client of the API."""
    token = _machine.set(machine)
    try:
        yield
    finally:
        _machine.reset(token)


def readable(value: Any) -> Any:
    """A value as it stands in history: JSON types stay, records and moments become text."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def build_event(
    event: str, obj: Model, *, by: User | None, changes: dict[str, list[Any]] | None = None,
    company_id: int | None = None, reason: str = "",
) -> AuditEvent:  # fmt: skip
    """One unsaved line of history, for bulk writers; `record` saves a single one."""
    return AuditEvent(
        actor_id=by.pk if by else None,
        actor_name=str(by) if by else _machine.get(),
        event=event,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        object_label=str(obj)[:300],
        company_id=company_id if company_id is not None else getattr(obj, "company_id", None),
        changes={name: [readable(old), readable(new)] for name, (old, new) in (changes or {}).items()},
        reason=reason,
        request_id=request_id.get(),
    )


def record(event: str, obj: Model, *, by: User | None, **details: Any) -> AuditEvent:
    """Write one line of history about `obj`; `by=None` means a job."""
    line = build_event(event, obj, by=by, **details)
    line.save(force_insert=True)
    return line


def log_export(*, by: User, kind: str, rows: int, parameters: dict[str, Any]) -> ExportLog:
    """Write down a file or phone list that leaves the product (domain.md §3)."""
    return ExportLog.objects.create(user=by, kind=kind, rows=rows, parameters=parameters)
