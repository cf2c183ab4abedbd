"""What a person says about a communication, and the rules that it must obey before it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import AgreementSide, InteractionKind, InteractionState
from accounts.models import Company, Contact, Department, FeatureWait, Interaction, Product
from accounts.services.attachments import attachment_problem
from accounts.services.custom_fields import clean_custom
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, Text
from upsell_crm.core.models import User

GRACE = timedelta(minutes=15)  # a meeting may be logged while its last minutes run (domain.md §2.8.9)
SUMMARY_MAX = 20_000
TAGS_MAX = 20
Errors = dict[str, list[Text]]


@dataclass(frozen=True)
class FeedbackSaid:
    """The reaction to one product that was shown, −2…+2."""

    product: Product
    reaction: int
    text: str = ""
    quote_ok: bool = False


@dataclass(frozen=True)
class ObjectionSaid:
    category: str
    text: str = ""


@dataclass(frozen=True)
class AgreementSaid:
    """Who does what by when; our side without an owner means the author."""

    text: str
    side: str = AgreementSide.US
    due_on: date | None = None
    owner: User | None = None
    owner_contact: Contact | None = None


@dataclass(frozen=True)
class DepartmentSaid:
    """A department that was spoken of; with a product its interest in that product is kept too (R12)."""

    department: Department
    level: int
    product: Product | None = None


@dataclass(frozen=True)
class WaitSaid:
    """A feature that the client waits for: named by its title, known to the catalogue or new (R23)."""

    title: str
    product: Product | None = None  # of a new feature; unsaid, the client's main product
    contact: Contact | None = None
    words: str = ""


@dataclass(frozen=True)
class ShownSaid:
    """A released feature that was shown, with what the client said; "" = he has not answered yet (R25)."""

    wait: FeatureWait
    response: str = ""


@dataclass(frozen=True)
class NewPerson:
    """Somebody met for the first time: a name and a role in the decision are enough."""

    name: str
    role: str = ""


@dataclass(frozen=True)
class Outcome:
    """One filled outcome form. A future start makes it a plan, a past one a record."""

    kind: str
    starts_at: datetime
    state: str = InteractionState.HELD
    duration_min: int = 60
    purpose: str = ""
    summary: str = ""
    next_step: str = ""
    next_step_on: date | None = None
    no_next_step_because: str = ""
    result: str = ""
    replied: bool = False
    competitor: str = ""
    budget: Decimal | None = None
    tags: Sequence[str] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)
    attendees: Sequence[Contact] = ()
    new_people: Sequence[NewPerson] = ()
    our_people: Sequence[User] = ()
    feedback: Sequence[FeedbackSaid] = ()
    objections: Sequence[ObjectionSaid] = ()
    agreements: Sequence[AgreementSaid] = ()
    departments: Sequence[DepartmentSaid] = ()
    attachments: Sequence[UploadedFile] = ()
    waits: Sequence[WaitSaid] = ()
    shown: Sequence[ShownSaid] = ()

    @property
    def is_future(self) -> bool:
        return self.starts_at > clock.now() + GRACE

    @property
    def real_state(self) -> str:
        """The date decides: what lies ahead cannot have been held."""
        held_ahead = self.state == InteractionState.HELD and self.is_future
        return InteractionState.PLANNED if held_ahead else self.state

    def columns(self) -> dict[str, Any]:
        """What goes into the record itself."""
        return {
            "kind": self.kind, "state": self.real_state, "starts_at": self.starts_at,
            "duration_min": self.duration_min, "purpose": self.purpose, "summary": self.summary.strip(),
            "next_step": self.next_step.strip(), "next_step_on": self.next_step_on,
            "no_next_step_because": self.no_next_step_because.strip(), "result": self.result,
            "replied": self.replied, "competitor": self.competitor.strip(), "budget": self.budget,
            "tags": list(dict.fromkeys(tag.strip().lstrip("#") for tag in self.tags if tag.strip(" #"))),
            "custom": clean_custom(self.custom),
        }  # fmt: skip


def check_outcome(company: Company, outcome: Outcome) -> None:
    """All that is wrong at once, each text at its field; raises DomainError (§2.8.9, R28–R33)."""
    errors: Errors = {}
    _check_state(outcome, errors)
    _check_people(company, outcome, errors)
    _check_next_step(outcome, errors)
    _check_sizes(outcome, errors)
    _check_promises(outcome, errors)
    for file in outcome.attachments:
        if problem := attachment_problem(file):
            errors.setdefault("attachments", []).append(problem)
    if errors:
        raise DomainError("invalid", _("Please correct the marked fields."), errors)


def _check_state(outcome: Outcome, errors: Errors) -> None:
    if outcome.state == InteractionState.PLANNED and not outcome.is_future:
        errors["starts_at"] = [_("A plan lies ahead. For what has happened choose «Held» or another state.")]
    if outcome.state == InteractionState.NO_SHOW and outcome.is_future:
        errors["starts_at"] = [_("This time has not come yet, so nobody can have missed it.")]
    if outcome.real_state == InteractionState.HELD and not outcome.summary.strip():
        errors["summary"] = [_("Write what came of it, one line is enough.")]


def _check_people(company: Company, outcome: Outcome, errors: Errors) -> None:
    named = outcome.attendees or outcome.new_people
    if outcome.real_state == InteractionState.HELD and outcome.kind != InteractionKind.SYNC and not named:
        errors["attendees"] = [_("Tick who of the client took part, or add a new person.")]
    ids = {contact.pk for contact in outcome.attendees}
    ids |= {said.owner_contact.pk for said in outcome.agreements if said.owner_contact}
    ours = Q(company=company) | Q(roles__company=company)
    if ids and Contact.objects.filter(ours, pk__in=ids).distinct().count() != len(ids):
        errors["attendees"] = [_("One of the people does not belong to this client.")]
    if any(said.department.company_id != company.pk for said in outcome.departments):
        errors["departments"] = [_("One of the departments does not belong to this client.")]


def _check_next_step(outcome: Outcome, errors: Errors) -> None:
    """A record closes with a dated next step or with a reason why none is needed."""
    has_step = bool(outcome.next_step.strip())
    needs_step = outcome.real_state != InteractionState.PLANNED and outcome.kind != InteractionKind.SYNC
    if needs_step and not has_step and not outcome.no_next_step_because.strip():
        errors["next_step"] = [_("Write the next step, or why none is needed.")]
    if has_step and not outcome.next_step_on:
        errors["next_step_on"] = [_("When? Choose the date of the next step.")]
    if outcome.next_step_on and outcome.next_step_on < _day(outcome):
        errors["next_step_on"] = [_("The next step cannot be earlier than the communication itself.")]


def _check_sizes(outcome: Outcome, errors: Errors) -> None:
    if len(outcome.summary) > SUMMARY_MAX:
        errors["summary"] = [_("The text is longer than 20,000 characters; put the rest into a file.")]
    if len(outcome.tags) > TAGS_MAX or any(len(tag) > 40 for tag in outcome.tags):
        errors["tags"] = [_("At most 20 tags of 40 characters.")]


def _check_promises(outcome: Outcome, errors: Errors) -> None:
    for said in outcome.agreements:
        if not said.text.strip():
            errors.setdefault("agreements", []).append(_("Write what was agreed."))
        if said.due_on and said.due_on < _day(outcome):
            errors.setdefault("agreements", []).append(
                _("«%(text)s»: the date is earlier than the communication.") % {"text": said.text}
            )
    products = [said.product.pk for said in outcome.feedback]
    if len(products) != len(set(products)):
        errors["feedback"] = [_("One reaction per product, please.")]


def _day(outcome: Outcome) -> date:
    return clock.local_date(outcome.starts_at) or clock.today()


def same_outcome(interaction: Interaction, outcome: Outcome) -> bool:
    """Whether a repeated save says the same; used to tell a double click from another text under an old key."""
    said = outcome.columns()
    return all(
        getattr(interaction, name) == said[name] for name in ("kind", "starts_at", "summary", "next_step")
    )
