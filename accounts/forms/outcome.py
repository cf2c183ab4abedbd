"""The outcome form «Записать итог»: what was typed, turned into one `Outcome` for the service."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import (
    InteractionKind,
    InteractionState,
    InterestLevel,
    ObjectionCategory,
    OutcomeResult,
    Purpose,
    Response,
)
from accounts.forms.base import DATE
from accounts.forms.outcome_rows import QuietForm
from accounts.models import Contact, CustomField, Department, FeatureRequest, FeatureWait, Product
from accounts.outcome_signs import EXAMPLE
from accounts.services.attachments import ACCEPT
from accounts.services.custom_fields import label_of
from accounts.services.outcome import DepartmentSaid, FeedbackSaid, ObjectionSaid, Outcome, ShownSaid
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User

REACTIONS = [("", "—"), ("-2", "−2"), ("-1", "−1"), ("0", "0"), ("1", "+1"), ("2", "+2")]
SHOWN = "shown"  # the feature was shown, the answer will come later
TO_SHOW = [("", _("not shown")), (SHOWN, _("shown, no answer yet")), *Response.choices]
TO_ANSWER = [("", _("no answer yet")), *Response.choices]
# A plan is made by a date that lies ahead, so it is no choice of its own.
STATES = [pair for pair in InteractionState.choices if pair[0] != InteractionState.PLANNED]
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 300}, format="%Y-%m-%dT%H:%M")


@dataclass(frozen=True)
class OutcomeChoices:
    """What may be chosen for one company; read once per request."""

    contacts: list[Contact]
    colleagues: list[User]
    products: list[Product]
    departments: list[Department]
    custom: list[CustomField]
    invited: list[User] = field(
        default_factory=list
    )  # experts from outside the list, added by one click (R64)
    features: list[FeatureRequest] = field(default_factory=list)  # the catalogue, for who may enter waits
    to_show: list[FeatureWait] = field(default_factory=list)  # released, and not answered by this client
    may_wait: bool = False


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of one input."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files that were sent; the service looks into them."""
        return [file for file in (data or []) if file]


