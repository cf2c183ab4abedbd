"""Forms of a training: the plan, who came, why it did not take place."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import RecordForm, VersionedForm
from accounts.forms.outcome import MOMENT
from accounts.models import Contact, Product
from accounts.models.contact import ContactQuerySet
from deals.models import Deal
from trainings.models import Trainee, Training
from trainings.people import csms, tutors
from upsell_crm.core.models import User

PEOPLE_MAX = 150  # people of a client in the list of invitations; the rest come by the results
FIELDS = ["product", "topic", "starts_at", "duration_min", "format", "tutor", "csm", "deal", "notes"]


class TrainingForm(RecordForm):
    """What, when, by whom; while it is only planned also who is invited."""

    invited = forms.ModelMultipleChoiceField(
        Contact.objects.none(), label=_("invited people"), required=False, to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Training
        fields = FIELDS
        widgets = {"starts_at": MOMENT, "notes": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, data: Any = None, *, instance: Training, by: User, **options: Any) -> None:
        super().__init__(data, instance=instance, **options)
        fields: Any = self.fields
        fields["product"].queryset = Product.objects.all()
        fields["tutor"].queryset, fields["csm"].queryset = tutors(), csms()
        deals = Deal.objects.visible_to(by).open().filter(company=instance.company)
        fields["deal"].queryset = deals
        if not deals.exists() and not instance.deal_id:
            del fields["deal"]
        if instance.pk and instance.state != "planned":
            del fields["invited"]
        else:
            fields["invited"].queryset = people_to_invite(instance)

    def _post_clean(self) -> None:
        """The rules over the whole record are the service's; here the copy takes what was typed."""
        for name, value in self.cleaned_data.items():
            if name in FIELDS:
                setattr(self.instance, name, value)


def people_to_invite(training: Training) -> ContactQuerySet:
    """Who works at the client, those of the list first to be kept."""
    people = (
        Contact.objects.filter(company=training.company).working().order_by("last_name", "first_name", "pk")
    )
    return Contact.objects.filter(pk__in=list(people.values_list("pk", flat=True)[:PEOPLE_MAX])).order_by(
        "last_name", "first_name", "pk"
    )


class HoldForm(VersionedForm):
    """Who came, all ticked to begin with."""

    came = forms.ModelMultipleChoiceField(
        Trainee.objects.none(), label=_("who came"), required=False, to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, training: Training, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["came"]
        field.queryset = training.trainees.select_related("contact")
        field.label_from_instance = lambda trainee: trainee.shown_name


class EndForm(VersionedForm):
    """Why it did not take place."""

    reason = forms.CharField(label=_("why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ProposeForm(forms.Form):
    """What the KAM should know."""

    comment = forms.CharField(
        label=_("what the KAM should know"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip


class LinkForm(forms.Form):
    """Who of the client this trainee is."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("contact of the client"), to_field_name="public_id"
    )

    def __init__(self, *args: Any, training: Training, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["contact"]
        field.queryset = people_to_invite(training)
