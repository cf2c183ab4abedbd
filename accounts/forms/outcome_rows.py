"""The rows of the outcome form that people add: agreements and new persons."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.enums import AgreementSide, DecisionRole
from accounts.forms.base import DATE
from accounts.models import Contact, Product
from accounts.services.outcome import AgreementSaid, NewPerson, WaitSaid
from upsell_crm.core.models import User

MAX_ROWS = 20
ME, CLIENT = "", "client"


class QuietForm(forms.Form):
    """A form that can show typed data without judging it: a restored draft, a row just added."""

    use_required_attribute = False

    def __init__(self, *args: Any, is_quiet: bool = False, **options: Any) -> None:
        self.is_quiet = is_quiet
        super().__init__(*args, **options)

    def full_clean(self) -> None:
        """Silent while the person is still typing."""
        if not self.is_quiet:
            return super().full_clean()
        self._errors, self.cleaned_data = ErrorDict(), {}
        return None


class AgreementForm(QuietForm):
    """What · who · by when."""

    text = forms.CharField(label=_("What was agreed"), max_length=300)
    who = forms.ChoiceField(label=_("Who does it"), required=False)
    due_on = forms.DateField(label=_("By when"), required=False, widget=DATE)

    def __init__(self, *args: Any, colleagues: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        others = [(str(user.public_id), user.short_name) for user in colleagues]
        self.fields["who"].choices = [(ME, _("I")), (CLIENT, _("The client")), *others]
        self._by_id = {str(user.public_id): user for user in colleagues}

    def said(self) -> AgreementSaid:
        """What goes to the service."""
        who = self.cleaned_data["who"]
        return AgreementSaid(
            text=self.cleaned_data["text"],
            side=AgreementSide.CLIENT if who == CLIENT else AgreementSide.US,
            due_on=self.cleaned_data["due_on"],
            owner=self._by_id.get(who),
        )


class PersonForm(QuietForm):
    """Somebody new of the client: a name, and a role when it is known."""

    name = forms.CharField(label=_("Name"), max_length=200)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("role unknown")), *DecisionRole.choices]
    )

    def said(self) -> NewPerson:
        """What goes to the service."""
        return NewPerson(self.cleaned_data["name"], self.cleaned_data["role"])


class WaitForm(QuietForm):
    """A feature that the client waits for · who said it · in which words."""

    feature = forms.CharField(
        label=_("Which feature"), max_length=200, widget=forms.TextInput(attrs={"list": "feature-catalogue"})
    )
    contact = forms.ChoiceField(label=_("Who waits for it"), required=False)
    words = forms.CharField(label=_("In the client's words"), max_length=1000, required=False)
    product = forms.ChoiceField(label=_("Product of a new feature"), required=False)

    def __init__(self, *args: Any, contacts: list[Contact], products: list[Product], **options: Any) -> None:
        super().__init__(*args, **options)
        self._contacts = {str(person.public_id): person for person in contacts}
        self._products = {product.code: product for product in products}
        people = [(key, person.short_name) for key, person in self._contacts.items()]
        self.fields["contact"].choices = [("", _("who waits")), *people]
        self.fields["product"].choices = [
            ("", _("product of a new one")),
            *((code, product.name) for code, product in self._products.items()),
        ]

    def said(self) -> WaitSaid:
        """What goes to the service."""
        data = self.cleaned_data
        return WaitSaid(
            title=data["feature"], words=data["words"],
            contact=self._contacts.get(data["contact"]), product=self._products.get(data["product"]),
        )  # fmt: skip


def _rows(form: type[QuietForm], extra: int) -> Any:
    return forms.formset_factory(
        form, extra=extra, max_num=MAX_ROWS, validate_max=True, absolute_max=MAX_ROWS + 1
    )


AgreementRows, PersonRows = _rows(AgreementForm, extra=1), _rows(PersonForm, extra=0)
WaitRows = _rows(WaitForm, extra=0)
WAITS = "waits"


def rows_said(formset: Any) -> list[Any]:
    """The filled rows of a valid formset; untouched ones do not count."""
    return [form.said() for form in formset if form.has_changed()]


def with_waits(data: QueryDict | None) -> QueryDict | None:
    """Typed data that knows the rows of awaited features: a page opened, or a draft kept, before they existed has none."""
    if data is None or f"{WAITS}-TOTAL_FORMS" in data:
        return data
    more = data.copy()
    more[f"{WAITS}-TOTAL_FORMS"] = more[f"{WAITS}-INITIAL_FORMS"] = "0"
    return more


def with_one_more_row(data: QueryDict, prefix: str) -> QueryDict:
    """The same typed data with a blank row at the end of the named rows."""
    more = data.copy()
    name = f"{prefix}-TOTAL_FORMS"
    count = int(str(more[name])) if more.get(name, "").isdecimal() else 0
    more[name] = str(min(count + 1, MAX_ROWS))
    return more
