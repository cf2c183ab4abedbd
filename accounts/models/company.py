"""Client companies and holdings, their size, court load and departments."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.ru import inn as inn_numbers
from stdnum.ru import ogrn as ogrn_numbers

from accounts.access import within_reach
from accounts.enums import (
    SIGNED_STATUSES,
    CompanyStatus,
    ContractStatus,
    DepartmentKind,
    Industry,
    InterestLevel,
    LegalState,
    LineKind,
    Regime,
    RevenueSource,
    Segment,
)
from upsell_crm.core.models import RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action
from upsell_crm.core.text import normalise, search_terms

MAX_DEPTH = 5  # levels of a holding, head included (domain.md §2.8.1)


def validate_inn(value: str) -> None:
    """Ten or twelve digits with right check digits."""
    try:
        inn_numbers.validate(value)
    except NumberError as problem:
        raise ValidationError(_("This INN has a wrong check digit or length."), code="inn") from problem


def validate_ogrn(value: str) -> None:
    """Thirteen or fifteen digits with a right check digit."""
    try:
        ogrn_numbers.validate(value)
    except NumberError as problem:
        raise ValidationError(_("This OGRN has a wrong check digit or length."), code="ogrn") from problem


validate_kpp = RegexValidator(r"^\d{4}[\dA-Z]{2}\d{3}$", _("KPP has nine characters, for example 771401001."))


class CompanyQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "CompanyQuerySet":
        """Companies whose card this person may open; the way every page and feed looks one up."""
        return self.filter(within_reach(user, Action.SEE_COMPANY))

    def allowing(self, user: User, action: Action) -> "CompanyQuerySet":
        """Companies on which this person may do `action`."""
        return self.filter(within_reach(user, action))

    def present(self) -> "CompanyQuerySet":
        """Not archived: what lists show by default."""
        return self.filter(archived_at=None)

    def below(self, company: "Company") -> "CompanyQuerySet":
        """All descendants of a company, whatever their level; of the top of a holding by the stored `head`."""
        if company.parent_id is None:
            return self.filter(head=company)
        found: set[int] = set()
        level: list[int] = [company.pk]
        for _level in range(MAX_DEPTH):
            level = list(self.model._default_manager.filter(parent__in=level).values_list("pk", flat=True))
            found.update(level)
        return self.filter(pk__in=found)

    def matching(self, query: str) -> "CompanyQuerySet":
        """Search by name, ИНН, КПП: all words, in any order, ё = е, Latin look-alikes = Cyrillic.

        A whole ИНН is looked up by index instead of reading every name.
        """
        found = self
        for term in search_terms(query):
            is_inn = term.isdigit() and len(term) in (10, 12)
            exact = Q(inn=term) | Q(external_id=term)
            found = found.filter(exact if is_inn else Q(search_text__contains=term))
        return found

    def with_status_on(self, day: date) -> "CompanyQuerySet":
        """Annotates `status` (CompanyStatus): active on the day, expired, former (no paid line ever), prospect."""
        contracts = self.model._meta.get_field("contracts").related_model.objects.filter(  # type: ignore[union-attr]
            company=OuterRef("pk"), lines__kind=LineKind.PAID
        )
        return self.annotate(
            status=models.Case(
                models.When(
                    Exists(
                        contracts.filter(status=ContractStatus.ACTIVE, start_date__lte=day, end_date__gte=day)
                    ),
                    then=models.Value(CompanyStatus.ACTIVE),
                ),
                models.When(
                    Exists(contracts.filter(status=ContractStatus.EXPIRED)),
                    then=models.Value(CompanyStatus.EXPIRED),
                ),
                models.When(
                    Exists(contracts.filter(status__in=SIGNED_STATUSES)),
                    then=models.Value(CompanyStatus.FORMER),
                ),
                default=models.Value(CompanyStatus.PROSPECT),
            )
        )


class Company(RecordedModel):
    """A client organisation; `parent` makes a holding of at most five levels."""

    HISTORY: ClassVar = frozenset(
        {
            "name",
            "inn",
            "kpp",
            "parent",
            "regime",
            "is_key",
            "owner_kam",
            "team",
            "legal_state",
            "archived_at",
        }
    )

    name = models.CharField(_("name"), max_length=300)
    short_name = models.CharField(_("short name"), max_length=150, blank=True)
    inn = models.CharField(_("INN"), max_length=12, blank=True, validators=[validate_inn])
    kpp = models.CharField(_("KPP"), max_length=9, blank=True, validators=[validate_kpp])
    ogrn = models.CharField(_("OGRN"), max_length=15, blank=True, validators=[validate_ogrn])
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("head organisation"),
    )
    regime = models.CharField(_("regime"), max_length=10, choices=Regime.choices, default=Regime.UNKNOWN)
    industry = models.CharField(
        _("industry"), max_length=12, choices=Industry.choices, default=Industry.OTHER
    )
    segment = models.CharField(
        _("segment"), max_length=2, choices=Segment.choices, blank=True, default="", editable=False
    )
    region = models.CharField(_("region"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    headcount = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    is_key = models.BooleanField(_("key client"), default=False)
    owner_kam = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="companies",
        verbose_name=_("responsible KAM"),
    )  # fmt: skip
    owner_since_on = models.DateField(null=True, blank=True, editable=False)
    team = models.ForeignKey(
        "core.Team", models.PROTECT, null=True, blank=True, related_name="companies", verbose_name=_("team")
    )
    legal_state = models.CharField(
        _("legal state"), max_length=12, choices=LegalState.choices, default=LegalState.ACTIVE
    )
    ceased_on = models.DateField(_("ceased on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    # Derived and stored by services, so that lists of a million rows can order by them.
    head = models.ForeignKey(  # the top of the holding; null for the top itself and outside holdings
        "self", models.SET_NULL, null=True, blank=True, related_name="group", editable=False
    )
    sort_name = models.CharField(max_length=300, editable=False, default="")
    search_text = models.CharField(max_length=700, editable=False, default="")
    last_contact_at = models.DateTimeField(null=True, editable=False)  # last held two-way interaction
    next_step = models.CharField(max_length=300, blank=True, default="", editable=False)
    next_step_on = models.DateField(null=True, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "id"]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.UniqueConstraint(
                fields=["inn", "kpp"],
                condition=~Q(inn=""),
                name="company_inn_kpp_once",
                violation_error_message=_("A company with this INN and KPP exists already."),
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="company_external_id_once",
                violation_error_message=_("A company with this external id exists already."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="company_not_its_own_parent",
                violation_error_message=_("A company cannot be its own head organisation."),
            ),
            models.CheckConstraint(condition=Q(regime__in=Regime.values), name="company_regime_known"),
            models.CheckConstraint(
                condition=Q(legal_state__in=LegalState.values), name="company_legal_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="company_by_name"),
            models.Index(fields=["team", "sort_name", "id"], name="company_by_team"),
            models.Index(fields=["owner_kam", "sort_name", "id"], name="company_by_owner"),
            models.Index(fields=["updated_at", "id"], name="company_by_change"),
            models.Index(fields=["inn"], name="company_by_inn"),
            models.Index(fields=["external_id"], name="company_by_external_id"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.short_name or self.name

    def save(self, **options: Any) -> None:
        """Keeps the two normalised columns in step with the name and numbers."""
        self.set_search_columns()
        super().save(**options)

    def set_search_columns(self) -> None:
        """Also called by bulk writers, which bypass save()."""
        self.sort_name = normalise(self.short_name or self.name)[:300]
        self.search_text = normalise(
            f"{self.name} {self.short_name} {self.inn} {self.kpp} {self.external_id}"
        )[:700]

    def get_absolute_url(self) -> str:
        return f"/companies/{self.public_id}/"


class CompanyYear(models.Model):
    """Revenue of one year, ₽, with its source and date (R7)."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    revenue = models.DecimalField(_("revenue, ₽"), max_digits=17, decimal_places=2)
    source = models.CharField(
        _("source"), max_length=10, choices=RevenueSource.choices, default=RevenueSource.MANUAL
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    as_of = models.DateField(_("as of"))

    class Meta:
        ordering = ["-year"]
        verbose_name = _("revenue of a year")
        verbose_name_plural = _("revenue by year")
        constraints = [
            models.UniqueConstraint(fields=["company", "year"], name="company_year_once"),
            models.CheckConstraint(condition=Q(revenue__gte=0), name="company_year_revenue_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.year}"


class CourtLoad(models.Model):
    """Court cases of the last 12 months as of a day, by role, and claims in ₽ (R8)."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="court_loads")
    as_of = models.DateField(_("as of"))
    cases_12m = models.PositiveIntegerField(_("cases in 12 months"))
    as_plaintiff = models.PositiveIntegerField(_("as plaintiff"), default=0)
    as_defendant = models.PositiveIntegerField(_("as defendant"), default=0)
    as_other = models.PositiveIntegerField(_("in another role"), default=0)
    claims_amount = models.DecimalField(_("claims, ₽"), max_digits=17, decimal_places=2, default=0)

    class Meta:
        ordering = ["-as_of"]
        verbose_name = _("court load")
        verbose_name_plural = _("court load")
        constraints = [
            models.UniqueConstraint(fields=["company", "as_of"], name="court_load_once_a_day"),
            models.CheckConstraint(
                condition=Q(cases_12m__gte=F("as_plaintiff") + F("as_defendant") + F("as_other")),
                name="court_load_parts_within_total",
                violation_error_message=_("A case has one role: the parts add up to more than the total."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.as_of}"


class Department(models.Model):
    """A department of the client."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="departments")
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(
        _("kind"), max_length=12, choices=DepartmentKind.choices, default=DepartmentKind.OTHER
    )
    headcount = models.PositiveIntegerField(_("people"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="department_name_once")]

    def __str__(self) -> str:
        return self.name


class DepartmentInterest(models.Model):
    """How interested a department was in a product on a day: 0 refused … 3 strong (R12)."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="interests")
    product = models.ForeignKey("accounts.Product", models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(_("level"), choices=InterestLevel.choices)
    as_of = models.DateField(_("as of"))
    interaction = models.ForeignKey(
        "accounts.Interaction", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-as_of", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(level__lte=3), name="department_interest_level_0_3")
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.product_id} {self.level}"
