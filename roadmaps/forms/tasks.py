"""What a person types about a task of a plan (R44, R49, R50)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Fact
from accounts.forms.base import DATE, Conflict, VersionedForm
from accounts.models import Company
from deals.enums import DEAL_ROLES
from deals.forms.team import ColleagueField
from deals.models import DealMember
from roadmaps.enums import Phase
from roadmaps.models import Plan, PlanTask
from upsell_crm.core.models import User

RESTS_ON: dict[str, list[str]] = {  # what tasks of a phase usually rest on
    Phase.NEEDS: [Fact.DM],
    Phase.DOCS: [Fact.PROCUREMENT, Fact.DM],
}
ROLES = [("", gettext_lazy("as in the working group")), *((role.value, role.label) for role in DEAL_ROLES)]
LINES = forms.Textarea(attrs={"rows": 2})


class PersonChoice(forms.ModelChoiceField):
    """A colleague of the working group, told by name and role."""

    def __init__(self, **options: Any) -> None:
        super().__init__(User.objects.none(), to_field_name="public_id", **options)
        self.roles: dict[int, list[str]] = {}

    def label_from_instance(self, user: User) -> str:
        roles = self.roles.get(user.pk)
        return f"{user} · {', '.join(roles)}" if roles else str(user)


class TaskChoice(forms.ModelMultipleChoiceField):
    """Tasks of the plan by title, person and day."""

    def label_from_instance(self, link: PlanTask) -> str:
        return f"{link.task.title} · {link.task.assignee}, {link.task.due_on:%d.%m}"


class TaskForm(VersionedForm):
    """One task of a plan; people of the working group stand first, another colleague may be invited into it.

    `past_ok` shows itself when the due day of a new task has passed: the person says that it is meant so.
    """

    title = forms.CharField(label=gettext_lazy("what to do"), max_length=300)
    expected_result = forms.CharField(
        label=gettext_lazy("expected result"), max_length=2000, widget=LINES,
        help_text=gettext_lazy("What the receiver will hold in his hands: the task closes with it."),
    )  # fmt: skip
    assignee = PersonChoice(
        label=gettext_lazy("assignee"), empty_label=gettext_lazy("choose or name another below")
    )
    colleague = ColleagueField(
        label=gettext_lazy("another colleague"), required=False,
        help_text=gettext_lazy("Who is not in the working group yet."),
    )  # fmt: skip
    join = forms.BooleanField(
        label=gettext_lazy("add him to the working group"), required=False, initial=True
    )
    role = forms.ChoiceField(label=gettext_lazy("role in the deal"), choices=ROLES, required=False)
    receiver = PersonChoice(label=gettext_lazy("who receives the result"), empty_label=None)
    company = forms.ModelChoiceField(
        Company.objects.none(), label=gettext_lazy("subsidiary"), to_field_name="public_id", empty_label=None
    )
    starts_on = forms.DateField(label=gettext_lazy("starts on"), widget=DATE)
    due_on = forms.DateField(
        label=gettext_lazy("due"), widget=DATE, help_text=gettext_lazy("A day off becomes a working day.")
    )
    past_ok = forms.BooleanField(
        label=gettext_lazy("the due day has passed, and it is meant so"),
        required=False,
        widget=forms.HiddenInput,
    )
    phase = forms.ChoiceField(label=gettext_lazy("phase"), choices=Phase.choices)
    depends_on = TaskChoice(
        PlanTask.objects.none(), label=gettext_lazy("after the tasks"), to_field_name="public_id", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    built_on = forms.MultipleChoiceField(
        label=gettext_lazy("rests on the facts"), choices=Fact.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("While one of them is out of date, the task does not begin."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("why the plan changes"), max_length=300, widget=LINES,
        help_text=gettext_lazy("The plan is in work: the change becomes a numbered revision."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, plan: Plan, today: date, may_assign: bool, link: PlanTask | None = None, **options: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.plan, self.today, self.link = plan, today, link
        self.members = list(
            DealMember.objects.active_on(today)
            .filter(deal=plan.deal_id)
            .select_related("user")
            .order_by("pk")
        )
        self._choose_people(may_assign)
        self._choose_company()
        self._choose_tasks()
        if link is None:
            asked = {"hx-get": f"{reverse('roadmaps:plan_task_new', args=[plan.public_id])}?fresh=1"}
            swaps = {"hx-select": "#id_built_on", "hx-target": "#id_built_on", "hx-swap": "outerHTML"}
            self.fields["phase"].widget.attrs |= asked | swaps
        if not plan.is_working:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """The due day not before the start, and a day in the past only on purpose."""
        said = super().clean() or {}
        starts_on, due_on = said.get("starts_on"), said.get("due_on")
        if starts_on and due_on and due_on < starts_on:
            self.add_error("due_on", _("The task is due before it starts."))
        elif due_on and self._is_new_day(due_on) and due_on < self.today:
            self.fields["past_ok"].widget = forms.CheckboxInput()
            if not said.get("past_ok"):
                self.add_error("due_on", _("This day has passed. Correct it, or tick that it is meant so."))
        return said

    @property
    def person(self) -> User:
        """Who does it; a colleague who is typed counts more than the list."""
        return self.cleaned_data.get("colleague") or self.cleaned_data["assignee"]

    @property
    def role_said(self) -> str:
        """The role that is chosen, else the one of his membership."""
        own = [member.role for member in self.members if member.user_id == self.person.pk]
        return self.cleaned_data["role"] or (own[0] if own else "")

    @property
    def joins(self) -> bool:
        """Whether the person is to be added to the working group."""
        known = {member.user_id for member in self.members}
        return bool(self.cleaned_data.get("join")) and self.person.pk not in known

    def conflicts(self, stored: Plan) -> list[Conflict]:
        """Where the task as it stands now differs from what was typed."""
        if self.link is None:
            return []
        now = said_of(
            PlanTask.objects.select_related("task__assignee", "task__receiver").get(pk=self.link.pk)
        )
        typed = self.cleaned_data
        return [
            Conflict(str(self.fields[name].label), str(now[name] or "—"), str(typed.get(name) or "—"))
            for name in ("title", "expected_result", "starts_on", "due_on")
            if typed.get(name) != now[name]
        ]

    def _is_new_day(self, due_on: date) -> bool:
        return self.link is None or self.link.task.due_on != due_on

    def _choose_people(self, may_assign: bool) -> None:
        roles: dict[int, list[str]] = {}
        for member in self.members:
            roles.setdefault(member.user_id, []).append(member.role_label)
        own = [self.link.task.assignee_id, self.link.task.receiver_id] if self.link else []
        lead = self.plan.deal.team.lead_id
        receivers = [*roles, self.plan.deal.responsible_kam_id, lead, *own]
        for name, ids in (("assignee", [*roles, *own[:1]]), ("receiver", receivers)):
            field: Any = self.fields[name]
            field.roles = roles
            field.queryset = User.objects.filter(pk__in=[pk for pk in ids if pk], is_active=True).order_by(
                "last_name", "first_name", "pk"
            )
        self.fields["assignee"].required = not self.data.get("colleague")
        if not may_assign:
            del self.fields["join"]

    def _choose_company(self) -> None:
        """The client, and for a project over a holding its subsidiaries."""
        deal = self.plan.deal
        if not deal.is_holding:
            del self.fields["company"]
            return
        below = list(Company.objects.below(deal.company).present().values_list("pk", flat=True))
        field: Any = self.fields["company"]
        field.queryset = Company.objects.filter(pk__in=[deal.company_id, *below]).order_by("sort_name", "pk")

    def _choose_tasks(self) -> None:
        others = (
            PlanTask.objects.filter(plan=self.plan).standing().select_related("task__assignee").in_order()
        )
        field: Any = self.fields["depends_on"]
        field.queryset = others.exclude(pk=self.link.pk) if self.link else others
        if not field.queryset.exists():
            del self.fields["depends_on"]


class FillForm(VersionedForm):
    """The steps that are taken; all of them unless somebody switches one off."""

    steps = forms.MultipleChoiceField(
        label=gettext_lazy("tasks"), error_messages={"required": gettext_lazy("Choose at least one task.")}
    )
    reason = forms.CharField(label=gettext_lazy("why the plan changes"), max_length=300, widget=LINES)

    preview: dict[str, Any]  # what the template shows around the ticks

    def __init__(self, data: Any, *, plan: Plan, codes: list[str]) -> None:
        super().__init__(data, initial={"version": plan.version, "steps": codes})
        self.fields["steps"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        if not plan.is_working:
            del self.fields["reason"]


class RemoveForm(VersionedForm):
    """Why a task leaves the plan."""

    reason = forms.CharField(label=gettext_lazy("why it is not needed"), max_length=300, widget=LINES)


def said_of(link: PlanTask) -> dict[str, Any]:
    """What the form of an existing task starts from."""
    task = link.task
    return {
        "title": task.title, "expected_result": task.expected_result, "assignee": task.assignee.public_id,
        "role": link.role, "receiver": task.receiver and task.receiver.public_id,
        "company": task.company and task.company.public_id, "starts_on": link.starts_on, "due_on": task.due_on,
        "phase": link.phase, "built_on": link.built_on,
    }  # fmt: skip


def new_task(plan: Plan, asked: Mapping[str, str], today: date) -> dict[str, Any]:
    """What the form of a new task starts from: `?person=` and `?phase=` are said by the place it was opened from."""
    phase = asked["phase"] if asked.get("phase") in Phase.values else Phase.OTHER
    return {
        "starts_on": today, "phase": phase, "built_on": RESTS_ON.get(phase, []),
        "receiver": plan.deal.responsible_kam.public_id, "company": plan.deal.company.public_id,
        "assignee": asked.get("person", ""),
    }  # fmt: skip
