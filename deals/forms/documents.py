"""Forms over documents: a move with its words, a request, a new document, what the exchange says, a draft contract."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.act_by import add_months
from accounts.enums import ContractForm, ContractStatus
from accounts.forms.base import DATE, RecordForm, VersionedForm
from accounts.models import Contract
from accounts.services.attachments import ACCEPT
from deals.document_machine import COMMENTED
from deals.enums import Approval, DocumentType, Edo, Package, Queue
from deals.models import Deal, Document
from upsell_crm.core import clock
from upsell_crm.core.models import User

S = Approval
_TAKES_FILE = (S.INTERNAL, S.READY, S.DISAGREEMENT, S.SIGNED)


def _file_field() -> forms.FileField:
    widget = forms.ClearableFileInput(attrs={"accept": ACCEPT})
    return forms.FileField(
        label=_("file"), required=False, widget=widget, help_text=_("up to 10 MB; drop it here")
    )


class MoveDocumentForm(VersionedForm):
    """Only what this move has to be told, or may be told."""

    comment = forms.CharField(label=_("comment"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = _file_field()
    signed_on = forms.DateField(label=_("signed by both sides on"), widget=DATE)
    promised_on = forms.DateField(label=_("promised by the client"), widget=DATE, required=False)

    def __init__(self, *args: Any, to: str, **options: Any) -> None:
        super().__init__(*args, **options)
        unneeded = {
            "file": to not in _TAKES_FILE,
            "signed_on": to != S.SIGNED,
            "promised_on": to not in (S.SENT, S.CLIENT_REVIEW),
        }
        for name in (name for name, is_unneeded in unneeded.items() if is_unneeded):
            del self.fields[name]
        self.fields["comment"].required = to in COMMENTED and to != S.DISAGREEMENT


class FileForm(forms.Form):
    """A new version of the document's file."""

    file = forms.FileField(
        label=_("file"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        help_text=_("up to 10 MB; drop it here"),
    )
    comment = forms.CharField(label=_("what has changed"), max_length=300, required=False)


class EdoForm(VersionedForm):
    """What the exchange says; the day matters when it says «signed»."""

    edo = forms.ChoiceField(label=_("e-document exchange"), choices=Edo.choices)
    signed_on = forms.DateField(label=_("signed by both sides on"), widget=DATE, required=False)
    comment = forms.CharField(label=_("comment"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class DocumentForm(RecordForm):
    """What may be changed in a document beside its state."""

    class Meta:
        model = Document
        fields = [
            "number",
            "dated_on",
            "amount",
            "vat",
            "contract",
            "closer",
            "due_on",
            "promised_on",
            "paid_on",
        ]
        widgets = {"dated_on": DATE, "due_on": DATE, "promised_on": DATE, "paid_on": DATE}

    def __init__(self, *args: Any, deal: Deal, **options: Any) -> None:
        super().__init__(*args, **options)
        among = deal.members.active_on(clock.today()).values("user")
        offer(self, "contract", contracts_of(deal))
        offer(self, "closer", User.objects.filter(is_active=True, pk__in=among))

    def _post_clean(self) -> None:
        """The instance takes the values; the rules over the whole record are the service's."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, None)


class NewDocumentForm(forms.Form):
    """A draft."""

    type = forms.ChoiceField(label=_("type"), choices=DocumentType.choices)
    number = forms.CharField(label=_("number"), max_length=60, required=False)
    amount = forms.DecimalField(
        label=_("amount, ₽"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    contract = forms.ModelChoiceField(Contract.objects.none(), label=_("contract"), required=False)
    due_on = forms.DateField(label=_("due"), widget=DATE, required=False)

    def __init__(self, *args: Any, deal: Deal, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "contract", contracts_of(deal))


class RequestForm(forms.Form):
    """A request to the lawyers or BackOffice: of a new document, or of a draft that exists."""

    type = forms.ChoiceField(label=_("document"), choices=DocumentType.choices)
    due_on = forms.DateField(label=_("due"), widget=DATE, help_text=_("a working day"))
    queue = forms.ChoiceField(
        label=_("to whom"), choices=[("", _("by the type of the document")), *Queue.choices], required=False
    )
    comment = forms.CharField(
        label=_("what is needed"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )

    def __init__(self, *args: Any, document: Document | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if document:
            del self.fields["type"]


class PackageForm(forms.Form):
    """Which chain of §2.10."""

    package = forms.ChoiceField(label=_("package"), choices=Package.choices)


class DraftContractForm(forms.Form):
    """The terms of the deal's contract that its lines do not tell."""

    number = forms.CharField(label=_("number"), max_length=60)
    form = forms.ChoiceField(label=_("form"), choices=ContractForm.choices)
    start_date = forms.DateField(label=_("start"), widget=DATE)
    end_date = forms.DateField(label=_("last day"), widget=DATE)
    parent_contract = forms.ModelChoiceField(
        Contract.objects.none(), label=_("to the contract"), required=False
    )

    def __init__(self, *args: Any, deal: Deal, renewed: Contract | None, **options: Any) -> None:
        start = renewed.end_date + timedelta(days=1) if renewed else clock.today()
        options["initial"] = {
            "form": ContractForm.CONTRACT, "start_date": start, "end_date": add_months(start, 12) - timedelta(days=1)
        }  # fmt: skip
        super().__init__(*args, **options)
        offer(self, "parent_contract", contracts_of(deal).filter(parent_contract=None))


class LinkContractForm(forms.Form):
    """The contract, entered by BackOffice already, that the deal brings about."""

    contract = forms.ModelChoiceField(Contract.objects.none(), label=_("contract"), to_field_name="public_id")

    def __init__(self, *args: Any, contracts: QuerySet[Contract], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "contract", contracts)


def offer(form: forms.BaseForm, name: str, records: Any) -> None:
    """What a choice of the form offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = records


def contracts_of(deal: Deal) -> Any:
    """Contracts of the deal's client that are not void."""
    return Contract.objects.filter(company=deal.company_id).exclude(status=ContractStatus.VOID)
