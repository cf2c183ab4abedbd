"""Choosing one client among a hundred thousand by typing its ИНН or name."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from accounts.models import Company
from upsell_crm.core.models import User
from upsell_crm.core.text import normalise


class CompanyInput(forms.TextInput):
    """A text field with suggestions that the server gives while one types."""

    def format_value(self, value: Any) -> str:
        """The stored company as the text that finds it again."""
        if isinstance(value, int):
            value = Company.objects.filter(pk=value).first()
        if isinstance(value, Company):
            return value.inn or value.name
        return value or ""


class CompanyChoiceField(forms.CharField):
    """The one company that the text means, among those that `user` may see; raises ValidationError otherwise."""

    widget = CompanyInput(
        attrs={"autocomplete": "off", "data-options": reverse_lazy("accounts:company_options")}
    )
    user: User

    def clean(self, value: Any) -> Company | None:
        text = super().clean(value).strip()
        if not text:
            return None
        found = self._found(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("No such company. Type its INN or a part of its name."))
        names = "; ".join(f"{company.name} ({company.inn or '—'})" for company in found[:4])
        raise forms.ValidationError(
            _("Several companies fit: %(names)s. Type the INN or the full name.") % {"names": names}
        )

    def _found(self, text: str) -> list[Company]:
        known = Company.objects.visible_to(self.user).present().order_by("sort_name", "pk")
        by_inn = list(known.filter(inn=text)[:5])
        if by_inn:
            return by_inn
        found = list(known.matching(text)[:20])
        exact = [
            company for company in found if normalise(text) in (normalise(company.name), company.sort_name)
        ]
        return exact or found
