"""The outcome form of one company and person, with what its text says put into its fields."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.calendar import load_calendar
from accounts.forms.outcome import OutcomeChoices, OutcomeForm, lies_ahead
from accounts.forms.outcome_chips import chips_of
from accounts.forms.outcome_filling import Filled, filled
from accounts.forms.outcome_rows import WAITS, AgreementRows, PersonRows, WaitRows, rows_said, with_waits
from accounts.models import Company, Interaction
from accounts.outcome_defaults import (
    QuickDates,
    outcome_choices,
    outcome_initial,
    quick_dates,
    step_suggestions,
)
from accounts.outcome_signs import SIGNS
from accounts.services.interactions import hold_planned, log_interaction
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User

CONTEXT = "context-"


@dataclass
class OutcomePage:
    """The form of one company and person: fresh, restored from a draft, or as it was sent."""

    company: Company
    user: User
    planned: Interaction | None
    dates: QuickDates
    form: OutcomeForm
    agreements: Any
    people: Any
    waits: Any
    context: dict[str, str]
    line: Filled | None = None  # what was understood of the outcome's text
    is_restored: bool = False
    added: str = ""  # prefix of the rows that have just got one more
    steps: tuple[str, ...] = ()
    signs = SIGNS

    @property
    def draft_key(self) -> str:
        return draft_key(self.company, self.planned)

    @property
    def now(self) -> str:
        """This moment as the input of «when» writes it; a later one makes a plan."""
        return timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M")

    @property
    def url(self) -> str:
        """The form's own address; a planned meeting is named in it."""
        url = reverse("accounts:log_outcome", args=[self.company.public_id])
        return f"{url}?interaction={self.planned.public_id}" if self.planned else f"{url}?fresh=1"

    @property
    def line_url(self) -> str:
        """Where the text is read while it is being typed."""
        url = reverse("accounts:read_outcome_line", args=[self.company.public_id])
        return f"{url}?interaction={self.planned.public_id}" if self.planned else url

    @property
    def context_query(self) -> str:
        """What slots of upper rooms said, for their own addresses: the form is drawn again with it."""
        return f"?{urlencode(self.context)}" if self.context else ""

    def is_valid(self) -> bool:
        """All parts are looked at, so that every mistake is shown at once."""
        rows = [self.agreements.is_valid(), self.people.is_valid(), self.waits.is_valid()]
        return all([self.form.is_valid(), *rows])

    def save(self) -> Interaction:
        """Raises DomainError, with nothing written."""
        data = self.form.cleaned_data
        if data["author"] != str(self.user.public_id):
            text = _("Somebody else has signed in in this browser. Copy your text, sign in again and save.")
            raise DomainError("another_person", text)
        outcome = self.form.said(
            agreements=rows_said(self.agreements),
            new_people=rows_said(self.people),
            waits=rows_said(self.waits),
        )
        if self.planned:
            return hold_planned(
                by=self.user, interaction=self.planned, outcome=outcome, version=data["version"],
                context=self.context,
            )  # fmt: skip
        return log_interaction(
            by=self.user, company=self.company, outcome=outcome, client_id=data["client_id"],
            context=self.context,
        )  # fmt: skip


def build_page(
    request: PageRequest, company: Company, planned: Interaction | None,
    data: QueryDict | None = None, is_quiet: bool = False,
) -> OutcomePage:  # fmt: skip
    user, data = request.user, with_waits(data)
    offered = outcome_choices(company, user, planned, data.getlist("invited") if data else ())
    dates = quick_dates(clock.today())
    line = _read(data, offered, dates) if data else None
    data = line.data if line else data
    asked: dict[str, Any] = {"wait": request.GET.get("wait", ""), "is_plan": "plan" in request.GET}
    initial = None if data else outcome_initial(company, user, planned, dates.next_step, **asked)
    files = request.FILES if data else None
    agreement = {"colleagues": offered.colleagues[1:], "is_quiet": is_quiet}
    wait = {"contacts": offered.contacts, "products": offered.products, "is_quiet": is_quiet}
    return OutcomePage(
        company=company, user=user, planned=planned, dates=dates, steps=tuple(step_suggestions()),
        form=OutcomeForm(data, files, initial=initial, offered=offered, is_quiet=is_quiet),
        agreements=AgreementRows(data, prefix="agreements", form_kwargs=agreement), context=_context_of(data),
        people=PersonRows(data, prefix="people", form_kwargs={"is_quiet": is_quiet}),
        waits=WaitRows(data, prefix=WAITS, form_kwargs=wait), line=line,
    )  # fmt: skip


def _read(data: QueryDict, offered: OutcomeChoices, dates: QuickDates) -> Filled:
    """The outcome's text understood, and put into the fields that nobody has filled otherwise."""
    chips = chips_of(
        data.get("summary", ""), offered, today=clock.today(), calendar=load_calendar(),
        plan=lies_ahead(data.get("starts_at")),
    )  # fmt: skip
    return filled(data, chips, {"next_step_on": dates.next_step.isoformat()})


def _context_of(data: QueryDict | None) -> dict[str, str]:
    """Fields named «context-…» belong to slots of upper rooms; their words go on unread."""
    said = data.items() if data else ()
    return {name.removeprefix(CONTEXT): str(text) for name, text in said if name.startswith(CONTEXT)}


def draft_key(company: Company, planned: Interaction | None) -> str:
    """Under which key the server keeps what is being typed."""
    return f"hold_planned:{planned.public_id}" if planned else f"log_interaction:{company.public_id}"
