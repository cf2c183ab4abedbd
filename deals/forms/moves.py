"""What a person states with a step of a deal: checklist, reason, date, reasons of the end."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import DATE, WORDS, Conflict, VersionedForm, shown
from deals.checklists import Line
from deals.close_reasons import COMMENT_MAX
from deals.enums import LOST_REASONS, WON_REASONS, CloseReason
from deals.models import Deal

REASONS = {
    "main_reason": "main_reason",
    "other_reasons": "other_reasons",
    "comment": "close_comment",
}


class StepForm(VersionedForm):
    """Every step is checked against the version that the person saw."""

    STANDS: ClassVar[dict[str, str]] = {}  # field → attribute of the deal that it sets

    def conflicts(self, stored: Deal) -> list[Conflict]:
        """The stage that stands now, and the fields in which the deal differs from what was typed."""
        stage = Conflict(str(_("stage")), stored.get_stage_display(), "—")
        typed = ((name, self.cleaned_data.get(name)) for name in self.STANDS)
        return [stage] + [
            Conflict(str(self.fields[name].label), _words(stored, self.STANDS[name]), self._typed_words(name))
            for name, value in typed
            if value != getattr(stored, self.STANDS[name])
        ]

    def _typed_words(self, name: str) -> str:
        value = self.cleaned_data.get(name)
        labels = dict(getattr(self.fields[name], "choices", ()))
        values = value if isinstance(value, list) else [value]
        return ", ".join(str(labels.get(one, one)) for one in values if one) or "—"


class MoveForm(StepForm):
    """Forward with the checklists of the stages left, or back with a reason."""

    checks = forms.MultipleChoiceField(
        label=_("checklist"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label=_("why"), required=False, max_length=500, widget=WORDS)

    def __init__(self, *args: Any, lines: Sequence[Line], is_back: bool, **options: Any) -> None:
        done = [line.key for line in lines if line.is_done]
        options["initial"] = {"checks": done, **options.get("initial", {})}
        super().__init__(*args, **options)
        self.lines = lines
        self.fields["checks"].choices = [(line.key, line.text) for line in lines]  # type: ignore[attr-defined]
        del self.fields["reason" if not is_back else "checks"]


class HoldForm(StepForm):
    """A pause: until when, and why."""

    STANDS = {"hold_until": "hold_until"}
    hold_until = forms.DateField(label=_("on hold until"), widget=DATE, help_text=_("at most 180 days ahead"))
    reason = forms.CharField(label=_("why"), max_length=500, widget=WORDS)


class LoseForm(StepForm):
    """One main reason, at most two others, words."""

    STANDS = REASONS
    main_reason = forms.ChoiceField(
        label=_("main reason"), choices=[("", "—"), *((r.value, r.label) for r in LOST_REASONS)]
    )
    other_reasons = forms.MultipleChoiceField(
        label=_("other reasons, at most two"), choices=[(r.value, r.label) for r in LOST_REASONS], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    comment = forms.CharField(
        label=_("how it ended, in words"), required=False, max_length=COMMENT_MAX, widget=WORDS
    )


class WinReasonsForm(StepForm):
    """One to three reasons of a win."""

    STANDS = REASONS
    main_reason = forms.ChoiceField(label=_("main reason"), choices=[(r.value, r.label) for r in WON_REASONS])
    other_reasons = forms.MultipleChoiceField(
        label=_("other reasons, at most two"), choices=[(r.value, r.label) for r in WON_REASONS], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    comment = forms.CharField(
        label=_("how it ended, in words"), required=False, max_length=COMMENT_MAX, widget=WORDS
    )


class ReasonForm(StepForm):
    """Only why."""

    reason = forms.CharField(label=_("why"), max_length=500, widget=WORDS)


class ReopenForm(ReasonForm):
    """Why, and what comes next."""

    STANDS = {"next_step": "next_step", "next_step_on": "next_step_on"}
    next_step = forms.CharField(label=_("next step"), max_length=300)
    next_step_on = forms.DateField(label=_("next step on"), widget=DATE)


class ProposeForm(forms.Form):
    """What could be sold, and why now."""

    text = forms.CharField(label=_("what could be sold, and why now"), max_length=2000, widget=WORDS)


def _words(deal: Deal, name: str) -> str:
    """What the deal holds, as a person reads it."""
    if name == "other_reasons":
        return ", ".join(str(CloseReason(reason).label) for reason in deal.other_reasons) or "—"
    return shown(deal, name)
