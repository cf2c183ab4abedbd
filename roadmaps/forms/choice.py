"""The panel of a new strategy: type, head, up to three steps (R41, R43, R50)."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.base import DATE
from roadmaps.enums import Metric, PlanType
from roadmaps.models import Plan
from roadmaps.plan_proposal import PlanProposal
from roadmaps.services.plan_tasks import TaskSaid
from upsell_crm.core.models import User

STEPS = 3


class NewPlanForm(forms.ModelForm):
    """Goal, criterion and deadline as they are proposed; another type than the suggested one says why."""

    class Meta:
        model = Plan
        fields = ["type", "override_comment", "goal", "success_metric", "success_value", "deadline"]
        widgets = {"type": forms.RadioSelect, "deadline": DATE}

    def __init__(self, *args: Any, proposal: PlanProposal, **options: Any) -> None:
        super().__init__(*args, **{**options, "initial": proposal.head})
        self.suggested = proposal.suggestion.type
        self.fields["type"].choices = PlanType.choices  # type: ignore[attr-defined]
        self.fields["success_metric"].choices = Metric.choices  # type: ignore[attr-defined]
        for name in ("goal", "success_metric", "deadline"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        """Said here as well as by the service, beside the field."""
        data = super().clean() or self.cleaned_data
        kind = data.get("type")
        if kind and kind != self.suggested and not data["override_comment"].strip():
            self.add_error("override_comment", _t("Say why another type than the suggested one."))
        if data.get("success_metric") != Metric.SIGNED_BY and data.get("success_value") is None:
            self.add_error("success_value", _t("Enter the value of the criterion."))
        return data

    def _post_clean(self) -> None:
        """The rules over the whole record are the service's."""

    @property
    def is_roadmap(self) -> bool:
        """Its tasks come after stage 1 (R49), so the panel asks for none."""
        return bool(self.cleaned_data["type"] == PlanType.ROADMAP)

    @property
    def head(self) -> dict[str, Any]:
        """What `create_plan` takes as the head; «signed by» has no value of its own."""
        names = ("goal", "success_metric", "success_value", "deadline")
        said = {name: self.cleaned_data[name] for name in names}
        return said | ({"success_value": None} if said["success_metric"] == Metric.SIGNED_BY else {})


class StepForm(forms.Form):
    """One step; a line without words is no step."""

    title = forms.CharField(label=pgettext_lazy("step", "what"), max_length=300, required=False)
    assignee = forms.ModelChoiceField(
        User.objects.none(), label=pgettext_lazy("step", "who"), required=False, empty_label="—",
        to_field_name="username",
    )  # fmt: skip
    due_on = forms.DateField(label=pgettext_lazy("step", "by when"), required=False, widget=DATE)
    expected_result = forms.CharField(label=_("expected result"), max_length=500, required=False)

    def __init__(self, *args: Any, people: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["assignee"]
        field.queryset = User.objects.filter(pk__in=[one.pk for one in people])  # type: ignore[attr-defined]
        field.choices = [("", "—"), *((one.username, str(one)) for one in people)]  # type: ignore[attr-defined]

    @property
    def is_said(self) -> bool:
        """Whether anything but the person and the day, which are proposed, was typed."""
        data = self.cleaned_data
        return bool(data.get("title") or data.get("expected_result"))

    def clean(self) -> dict[str, Any]:
        """What is said is said in full (R50)."""
        data = super().clean() or self.cleaned_data
        if data.get("title") or data.get("expected_result"):
            for name, text in (
                ("title", _t("Write what is to be done.")),
                ("assignee", _t("Choose who does it.")),
                ("due_on", _t("Choose the day.")),
                ("expected_result", _t("Write the result that is expected: the task closes with it.")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, text)
        return data


StepFormSet = forms.formset_factory(StepForm, extra=0, min_num=STEPS, max_num=STEPS, validate_max=True)


def steps_form(typed: Any, proposal: PlanProposal) -> Any:
    """Three lines: the first is the next step of the deal, the others have its person."""
    first = proposal.first
    who = first.assignee.username if first.assignee else ""
    lines: list[dict[str, Any]] = [
        {"title": first.title, "assignee": who, "due_on": first.due_on},
        {"assignee": who},
        {"assignee": who},
    ]
    people: QuerySet[User] = proposal.people
    return StepFormSet(typed, prefix="steps", initial=lines, form_kwargs={"people": list(people)})


def steps_said(steps: Any) -> list[TaskSaid]:
    """The filled lines as the service takes them."""
    return [
        TaskSaid(
            line.cleaned_data["title"], line.cleaned_data["assignee"], line.cleaned_data["due_on"],
            line.cleaned_data["expected_result"],
        )
        for line in steps
        if line.is_said
    ]  # fmt: skip
