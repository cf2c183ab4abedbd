"""Values of the fields that an administrator adds to the outcome form (R33)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import CustomField
from upsell_crm.core.errors import DomainError, Text

TEXT_MAX = 2000


def label_of(definition: CustomField) -> str:
    """The label in the reader's language."""
    return definition.label_en if (get_language() or "ru").startswith("en") else definition.label_ru


def clean_custom(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by field code in their JSON form; empty ones are dropped; raises DomainError «custom_<code>»."""
    given = {code: value for code, value in values.items() if value not in (None, "", False)}
    if not given:
        return {}
    known = {field.code: field for field in CustomField.objects.filter(active=True, code__in=given)}
    cleaned: dict[str, Any] = {}
    errors: dict[str, list[Text]] = {}
    for code, value in given.items():
        try:
            cleaned[code] = _clean_one(known.get(code), value)
        except ValueError as problem:
            errors[f"custom_{code}"] = [str(problem)]
    if errors:
        raise DomainError("invalid", _("Please correct the marked fields."), errors)
    return cleaned


def _clean_one(definition: CustomField | None, value: Any) -> Any:
    if definition is None:
        raise ValueError(_("This field is no longer in the form; copy its text elsewhere."))
    match definition.kind:
        case CustomField.Kind.NUMBER:
            return _number(value)
        case CustomField.Kind.DATE:
            return _date(value)
        case CustomField.Kind.BOOL:
            return bool(value)
        case CustomField.Kind.CHOICE:
            if value not in definition.options:
                raise ValueError(_("Choose one of the options."))
            return value
    if len(str(value)) > TEXT_MAX:
        raise ValueError(_("At most 2,000 characters."))
    return str(value)


def _number(value: Any) -> str:
    """Kept as text, since JSON has no exact decimals."""
    try:
        number = Decimal(str(value).replace(" ", "").replace("\xa0", "").replace(",", "."))
    except InvalidOperation as problem:
        raise ValueError(_("Enter a number, for example 12 or 3.5.")) from problem
    if not number.is_finite():
        raise ValueError(_("Enter a number, for example 12 or 3.5."))
    return format(number, "f")


def _date(value: Any) -> str:
    try:
        day = value if isinstance(value, date) else parse_date(str(value))
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("Enter a date, for example 2026-11-24."))
    return day.isoformat()
