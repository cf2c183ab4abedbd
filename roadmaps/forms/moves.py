"""What a person states with a step of a strategy: a reason, what was reached, the lead's word over a shut gate."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import DATE, WORDS, Conflict, RecordForm, VersionedForm
from roadmaps.models import Plan
from roadmaps.plan_numbers import FACT_HINTS


class PlanStepForm(VersionedForm):
    """A step of a strategy: whoever was slower sees where it stands now."""

    def conflicts(self, stored: Plan) -> list[Conflict]:
        """The state that stands now."""
        return [Conflict(str(_("state")), stored.get_state_display(), "—")]


class MoveForm(PlanStepForm):
    """Fields that a step does not ask are left out."""

    success_fact = forms.DecimalField(
        label=_("what was reached"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    overrides = forms.BooleanField(
        label=_("open it all the same, as the lead"), required=False,
        help_text=_("The reason stays on the plan and in the history."),
    )  # fmt: skip
    reason = forms.CharField(label=_("why"), max_length=300, required=False, widget=WORDS)

    def __init__(self, *args: Any, asks: frozenset[str], plan: Plan, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in {"success_fact", "overrides", "reason"} - asks:
            del self.fields[name]
        if "success_fact" in self.fields:
            self.fields["success_fact"].help_text = str(FACT_HINTS[plan.success_metric])
        if "reason" in self.fields and "overrides" not in self.fields:
            self.fields["reason"].required = "reason" in asks

    @property
    def said(self) -> dict[str, Any]:
        """What `move_plan` takes."""
        data = self.cleaned_data
        fact: Decimal | None = data.get("success_fact")
        return {
            "reason": data.get("reason", ""), "overrides": bool(data.get("overrides")), "success_fact": fact,
            "version": data["version"],
        }  # fmt: skip


class HeadForm(RecordForm):
    """Goal, criterion, deadline, day of the presentation; of a plan in work with the reason of the revision (R52)."""

    reason = forms.CharField(label=_("why the plan changes"), max_length=300, required=False, widget=WORDS)

    class Meta:
        model = Plan
        fields = ["goal", "success_metric", "success_value", "deadline", "presentation_on"]
        widgets: ClassVar = {"deadline": DATE, "presentation_on": DATE}

    def __init__(self, data: Any = None, *, instance: Plan, **options: Any) -> None:
        super().__init__(data, instance=instance, **options)
        value = instance.success_value
        if value is not None and self.initial.get("success_value") == value:  # «4», not «4.00»
            self.initial["success_value"] = int(value) if value == int(value) else value
        if instance.is_working:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("A changed plan in work is a numbered revision.")
        else:
            del self.fields["reason"]
        if not instance.is_roadmap:
            del self.fields["presentation_on"]

    def _post_clean(self) -> None:
        """The rules over the whole record are the service's; here the copy takes what was typed."""
        for name, value in self.values().items():
            setattr(self.instance, name, value)


class UpgradeForm(PlanStepForm):
    """An action plan becomes a roadmap: why, in a few words."""

    reason = forms.CharField(label=_("why"), max_length=300, required=False, widget=WORDS)
