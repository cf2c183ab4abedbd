"""The history of a client as sentences: who did what and when, what stood there and what stands now (R15)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Fact, FactResult
from upsell_crm.core.models import AuditEvent

EVENTS: dict[str, Promise] = {
    "add_wait": gettext_lazy("wrote down an awaited feature"),
    "answer_wait": gettext_lazy("showed an awaited feature"),
    "create_feature": gettext_lazy("entered the feature"),
    "drop_wait": gettext_lazy("removed an awaited feature"),
    "edit_feature": gettext_lazy("corrected the feature"),
    "edit_wait": gettext_lazy("corrected an awaited feature"),
    "move_feature": gettext_lazy("moved the feature"),
    "repeat_wait": gettext_lazy("wrote down an awaited feature once more"),
    "settle_task": gettext_lazy("finished a task by what was recorded"),
    "take_back_wait": gettext_lazy("took an awaited feature back"),
    "tell_wait": gettext_lazy("told the client that the feature will not come"),
    "add_contact": gettext_lazy("added a contact"),
    "add_licence": gettext_lazy("added a licence"),
    "anonymise_contact": gettext_lazy("anonymised a contact"),
    "archive_company": gettext_lazy("archived the company"),
    "assign_kam": gettext_lazy("changed the responsible KAM"),
    "cancel_task": gettext_lazy("cancelled a task"),
    "change_licence": gettext_lazy("changed a licence"),
    "confirm_fact": gettext_lazy("confirmed data"),
    "take_back_fact": gettext_lazy("took a confirmation back"),
    "correct_interaction": gettext_lazy("corrected a communication"),
    "create_company": gettext_lazy("added the company"),
    "create_contract": gettext_lazy("entered a contract"),
    "create_task": gettext_lazy("set a task"),
    "end_contact_role": gettext_lazy("ended a role in the decision"),
    "handle_objection": gettext_lazy("handled an objection"),
    "hold_planned": gettext_lazy("logged the outcome of a planned meeting"),
    "link_contacts": gettext_lazy("put a relation on the map"),
    "log_interaction": gettext_lazy("logged a communication"),
    "log_objection": gettext_lazy("wrote down an objection"),
    "mark_contact_left": gettext_lazy("marked a contact as left"),
    "mark_key": gettext_lazy("changed the key mark"),
    "move_contract": gettext_lazy("moved a contract"),
    "prolong_contract": gettext_lazy("prolonged a contract"),
    "reassign_task": gettext_lazy("reassigned a task"),
    "record_payment": gettext_lazy("booked a payment"),
    "remove_licence": gettext_lazy("removed a licence"),
    "restore_company": gettext_lazy("restored the company"),
    "retract_interaction": gettext_lazy("took a communication back"),
    "save_contact_role": gettext_lazy("set a role in the decision"),
    "save_court_load": gettext_lazy("entered the court load"),
    "save_department": gettext_lazy("changed a department"),
    "save_estimate": gettext_lazy("entered the potential"),
    "save_revenue": gettext_lazy("entered the revenue"),
    "set_strength": gettext_lazy("set the strength of a contact"),
    "unlink_contacts": gettext_lazy("removed a relation from the map"),
    "update_company": gettext_lazy("changed the company"),
    "update_contact": gettext_lazy("changed a contact"),
    "update_contract": gettext_lazy("changed a contract"),
    "update_procurement": gettext_lazy("changed how the client buys"),
    "withdraw_consent": gettext_lazy("noted that a person wants no mailings"),
    "admin_delete_expertise": gettext_lazy("took an expertise away"),
    "amend_task": gettext_lazy("changed a task"),
    "import_file": gettext_lazy("imported a file"),
    "keep_agreement": gettext_lazy("noted that an agreement was kept"),
    "return_task": gettext_lazy("returned a task"),
    "set_expertise": gettext_lazy("set an expertise"),
    "take_back_feature": gettext_lazy("took an awaited feature back"),
    "undo_import": gettext_lazy("undid an import"),
    "unmeet_contact": gettext_lazy("took a person out of a communication"),
}
MONEY = (models.DecimalField,)
SILENT_LABELS = frozenset({"accounts.company", "accounts.factcheck", "accounts.procurementprofile"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its name, the old and the new value in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event as a person reads it."""

    at: datetime
    who: str
    what: str
    about: str
    changes: list[Change]
    reason: str


def history_line(event: AuditEvent, *, may_see_money: bool) -> HistoryLine:
    """The sentence; amounts are left out for who may not see them."""
    model = _model(event.object_type)
    changes = []
    for name, (old, new) in event.changes.items():
        field = _field(model, name)
        if isinstance(field, MONEY) and not may_see_money:
            continue
        changes.append(Change(_label(name, field), _value(old, name, field), _value(new, name, field)))
    return HistoryLine(
        at=event.at,
        who=event.actor_name or _("the system"),
        what=str(known_events().get(event.event, event.event.replace("_", " "))),
        about="" if event.object_type in SILENT_LABELS else event.object_label,
        changes=changes,
        reason=event.reason,
    )


@cache
def known_events() -> dict[str, Promise]:
    """The events of this room and of the rooms above, each of which names its own (`AppConfig.history_words`)."""
    words = dict(EVENTS)
    for room in apps.get_app_configs():
        words |= getattr(room, "history_words", {})
    return words


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _label(name: str, field: Any) -> str:
    if field is not None:
        return str(field.verbose_name)
    return str(Fact(name).label) if name in Fact.values else name.replace("_", " ")


def _value(value: Any, name: str, field: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = dict(getattr(field, "flatchoices", None) or (FactResult.choices if name in Fact.values else []))
    if value in choices:
        return str(choices[value])
    if isinstance(field, models.DecimalField):
        return _money(value)
    day: date | None = (
        parse_date(value) if isinstance(field, models.DateField) and len(str(value)) == 10 else None
    )
    return date_format(day, "SHORT_DATE_FORMAT") if day else str(value)


def _money(value: Any) -> str:
    try:
        return number_format(Decimal(str(value)), 2, force_grouping=True)
    except InvalidOperation:
        return str(value)
