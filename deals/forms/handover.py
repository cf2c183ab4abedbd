"""Forms of handovers: start, way and meeting of the introduction, a line of the checklist, completion."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import InteractionKind
from accounts.forms.base import VersionedForm
from accounts.models import Contact, Task
from deals.enums import HandoverReason, IntroMode
from deals.handover_machine import decision_makers
from deals.models import Handover, HandoverItem
from deals.services.handover_intro import KINDS, tasks_that_move
from deals.services.handovers import modes_open_to
from upsell_crm.core import clock
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
MEETING_KINDS = (InteractionKind.MEETING, InteractionKind.VIDEO, InteractionKind.CALL, InteractionKind.EMAIL)


class HandoverForm(VersionedForm):
    """Over one handover, with the version of it that the person saw."""

    def __init__(
        self, data: Any = None, *, handover: Handover, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"version": handover.version, **(initial or {})})


class StartForm(forms.Form):
    """To whom, why, and how the client meets him; empty mode = as the rule says."""

    from_user = forms.ModelChoiceField(
        User.objects.none(),
        label=_("The KAM who has left"),
        required=False,
        help_text=_("Empty: the responsible one."),
    )
    to_user = forms.ModelChoiceField(User.objects.none(), label=_("New KAM"))
    reason = forms.ChoiceField(label=_("Why"), choices=HandoverReason.choices)
    mode = forms.ChoiceField(label=_("Introduction"), required=False)
    mode_reason = forms.CharField(
        label=_("why another way"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    comment = forms.CharField(
        label=_("comment"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, giver: User, is_lead: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        kams = User.objects.filter(roles__role=Role.KAM).distinct()
        self.fields["to_user"].queryset = kams.filter(is_active=True).exclude(pk=giver.pk)  # type: ignore[attr-defined]
        self.fields["mode"].choices = [("", _("by the rule")), *IntroMode.choices]  # type: ignore[attr-defined]
        if is_lead:
            self.fields["from_user"].queryset = kams.filter(is_active=False)  # type: ignore[attr-defined]
        else:
            del self.fields["from_user"]


class ModeForm(HandoverForm):
    """Another way of introduction, with its reason when it is not the rule's."""

    mode = forms.ChoiceField(label=_("Introduction"))
    mode_reason = forms.CharField(
        label=_("why another way"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, data: Any = None, *, handover: Handover, initial: dict[str, Any] | None = None
    ) -> None:
        known = {"mode": handover.mode, "mode_reason": handover.mode_reason}
        super().__init__(data, handover=handover, initial={**known, **(initial or {})})
        self.fields["mode"].choices = [(mode.value, mode.label) for mode in modes_open_to(handover)]  # type: ignore[attr-defined]


class IntroForm(HandoverForm):
    """When the client meets the new KAM, and who of the client comes."""

    starts_at = forms.DateTimeField(label=_("When"), widget=MOMENT)
    kind = forms.ChoiceField(
        label=pgettext_lazy("interaction", "How"),
        choices=[(kind.value, kind.label) for kind in MEETING_KINDS],
    )
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(), label=_("Who of the client"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: Any = None, *, handover: Handover, initial: dict[str, Any] | None = None
    ) -> None:
        close = [person["id"] for person in handover.suggested_facts.get("people", [])]
        known = {"kind": KINDS[IntroMode(handover.mode)], "contacts": close}
        super().__init__(data, handover=handover, initial={**known, **(initial or {})})
        people = Contact.objects.working().filter(company=handover.company)
        makers = decision_makers(handover.company, clock.today())
        both = Contact.objects.filter(pk__in=people.values("pk")) | Contact.objects.filter(
            pk__in=makers.values("pk")
        )
        self.fields["contacts"].queryset = both.order_by("last_name", "pk")  # type: ignore[attr-defined]


class EndForm(HandoverForm):
    """Why not: to decline, to cancel."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )


class ItemForm(forms.Form):
    """What the new KAM must know of one line."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    filled = forms.CharField(
        label=_("what to know"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8, "autofocus": True})
    )

    def __init__(
        self, data: Any = None, *, item: HandoverItem, initial: dict[str, Any] | None = None
    ) -> None:
        known = {"filled": item.filled, "revision": item.revision}
        super().__init__(data, initial={**known, **(initial or {})})


class CompleteForm(HandoverForm):
    """The last look: which single tasks stay with the old KAM; without a meeting, how the client was told."""

    introduced_how = forms.CharField(
        label=_("how the client was told"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    keep = forms.ModelMultipleChoiceField(
        Task.objects.none(), label=_("Tasks that stay with the old KAM"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("All others go to the new KAM."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, handover: Handover, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, handover=handover, initial=initial)
        self.fields["keep"].queryset = tasks_that_move(handover)  # type: ignore[attr-defined]
        if not handover.from_user.is_active or not self.fields["keep"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["keep"]
        if handover.mode == IntroMode.THREE_WAY:
            del self.fields["introduced_how"]
