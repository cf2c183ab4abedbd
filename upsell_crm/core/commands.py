"""The shape of every write: allowed → valid → changed → recorded → told after commit."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from upsell_crm.core import audit, clock
from upsell_crm.core.constraints import check_constraints
from upsell_crm.core.errors import DomainError, Stale
from upsell_crm.core.models.base import RecordedModel
from upsell_crm.core.models.people import User

M = TypeVar("M", bound=RecordedModel)


def validate(obj: models.Model, changed: Collection[str] | None = None) -> None:
    """Fields, choices, uniqueness and the named constraints, as a DomainError with the texts per field.

    With `changed` (names of fields) only they are asked, and the constraints that speak of them.
    """
    errors: dict[str, list[ValidationError]] = {}
    try:
        obj.full_clean(exclude=_known_good(obj, changed), validate_constraints=False)
    except ValidationError as problem:
        errors = problem.update_error_dict(errors)
    try:
        check_constraints(obj, changed=changed, unclean=errors)
    except ValidationError as problem:
        errors = problem.update_error_dict(errors)
    if errors:
        texts = {
            ("" if field == NON_FIELD_ERRORS else field): lines
            for field, lines in ValidationError(errors).message_dict.items()
        }
        raise DomainError("invalid", _("Please correct the marked fields."), texts)


def _known_good(obj: models.Model, changed: Collection[str] | None) -> set[str]:
    """Fields that need no question: identifiers of our own making, unchanged values, records that were just read."""
    fields: Iterable[Any] = obj._meta.concrete_fields
    return {
        field.name
        for field in fields
        if field.name == "public_id"
        or (changed is not None and field.name not in changed)
        or (field.is_relation and field.is_cached(obj) and getattr(field.get_cached_value(obj), "pk", None))
    }


def create(obj: M, *, by: User | None, event: str, reason: str = "", check: bool = True) -> M:
    """Save a new record with its author and one line of history; raises DomainError."""
    if check:
        validate(obj)
    obj.created_by = obj.updated_by = by
    try:
        with transaction.atomic():
            obj.save(force_insert=True)
            changes = {name: [None, getattr(obj, name)] for name in sorted(obj.HISTORY) if getattr(obj, name)}
            audit.record(event, obj, by=by, changes=changes, company_id=_company_of(obj), reason=reason)
    except IntegrityError as problem:
        raise DomainError("conflict", _("Such a record exists already, or a rule forbids it.")) from problem
    return obj


def change(
    obj: M, values: dict[str, Any], *, by: User | None, event: str,
    version: int | None = None, reason: str = "", check: bool = True,
) -> dict[str, list[Any]]:  # fmt: skip
    """Set `values`, bump the version by compare-and-swap, record marked fields; returns what changed.

    Nothing changed → nothing written. `version` is the one that the person saw; another one in the
    database raises Stale (faults B1), and the caller shows both texts.
    """
    expected = obj.version if version is None else version
    changes = {
        name: [getattr(obj, name), value] for name, value in values.items() if getattr(obj, name) != value
    }
    if not changes:
        return {}
    for name, (_old, value) in changes.items():
        setattr(obj, name, value)
    if check:
        validate(obj, changes)
    columns = [field.attname for field in obj._meta.concrete_fields if field.name in changes]
    fields = {column: getattr(obj, column) for column in columns}
    try:
        with transaction.atomic():
            updated = (
                type(obj)
                ._base_manager.filter(pk=obj.pk, version=expected)
                .update(**fields, version=expected + 1, updated_by=by, updated_at=clock.now())
            )
            if not updated:
                raise Stale("version_mismatch", _("Somebody else has changed this record meanwhile."))
            obj.version = expected + 1
            marked = {name: pair for name, pair in changes.items() if name in obj.HISTORY}
            if marked:
                audit.record(event, obj, by=by, changes=marked, company_id=_company_of(obj), reason=reason)
    except IntegrityError as problem:
        raise DomainError("conflict", _("Such a record exists already, or a rule forbids it.")) from problem
    return changes


def _company_of(obj: models.Model) -> int | None:
    return obj.pk if obj._meta.label_lower == "accounts.company" else getattr(obj, "company_id", None)


def check_version(record: RecordedModel, version: int | None) -> None:
    """The record is still the one that the person saw, for what is changed beside it. None asks for nothing. Raises Stale."""
    if version is not None and version != record.version:
        raise Stale("version_mismatch", _("Somebody else has changed this record meanwhile."))
