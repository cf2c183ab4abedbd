"""What a lead says about a plan, and what a KAM answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.base import WORDS, Conflict, VersionedForm
from roadmaps.forms.moves import PlanStepForm
from roadmaps.models import ReviewComment


class VerdictForm(PlanStepForm):
    """Checked against the version of the plan that the lead has read."""

    comment = forms.CharField(label=_("comment"), required=False, max_length=2000, widget=WORDS)


class ApproveForm(VerdictForm):
    """A comment is free; whoever opens a shut gate ticks it and says why."""

    overrides = forms.BooleanField(
        label=_("approve although the list above is open; the comment says why"), required=False
    )

    def __init__(self, *args: Any, may_override: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_override:
            del self.fields["overrides"]


class ReturnForm(VerdictForm):
    """What has to be changed."""


class CommentForm(forms.Form):
    """Words on one item of the plan."""

    item = forms.CharField(widget=forms.HiddenInput, max_length=60)
    text = forms.CharField(label=_("comment"), max_length=2000, widget=WORDS)


class ResolveForm(VersionedForm):
    """What was done about a comment."""

    answer = forms.CharField(
        label=pgettext_lazy("comment", "what was done"), required=False, max_length=300, widget=WORDS
    )

    def conflicts(self, stored: ReviewComment) -> list[Conflict]:
        """Somebody else has settled it."""
        return [Conflict(str(self.fields["answer"].label), stored.answer or "—", self.cleaned_data["answer"])]
