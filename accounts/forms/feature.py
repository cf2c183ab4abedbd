"""Forms of awaited features and of the clients who wait for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import FeatureStatus, Response
from accounts.forms.base import DATE, WORDS, RecordForm, VersionedForm
from accounts.models import Company, Contact, FeatureRequest, FeatureWait, Product
from upsell_crm.core import clock

IMPORTANCE = [(3, _("3 — decides the renewal")), (2, _("2 — important")), (1, _("1 — would be nice"))]


class FeatureForm(RecordForm):
    """What it is called, where and what it does."""

    class Meta:
        model = FeatureRequest
        fields = ["title", "product", "description", "tracker_ref", "planned_release"]
        widgets = {"description": WORDS, "planned_release": DATE}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.status in (FeatureStatus.PLANNED, FeatureStatus.DEV):
            self.fields["planned_release"].required = True
        else:
            del self.fields["planned_release"]  # the step «Planned» asks for it


class FeatureMoveForm(VersionedForm):
    """One step of a feature: the date or the reason that it needs."""

    def __init__(self, data: Any = None, *, feature: FeatureRequest, to: str) -> None:
        super().__init__(data, initial={"version": feature.version})
        if to == FeatureStatus.PLANNED:
            self.fields["planned_on"] = forms.DateField(
                label=_("Planned release"), widget=DATE, initial=feature.planned_release
            )
        elif to == FeatureStatus.RELEASED:
            self.fields["released_on"] = forms.DateField(
                label=_("Released on"), widget=DATE, initial=clock.today()
            )
        elif to == FeatureStatus.DECLINED:
            self.fields["reason"] = forms.CharField(
                label=_("Why it will not come"), max_length=300, widget=WORDS
            )

    def said(self) -> dict[str, Any]:
        """What goes to the service besides the target."""
        return self.cleaned_data


class WaitForm(forms.Form):
    """A client waits for a feature: of the catalogue, or a new one."""

    feature = forms.CharField(
        label=_("Which feature"), max_length=200,
        widget=forms.TextInput(attrs={"list": "feature-catalogue", "autocomplete": "off", "autofocus": True}),
        help_text=_("Choose from the list or type a new title."),
    )  # fmt: skip
    product = forms.ModelChoiceField(
        Product.objects.none(), label=_("Product of a new feature"), required=False, empty_label=_("the client's main one")
    )  # fmt: skip
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Who waits for it"), required=False, empty_label="—"
    )
    quote = forms.CharField(label=_("In the client's words"), max_length=2000, required=False, widget=WORDS)
    asked_on = forms.DateField(label=_("Asked on"), widget=DATE)
    importance = forms.TypedChoiceField(
        label=_("How much it matters"), choices=IMPORTANCE, coerce=int, initial=2
    )
    promised = forms.BooleanField(label=_("We have promised it"), required=False)

    def __init__(self, data: Any = None, *, company: Company, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"asked_on": clock.today(), **(initial or {})})
        self.fields["product"].queryset = Product.objects.filter(active=True)
        self.fields["contact"].queryset = people_of(company)

    def clean_asked_on(self) -> Any:
        """Nobody has asked tomorrow."""
        return _not_ahead(self.cleaned_data["asked_on"])


class WaitEditForm(RecordForm):
    """Who said it, in which words, how much it matters."""

    importance = forms.TypedChoiceField(label=_("How much it matters"), choices=IMPORTANCE, coerce=int)

    class Meta:
        model = FeatureWait
        fields = ["contact", "quote", "asked_on", "importance", "promised"]
        widgets = {"asked_on": DATE, "quote": WORDS}
        labels = {"contact": _("Who waits for it"), "promised": _("We have promised it")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"].queryset = people_of(self.instance.company)

    def clean_asked_on(self) -> Any:
        """Nobody has asked tomorrow."""
        return _not_ahead(self.cleaned_data["asked_on"])


class AnswerForm(VersionedForm):
    """What the client said after he had seen it."""

    response = forms.ChoiceField(
        label=_("What did the client say?"), choices=[*Response.choices, ("", _("no answer yet"))], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    presented_on = forms.DateField(label=_("On which day"), widget=DATE)

    def __init__(self, data: Any = None, *, wait: FeatureWait) -> None:
        initial = {"version": wait.version, "response": wait.response, "presented_on": clock.today()}
        super().__init__(data, initial=initial)


def people_of(company: Company) -> Any:
    """Who works at the client, as the form of an outcome offers them."""
    return Contact.objects.working().filter(company=company).order_by("last_name", "first_name", "pk")


def needs_form(to: str) -> bool:
    """Whether a step asks for something besides a press of the button."""
    return to in (FeatureStatus.PLANNED, FeatureStatus.RELEASED, FeatureStatus.DECLINED)


def _not_ahead(day: Any) -> Any:
    if day and day > clock.today():
        raise forms.ValidationError(_("This day has not come yet."))
    return day
