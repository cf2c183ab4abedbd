"""Dates of the tasks of a plan: of one in the panel, of several as the timeline collects them."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import DATE, Conflict, VersionedForm
from roadmaps.models import Plan, PlanTask
from roadmaps.services.plan_dates import DateMove
from upsell_crm.core.templatetags.crm import day as shown


class ReasonedForm(VersionedForm):
    """The version of the plan that the person saw; a plan in work wants a reason (R52)."""

    with_followers = forms.BooleanField(label=_("move what follows by as many working days"), required=False)
    reason = forms.CharField(
        label=_("why the plan changes"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, plan: Plan, **options: Any) -> None:
        options["initial"] = {"version": plan.version, **options.get("initial", {})}
        super().__init__(data, **options)
        self.plan = plan
        if not plan.is_working:
            del self.fields["reason"]

    def said(self) -> dict[str, Any]:
        """What goes to the service beside the moves."""
        given = self.cleaned_data
        return {
            "reason": given.get("reason", ""), "version": given["version"],
            "with_followers": given["with_followers"],
        }  # fmt: skip


class DatesForm(ReasonedForm):
    """Both days of one task."""

    starts_on = forms.DateField(label=_("starts on"), widget=DATE)
    due_on = forms.DateField(label=_("due"), widget=DATE)
    field_order = ("starts_on", "due_on", "with_followers", "reason")

    def __init__(self, data: Any = None, *, link: PlanTask, **options: Any) -> None:
        stands = {"starts_on": link.starts_on, "due_on": link.task.due_on}
        options["initial"] = {**stands, **options.get("initial", {})}
        super().__init__(data, plan=link.plan, **options)
        self.link = link

    def moves(self) -> list[DateMove]:
        """The one move."""
        return [DateMove(self.link, self.cleaned_data["starts_on"], self.cleaned_data["due_on"])]

    def conflicts(self, stored: Plan) -> list[Conflict]:
        """Days that stand otherwise now."""
        now = stored.tasks.select_related("task").get(pk=self.link.pk)
        stands = {"starts_on": now.starts_on, "due_on": now.task.due_on}
        return [
            Conflict(str(self.fields[name].label), shown(day), shown(self.cleaned_data[name]))
            for name, day in stands.items()
            if day != self.cleaned_data[name]
        ]


class MovesForm(ReasonedForm):
    """What the timeline has collected: «<id of a task>:<start>:<due>» by spaces."""

    moves_said = forms.CharField(widget=forms.HiddenInput, max_length=40_000)

    def clean_moves_said(self) -> list[DateMove]:
        """The moves with their tasks; a task that is not of this plan is refused."""
        said = dict(_parsed(token) for token in self.cleaned_data["moves_said"].split())
        links = PlanTask.objects.filter(plan=self.plan, public_id__in=said).select_related("task__company")
        found = {str(link.public_id): link for link in links}
        if set(said) - set(found):
            raise ValidationError(_("A task has left the plan meanwhile."))
        for link in found.values():
            link.plan = self.plan
        return [DateMove(found[key], *days) for key, days in said.items()]

    def moves(self) -> list[DateMove]:
        """The moves."""
        return self.cleaned_data["moves_said"]


def as_said(moves: list[DateMove]) -> str:
    """The moves as `MovesForm` reads them."""
    return " ".join(f"{move.link.public_id}:{move.starts_on}:{move.due_on}" for move in moves)


def _parsed(token: str) -> tuple[str, tuple[date, date]]:
    try:
        key, starts_on, due_on = token.split(":")
        return key, (date.fromisoformat(starts_on), date.fromisoformat(due_on))
    except ValueError as problem:
        raise ValidationError(_("These dates cannot be read.")) from problem
