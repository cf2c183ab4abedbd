"""Forms of people at the client: who they are, what they decide, how well we know them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import ContactState, DecisionRole, LinkKind
from accounts.forms.base import DATE, RecordForm, VersionedForm
from accounts.forms.company_choice import CompanyChoiceField
from accounts.models import Company, Contact, ContactRole, Product
from upsell_crm.core import clock
from upsell_crm.core.models import User

ATTITUDES = [
    (2, _("+2 strongly for")), (1, _("+1 for")), (0, _("0 neutral")), (-1, _("−1 against")), (-2, _("−2 strongly against")),
]  # fmt: skip
INFLUENCES = [(level, str(level)) for level in range(5, 0, -1)]
STRENGTHS = [
    (0, _("0 does not know")), (1, _("1 was in touch")), (2, _("2 answers")), (3, _("3 working contact")),
    (4, _("4 trusts")), (5, _("5 advocate")),
]  # fmt: skip


class ContactForm(RecordForm):
    """A person; a new one gets a role in the same save."""

    role = forms.ChoiceField(
        label=_("role"), required=False, choices=[("", _("no role yet")), *DecisionRole.choices]
    )

    class Meta:
        model = Contact
        fields = ["last_name", "first_name", "patronymic", "position", "department", "phone", "email", "messenger",
                  "preferred_channel", "state", "consent_mailing", "can_quote"]  # fmt: skip
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def __init__(self, *args: Any, company: Company, may_see_reach: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"].queryset = company.departments.all()
        self.fields["state"].choices = [
            choice for choice in ContactState.choices if choice[0] != ContactState.LEFT
        ]
        if self.instance.pk:
            del self.fields["role"]
            if not may_see_reach:
                for name in ("phone", "email", "messenger"):
                    del self.fields[name]


class ContactRoleForm(forms.ModelForm):
    """What the person decides and how."""

    class Meta:
        model = ContactRole
        fields = ["role", "influence", "attitude", "is_key", "product"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["influence"].widget = forms.Select(choices=INFLUENCES)
        self.fields["attitude"].widget = forms.Select(choices=ATTITUDES)
        self.fields["product"].queryset = Product.objects.licensable()
        self.fields["product"].empty_label = _("all products")


class LeftForm(VersionedForm):
    """Since when, and where the person works now."""

    left_on = forms.DateField(label=_("left on"), widget=DATE)
    moved_to = CompanyChoiceField(
        required=False, label=_("works now at"), help_text=_("If it is a client of ours: INN or name")
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["moved_to"].user = user
        self.fields["left_on"].initial = clock.today()


class StrengthForm(forms.Form):
    """How well a colleague knows the person."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("colleague"))
    level = forms.TypedChoiceField(label=_("strength"), choices=STRENGTHS, coerce=int)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].queryset = User.objects.filter(is_active=True)


class LinkForm(forms.Form):
    """A line of the relationship map."""

    kind = forms.ChoiceField(label=_("relation"), choices=LinkKind.choices)
    to_contact = forms.ModelChoiceField(Contact.objects.none(), label=_("to whom"))

    def __init__(self, *args: Any, contact: Contact, **options: Any) -> None:
        super().__init__(*args, **options)
        colleagues = Contact.objects.working().filter(company=contact.company_id).exclude(pk=contact.pk)
        self.fields["to_contact"].queryset = colleagues


class SuperiorForm(forms.Form):
    """Whom a person reports to; empty = nobody that is known."""

    superior = forms.ModelChoiceField(Contact.objects.none(), label=_("reports to"), required=False)

    def __init__(self, *args: Any, contact: Contact, **options: Any) -> None:
        super().__init__(*args, **options)
        colleagues = Contact.objects.working().filter(company=contact.company_id).exclude(pk=contact.pk)
        self.fields["superior"].queryset = colleagues
