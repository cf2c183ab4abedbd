"""What a person says about the facts of a plan: the lead's leave, what a changed fact means."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import WORDS, VersionedForm


class OpenTasksForm(VersionedForm):
    """Why tasks may begin over stale facts."""

    reason = forms.CharField(label=_("why without fresh facts"), max_length=300, widget=WORDS)


class SettleForm(VersionedForm):
    """What a changed fact means for the plan."""

    answer = forms.ChoiceField(
        label=_("what follows"), widget=forms.RadioSelect,
        choices=[("stays", _("the plan does not change")), ("changed", _("the plan has been put right"))],
    )  # fmt: skip
    words = forms.CharField(label=_("why, or what was changed"), max_length=250, widget=WORDS)
