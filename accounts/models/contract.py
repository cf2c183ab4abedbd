"""Contracts with their licence lines, payments and debts."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.access import within_reach
from accounts.enums import SIGNED_STATUSES, ContractForm, ContractStatus, LineKind, RenewalKind, Vat
from upsell_crm.core.models import PublicModel, RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action


class ContractQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "ContractQuerySet":
        """Contracts of the companies whose card this person may open."""
        return self.filter(within_reach(user, Action.SEE_COMPANY, "company__"))

    def active_on(self, day: date) -> "ContractQuerySet":
        """In force on the day: status active and the day within the period, both ends inclusive."""
        return self.filter(status=ContractStatus.ACTIVE, start_date__lte=day, end_date__gte=day)

    def partly_paid(self) -> "ContractQuerySet":
        """Invoice-offers for which some money has come, but not all: the full sum makes them active."""
        return self.filter(
            models.Exists(Payment.objects.filter(contract=models.OuterRef("pk"))),
            status=ContractStatus.ISSUED,
        )

    def expiring(self, until: date) -> "ContractQuerySet":
        """In force, and the last good day to begin the renewal is on or before `until` (calendar.expiring_until)."""
        return self.filter(status=ContractStatus.ACTIVE, act_by__lte=until)

    def due_between(self, first: date, last: date) -> "ContractQuerySet":
        """Due for renewal in the period, both ends inclusive: ends in it, sells something, nothing in force renews it."""
        renewed = self.model._base_manager.filter(renews=models.OuterRef("pk"), status=ContractStatus.ACTIVE)
        return (
            self.with_paid_lines()
            .filter(~models.Exists(renewed), end_date__gte=first, end_date__lte=last)
            .filter(status__in=[ContractStatus.ACTIVE, ContractStatus.EXPIRED])
            .exclude(renewal_kind=RenewalKind.NONE)
        )

    def with_renewed_by(self) -> "ContractQuerySet":
        """Annotates `renewed_by`: the public id of the signed contract that continues this one, or None."""
        successors = self.model._base_manager.filter(renews=models.OuterRef("pk"), status__in=SIGNED_STATUSES)
        latest = successors.order_by("-start_date", "-pk").values("public_id")[:1]
        return self.annotate(renewed_by=models.Subquery(latest))

    def with_paid_lines(self) -> "ContractQuerySet":
        """Contracts that sell something: at least one paid licence line."""
        return self.filter(
            models.Exists(LicenceLine.objects.filter(contract=models.OuterRef("pk"), kind=LineKind.PAID))
        )


class Contract(RecordedModel):
    """A contract with a client; `end_date` is the last covered day. Status moves only by services (§2.9)."""

    HISTORY: ClassVar = frozenset(
        {"number", "form", "status", "start_date", "end_date", "amount", "renews", "procurement_type",
         "signed_on", "paid_on", "renewal_kind", "renewal_refused_on"}
    )  # fmt: skip

    company = models.ForeignKey(
        "accounts.Company", models.PROTECT, related_name="contracts", verbose_name=_("payer")
    )
    number = models.CharField(_("number"), max_length=60)
    form = models.CharField(
        _("form"), max_length=14, choices=ContractForm.choices, default=ContractForm.CONTRACT
    )
    parent_contract = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("framework or contract"),
    )
    start_date = models.DateField(_("start"))
    end_date = models.DateField(_("end (last covered day)"))
    renewal_kind = models.CharField(
        _("renewal"), max_length=6, choices=RenewalKind.choices, default=RenewalKind.MANUAL
    )
    auto_renew_notice_days = models.PositiveSmallIntegerField(
        _("notice, calendar days"), null=True, blank=True
    )
    renewal_refused_on = models.DateField(_("renewal refused on"), null=True, blank=True)
    amount = models.DecimalField(_("amount, ₽"), max_digits=14, decimal_places=2, default=0)
    vat = models.CharField(_("VAT"), max_length=4, choices=Vat.choices, default=Vat.NONE)
    status = models.CharField(
        _("status"), max_length=10, choices=ContractStatus.choices, default=ContractStatus.DRAFT
    )
    status_changed_at = models.DateTimeField(_("status changed"), null=True, blank=True, editable=False)
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("renews")
    )
    procurement_type = models.ForeignKey(
        "accounts.ProcurementType", models.PROTECT, null=True, blank=True, related_name="contracts",
        verbose_name=_("procurement type"),
    )  # fmt: skip
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    valid_until = models.DateField(_("offer valid until"), null=True, blank=True)
    terminated_on = models.DateField(_("terminated on"), null=True, blank=True)
    termination_reason = models.TextField(_("reason of termination"), blank=True)
    source = models.CharField(_("source"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    act_by = models.DateField(_("act by"), null=True, blank=True, editable=False)  # stored by services

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["-end_date", "id"]
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__gte=F("start_date")),
                name="contract_dates_in_order",
                violation_error_message=_("The contract ends before it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(status=ContractStatus.ACTIVE)
                | Q(signed_on__isnull=False)
                | Q(form=ContractForm.INVOICE_OFFER, paid_on__isnull=False),
                name="contract_active_is_signed_or_paid",
                violation_error_message=_(
                    "An active contract needs a signature date; an invoice-offer, a payment date."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    form__in=[ContractForm.ORDER, ContractForm.ADDENDUM], parent_contract__isnull=False
                )
                | Q(
                    form__in=[
                        ContractForm.CONTRACT,
                        ContractForm.STATE_CONTRACT,
                        ContractForm.FRAMEWORK,
                        ContractForm.INVOICE_OFFER,
                    ],
                    parent_contract=None,
                ),
                name="contract_order_and_addendum_have_parent",
                violation_error_message=_(
                    "An order needs its framework, an addendum its contract; others have none."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status=ContractStatus.TERMINATED) | Q(terminated_on__isnull=False),
                name="contract_terminated_has_date",
            ),
            models.CheckConstraint(
                condition=Q(renews=None) | ~Q(renews=F("id")), name="contract_not_its_own_successor"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="contract_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(status__in=ContractStatus.values), name="contract_status_known"
            ),
            models.CheckConstraint(condition=Q(form__in=ContractForm.values), name="contract_form_known"),
            models.CheckConstraint(
                condition=Q(auto_renew_notice_days=None) | Q(auto_renew_notice_days__lte=730),
                name="contract_notice_within_two_years",
            ),
            models.UniqueConstraint(
                fields=["renews"],
                condition=Q(status=ContractStatus.ACTIVE),
                name="contract_one_active_successor",
                violation_error_message=_("Another active contract renews the same one."),
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="contract_external_id_once",
            ),
            models.UniqueConstraint(
                fields=["company", "number"],
                condition=Q(parent_contract=None),
                name="contract_number_once_per_company",
                violation_error_message=_("This company has a contract with this number already."),
            ),
            models.UniqueConstraint(
                fields=["parent_contract", "number"],
                condition=Q(parent_contract__isnull=False),
                name="contract_order_number_once_per_framework",
                violation_error_message=_("This contract has an order or addendum with this number already."),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "end_date", "id"], name="contract_by_end"),
            models.Index(fields=["act_by", "id"], name="contract_by_act_by"),
            models.Index(fields=["updated_at", "id"], name="contract_by_change"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"№ {self.number}"

    @property
    def notice_deadline(self) -> date | None:
        """The last day to refuse an automatic prolongation."""
        if self.renewal_kind != RenewalKind.AUTO or not self.auto_renew_notice_days:
            return None
        return date.fromordinal(self.end_date.toordinal() - self.auto_renew_notice_days)


class LicenceLineQuerySet(models.QuerySet["LicenceLine"]):
    def counted_on(self, day: date) -> "LicenceLineQuerySet":
        """The lines whose seats count on the day, each once (§2.1, §4.10.2, §2.8.12).

        Paid, inside its own and its contract's period, the contract signed and not terminated by then,
        and not yet followed by the line that renews it (same product and end user in a signed successor).
        Signed, not only active: a past day is counted as it stood, whatever became of the contract since.
        """
        used_by = Coalesce("end_user_company_id", "contract__company_id")
        counted = self.filter(
            Q(contract__terminated_on=None) | Q(contract__terminated_on__gt=day),
            kind=LineKind.PAID,
            start_date__lte=day,
            end_date__gte=day,
            contract__status__in=SIGNED_STATUSES,
            contract__start_date__lte=day,
            contract__end_date__gte=day,
        ).annotate(used_by_id=used_by)
        renewing = LicenceLine.objects.filter(
            Q(contract__terminated_on=None) | Q(contract__terminated_on__gt=day),
            contract__renews=models.OuterRef("contract"),
            contract__status__in=SIGNED_STATUSES,
            kind=LineKind.PAID,
            start_date__lte=day,
            product=models.OuterRef("product"),
        ).annotate(renewed_for_id=used_by)
        return counted.exclude(models.Exists(renewing.filter(renewed_for_id=models.OuterRef("used_by_id"))))

    def used_expressly_by(self, company_ids: Any) -> "LicenceLineQuerySet":
        """Lines that name one of these companies as their end user; its index leads, whatever else is asked."""
        named = LicenceLine.objects.filter(end_user_company__in=company_ids).order_by()
        return self.filter(pk__in=named.values("pk"))


class LicenceLine(PublicModel):
    """Seats of one product in a contract; when they count is `counted_on`."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        "accounts.Product", models.PROTECT, related_name="lines", verbose_name=_("product")
    )
    seats = models.PositiveIntegerField(_("seats"))
    price_per_unit = models.DecimalField(_("price per unit, ₽"), max_digits=14, decimal_places=2, default=0)
    amount = models.DecimalField(_("amount, ₽"), max_digits=14, decimal_places=2, default=0)
    start_date = models.DateField(_("start"))
    end_date = models.DateField(_("end"))
    end_user_company = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="used_lines",
        verbose_name=_("end user"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=5, choices=LineKind.choices, default=LineKind.PAID)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)

    objects = LicenceLineQuerySet.as_manager()

    class Meta:
        ordering = ["contract_id", "product_id", "id"]
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        constraints = [
            models.CheckConstraint(
                condition=Q(seats__gt=0), name="licence_seats_positive",
                violation_error_message=_("Seats must be more than zero."),
            ),
            models.CheckConstraint(condition=Q(end_date__gte=F("start_date")), name="licence_dates_in_order"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="licence_amount_not_negative"),
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="licence_kind_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.product_id} × {self.seats}"

    def clean(self) -> None:
        """Rules over two tables: only licensable products (R3), and within the contract's period."""
        if self.product_id and not self.product.is_licensable:
            raise ValidationError({"product": _("This product is a public service and is not licensed.")})
        if self.contract_id and self.start_date and self.end_date:
            inside = self.contract.start_date <= self.start_date and self.end_date <= self.contract.end_date
            if not inside:
                raise ValidationError({"end_date": _("The licence must lie within the contract's period.")})


class Payment(models.Model):
    """Money that came for a contract, ₽; a second one with the same external id is the same payment."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="payments")
    external_id = models.CharField(_("external id"), max_length=100, unique=True)
    amount = models.DecimalField(_("amount, ₽"), max_digits=14, decimal_places=2)
    paid_on = models.DateField(_("paid on"))

    class Meta:
        ordering = ["-paid_on", "id"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive")]

    def __str__(self) -> str:
        return self.external_id


class Debt(models.Model):
    """Overdue debt of a company as of a day, ₽; the latest row counts."""

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="debts")
    amount = models.DecimalField(_("overdue, ₽"), max_digits=14, decimal_places=2)
    as_of = models.DateField(_("as of"))

    class Meta:
        ordering = ["-as_of", "-id"]
        verbose_name = _("debt")
        verbose_name_plural = _("debts")
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="debt_amount_not_negative")]

    def __str__(self) -> str:
        return f"{self.company_id} {self.amount}"
