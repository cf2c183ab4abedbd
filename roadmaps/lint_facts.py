"""What the rules of the linter look at: a plan, its people and its client as plain values (product.md §1.9)."""

from dataclasses import dataclass
from datetime import date

from upsell_crm.core.roles import Role


@dataclass(frozen=True, slots=True)
class Member:
    """An active member of the working group with his roles in the deal."""

    user_id: int
    name: str
    roles: frozenset[str]

    @property
    def is_closer(self) -> bool:
        return Role.CLOSER.value in self.roles


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A standing task of the plan; both days are included."""

    key: str  # public id
    title: str
    assignee_id: int
    phase: str
    starts_on: date
    due_on: date
    expected_result: str
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Decider:
    """A key ЛПР who works there: how he is called, what stays of his surname in every case, who of us knows him."""

    name: str
    stem: str
    known_by: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """Open tasks of one person that are due in one week, of the plan and of everything else."""

    user_id: int
    name: str
    monday: date
    of_plan: int
    others: int

    @property
    def total(self) -> int:
        return self.of_plan + self.others


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """All that the rules look at; `forecast_on` = when the chain of tasks ends as things stand."""

    today: date
    is_roadmap: bool = True
    is_working: bool = False
    deadline: date | None = None
    presentation_on: date | None = None
    act_by: date | None = None
    forecast_on: date | None = None
    members: tuple[Member, ...] = ()
    tasks: tuple[PlannedTask, ...] = ()
    deciders: tuple[Decider, ...] = ()
    weeks: tuple[WeekLoad, ...] = ()
    overload: int = 8  # tasks a week on one person; more is too much
    days_off: frozenset[date] = frozenset()  # of the days that the plan names
    stale: tuple[str, ...] = ()  # critical facts that do not hold, in words
    sells: tuple[str, ...] = ()  # products of the deal
    interested_in: tuple[str, ...] = ()  # other products that departments want


def stem_of(last_name: str) -> str:
    """What stays of a surname in every case: «Орехов» of «с Ореховым», «Иванов» of «с Ивановой»."""
    word = last_name.lower()
    for ending in ("ая", "яя", "ий", "ый", "ой", "а", "я", "й", "ь", "о", "е"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
