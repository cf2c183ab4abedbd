"""Filters that refuse what they do not understand (domain.md §7: a typo never returns everything)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.drainage import set_override
from rest_framework.request import Request
from rest_framework.views import APIView

from upsell_crm.core.api.problems import BadParameters, FieldError


class MomentField(forms.CharField):
    """RFC 3339 with an offset; a «+» that arrived as a space, as from curl, is understood."""

    def to_python(self, value: str | None) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            moment: datetime | None = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        except ValueError:
            moment = None
        # Outside these years an offset can carry the moment beyond what a date can hold.
        if moment is None or moment.tzinfo is None or not 1900 <= moment.year <= 9998:
            raise ValidationError(
                _("A moment is 2026-11-24T09:00:00+03:00: date, time and offset."), "moment"
            )
        return moment


class MomentFilter(filters.IsoDateTimeFilter):
    field_class = MomentField


class YesNoFilter(filters.TypedChoiceFilter):
    """true or false; any other word is refused."""

    def __init__(self, *args: Any, **options: Any) -> None:
        words = [("true", "true"), ("false", "false")]
        super().__init__(*args, choices=words, coerce=lambda word: word == "true", **options)
        set_override(self, "field", {"type": "boolean", "description": options.get("help_text", "")})


class StrictFilterBackend(filters.DjangoFilterBackend):
    """The view's FilterSet; a bad value is 400 with the name of the parameter."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: APIView) -> QuerySet:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise BadParameters(list(_form_errors(filterset.errors.as_data())))
        return filterset.qs


def check_parameters(request: Request, known: Iterable[str], repeatable: Iterable[str]) -> None:
    """Refuse unknown names, empty values, and a second value where one is expected."""
    known, repeatable = set(known), set(repeatable)
    errors = []
    for name, values in request.query_params.lists():
        if name not in known:
            errors.append(FieldError(name, "unknown_parameter", _("There is no such parameter here.")))
        elif not all(value.strip() for value in values):
            errors.append(FieldError(name, "empty", _("The value is empty: leave the parameter out.")))
        elif len(values) > 1 and name not in repeatable:
            errors.append(FieldError(name, "repeated", _("This parameter takes one value.")))
    if errors:
        raise BadParameters(errors)


def _form_errors(found: dict[str, list[ValidationError]]) -> Iterator[FieldError]:
    for name, problems in found.items():
        for problem in problems:
            yield FieldError(name, problem.code or "invalid", problem.message, problem.params)
