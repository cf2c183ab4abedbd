"""Forms of signing in and preferences."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from upsell_crm.core.models import User


class SignInForm(AuthenticationForm):
    """Login and password; the same words for an unknown login, a wrong password and a blocked person (faults F4)."""

    error_messages = {
        "invalid_login": _("The login or the password is wrong. Check the keyboard layout and Caps Lock."),
        "inactive": _("The login or the password is wrong. Check the keyboard layout and Caps Lock."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Login")
        self.fields["password"].label = _("Password")
        self.fields["username"].widget.attrs.update(autocapitalize="none", spellcheck="false")


class PreferencesForm(forms.Form):
    """One or both of language and theme; «system» is kept as an empty theme."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    theme = forms.ChoiceField(choices=[("light", ""), ("dark", ""), ("system", "")], required=False)

    def chosen(self) -> dict[str, str]:
        """The fields that were sent, as they are stored."""
        stored = {"system": ""}
        return {name: stored.get(value, value) for name, value in self.cleaned_data.items() if value}


class FirstAdministratorForm(forms.Form):
    """The person who will invite everybody else."""

    username = forms.SlugField(
        label=_("Login"), max_length=150, help_text=_("Latin letters, digits, - and _")
    )
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    first_name = forms.CharField(label=_("First name"), max_length=150)
    password = forms.CharField(
        label=_("Password"), strip=False, help_text=_("At least 12 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    repeated = forms.CharField(
        label=_("Password once more"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("This login is taken."))
        return username

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("repeated"):
            self.add_error("repeated", _("The two passwords differ."))
        return cleaned
