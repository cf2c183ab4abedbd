"""People of the client: who decides, who influences whom, and how well each of us knows them."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_possible_number
from phonenumbers import parse as parse_phone

from accounts.access import key_contacts_of, trainees_of, within_reach
from accounts.enums import Consent, ContactChannel, ContactState, DecisionRole, LinkKind, SetBy
from upsell_crm.core.models import RecordedModel, RecordedQuerySet, User
from upsell_crm.core.roles import Action
from upsell_crm.core.text import normalise, search_terms


def to_e164(phone: str) -> str:
    """A phone typed in any usual way, as +7…; raises ValidationError when it cannot be one."""
    try:
        number = parse_phone(phone, "RU")
    except NumberParseException as problem:
        raise ValidationError(_("This is not a phone number."), code="phone") from problem
    if not is_possible_number(number):
        raise ValidationError(_("This phone number is too short or too long."), code="phone")
    return format_number(number, PhoneNumberFormat.E164)


class ContactQuerySet(RecordedQuerySet):
    def visible_to(self, user: User) -> "ContactQuerySet":
        """People whose phone and e-mail this person may see (domain.md §3)."""
        reached = within_reach(user, Action.SEE_CONTACTS, "company__")
        return self.filter(reached | self._known_as_key(user) | Q(pk__in=trainees_of(user)))

    @staticmethod
    def _known_as_key(user: User) -> Q:
        """Key ЛПР of companies whose deal this person shares with another team."""
        key_roles = ContactRole.objects.filter(
            role=DecisionRole.DM, is_key=True, valid_to=None, company__in=key_contacts_of(user)
        )
        return Q(pk__in=key_roles.values("contact"))

    def working(self) -> "ContactQuerySet":
        """Who has not left and is not anonymised."""
        return self.filter(anonymised_at=None).exclude(state=ContactState.LEFT)

    def matching(self, query: str) -> "ContactQuerySet":
        """Search by name, position, e-mail or phone; all words in any order."""
        found = self
        for term in search_terms(query):
            found = found.filter(search_text__contains=term)
        return found

    def matching_name(self, query: str) -> "ContactQuerySet":
        """Search by name and position only, for those who may not see phones and e-mails.

        Both cases are asked for, since LIKE of SQLite folds Latin letters only.
        """
        found = self
        for word in query.split()[:8]:
            fits = Q(pk__in=[])
            for field in ("last_name", "first_name", "patronymic", "position"):
                fits |= Q(**{f"{field}__icontains": word}) | Q(**{f"{field}__icontains": word.capitalize()})
            found = found.filter(fits)
        return found


class Contact(RecordedModel):
    """A person of the client; personal data under 152-FZ (R102)."""

    HISTORY: ClassVar = frozenset({"state", "company", "position", "consent_mailing"})

    last_name = models.CharField(_("last name"), max_length=100)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    company = models.ForeignKey(
        "accounts.Company", models.PROTECT, related_name="contacts", verbose_name=_("company")
    )
    department = models.ForeignKey(
        "accounts.Department", models.SET_NULL, null=True, blank=True, related_name="contacts",
        verbose_name=_("department"),
    )  # fmt: skip
    position = models.CharField(_("position"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True, validators=[to_e164])  # type: ignore[list-item]
    messenger = models.CharField(_("messenger"), max_length=100, blank=True)
    preferred_channel = models.CharField(
        _("preferred channel"), max_length=10, choices=ContactChannel.choices, blank=True
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ContactState.choices, default=ContactState.ACTIVE
    )
    left_on = models.DateField(_("left on"), null=True, blank=True)
    moved_to = models.ForeignKey("accounts.Company", models.SET_NULL, null=True, blank=True, related_name="+")
    consent_mailing = models.CharField(
        _("consent to mailings"), max_length=7, choices=Consent.choices, default=Consent.UNKNOWN
    )
    can_quote = models.BooleanField(_("may be quoted"), default=False)
    source = models.CharField(_("source"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)
    search_text = models.CharField(max_length=700, editable=False, default="")

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "id"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ContactState.values), name="contact_state_known"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(state=ContactState.LEFT), name="contact_left_on_only_if_left",
                violation_error_message=_("The date of leaving needs the state «left»."),
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(external_id=""), name="contact_external_id_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.full_name

    def save(self, **options: Any) -> None:
        """Keeps the search column in step and the phone in E.164."""
        if self.phone:
            self.phone = to_e164(self.phone)
        self.set_search_columns()
        super().save(**options)

    def set_search_columns(self) -> None:
        """Also called by bulk writers."""
        words = (self.full_name, self.position, self.email, self.phone, self.messenger)
        self.search_text = normalise(" ".join(words))[:700]

    @property
    def full_name(self) -> str:
        """«Орехов Павел Сергеевич»."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        """«Орехов П. С.»"""
        initials = " ".join(f"{part[0]}." for part in (self.first_name, self.patronymic) if part)
        return f"{self.last_name} {initials}".strip()


class ContactRole(RecordedModel):
    """The role of a person in a company's decisions; for a head company it may concern its subsidiaries (R34)."""

    HISTORY: ClassVar = frozenset({"role", "is_key", "influence", "attitude", "valid_to"})

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="roles")
    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="contact_roles")
    role = models.CharField(_("role"), max_length=11, choices=DecisionRole.choices)
    is_key = models.BooleanField(_("key person"), default=False)
    influence = models.PositiveSmallIntegerField(_("influence, 1–5"), default=3)
    attitude = models.SmallIntegerField(_("attitude, −2…+2"), default=0)
    product = models.ForeignKey("accounts.Product", models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        ordering = ["-is_key", "-influence", "id"]
        verbose_name = _("role in the decision")
        verbose_name_plural = _("roles in the decision")
        constraints = [
            models.CheckConstraint(condition=Q(influence__gte=1, influence__lte=5), name="contact_role_influence_1_5"),
            models.CheckConstraint(condition=Q(attitude__gte=-2, attitude__lte=2), name="contact_role_attitude_2"),
            models.CheckConstraint(condition=Q(role__in=DecisionRole.values), name="contact_role_known"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="contact_role_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["contact", "company", "role"], condition=Q(valid_to=None, product=None),
                name="contact_role_once",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["company", "role"], name="contact_role_of_company")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.contact_id}"


class ContactLink(models.Model):
    """A line of the relationship map between two people."""

    from_contact = models.ForeignKey(Contact, models.CASCADE, related_name="links")
    to_contact = models.ForeignKey(Contact, models.CASCADE, related_name="linked_from")
    kind = models.CharField(_("kind"), max_length=10, choices=LinkKind.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_contact=F("to_contact")), name="contact_link_not_to_self"
            ),
            models.UniqueConstraint(fields=["from_contact", "to_contact", "kind"], name="contact_link_once"),
            models.UniqueConstraint(
                fields=["from_contact"],
                condition=Q(kind=LinkKind.REPORTS_TO),
                name="contact_link_one_manager",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_contact_id} {self.kind} {self.to_contact_id}"


class ContactStrength(models.Model):
    """How well a colleague knows a person: 0 not at all … 5 advocate; the last two-way contact of the two."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="strengths")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="strengths")
    level = models.PositiveSmallIntegerField(_("strength, 0–5"), default=0)
    set_by = models.CharField(_("set"), max_length=8, choices=SetBy.choices, default=SetBy.COMPUTED)
    as_of = models.DateField(_("as of"))
    last_two_way_on = models.DateField(null=True, blank=True)  # kept by log_interaction

    class Meta:
        ordering = ["-level", "id"]
        verbose_name = _("contact strength")
        verbose_name_plural = _("contact strengths")
        constraints = [
            models.UniqueConstraint(fields=["contact", "user"], name="contact_strength_once"),
            models.CheckConstraint(condition=Q(level__lte=5), name="contact_strength_level_0_5"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.contact_id}: {self.level}"