class People(forms.MultipleChoiceField):
    """Ticked people by public id, given back as records."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, people: list[Any], **options: Any) -> None:
        self.by_id = {str(person.public_id): person for person in people}
        super().__init__(choices=[(key, person.short_name) for key, person in self.by_id.items()], **options)

    def clean(self, value: Any) -> list[Any]:
        """Records in the order of the form."""
        return [self.by_id[key] for key in super().clean(value)]


class OutcomeForm(QuietForm):
    """The fields of one communication; products, objections, departments and own fields come by data."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    author = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=InteractionKind.choices, widget=forms.RadioSelect)
    state = forms.ChoiceField(label=_("State"), choices=STATES, widget=forms.RadioSelect, required=False)
    starts_at = forms.DateTimeField(label=_("When"), widget=MOMENT)
    duration_min = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440, required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=[("", "—"), *Purpose.choices], required=False)
    replied = forms.BooleanField(label=_("The client replied"), required=False)
    summary = forms.CharField(
        label=_("Outcome"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True, "placeholder": EXAMPLE}),
    )
    next_step = forms.CharField(label=_("Next step"), max_length=300, required=False)
    next_step_on = forms.DateField(label=_("When"), required=False, widget=DATE)
    no_next_step_because = forms.CharField(label=_("Not needed, because…"), max_length=300, required=False)
    result = forms.ChoiceField(label=_("Result"), choices=[("", "—"), *OutcomeResult.choices], required=False)
    competitor = forms.CharField(label=_("Competitor"), max_length=150, required=False)
    budget = forms.DecimalField(
        label=_("Budget, ₽"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    tags = forms.CharField(label=_("Tags, by comma"), max_length=900, required=False)
    objections = forms.MultipleChoiceField(
        label=_("Objections"), choices=ObjectionCategory.choices, required=False
    )
    attachments = FilesField(label=_("Files"), required=False, widget=ManyFiles(attrs={"accept": ACCEPT}))

    def __init__(self, *args: Any, offered: OutcomeChoices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = offered
        self.feedback_errors: list[str] = []
        self.agreement_errors: list[str] = []
        self.department_errors: list[str] = []
        self.wait_errors: list[str] = []
        self.fields["attendees"] = People(offered.contacts, label=_("From the client"), required=False)
        self.fields["our_people"] = People(offered.colleagues, label=_("From us"), required=False)
        self.fields["invited"] = People(offered.invited, label=_("Experts"), required=False)
        for category in ObjectionCategory.values:
            self.fields[f"objection_{category}"] = _words(_("In the client's words"))
        for product in offered.products:
            self.fields[f"reaction_{product.code}"] = forms.ChoiceField(
                choices=REACTIONS, required=False, widget=forms.RadioSelect
            )
            self.fields[f"feedback_{product.code}"] = _words(_("What was said"))
        for department in offered.departments:
            self.fields[f"interest_{department.pk}"] = forms.ChoiceField(
                choices=[("", "—"), *InterestLevel.choices], required=False, label=department.name
            )
            self.fields[f"interest_in_{department.pk}"] = forms.ChoiceField(
                choices=[("", _("in general")), *((each.code, each.name) for each in offered.products)],
                required=False, label=_("In which product"),
            )  # fmt: skip
        for wait in offered.to_show:
            self.fields[f"shown_{wait.public_id}"] = forms.ChoiceField(
                choices=TO_ANSWER if wait.presented_on else TO_SHOW, required=False, widget=forms.RadioSelect,
                label=wait.feature.title,
            )  # fmt: skip
        for definition in offered.custom:
            self.fields[f"custom_{definition.code}"] = _custom_field(definition)

    def clean_next_step_on(self) -> Any:
        """A next step in the past is a slip of the pen."""
        day = self.cleaned_data["next_step_on"]
        if day and day < clock.today():
            raise forms.ValidationError(_("This day has passed. Choose today or later."))
        return day

    def said(
        self, *, agreements: list[Any], new_people: list[Any], waits: list[Any] | None = None
    ) -> Outcome:
        """The whole form as one value; call after is_valid()."""
        data = self.cleaned_data
        plain = {name: data[name] for name in _PLAIN if data[name] not in (None, "")}
        step = {} if data["no_next_step_because"] else {"next_step_on": data["next_step_on"]}
        if not data["next_step"]:
            step = {}  # a proposed date without a step says nothing
        return Outcome(
            **plain, **step,
            state=data["state"] or InteractionState.HELD,
            replied=data["replied"],
            tags=data["tags"].split(","),
            custom={each.code: data[f"custom_{each.code}"] for each in self.offered.custom},
            attendees=data["attendees"], our_people=[*data["our_people"], *data["invited"]],
            feedback=list(self._feedback()), objections=list(self._objections()),
            departments=list(self._departments()), agreements=agreements, new_people=new_people,
            attachments=data["attachments"], waits=waits or [], shown=list(self._shown()),
        )  # fmt: skip

    def _feedback(self) -> Iterator[FeedbackSaid]:
        for product in self.offered.products:
            if reaction := self.cleaned_data[f"reaction_{product.code}"]:
                yield FeedbackSaid(product, int(reaction), self.cleaned_data[f"feedback_{product.code}"])

    def _objections(self) -> Iterator[ObjectionSaid]:
        for category in self.cleaned_data["objections"]:
            yield ObjectionSaid(category, self.cleaned_data[f"objection_{category}"])

    def _departments(self) -> Iterator[DepartmentSaid]:
        products = {each.code: each for each in self.offered.products}
        for department in self.offered.departments:
            if level := self.cleaned_data[f"interest_{department.pk}"]:
                product = products.get(self.cleaned_data[f"interest_in_{department.pk}"])
                yield DepartmentSaid(department, int(level), product)

    def _shown(self) -> Iterator[ShownSaid]:
        for wait in self.offered.to_show:
            if said := self.cleaned_data[f"shown_{wait.public_id}"]:
                yield ShownSaid(wait, "" if said == SHOWN else said)

    # --- what the template walks over ---------------------------------------------------------------

    def people(self) -> list[tuple[Contact, bool]]:
        """Persons of the client and whether each is ticked."""
        ticked = {str(key) for key in self["attendees"].value() or []}
        return [(person, str(person.public_id) in ticked) for person in self.offered.contacts]

    def product_rows(self) -> list[tuple[Product, BoundField, BoundField]]:
        return [
            (each, self[f"reaction_{each.code}"], self[f"feedback_{each.code}"])
            for each in self.offered.products
        ]

    def objection_rows(self) -> list[tuple[str, Any, bool, BoundField]]:
        ticked = set(self["objections"].value() or [])
        return [
            (code, label, code in ticked, self[f"objection_{code}"])
            for code, label in ObjectionCategory.choices
        ]

    def department_rows(self) -> list[tuple[BoundField, BoundField]]:
        return [
            (self[f"interest_{each.pk}"], self[f"interest_in_{each.pk}"]) for each in self.offered.departments
        ]

    def shown_rows(self) -> list[tuple[FeatureWait, BoundField]]:
        return [(wait, self[f"shown_{wait.public_id}"]) for wait in self.offered.to_show]

    def custom_rows(self) -> list[BoundField]:
        return [self[f"custom_{each.code}"] for each in self.offered.custom]

    @property
    def has_more(self) -> bool:
        """Whether a collapsed field holds something or is wrong, so the section opens."""
        names = [
            "purpose",
            "result",
            "competitor",
            "budget",
            "tags",
            "duration_min",
            "attachments",
            "our_people",
        ]
        names += [f"custom_{each.code}" for each in self.offered.custom]
        filled = ("purpose", "result", "competitor", "budget", "tags")
        return any(self.errors.get(name) for name in names) or any(self[name].value() for name in filled)

    @property
    def has_departments(self) -> bool:
        return any(level.value() for level, _product in self.department_rows()) or bool(
            self.department_errors
        )

    @property
    def is_plan(self) -> bool:
        """Whether what stands in «when» lies ahead."""
        return lies_ahead(self["starts_at"].value())

    def renew_key(self) -> None:
        """The next save of this text makes a record of its own."""
        typed = cast(QueryDict, self.data).copy()
        typed["client_id"] = str(uuid4())
        self.data = typed

    def show_problem(self, problem: DomainError) -> None:
        """Texts of the service beside their fields; what has no field stands above the form."""
        beside = {
            "feedback": self.feedback_errors, "agreements": self.agreement_errors,
            "departments": self.department_errors, "waits": self.wait_errors,
        }  # fmt: skip
        for name, texts in problem.errors.items():
            for text in map(str, texts):
                if name in beside:
                    beside[name].append(text)
                else:
                    self.add_error(name if name in self.fields else None, text)
        if not problem.errors:
            self.add_error(None, str(problem.message))


_PLAIN = (
    "kind", "starts_at", "duration_min", "purpose", "summary", "next_step", "no_next_step_because", "result",
    "competitor", "budget",
)  # fmt: skip


def _words(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=1000, required=False)


def _custom_field(definition: CustomField) -> forms.Field:
    label, kind = label_of(definition), CustomField.Kind
    match definition.kind:
        case kind.DATE:
            return forms.DateField(label=label, required=False, widget=DATE)
        case kind.BOOL:
            return forms.BooleanField(label=label, required=False)
        case kind.CHOICE:
            options = [("", "—"), *((option, option) for option in definition.options)]
            return forms.ChoiceField(label=label, choices=options, required=False)
    return forms.CharField(label=label, required=False, max_length=2000)


def lies_ahead(value: Any) -> bool:
    """Whether what stands in «when» is a moment to come, which makes a plan."""
    moment = _read_moment(value)
    return moment is not None and moment > clock.now()


def _read_moment(value: Any) -> datetime | None:
    """What stands in «when»: a moment of Moscow, or the text that was typed."""
    try:
        return timezone.make_aware(
            value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        )
    except ValueError:
        return None
