"""What the forms over a recorded model share: the version that the person saw, and the texts of a conflict."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import RecordedModel

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WORDS = forms.Textarea(attrs={"rows": 3})


MOST_DIGITS = 18  # of a key; a longer one is nobody's, and would be a failure of the database


class SomeOf(forms.ModelMultipleChoiceField):
    """Several records by their keys; what no key can be is refused like any other wrong choice (faults E15)."""

    def clean(self, value: Any) -> Any:
        """Longer than any key: refused before the database is asked."""
        for key in value if isinstance(value, (list, tuple)) else ():
            if len(str(key)) > MOST_DIGITS and not self.to_field_name:
                text = self.error_messages["invalid_pk_value"]
                raise forms.ValidationError(
                    text, code="invalid_pk_value", params={"pk": str(key)[:MOST_DIGITS]}
                )
        return super().clean(value)


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else has changed meanwhile: what stands there now, what this person typed."""

    label: str
    theirs: str
    mine: str


class VersionedForm(forms.Form):
    """A step over a record, checked against the version that the person saw when the form was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class RecordForm(forms.ModelForm):
    """Fields of a record with its version; works on a copy, so the service sees what really changes."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, instance: RecordedModel, **options: Any) -> None:
        options.setdefault("initial", {}).setdefault("version", instance.version)
        super().__init__(data, instance=copy(instance), **options)

    def values(self) -> dict[str, Any]:
        """What goes to the service."""
        return {
            name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.cleaned_data
        }

    @property
    def seen_version(self) -> int | None:
        """The version that the person saw when the form was opened."""
        return self.cleaned_data.get("version")

    def conflicts(self, stored: models.Model) -> list[Conflict]:
        """Where the typed text and the stored record differ now."""
        return [
            Conflict(str(self.fields[name].label), shown(stored, name), shown(self.instance, name))
            for name in self._meta.fields or ()
            if name in self.fields and getattr(stored, name) != getattr(self.instance, name)
        ]


def shown(record: models.Model, name: str) -> str:
    """The value of a field as a person reads it."""
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return "—" if value in (None, "") else str(value)


def add_problem(form: forms.BaseForm, problem: DomainError) -> None:
    """Put the refusal of a service beside the fields it names; the rest goes above the form."""
    for name, texts in problem.errors.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))
    if not problem.errors:
        form.add_error(None, str(problem.message))
