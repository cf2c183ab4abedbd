"""How old each confirmed fact of a client is (FactCheck, domain.md §2.1)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, F, Q, When, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise

from accounts.enums import DecisionRole, Fact, FactResult
from accounts.models import Contact, FactCheck
from upsell_crm.core.clock import local_date
from upsell_crm.core.parameters import parameter


@dataclass(frozen=True, slots=True)
class FactState:
    """One fact, or one decision-maker: when and by whom it was last confirmed, and whether that still holds."""

    fact: Fact
    checked_at: datetime | None
    checked_by: str
    valid_days: int
    age_days: int | None
    contact: Contact | None = None
    check: FactCheck | None = None  # the answer itself, with the communication in which it was given
    unknown: FactCheck | None = (
        None  # a later answer «unknown»: it confirms nothing, and says that somebody has asked
    )

    @property
    def label(self) -> str | Promise:
        return self.fact.label

    @property
    def is_fresh(self) -> bool:
        return self.age_days is not None and self.age_days <= self.valid_days

    @property
    def tone(self) -> str:
        """good = fresh, warn = out of date, bad = never confirmed."""
        return "good" if self.is_fresh else "bad" if self.age_days is None else "warn"


def fact_states(company_id: int, today: date) -> list[FactState]:
    """Every fact with its age, decision-makers one by one. Three statements.

    An answer «unknown» confirms nothing; a company without a decision-maker has one unconfirmed line for it.
    """
    return fact_states_of([company_id], today)[company_id]


def fact_states_of(
    company_ids: Collection[int], today: date, valid_days: Mapping[str, int] | None = None
) -> dict[int, list[FactState]]:
    """The same of several companies; three statements, whatever their number, two with the parameter `valid_days`."""
    valid_days = valid_days or parameter("valid_days")
    latest: dict[tuple[int, str, int | None], list[FactCheck]] = defaultdict(list)
    for check in _latest(company_ids):
        latest[check.company_id, check.fact, check.contact_id].append(check)
    makers = _makers(company_ids, today)
    states: dict[int, list[FactState]] = {}
    for company_id in company_ids:
        asked: list[tuple[Fact, Contact | None]] = [(Fact.DM, maker) for maker in makers[company_id]]
        asked = asked or [(Fact.DM, None)]
        asked += [(fact, None) for fact in Fact if fact != Fact.DM]
        states[company_id] = [
            _state(
                fact, contact, latest[company_id, fact, contact.pk if contact else None],
                valid_days[fact.value], today,
            )
            for fact, contact in asked
        ]  # fmt: skip
    return states


def by_fact(states: list[FactState]) -> dict[str, FactState]:
    """Fact code → its state; for decision-makers the oldest one speaks."""
    oldest: dict[str, FactState] = {}
    for state in states:
        known = oldest.get(state.fact)
        if known is None or (
            known.age_days is not None and (state.age_days is None or state.age_days > known.age_days)
        ):
            oldest[state.fact] = state
    return oldest


def _makers(company_ids: Collection[int], today: date) -> dict[int, list[Contact]]:
    """Working decision-makers of each company, by name."""
    found: dict[int, list[Contact]] = defaultdict(list)
    makers = Contact.objects.working().filter(
        Q(roles__valid_to=None) | Q(roles__valid_to__gte=today),
        company_id__in=company_ids,
        roles__role=DecisionRole.DM,
    )
    for maker in makers.distinct().order_by("last_name", "first_name", "pk"):
        found[maker.company_id].append(maker)
    return found


def _latest(company_ids: Collection[int]) -> list[FactCheck]:
    """The last answer of each fact and person, and the last «unknown», oldest first."""
    is_unknown = Case(When(result=FactResult.UNKNOWN, then=1), default=0)
    newest_first = Window(
        RowNumber(),
        partition_by=[F("company_id"), F("fact"), F("contact_id"), is_unknown],
        order_by=[F("checked_at").desc(), F("pk").desc()],
    )
    return list(
        FactCheck.objects.filter(company_id__in=company_ids)
        .annotate(place=newest_first)
        .filter(place=1)
        .select_related("checked_by", "interaction")
        .order_by("checked_at", "pk")
    )


def _state(
    fact: Fact, contact: Contact | None, answers: list[FactCheck], valid_days: int, today: date
) -> FactState:
    unknown = answers[-1] if answers and answers[-1].result == FactResult.UNKNOWN else None
    check = next((answer for answer in answers if answer.result != FactResult.UNKNOWN), None)
    if check is None:
        return FactState(fact, None, "", valid_days, None, contact, unknown=unknown)
    age = (today - (local_date(check.checked_at) or today)).days
    return FactState(fact, check.checked_at, str(check.checked_by), valid_days, age, contact, check, unknown)
