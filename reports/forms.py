"""Forms of the dashboards."""

from django import forms
from django.utils.translation import gettext_lazy as _


class QuestionForm(forms.Form):
    """What the lead wants to know."""

    text = forms.CharField(
        label=_("Question to the KAM"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), strip=True
    )
