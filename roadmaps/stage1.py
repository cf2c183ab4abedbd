"""Stage 1 of a roadmap: which facts it rests on, and what keeps the stage open (R46–R48).

Decision-makers and procurement must be fresh; every other fact needs an answer within its validity, and «unknown» is
one of them (docs/decisions/0050).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Fact
from accounts.fact_states import FactState, fact_states_of
from accounts.models import FactCheck
from roadmaps.models import Plan
from upsell_crm.core import clock

CRITICAL = (Fact.DM, Fact.PROCUREMENT)


@dataclass(frozen=True, slots=True)
class Standing:
    """One fact, or one decision-maker, as stage 1 asks for it on a day."""

    state: FactState
    today: date

    @property
    def unknown(self) -> FactCheck | None:
        """The last answer, when it was «unknown»."""
        return self.state.unknown

    @property
    def is_critical(self) -> bool:
        """Dates and people of the plan hang on it: «unknown» does not close it."""
        return self.state.fact in CRITICAL

    @property
    def is_unknown(self) -> bool:
        """Lately answered with «unknown»; the answer holds as long as the fact itself would."""
        if self.unknown is None:
            return False
        said_on = clock.local_date(self.unknown.checked_at) or self.today
        return (self.today - said_on).days <= self.state.valid_days

    @property
    def is_settled(self) -> bool:
        """Stage 1 may close over it: fresh, or, where it is not critical, «unknown» is the answer."""
        return (
            not self.is_unknown and self.state.is_fresh
            if self.is_critical
            else self.state.is_fresh or self.is_unknown
        )

    @property
    def valid_until(self) -> date | None:
        """The last day on which the confirmation holds."""
        said_on = clock.local_date(self.state.checked_at)
        return said_on + timedelta(days=self.state.valid_days) if said_on else None

    @property
    def name(self) -> str:
        """The person or the fact."""
        return str(self.state.contact or self.state.label)

    @property
    def why_open(self) -> str:
        """The reason in words for a fact that is not settled."""
        return self.why(self.name)

    def why(self, name: str) -> str:
        """The same under another name: what leaves the house names nobody of the client."""
        age = self.state.age_days
        if self.is_unknown:
            return _("%s: the answer was «unknown»; find it out") % name
        if self.state.fact == Fact.DM and self.state.contact is None:
            return _("%s: nobody is named; add the person who decides") % name
        if age is None:
            return _("%s: nobody has confirmed it yet") % name
        text = ngettext(
            "%(what)s: confirmed %(age)s day ago, holds for %(valid)s days",
            "%(what)s: confirmed %(age)s days ago, holds for %(valid)s days",
            age,
        )
        return text % {"what": name, "age": age, "valid": self.state.valid_days}


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One reason why the stage is open, in words, and the fact it speaks of."""

    fact: Fact
    text: str
    contact_id: int | None = None


def standings(company_id: int, today: date) -> list[Standing]:
    """Every fact of the client as stage 1 sees it, decision-makers one by one and first. Three statements."""
    return standings_of([company_id], today)[company_id]


def standings_of(company_ids: Collection[int], today: date) -> dict[int, list[Standing]]:
    """The same of several companies; three statements, whatever their number."""
    return {
        company_id: [Standing(state, today) for state in states]
        for company_id, states in fact_states_of(company_ids, today).items()
    }


def open_points(plan: Plan, today: date) -> list[OpenPoint]:
    """What has to be confirmed before stage 1 closes; [] when it may close."""
    return points_of(standings(plan.company_id, today))


def points_of(facts: list[Standing]) -> list[OpenPoint]:
    """The reasons among facts that were read already."""
    return [
        OpenPoint(fact.state.fact, fact.why_open, _key(fact.state)) for fact in facts if not fact.is_settled
    ]


def _key(state: FactState) -> int | None:
    return state.contact.pk if state.contact else None
