"""Forms over the working group of a deal: who joins, who leads the communication."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import VersionedForm
from accounts.models import Company
from deals.enums import DEAL_ROLES
from deals.models import Deal
from upsell_crm.core.models import User

ROLES = [("", "—"), *((role.value, role.label) for role in DEAL_ROLES)]
OPTIONS = 10


def colleagues_matching(query: str) -> QuerySet[User]:
    """Working colleagues by any words of name or login, in any order.

    Both cases are asked for, since LIKE of SQLite folds Latin letters only.
    """
    found = User.objects.filter(is_active=True)
    for word in query.replace("(", " ").replace(")", " ").split()[:5]:
        fits = Q(username__icontains=word)
        for name in ("last_name", "first_name"):
            fits |= Q(**{f"{name}__icontains": word}) | Q(**{f"{name}__icontains": word.capitalize()})
        found = found.filter(fits)
    return found.order_by("last_name", "first_name", "pk")


class ColleagueField(forms.CharField):
    """The one colleague whom the text means; the server suggests while one types."""

    def __init__(self, **options: Any) -> None:
        address = reverse_lazy("deals:colleague_options")
        widget = forms.TextInput(attrs={"autocomplete": "off", "data-options": address, "autofocus": True})
        super().__init__(widget=widget, **options)

    def clean(self, value: Any) -> User | None:
        """Raises ValidationError for nobody and for several."""
        text = super().clean(value)
        if not text:
            return None
        found = list(colleagues_matching(text)[:5])
        exact = [user for user in found if option_of(user) == text]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if not found:
            raise ValidationError(gettext("Nobody here has this name."))
        names = "; ".join(map(option_of, found))
        raise ValidationError(gettext("Several colleagues fit: %(names)s.") % {"names": names})


def option_of(user: User) -> str:
    """The text by which a colleague is found again: «Ким Дарья (kim)»."""
    return f"{user} ({user.username})"


class MemberForm(forms.Form):
    """A colleague, his role, and the part of the holding; the part is asked for a holding project only."""

    user = ColleagueField(label=_("Colleague"))
    role = forms.ChoiceField(label=_("Role in the deal"), choices=ROLES)
    scope_company = forms.ModelChoiceField(
        label=_("Only for"), queryset=Company.objects.none(), required=False, empty_label=_("the whole deal")
    )

    def __init__(self, *args: Any, deal: Deal, **options: Any) -> None:
        super().__init__(*args, **options)
        if deal.is_holding:
            below = Company.objects.below(deal.company).present()
            self.fields["scope_company"].queryset = below.order_by("sort_name", "pk")  # type: ignore[attr-defined]
        else:
            del self.fields["scope_company"]


class CommunicatorForm(VersionedForm):
    """Another member leads the communication, and why."""

    user = forms.ModelChoiceField(label=_("Leads the communication"), queryset=User.objects.none())
    reason = forms.CharField(
        label=_("Why not the best contact"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, people: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
