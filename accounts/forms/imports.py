"""Forms of an import: the file, then what its columns mean."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.imports.kinds import KINDS
from accounts.models import ImportRun
from accounts.models.importing import ImportKind
from accounts.services.imports import may_import
from upsell_crm.core.models import User
from upsell_crm.core.spreadsheets import DELIMITERS, ENCODINGS, MAX_BYTES


class UploadForm(forms.Form):
    """Which list, which file, from which system."""

    kind = forms.ChoiceField(label=_("What is in the file"))
    file = forms.FileField(
        label=_("File"), help_text=_("CSV or XLSX, up to 10 MB and 50,000 rows. The encoding is found by itself."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}), max_length=200, allow_empty_file=True,
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"), max_length=40, required=False,
        help_text=_("The system the list comes from, for example 1C. Its external ids are matched within the source."),
    )  # fmt: skip

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kinds_for(by)

    def clean_file(self) -> Any:
        """Refused by size before anything is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Split it into parts."))
        return file


def kinds_for(by: User) -> list[tuple[str, Any]]:
    """Kinds that this person may import."""
    return [(str(kind.value), kind.label) for kind in ImportKind if may_import(by, str(kind.value))]


class ReadingForm(forms.Form):
    """How the text of a CSV is read, when the guess was wrong."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=list(ENCODINGS.items()))
    delimiter = forms.ChoiceField(label=_("Separator"), choices=list(DELIMITERS.items()))


class ColumnsForm(forms.Form):
    """A list of headings for every field of the kind, the options of the file, the source."""

    source = forms.CharField(label=_("Source"), max_length=40, required=False)

    def __init__(self, data: Any = None, *, run: ImportRun) -> None:
        super().__init__(data, initial={"source": run.source})
        self.run = run
        kind = KINDS[run.kind]
        headings = [("", "—"), *((header, header) for header in run.headers)]
        for field in kind.fields:
            self.fields[f"column_{field.code}"] = forms.ChoiceField(
                label=field.label, choices=headings, required=False, initial=run.columns.get(field.code, ""), help_text=field.hint,  # type: ignore[arg-type]
            )  # fmt: skip
        for option in kind.options:
            self.fields[f"option_{option.code}"] = forms.CharField(
                label=option.label, required=False, initial=run.options.get(option.code, ""), help_text=option.hint, max_length=150,  # type: ignore[arg-type]
            )  # fmt: skip

    def column_fields(self) -> list[dict[str, Any]]:
        """Bound fields, and whether the list cannot do without them."""
        return [
            {"bound": self[f"column_{field.code}"], "is_needed": field.required}
            for field in KINDS[self.run.kind].fields
        ]

    def option_fields(self) -> list[forms.BoundField]:
        """Bound options of the kind."""
        return [self[name] for name in self.fields if name.startswith("option_")]

    def columns(self) -> dict[str, str]:
        """Field code → heading."""
        return self._part("column_")

    def options(self) -> dict[str, str]:
        """Option code → text."""
        return self._part("option_")

    def _part(self, prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }


class RunForm(forms.Form):
    """Whole file or nothing, or valid rows only."""

    mode = forms.ChoiceField(choices=ImportRun.Mode.choices)
