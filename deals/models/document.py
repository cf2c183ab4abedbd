"""Documents of a deal: approval and e-document exchange apart, versions of files, steps with their time (§2.9, §2.10)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Vat
from deals.access import deals_within_reach
from deals.enums import (
    CONTRACT_LIKE,
    DOCUMENT_ENDS,
    Approval,
    DocumentType,
    Edo,
    Package,
    Queue,
    RequestState,
)
from upsell_crm.core.models import PublicModel, RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action, Role, Scope

NOT_REPLACING = (Approval.REFUSED, Approval.CANCELLED, Approval.ANNULLED)


def _queues_of(user: User) -> list[str]:
    """The queues that a person works in."""
    queues = {Role.LAWYER: Queue.LEGAL, Role.BACKOFFICE: Queue.BACKOFFICE}
    return [queue.value for role, queue in queues.items() if user.has_role(role)]


class DocumentQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        """Documents of reachable deals, and those that stand or stood in one's own queue."""
        return self.allowing(user, Action.SEE_DOCUMENT)

    def allowing(self, user: User, action: Action) -> "DocumentQuerySet":
        """Documents on which this person may do `action`; q = they stand, or stood, in his own queue (§3)."""
        scopes = user.scopes(action)
        if Scope.ALL in scopes:
            return self
        reach = deals_within_reach(user, action, "deal__")
        if Scope.QUEUE in scopes:
            reach |= (
                Q(requests__queue__in=_queues_of(user))
                | Q(prepared_by=user)
                | Q(approval=Approval.INTERNAL, queue__in=_queues_of(user))
            )
        return self.filter(pk__in=self.model._base_manager.filter(reach).values("pk"))

    def contract_like(self) -> "DocumentQuerySet":
        """Texts that the client's lawyers approve: their time is measured, their contract waits for them."""
        return self.filter(type__in=CONTRACT_LIKE)

    def with_client(self) -> "DocumentQuerySet":
        """Those that wait for the client: for his approval or his signature."""
        return self.filter(approval__in=[Approval.CLIENT_REVIEW, Approval.SIGNING])

    def open(self) -> "DocumentQuerySet":
        """Not signed, refused, cancelled or annulled."""
        return self.exclude(approval__in=DOCUMENT_ENDS)

    def rejected(self) -> "DocumentQuerySet":
        """Refused by the client and not replaced, or sent back by the exchange and not settled since (§4.5).

        A later document of the same type in the same deal that is in work or signed replaces the refused one.
        """
        later = self.model._base_manager.filter(
            deal=OuterRef("deal"), type=OuterRef("type"), pk__gt=OuterRef("pk")
        )
        replaced = Exists(later.exclude(approval__in=NOT_REPLACING))
        sent_back = Q(edo__in=[Edo.REJECTED, Edo.CORRECTION])
        return self.filter(
            Q(approval=Approval.REFUSED) & ~replaced | sent_back & ~Q(approval__in=DOCUMENT_ENDS)
        )

    def timed(self) -> "DocumentQuerySet":
        """In a state for which there is a norm."""
        return self.filter(approval__in=[Approval.INTERNAL, Approval.CLIENT_REVIEW, Approval.SIGNING])


