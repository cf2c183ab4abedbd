"""What every part of the demo story shares: its date, its dice, and the records made so far."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model

from accounts.models import Company, Contact, Contract, ProcurementType, Product
from accounts.working_days import WorkCalendar
from deals.models import Deal
from upsell_crm.core.models import Team, User

M = TypeVar("M", bound=Model)
MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(slots=True)
class World:
    """The story on a date; offsets are calendar days from it, so the demo never grows old (§8.1)."""

    as_of: date
    seed: int
    calendar: WorkCalendar
    dice: Random = field(init=False)
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    procedures: dict[str, ProcurementType] = field(default_factory=dict)
    companies: dict[int, Company] = field(default_factory=dict)  # by № of the story
    contracts: dict[int, Contract] = field(default_factory=dict)  # the contract of the table, by №
    contacts: dict[int, list[Contact]] = field(default_factory=dict)  # the first one is the ЛПР
    deals: dict[int, Deal] = field(default_factory=dict)  # open ones, by №

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)

    def day(self, offset: int) -> date:
        """T + offset."""
        return self.as_of + timedelta(days=offset)

    def working_day(self, offset: int) -> date:
        """T + offset, or the last working day before it."""
        return self.calendar.roll(self.day(offset))

    def workday(self, days: int) -> date:
        """So many working days from T, back for a negative number; 0 is T itself or the next working day."""
        calendar = self.calendar
        return calendar.add(self.as_of, days) if days >= 0 else calendar.subtract(self.as_of, -days)

    def moment(self, day: date, hour: int = 12, minute: int = 0) -> datetime:
        """A moment of a day in Moscow."""
        return datetime.combine(day, time(hour, minute), tzinfo=MOSCOW)

    def at(self, offset: int, hour: int = 12) -> datetime:
        """A moment on T + offset."""
        return self.moment(self.day(offset), hour)

    @contextmanager
    def own_dice(self, name: str) -> Iterator[None]:
        """Luck of its own for a part that comes after date-dependent ones: on another date the same people appear."""
        common, self.dice = self.dice, Random(f"{name} {self.seed}")
        yield
        self.dice = common

    def identifier(self) -> UUID:
        """A UUIDv7-shaped identifier from the dice: the same seed gives the same addresses."""
        bits = self.dice.getrandbits(128)
        return UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)

    def save(self, model: type[M], records: Iterable[M]) -> list[M]:
        """Bulk insert with identifiers of the story."""
        found = list(records)
        names = {field.name for field in model._meta.concrete_fields}
        for record in found:
            for name in ("public_id", "client_id"):
                if name in names:
                    setattr(record, name, self.identifier())
        return model._default_manager.bulk_create(found, batch_size=500)

    def pick(self, choices: Any, weights: Any = None) -> Any:
        """One of the choices."""
        return self.dice.choices(choices, weights)[0] if weights else self.dice.choice(choices)
