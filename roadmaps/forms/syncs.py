"""Forms of a sync: its time and circle, why it is called off, other words of its protocol."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import Conflict, RecordForm, SomeOf, VersionedForm, shown
from roadmaps.models import Plan, Sync
from roadmaps.services.syncs import participants_of
from upsell_crm.core.models import User
from upsell_crm.core.templatetags.crm import moment

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
MINUTES = [(n, _("%(n)s min") % {"n": n}) for n in (15, 30, 45, 60, 90, 120)]


class SyncForm(VersionedForm):
    """When, how long, who comes; the working group is ticked."""

    starts_at = forms.DateTimeField(label=_("When"), widget=MOMENT)
    duration_min = forms.TypedChoiceField(label=_("How long"), choices=MINUTES, coerce=int)
    participants = SomeOf(User.objects.none(), label=_("Who comes"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, data: Any = None, *, plan: Plan, initial: dict[str, Any], sync: Sync | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        people = {person.pk for person in participants_of(plan)}
        if sync:
            people |= set(sync.interaction.our_people.values_list("user", flat=True))
        found = User.objects.filter(pk__in=people).order_by("last_name", "first_name", "pk")
        self.fields["participants"].queryset = found  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """What goes to the service."""
        said = {name: self.cleaned_data[name] for name in ("starts_at", "duration_min")}
        return {**said, "participants": list(self.cleaned_data["participants"])}

    def conflicts(self, stored: Any) -> list[Conflict]:
        """`stored` is the communication as it stands now."""
        lines = [
            Conflict(str(_("When")), moment(stored.starts_at), moment(self.cleaned_data.get("starts_at"))),
            Conflict(
                str(_("How long")), str(stored.duration_min), str(self.cleaned_data.get("duration_min", ""))
            ),
        ]
        return [line for line in lines if line.theirs != line.mine]


class SyncReasonForm(VersionedForm):
    """Only why."""

    reason = forms.CharField(label=_("why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def conflicts(self, stored: Any) -> list[Conflict]:
        """`stored` is the communication as it stands now."""
        return [Conflict(str(_("state")), shown(stored, "state"), self.cleaned_data.get("reason", ""))]


class NotesForm(RecordForm):
    """Other words of a protocol."""

    class Meta:
        model = Sync
        fields = ["notes"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 10})}