class Document(RecordedModel):
    """A paper of a deal. `approval` moves along §2.9; `edo` mirrors the operator, null = on paper."""

    HISTORY: ClassVar = frozenset(
        {"approval", "edo", "number", "amount", "contract", "closer", "prepared_by", "queue"}
    )

    deal = models.ForeignKey("deals.Deal", models.PROTECT, related_name="documents", verbose_name=_("deal"))
    contract = models.ForeignKey(
        "accounts.Contract", models.PROTECT, null=True, blank=True, related_name="documents",
        verbose_name=_("contract"),
    )  # fmt: skip
    type = models.CharField(_("type"), max_length=13, choices=DocumentType.choices)
    number = models.CharField(_("number"), max_length=60, blank=True)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    amount = models.DecimalField(_("amount, ₽"), max_digits=14, decimal_places=2, null=True, blank=True)
    vat = models.CharField(_("VAT"), max_length=4, choices=Vat.choices, default=Vat.NONE)
    approval = models.CharField(
        _("approval"), max_length=13, choices=Approval.choices, default=Approval.DRAFT
    )
    approval_since = models.DateTimeField(_("in this state since"))
    queue = models.CharField(  # who checks it while it is «internal»
        _("queue"), max_length=10, choices=Queue.choices, default=Queue.LEGAL
    )
    edo = models.CharField(
        _("e-document exchange"), max_length=11, choices=Edo.choices, null=True, blank=True
    )
    edo_flag = models.CharField(_("what the exchange says"), max_length=300, blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="prepared_documents",
        verbose_name=_("prepared by"),
    )  # fmt: skip
    closer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="closing_documents",
        verbose_name=_("closer"),
    )  # fmt: skip
    due_on = models.DateField(_("due"), null=True, blank=True)
    promised_on = models.DateField(_("promised by the client"), null=True, blank=True)
    first_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    package = models.CharField(  # the chain of §2.10 that it was made in
        _("package"), max_length=14, choices=Package.choices, blank=True, editable=False
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(condition=Q(type__in=DocumentType.values), name="document_type_known"),
            models.CheckConstraint(condition=Q(approval__in=Approval.values), name="document_approval_known"),
            models.CheckConstraint(
                condition=Q(edo=None) | Q(edo__in=Edo.values), name="document_edo_known"
            ),
            models.CheckConstraint(condition=Q(queue__in=Queue.values), name="document_queue_known"),
            models.CheckConstraint(
                condition=~Q(approval=Approval.SIGNED) | Q(signed_on__isnull=False),
                name="document_signed_has_date",
                violation_error_message=_("A signed document needs the date of its signature."),
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(first_sent_at__isnull=False) & Q(agreed_at__gte=F("first_sent_at")),
                name="document_agreed_after_sent",
            ),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="document_amount_not_negative"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["deal", "approval"], name="document_of_deal"),
            models.Index(fields=["approval", "approval_since", "id"], name="document_by_approval"),
            models.Index(fields=["updated_at", "id"], name="document_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} № {self.number}" if self.number else self.get_type_display()

    def get_absolute_url(self) -> str:
        return f"/documents/{self.public_id}/"

    @property
    def company_id(self) -> int:
        """Whose card shows the history of the document."""
        return self.deal.company_id

    @property
    def is_open(self) -> bool:
        """It can still move."""
        return self.approval not in DOCUMENT_ENDS


class DocumentStep(models.Model):
    """One stay in a state of approval: when it began, when it ended, who moved it there and what he said."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="steps")
    approval = models.CharField(max_length=13, choices=Approval.choices)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(left_at=None), name="document_one_present_step"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("entered_at")), name="document_step_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.approval}"


class DocumentFileQuerySet(models.QuerySet["DocumentFile"]):
    def visible_to(self, user: User) -> "DocumentFileQuerySet":
        """Files of the documents that this person may open."""
        return self.filter(document__in=Document.objects.visible_to(user))


class DocumentFile(PublicModel):
    """A version of a document's file; stored under a generated name, given out only as a download."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="files")
    step = models.ForeignKey(DocumentStep, models.CASCADE, related_name="files")  # where it stood then
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.FileField(upload_to="documents/%Y/%m/")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    comment = models.CharField(_("what has changed"), max_length=300, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = DocumentFileQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_file_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="document_file_number_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class DocumentRequestQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "DocumentRequestQuerySet":
        """Requests of reachable deals, and those in one's own queue."""
        if Scope.ALL in user.scopes(Action.SEE_DOCUMENT):
            return self
        reach = deals_within_reach(user, Action.SEE_DOCUMENT, "deal__")
        return self.filter(reach | Q(queue__in=_queues_of(user)))

    def in_queues_of(self, user: User) -> "DocumentRequestQuerySet":
        """Addressed to the lawyers or to BackOffice, as the person is one of them."""
        return self.filter(queue__in=_queues_of(user))

    def waiting(self) -> "DocumentRequestQuerySet":
        """Not answered yet."""
        return self.filter(state__in=[RequestState.OPEN, RequestState.TAKEN])


class DocumentRequest(RecordedModel):
    """A request to the lawyers or BackOffice to prepare a document, with the data that they need (R90)."""

    HISTORY: ClassVar = frozenset({"state", "assignee", "due_on"})

    deal = models.ForeignKey("deals.Deal", models.PROTECT, related_name="document_requests")
    document = models.ForeignKey(Document, models.PROTECT, related_name="requests")
    queue = models.CharField(_("queue"), max_length=10, choices=Queue.choices)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="document_requests"
    )
    state = models.CharField(
        _("state"), max_length=9, choices=RequestState.choices, default=RequestState.OPEN
    )
    due_on = models.DateField(_("due"))
    comment = models.TextField(_("what is needed"), blank=True)
    answer = models.TextField(_("answer, or what is missing"), blank=True)

    objects = DocumentRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("request for a document")
        verbose_name_plural = _("requests for documents")
        constraints = [
            models.CheckConstraint(condition=Q(queue__in=Queue.values), name="document_request_queue_known"),
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values), name="document_request_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.TAKEN) | Q(assignee__isnull=False),
                name="document_request_taken_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["queue", "state", "due_on", "id"], name="document_request_queue")]

    def __str__(self) -> str:
        return f"{self.get_queue_display()}: {self.document_id}"

    @property
    def company_id(self) -> int:
        """Whose card shows the history of the request."""
        return self.deal.company_id

    def document_of_deal(self) -> Document:
        """Its document, which finds the deal that came with the request: no second statement."""
        self.document.deal = self.deal
        return self.document
