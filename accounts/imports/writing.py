"""Writing a plan in one transaction, with history and with what it takes to undo it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts.imports.base import Kind, Upsert
from accounts.imports.planning import Plan
from accounts.models import ImportChange, ImportRun
from accounts.models.importing import ImportKind
from accounts.services.act_by import refresh_act_by
from accounts.services.holdings import refresh_heads
from upsell_crm.core import audit, clock
from upsell_crm.core.errors import DomainError, Stale
from upsell_crm.core.models import AuditEvent, RecordedModel, User
from upsell_crm.core.reactions import announce

BATCH = 500
DERIVED = ("sort_name", "search_text")  # kept in step with the names by the models


def write_plan(run: ImportRun, kind: Kind, plan: Plan, by: User | None) -> None:
    """Save every planned record or none. Raises Stale when somebody changed one of them since it was read."""
    try:
        with transaction.atomic():
            _create([upsert for upsert in plan.upserts if upsert.created], by)
            for upsert in plan.upserts:
                if not upsert.created:
                    update_record(upsert.obj, list(upsert.changes), by)
            effects = kind.after_write(plan.upserts)
            companies = _companies_of(kind, plan.upserts)
            _record(run, kind, plan.upserts, effects, by)
            tell(run, companies)
    except IntegrityError as problem:
        raise DomainError(
            "conflict", _("The rows contradict each other or a record of the system; nothing was written.")
        ) from problem


def tell(run: ImportRun, companies: set[int]) -> None:
    """Tops of holdings and act-by dates at once, the ranking once for the whole import."""
    if run.kind == ImportKind.COMPANIES:
        refresh_heads()
    if companies:
        refresh_act_by(company_ids=sorted(companies))
        announce("facts_changed", company_ids=sorted(companies))


def _companies_of(kind: Kind, upserts: Iterable[Upsert]) -> set[int]:
    return {pk for upsert in upserts for pk in kind.touched(upsert.obj)}


def _create(upserts: list[Upsert], by: User | None) -> None:
    """In bulk, level by level: what others point at comes first."""
    levels: dict[int, int] = {}
    batches: dict[tuple[int, type[models.Model]], list[models.Model]] = defaultdict(list)
    for upsert in upserts:
        obj = upsert.obj
        if isinstance(obj, RecordedModel):
            obj.created_by = obj.updated_by = by
        levels[id(obj)] = 1 + max((levels.get(id(other), 0) for other in _references(obj)), default=0)
        batches[levels[id(obj)], type(obj)].append(obj)
    for _level, model in sorted(batches, key=lambda key: key[0]):
        model._default_manager.bulk_create(batches[_level, model], batch_size=BATCH)


def _references(obj: models.Model) -> list[models.Model]:
    return [
        other
        for field in obj._meta.concrete_fields
        if field.is_relation and field.is_cached(obj) and (other := field.get_cached_value(obj)) is not None
    ]


def update_record(obj: models.Model, names: list[str], by: User | None) -> None:
    """Save some fields by compare-and-swap on the version, where the model has one."""
    names = names + [name for name in DERIVED if hasattr(obj, name) and name not in names]
    values: dict[str, Any] = {}
    for name in names:
        field = obj._meta.get_field(name)
        if field.is_relation and field.is_cached(obj) and (other := field.get_cached_value(obj)) is not None:
            setattr(obj, name, other)  # a record of this import has its key by now
        values[field.attname] = getattr(obj, field.attname)
    found = type(obj)._base_manager.filter(pk=obj.pk)
    if isinstance(obj, RecordedModel):
        found = found.filter(version=obj.version)
        values |= {"version": obj.version + 1, "updated_by": by, "updated_at": clock.now()}
    elif hasattr(obj, "updated_at"):
        values["updated_at"] = clock.now()
    if not found.update(**values):
        raise Stale(
            "version_mismatch",
            _("“%(record)s” was changed meanwhile; check the file again.") % {"record": obj},
        )
    if isinstance(obj, RecordedModel):
        obj.version += 1


def _record(
    run: ImportRun, kind: Kind, upserts: list[Upsert], effects: list[Upsert], by: User | None
) -> None:
    """History and the way back."""
    events, changes = [], []
    for upsert in upserts:
        if event := _event(run, upsert, by):
            events.append(event)
        changes.append(_change(run, upsert))
    changes += [
        _change(run, effect, "moved" if "status" in effect.changes else "updated") for effect in effects
    ]
    AuditEvent.objects.bulk_create(events, batch_size=BATCH)
    ImportChange.objects.bulk_create(changes, batch_size=BATCH)


def _event(run: ImportRun, upsert: Upsert, by: User | None) -> AuditEvent | None:
    """One line of history: every new record, every change of a marked field (or of a model without marks)."""
    obj = upsert.obj
    marked = getattr(obj, "HISTORY", None)
    if upsert.created:
        names = marked if marked is not None else _plain_names(obj)
        changes = {
            name: [None, getattr(obj, name)] for name in sorted(names) if getattr(obj, name) not in (None, "")
        }
    else:
        changes = {
            name: list(pair) for name, pair in upsert.changes.items() if marked is None or name in marked
        }
        if not changes:
            return None
    contract = getattr(obj, "contract", None)
    company = obj.pk if obj._meta.label_lower == "accounts.company" else getattr(obj, "company_id", None)
    return audit.build_event(
        f"import_{run.kind}", obj, by=by, changes=changes, reason=run.file_name,
        company_id=company if company is not None else getattr(contract, "company_id", None),
    )  # fmt: skip


def _plain_names(obj: models.Model) -> list[str]:
    return [
        field.name
        for field in obj._meta.concrete_fields
        if field.editable and not field.primary_key and not field.is_relation
    ]


def _change(run: ImportRun, upsert: Upsert, action: str = "") -> ImportChange:
    obj = upsert.obj
    if upsert.created:
        before, after = {}, stored_values(obj)
    else:
        names = [obj._meta.get_field(name) for name in upsert.changes]
        before = {field.attname: stored(_key(upsert.changes[field.name][0])) for field in names}
        after = {field.attname: stored(getattr(obj, field.attname)) for field in names}
    return ImportChange(
        run=run, row=upsert.row, object_type=obj._meta.label_lower, object_id=obj.pk,
        action=action or ("created" if upsert.created else "updated"), before=before, after=after,
    )  # fmt: skip


def stored_values(obj: models.Model) -> dict[str, Any]:
    """Everything that people can change in a record, for comparing later."""
    fields = [field for field in obj._meta.concrete_fields if field.editable and not field.primary_key]
    return {field.attname: stored(getattr(obj, field.attname)) for field in fields}


def stored(value: Any) -> Any:
    """A value as JSON keeps it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
