"""Forms of experience: the filters of notes, a note, an objection beside its answers, thanks, an exchange."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Industry, ObjectionCategory, ObjectionState
from accounts.forms.base import RecordForm, VersionedForm
from accounts.forms.company_choice import CompanyChoiceField
from accounts.models import Objection, Product
from deals.models import Deal
from trainings.enums import NoteKind
from trainings.models import ExchangeSession, KnowledgeNote
from trainings.models.knowledge import NoteQuerySet
from trainings.note_queries import ShownNote
from upsell_crm.core.filters import PageFilter
from upsell_crm.core.models import User

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
WHICH = [("picks", _("chosen by leads")), ("mine", _("mine")), ("hidden", _("hidden"))]


class NoteFilter(PageFilter):
    """By words, objection, product, industry, kind and author."""

    q = filters.CharFilter(method="by_words", label=_("Words"), max_length=100)
    objection = filters.ChoiceFilter(
        field_name="objection_category",
        choices=ObjectionCategory.choices,
        label=_("Objection"),
        empty_label=_("all"),
    )
    product = filters.ModelChoiceFilter(
        to_field_name="code", label=_("Product"), empty_label=_("all"),
        queryset=lambda request: Product.objects.licensable(),
    )  # fmt: skip
    industry = filters.ChoiceFilter(choices=Industry.choices, label=_("Industry"), empty_label=_("all"))
    kind = filters.ChoiceFilter(choices=NoteKind.choices, label=_("Kind"), empty_label=_("all"))
    author = filters.ModelChoiceFilter(
        to_field_name="username", label=_("Author"), empty_label=_("all"),
        queryset=lambda request: User.objects.filter(notes__isnull=False).distinct(),
    )  # fmt: skip
    which = filters.ChoiceFilter(
        choices=WHICH, method="by_which", label=pgettext_lazy("notes", "Which"), empty_label=_("all")
    )

    class Meta:
        model = KnowledgeNote
        fields: list[str] = []

    MAIN = ("objection", "product", "which")
    MORE = ("industry", "kind", "author")

    def filter_queryset(self, queryset: QuerySet[KnowledgeNote]) -> QuerySet[KnowledgeNote]:
        """Hidden notes come on request."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("which") == "hidden" else found.filter(hidden_at=None)

    def by_words(self, notes: NoteQuerySet, _name: str, text: str) -> NoteQuerySet:
        return notes.matching(text)

    def by_which(self, notes: NoteQuerySet, _name: str, which: str) -> QuerySet[KnowledgeNote]:
        if which == "picks":
            return notes.filter(is_pick=True)
        return notes.filter(author=self.by) if which == "mine" else notes.exclude(hidden_at=None)


class NoteForm(RecordForm):
    """A note; the switch appears when the text names a client."""

    tags = forms.CharField(label=_("Tags, by comma"), max_length=300, required=False)
    company = CompanyChoiceField(
        label=_("Client it comes from"), required=False,
        help_text=_("Its name is shown only to who may open its card."),
    )  # fmt: skip
    may_name = forms.BooleanField(label=_("The name of the client may stay"), required=False)

    class Meta:
        model = KnowledgeNote
        fields = ["title", "body", "kind", "objection_category", "product", "industry", "company", "tags"]
        widgets = {"body": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, data: Any = None, *, by: User, instance: KnowledgeNote, **options: Any) -> None:
        initial = {"tags": ", ".join(instance.tags), **options.pop("initial", {})}
        if initial.get("company") is None and instance.company_id:
            initial["company"] = instance.company_id
        super().__init__(data, instance=instance, initial=initial, **options)
        self.fields["company"].user = by  # type: ignore[attr-defined]
        self.fields["product"].queryset = Product.objects.licensable()  # type: ignore[attr-defined]
        if not data:
            self.fields["may_name"].widget = forms.HiddenInput()

    def clean_tags(self) -> list[str]:
        """Ten words at most."""
        return [word.strip() for word in self.cleaned_data["tags"].split(",") if word.strip()][:10]

    def add_error(self, field: str | None, error: Any) -> None:
        """The switch is offered when the service warns."""
        super().add_error(field, error)
        if field == "may_name":
            self.fields["may_name"].widget = forms.CheckboxInput()

    @property
    def values_of_note(self) -> dict[str, Any]:
        """What goes to the service."""
        return {**self.values(), "tags": self.cleaned_data["tags"]}


class ObjectionForm(RecordForm):
    """How an objection ended, and which of the offered notes helped."""

    notes = forms.MultipleChoiceField(required=False)

    class Meta:
        model = Objection
        fields = ["state", "handled_how"]
        widgets = {"handled_how": forms.Textarea(attrs={"rows": 3}), "state": forms.RadioSelect}

    def __init__(self, data: Any = None, *, offered: list[ShownNote], **options: Any) -> None:
        super().__init__(data, **options)
        self.offered = offered
        self.fields["notes"].choices = [(str(each.note.public_id), each.title) for each in offered]  # type: ignore[attr-defined]
        ends = [(each.value, each.label) for each in ObjectionState if each != ObjectionState.OPEN]
        self.fields["state"].choices = ends  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[KnowledgeNote]:
        """The ticked notes; call after is_valid()."""
        ticked = set(self.cleaned_data["notes"])
        return [each.note for each in self.offered if str(each.note.public_id) in ticked]

    @property
    def ticked(self) -> list[str]:
        """Public ids of the ticked notes, for drawing the form again."""
        return self["notes"].value() or []


class ThanksForm(forms.Form):
    """For what; on a deal also to whom."""

    text = forms.CharField(label=_("For what"), max_length=300, required=False)


class DealThanksForm(ThanksForm):
    """A colleague of the working group."""

    to_user = forms.ModelChoiceField(User.objects.none(), label=_("To whom"))
    field_order = ("to_user", "text")

    def __init__(self, *args: Any, deal: Deal, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        group = User.objects.filter(deal_memberships__deal=deal).exclude(pk=by.pk).distinct()
        self.fields["to_user"].queryset = group.order_by("last_name", "first_name", "pk")  # type: ignore[attr-defined]


class SessionForm(RecordForm):
    """Topic, time, rhythm and circle of an exchange."""

    members = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Who comes"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ExchangeSession
        fields = ["topic", "starts_at", "repeat_weeks"]
        widgets = {"starts_at": MOMENT}

    def __init__(self, data: Any = None, *, by: User, **options: Any) -> None:
        super().__init__(data, **options)
        people = User.objects.filter(is_active=True).exclude(pk=by.pk)
        if by.team_id:
            people = people.filter(team=by.team_id)
        self.fields["members"].queryset = people.order_by("last_name", "first_name", "pk")  # type: ignore[attr-defined]
        self.fields["repeat_weeks"].help_text = _("0 = once; 2 = every second week")


class HoldForm(VersionedForm):
    """The protocol of an exchange and who was there."""

    protocol = forms.CharField(
        label=_("Protocol: what was shared, what was decided"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "autofocus": True}),
    )  # fmt: skip
    attended = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: Any = None, *, session: ExchangeSession, initial: dict[str, Any] | None = None
    ) -> None:
        invited = User.objects.filter(pk__in=session.members.values("user")).order_by(
            "last_name", "first_name", "pk"
        )
        begin = {
            "version": session.version,
            "attended": list(invited.values_list("pk", flat=True)),
            **(initial or {}),
        }
        super().__init__(data, initial=begin)
        self.fields["attended"].queryset = invited  # type: ignore[attr-defined]
