"""Taking a whole import back: what it created goes, what it changed becomes as it was."""

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from accounts.imports.companies_index import chunks
from accounts.imports.planning import Issue
from accounts.imports.writing import tell, update_record
from accounts.models import Company, ImportChange, ImportRun
from upsell_crm.core import audit
from upsell_crm.core.models import AuditEvent, User

ROOM = "accounts"


class Undo:
    """One undo: first every obstacle is found, then everything is taken back."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.changes = list(ImportChange.objects.filter(run=run).order_by("-pk"))
        self.created: dict[type[models.Model], dict[int, ImportChange]] = defaultdict(dict)
        self.records: dict[tuple[type[models.Model], int], models.Model] = {}
        for change in self.changes:
            if change.action == "created":
                self.created[_model(change)][change.object_id] = change
        self._load()

    def _load(self) -> None:
        ids: dict[type[models.Model], set[int]] = defaultdict(set)
        for change in self.changes:
            ids[_model(change)].add(change.object_id)
        for model, keys in ids.items():
            for chunk in chunks(keys):
                self.records |= {(model, one.pk): one for one in model._default_manager.filter(pk__in=chunk)}

    def obstacles(self) -> list[Issue]:
        """Rows that cannot be taken back, with the reason."""
        found = [issue for change in self.changes if (issue := self._changed_meanwhile(change))]
        return sorted(found + self._references(), key=lambda issue: issue.row)

    def _changed_meanwhile(self, change: ImportChange) -> Issue | None:
        record = self.records.get((_model(change), change.object_id))
        if record is None:
            return Issue(change.row, "", "", _("The record is no longer there."))
        if change.action == "moved":
            return Issue(
                change.row,
                "",
                str(record),
                _("The payment has moved the state of “%(record)s”.") % {"record": record},
            )
        for name, value in change.after.items():
            if _as_stored(record, name, value) != getattr(record, name):
                label = str(record._meta.get_field(name).verbose_name)
                return Issue(
                    change.row,
                    label,
                    str(record),
                    _("“%(record)s” was changed after the import.") % {"record": record},
                )
        return None

    def _references(self) -> list[Issue]:
        """Records of others that point at what the import created. Results of upper rooms go with it."""
        found: list[Issue] = []
        for model, created in self.created.items():
            for relation in model._meta.related_objects:
                if relation.field.concrete and _blocks(relation):
                    found += self._pointing(relation, created)
        return list({issue.row: issue for issue in found}.values())

    def _pointing(self, relation: Any, created: dict[int, ImportChange]) -> list[Issue]:
        model, name = relation.related_model, relation.field.attname
        own = self.created.get(model, {})
        undone = {pk for (kind, pk), _record in self.records.items() if kind is model}
        found = []
        for chunk in chunks(created):
            rows = model._base_manager.filter(**{f"{name}__in": chunk}).order_by("pk").values_list("pk", name)
            for pk, target in rows:
                if pk in own or (pk in undone and self._restores(model, pk, name)):
                    continue
                record = self.records[relation.model, target]
                message = _("“%(record)s” is used by: %(what)s.") % {
                    "record": record,
                    "what": model._meta.verbose_name,
                }
                found.append(Issue(created[target].row, "", str(record), message))
        return found

    def _restores(self, model: type[models.Model], pk: int, name: str) -> bool:
        return any(
            change.object_id == pk
            and _model(change) is model
            and change.action == "updated"
            and name in change.before
            for change in self.changes
        )

    def perform(self, by: User | None) -> None:
        """Take everything back; call inside a transaction, after `obstacles` found none."""
        companies = self._companies()
        events = []
        for change in self.changes:
            record = self.records[_model(change), change.object_id]
            if change.action == "updated":
                self._restore(change, record, by)
            events.append(_event(change, record, by, self.run.file_name))
        AuditEvent.objects.bulk_create(events, batch_size=500)
        for model in self._deletion_order():
            _delete(model, set(self.created[model]))
        tell(
            self.run,
            set(Company.objects.filter(pk__in=companies).values_list("pk", flat=True))
            if companies
            else set(),
        )

    @staticmethod
    def _restore(change: ImportChange, record: models.Model, by: User | None) -> None:
        names = []
        for attname, value in change.before.items():
            setattr(record, attname, _as_stored(record, attname, value))
            names.append(record._meta.get_field(attname).name)
        if hasattr(record, "set_search_columns"):
            record.set_search_columns()
        update_record(record, names, by)

    def _deletion_order(self) -> list[type[models.Model]]:
        """Children first: the latest created kind of record goes first."""
        order: list[type[models.Model]] = []
        for change in self.changes:
            if change.action == "created" and _model(change) not in order:
                order.append(_model(change))
        return sorted(order, key=lambda model: _depth(model, set(order)), reverse=True)

    def _companies(self) -> set[int]:
        found: set[int | None] = set()
        for record in self.records.values():
            found.add(_company(record) or getattr(getattr(record, "contract", None), "company_id", None))
            found.add(getattr(record, "end_user_company_id", None))
        return {key for key in found if key is not None}


def _model(change: ImportChange) -> type[models.Model]:
    return apps.get_model(change.object_type)


def _event(change: ImportChange, record: models.Model, by: User | None, file_name: str) -> AuditEvent:
    """History of marked fields only: phones and e-mails stay out of it (R102)."""
    marked = {record._meta.get_field(name).attname for name in getattr(record, "HISTORY", ())}
    changes = {name: [change.after[name], change.before.get(name)] for name in change.after if name in marked}
    return audit.build_event(
        "undo_import", record, by=by, reason=file_name, company_id=_company(record), changes=changes
    )


def _as_stored(record: models.Model, attname: str, value: Any) -> Any:
    """A value of the change log as the record holds it: JSON knows no dates and decimals."""
    return record._meta.get_field(attname).to_python(value)


def _company(record: models.Model) -> int | None:
    return record.pk if isinstance(record, Company) else getattr(record, "company_id", None)


def _blocks(relation: Any) -> bool:
    """A record of this room is somebody's work; of upper rooms only what refuses to be orphaned."""
    if relation.related_model._meta.app_label == ROOM:
        return True
    return relation.on_delete in (models.PROTECT, models.RESTRICT)


def _depth(model: type[models.Model], among: set[type[models.Model]]) -> int:
    targets = {field.related_model for field in model._meta.concrete_fields if field.is_relation} & among - {
        model
    }
    return 1 + max((_depth(target, among - {model}) for target in targets), default=0)  # type: ignore[arg-type]


def _delete(model: type[models.Model], keys: set[int]) -> None:
    """Leaves of trees before their roots, in parts."""
    to_self = [field.attname for field in model._meta.concrete_fields if field.related_model is model]
    while keys:
        inner: set[int] = set()
        for chunk in chunks(keys):
            for name in to_self:
                pointed = model._base_manager.filter(**{f"{name}__in": chunk}).values_list(name, flat=True)
                inner |= set(pointed)
        leaves = keys - inner
        for chunk in chunks(leaves):
            model._default_manager.filter(pk__in=chunk).delete()
        keys -= leaves
