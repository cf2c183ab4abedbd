"""Choosing one person: a plain select of a few, a text field with suggestions among many."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from upsell_crm.core.kams import by_name, kams_within, label_of, named
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

FEW = 30  # so many stand in a plain select; a thousand options would be half of the page


class PersonInput(forms.TextInput):
    """A text field over a hidden login: scripts send the login alone, a browser without them sends the text too."""

    def __init__(self, options_url: str, empty_label: str) -> None:
        super().__init__()
        self.options_url, self.empty_label = options_url, empty_label

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        typed: str | None = data.get(f"{name}_name")
        return data.get(name) if typed is None else typed

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """`value` is the chosen person, or the text that names none."""
        context = super().get_context(name, None, attrs)
        is_known = isinstance(value, User)
        context["widget"] |= {
            "login": value.username if is_known else "",
            "shown": label_of(value) if is_known else value or "",
            "options_url": self.options_url,
            "placeholder": self.empty_label,
        }
        return context

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """By a template of ours: the renderer of forms knows those of Django only."""
        return render_to_string("components/_person_input.html", self.get_context(name, value, attrs))


class PersonField(forms.Field):
    """The one person of `people` whom a login or a name means; raises ValidationError when it is none or several."""

    def __init__(self, people: QuerySet[User], *, options_url: str, empty_label: str, **options: Any) -> None:
        few = by_name(people[: FEW + 1])
        self.is_select = len(few) <= FEW
        self.people = few if self.is_select else people
        self._met: dict[str, list[User]] = {}
        choices = [("", empty_label), *((one.username, label_of(one)) for one in few)]
        widget = forms.Select(choices=choices) if self.is_select else PersonInput(options_url, empty_label)
        super().__init__(widget=widget, required=False, **options)

    def clean(self, value: Any) -> User | None:
        text = (value or "").strip()
        if not text:
            return None
        found = self._meant(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("Nobody within your reach has this name."))
        names = "; ".join(f"{one} — {one.username}" for one in found[:4])
        raise forms.ValidationError(_("Several people fit, type the login: %(names)s.") % {"names": names})

    def prepare_value(self, value: Any) -> Any:
        """The select marks its option by the login; the text field shows the person."""
        found = [] if self.is_select or not value else self._meant(value)
        return found[0] if len(found) == 1 else value

    def _meant(self, text: str) -> list[User]:
        """By the login, else by the words of the name."""
        if text not in self._met:
            self._met[text] = self._by_login(text) or named(self.people, text)
        return self._met[text]

    def _by_login(self, text: str) -> list[User]:
        if isinstance(self.people, QuerySet):
            return list(self.people.filter(username=text))
        return [one for one in self.people if one.username == text]


class KamFilter(filters.Filter):
    """A filter by a responsible person within reach of `right`, in a core.filters.PageFilter."""

    def __init__(self, field_name: str, *, right: Action, empty_label: str | Promise, **options: Any) -> None:
        super().__init__(field_name, **options)
        self.right, self.empty_label = right, empty_label

    @property
    def field(self) -> PersonField:
        """Made for the reader of the page, once."""
        if not hasattr(self, "_field"):
            self._field = PersonField(
                kams_within(self.parent.by, self.right),
                options_url=reverse("core:kam_options", args=[self.right]),
                empty_label=str(self.empty_label),
                label=self.label,
            )
        return self._field
