"""What the blocks of a presentation are made of: items with their source, and what keeps a block from being used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Fact
from accounts.fact_states import FactState
from accounts.models import Company, Contact
from deals.models import Deal
from roadmaps.models import Plan
from upsell_crm.core.templatetags.crm import day

_TEXTS: dict[str, Promise] = {
    "never": gettext_lazy("%(what)s: nobody has confirmed it yet"),
    "stale": gettext_lazy("%(what)s: confirmed %(age)s days ago, holds for %(valid)s"),
    "old": gettext_lazy("%(what)s: the numbers are of %(on)s, they hold for %(valid)s days"),
    "no_source": gettext_lazy("%(what)s: it is not known who said it and when"),
    "no_procedure": gettext_lazy("The procedure of the purchase is not known: choose it in the deal or in the client's profile"),
    "invalid_procedure": gettext_lazy("%(what)s: this procedure is not in force on this day"),
    "no_regime": gettext_lazy("It is not known under which law the client buys"),
    "sums_differ": gettext_lazy("The lines add up to another amount than that of the deal: save the lines again"),
    "no_words": gettext_lazy("Write the text of the block, or switch it off"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a block may not go to the client, in the words of the reader, and where it is put right."""

    code: str
    url: str
    what: str | Promise = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """In the language of whoever reads the page, whatever that of the slides."""
        shown = {
            name: day(value) if isinstance(value, date) else value for name, value in self.params.items()
        }
        return str(_TEXTS[self.code]) % {"what": self.what, **shown}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a block that the KAM may leave out: what goes to the slide, its source, what is wrong with it."""

    key: str
    label: str
    value: dict[str, Any]
    source: str
    url: str
    has_source: bool = True

    @property
    def problem(self) -> Problem | None:
        """Nobody knows who said it and when."""
        return None if self.has_source else Problem("no_source", self.url, f"«{self.label}»")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a block says now. `why_empty` in words when there is nothing to say."""

    data: dict[str, Any] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    why_empty: str | Promise = ""

    @property
    def is_empty(self) -> bool:
        return bool(self.why_empty)


@dataclass(frozen=True, slots=True)
class Subject:
    """Of whom the presentation speaks, on which day, and how fresh his facts are."""

    plan: Plan
    deal: Deal
    company: Company
    today: date
    states: Mapping[str, FactState]
    valid_days: Mapping[str, int]
    left_out: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def stale(self, *facts: Fact) -> list[Problem]:
        """What of these facts does not hold on this day."""
        return [self._problem(self.states[fact]) for fact in facts if not self.states[fact].is_fresh]

    def checked(self, *facts: Fact) -> list[str]:
        """Who confirmed these facts and when, for the notes of the speaker."""
        states = [self.states[fact] for fact in facts]
        return [
            _("%(fact)s: confirmed on %(on)s, %(who)s") % {
                "fact": state.fact.label, "on": day(state.checked_at), "who": state.checked_by,
            }
            for state in states if state.is_fresh
        ]  # fmt: skip

    def old(self, what: str | Promise, fact: Fact, as_of: date) -> list[Problem]:
        """A number that was measured longer ago than the validity of its fact."""
        valid = self.valid_days[fact]
        if (self.today - as_of).days <= valid:
            return []
        return [Problem("old", self.facts_url, what, {"on": as_of, "valid": valid})]

    def chosen(self, kind: str, items: Iterable[Item]) -> list[Item]:
        """Without those that the KAM leaves out."""
        hidden = self.left_out.get(kind, frozenset())
        return [item for item in items if item.key not in hidden]

    def _problem(self, state: FactState) -> Problem:
        if state.age_days is None:
            return Problem("never", self.facts_url, state.label)
        params = {"age": state.age_days, "valid": state.valid_days}
        return Problem("stale", self.facts_url, state.label, params)

    @property
    def facts_url(self) -> str:
        """Where a click confirms a fact."""
        return reverse("accounts:facts", args=[self.company.public_id])


def of_items(subject: Subject, kind: str, items: list[Item]) -> tuple[list[Item], list[str], list[Problem]]:
    """The items that go to the slides, their sources, and what is wrong with them."""
    taken = subject.chosen(kind, items)
    sources = list(dict.fromkeys(item.source for item in taken if item.source))
    return taken, sources, [item.problem for item in taken if item.problem]


def said_by(contact: Contact | None) -> dict[str, str]:
    """The person of the client as the slides name him; who has left or is anonymised is not named."""
    if contact is None or not is_here(contact):
        return {"person": "", "position": ""}
    return {"person": contact.full_name, "position": contact.position}


def is_here(contact: Contact) -> bool:
    """Works at the client, and his name is kept."""
    return contact.anonymised_at is None and contact.state != "left"


def iso(value: date | None) -> str | None:
    """A date for JSON."""
    return value.isoformat() if value else None
