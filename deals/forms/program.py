"""Forms over a holding programme: steps, overrides, values of key ЛПР, consents, functions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import DATE, VersionedForm
from accounts.models import Company, Contact, ContactRole, Interaction, Task
from deals.enums import Function, ValueState
from deals.forms.team import ColleagueField
from deals.models import DzoConsent, HoldingProgram, Mechanics
from deals.program_facts import key_roles
from deals.services.mechanics import open_tasks

MEETINGS = 30  # how many of the last meetings a list of evidence offers


class MoveForm(VersionedForm):
    """A step of the programme; the reason is asked for where the guard accepts one."""

    reason = forms.CharField(label=_("reason, if something is left out"), max_length=300, required=False)


class ReasonForm(VersionedForm):
    """A reason in words."""

    reason = forms.CharField(label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class MeetingField(forms.ModelChoiceField):
    """One of the last held meetings, told by its day and its words."""

    def label_from_instance(self, meeting: Interaction) -> str:
        return f"{meeting.starts_at:%d.%m.%Y} · {meeting.get_kind_display()} · {meeting.summary[:60]}"


def held_with(**whom: Any) -> Any:
    """The last held communications with a person or an organisation."""
    held = Interaction.objects.held().filter(**whom).order_by("-starts_at", "-pk")
    return Interaction.objects.filter(pk__in=list(held.values_list("pk", flat=True)[:MEETINGS]))


class QuickValueForm(VersionedForm):
    """One click: whose value, and which."""

    role = forms.ModelChoiceField(ContactRole.objects.none(), to_field_name="public_id")
    state = forms.ChoiceField(choices=ValueState.choices)

    def __init__(self, *args: Any, program: HoldingProgram, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = [role.pk for role in key_roles(program.deal.company_id)]
        self.fields["role"].queryset = ContactRole.objects.filter(pk__in=roles)  # type: ignore[attr-defined]


class ValueForm(VersionedForm):
    """What a key ЛПР thinks, at which meeting he said it, in his words."""

    state = forms.ChoiceField(label=_("value"), choices=ValueState.choices)
    interaction = MeetingField(
        Interaction.objects.none(), label=_("meeting"), required=False, to_field_name="public_id",
        empty_label=_("the last one with this person"),
    )  # fmt: skip
    comment = forms.CharField(label=_("in his words"), max_length=300, required=False)

    def __init__(self, *args: Any, contact: Contact, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["interaction"].queryset = held_with(client_people__contact=contact)  # type: ignore[attr-defined]


class ConsentForm(VersionedForm):
    """A draft: which ДЗО, who approves, on what evidence."""

    companies = forms.ModelMultipleChoiceField(
        Company.objects.none(),
        label=_("covers"),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )
    approved_by = forms.ModelChoiceField(
        Contact.objects.none(), label=_("approved by"), required=False, to_field_name="public_id"
    )
    evidence = forms.CharField(label=_("evidence, for example a letter"), max_length=300, required=False)
    interaction = MeetingField(
        Interaction.objects.none(), label=_("or the meeting"), required=False, to_field_name="public_id"
    )

    def __init__(
        self, *args: Any, program: HoldingProgram, consent: DzoConsent | None = None, **options: Any
    ) -> None:
        if consent:
            options["initial"] = {
                "companies": [company.public_id for company in consent.companies.all()],
                "approved_by": consent.approved_by and consent.approved_by.public_id,
                "evidence": consent.evidence, "version": consent.version,
                "interaction": consent.interaction and consent.interaction.public_id,
            } | options.get("initial", {})  # fmt: skip
        super().__init__(*args, **options)
        head = program.deal.company
        choices: dict[str, Any] = {
            "companies": Company.objects.below(head).present().order_by("sort_name", "pk"),
            "approved_by": Contact.objects.working().filter(company=head),
            "interaction": held_with(company=head),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class GiveConsentForm(VersionedForm):
    """The day on which the client approved."""

    given_on = forms.DateField(label=_("given on"), widget=DATE)


class FunctionForm(forms.Form):
    """A colleague takes a function in a company of the holding."""

    company = forms.ModelChoiceField(Company.objects.none(), label=_("company"), to_field_name="public_id")
    function = forms.ChoiceField(label=_("function"), choices=Function.choices)
    function_text = forms.CharField(label=_("another function, in words"), max_length=100, required=False)
    user = ColleagueField(label=_("Colleague"))

    def __init__(self, *args: Any, program: HoldingProgram, **options: Any) -> None:
        super().__init__(*args, **options)
        head = program.deal.company
        ids = [head.pk, *Company.objects.below(head).present().values_list("pk", flat=True)]
        rows = Company.objects.filter(pk__in=ids).order_by("sort_name", "pk")
        self.fields["company"].queryset = rows  # type: ignore[attr-defined]


class PersonForm(VersionedForm):
    """The function goes to another colleague; ticked tasks go with it."""

    user = ColleagueField(label=_("Colleague"))
    tasks = forms.ModelMultipleChoiceField(
        Task.objects.none(), label=_("open tasks that go with the function"), required=False,
        to_field_name="public_id", widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, line: Mechanics, **options: Any) -> None:
        owed = open_tasks(line)
        options["initial"] = {"version": line.version, "tasks": [task.public_id for task in owed]}
        super().__init__(*args, **options)
        if owed:
            self.fields["tasks"].queryset = Task.objects.filter(pk__in=[t.pk for t in owed])  # type: ignore[attr-defined]
        else:
            del self.fields["tasks"]
