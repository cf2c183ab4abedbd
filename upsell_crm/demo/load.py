"""A base of any size for measurements: realistic spread of all facts that ranking, report and pages read."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from accounts import models as m
from accounts.enums import ContractStatus as S
from accounts.enums import Industry
from accounts.services.act_by import refresh_act_by
from accounts.services.profile import segment_of
from reports.references import seed_references
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import Team
from upsell_crm.core.text import normalise
from upsell_crm.demo.bulk import Table, analyse, set_sequences, stamp
from upsell_crm.demo.load_deals import Client, Deals
from upsell_crm.demo.load_details import Details
from upsell_crm.demo.load_staff import KAMS_PER_TEAM, PER_KAM, make_staff
from upsell_crm.demo.load_strategies import Strategies
from upsell_crm.demo.load_tables import COLUMNS, PROCEDURES, REGIMES
from upsell_crm.demo.load_trainings import Trainings

CHUNK = 500  # companies written at once
CONTRACTS_OF_FIVE = (3, 2, 2, 3, 2)  # 12,000 contracts of 5,000 companies
HOLDING = 20  # each so many companies the first is the head of the next four
WORDS = (
    "Вектор", "Гранит", "Заря", "Исток", "Контур", "Лотос", "Маяк", "Нева",
    "Опора", "Парус", "Рубеж", "Сфера", "Терра", "Формат",
)  # fmt: skip
INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def segment(revenue: int | None) -> str:
    """The segment column."""
    return str(segment_of(None if revenue is None else Decimal(revenue)))


def make_inn(number: int) -> str:
    """A valid ten-digit INN of the fictional region 00 (§8.1)."""
    body = f"00{number + 1:07d}"
    return (
        f"{body}{sum(int(digit) * weight for digit, weight in zip(body, INN_WEIGHTS, strict=True)) % 11 % 10}"
    )


def seed_load(*, companies: int, seed: int, progress: Callable[[int], None]) -> None:
    """Fill an empty database; raises DomainError when other clients are here."""
    if m.Company.objects.exists() or Team.objects.exists():
        raise DomainError(
            "not_empty", "This database has other data; use another CRM_DATA_DIR or DATABASE_URL."
        )
    seed_references()
    Load(companies=companies, seed=seed, today=clock.today()).run(progress)


class Load:
    """Writes companies chunk by chunk; the same seed gives the same base."""

    def __init__(self, *, companies: int, seed: int, today: date) -> None:
        self.total, self.dice, self.today = companies, Random(seed), today
        self.staff = make_staff(companies)
        self.products = m.Product.objects.in_bulk(field_name="code")
        self.types = {
            code: row.pk for code, row in m.ProcurementType.objects.in_bulk(field_name="code").items()
        }
        self.owed = 0  # contracts that companies without one leave to the next company
        self.tables = {
            name: Table(model, *columns.split(), serial=serial)
            for serial, (name, (model, columns)) in enumerate(COLUMNS.items(), start=1)
        }
        self.details = Details(
            today, self.dice, self.tables, self.products, self.types, self._make_features()
        )
        strategies = Strategies(today, Random(seed + 2), self.tables)
        self.deals = Deals(today, self.dice, self.tables, self.products, strategies)
        self.trainings = Trainings(today, Random(seed + 1), self.tables, self.products)

    def run(self, progress: Callable[[int], None]) -> None:
        """All companies, each chunk in its own transaction; then the sequences, statistics and act-by dates."""
        for first in range(0, self.total, CHUNK):
            last = min(first + CHUNK, self.total)
            with transaction.atomic():
                for number in range(first, last):
                    self._company(number)
                for table in self.tables.values():
                    table.flush()
            progress(last)
        set_sequences(self.tables.values())
        analyse()
        refresh_act_by(today=self.today)

    def _company(self, number: int) -> None:
        dice, kam = self.dice, self.staff.kams[number // PER_KAM]
        regime = dice.choices(REGIMES, (60, 24, 13, 3))[0]
        revenue = round(dice.lognormvariate(21.5, 1.4)) if dice.random() < 0.85 else None
        name = f"{dice.choice(WORDS)}-{dice.choice(WORDS)} {number + 1}"
        inn = make_inn(number)
        place = number % HOLDING
        head = self.tables["company"].next_id - place if 0 < place < 5 else None
        last_talk = dice.randint(1, 14) if dice.random() < 0.4 else dice.randint(15, 120)
        step_on = self.today + timedelta(days=dice.randint(-10, 20))
        pk = self.tables["company"].add(
            f"ООО «{name}»", name, inn, "007701001", head, head, regime, dice.choice(Industry.values), segment(revenue),
            dice.randint(20, 5000), int(dice.random() < 0.05), kam, self.staff.teams[number // (PER_KAM * KAMS_PER_TEAM)],
            normalise(name), normalise(f"ООО «{name}» {name} {inn} 007701001"), stamp(self.details.days[last_talk]),
            "Прислать расчёт по лицензиям", step_on.isoformat(),
        )  # fmt: skip
        seats = self._contracts(pk, number, regime)
        details = self.details
        details.size(pk, revenue)
        details.needs(pk, regime, kam, seats)
        talk, contract = self.tables["talk"].next_id, self.tables["contract"].next_id - 1
        people = details.people(pk, kam, last_talk)
        details.talks(pk, kam, people, last_talk)
        details.history(pk, name, kam)
        if seats:
            place = number // (PER_KAM * KAMS_PER_TEAM)
            team = self.staff.teams[place]
            self.deals.of(Client(pk, name, kam, team, contract, talk, seats))
            self.trainings.of(pk, self.staff.tutors[place], people[-1], seats)

    def _contracts(self, company: int, number: int, regime: str) -> dict[str, int]:
        """The present contract (or the last one), its predecessors, and sometimes a second present one."""
        dice = self.dice
        wanted = CONTRACTS_OF_FIVE[number % 5] + self.owed
        fate = dice.choices(("active", "expired", "former", "none"), (88, 5, 4, 3))[0]
        self.owed = wanted if fate == "none" and number + 1 < self.total else 0
        if self.owed:
            return {}
        ends_in = {"expired": -dice.randint(1, 75), "former": -dice.randint(100, 500)}.get(
            fate, dice.randint(0, 420)
        )
        status, end = S.EXPIRED if ends_in < 0 else S.ACTIVE, self.today + timedelta(days=ends_in)
        seats = {"casebook": self._seats(2.3)}
        if dice.random() < 0.4:
            seats["caselook"] = self._seats(1.7)
        has_second = wanted > 2 and status == S.ACTIVE
        if has_second:
            later = end + timedelta(days=dice.randint(5, 200))
            self._contract(
                (company, f"Л-{number}Б", regime), S.ACTIVE, later, {"caseone": dice.randint(1, 20)}
            )
        earlier = None
        for back in range(wanted - 1 - has_second, -1, -1):
            state, until = S.RENEWED if back else status, end - timedelta(days=365 * back)
            earlier = self._contract((company, f"Л-{number}-{back}", regime), state, until, seats, earlier)
        return seats

    def _seats(self, size: float) -> int:
        return max(1, round(self.dice.lognormvariate(size, 1)))

    def _contract(
        self,
        whose: tuple[int, str, str],
        status: str,
        end: date,
        seats: dict[str, int],
        renews: int | None = None,
    ) -> int:
        company, number, regime = whose
        start = end - timedelta(days=364)
        prices = {code: int(self.products[code].list_price_year) for code in seats}
        is_auto = self.dice.random() < 0.08
        pk = self.tables["contract"].add(
            company, number, "state_contract" if regime == "fz44" else "contract", start.isoformat(), end.isoformat(),
            sum(prices[code] * n for code, n in seats.items()), status, stamp(start), renews,
            self.types[self.dice.choice(PROCEDURES[regime])], (start - timedelta(days=9)).isoformat(),
            "auto" if is_auto else "manual", 30 if is_auto else None,
        )  # fmt: skip
        for code, n in seats.items():
            product, price, period = (
                self.products[code].pk,
                prices[code],
                (start.isoformat(), end.isoformat()),
            )
            self.tables["line"].add(pk, product, n, price, price * n, *period, "paid")
        return pk

    def _make_features(self) -> list[int]:
        dice, rows = self.dice, []
        for number in range(40):
            status = dice.choice(("new", "planned", "dev", "released", "released"))
            released = self.today - timedelta(days=dice.randint(5, 200)) if status == "released" else None
            planned = self.today + timedelta(days=dice.randint(5, 120)) if status == "planned" else None
            rows.append(m.FeatureRequest(title=f"Функция {number + 1}", product=self.products["casebook"], status=status,
                                         released_on=released, planned_release=planned))  # fmt: skip
        return [feature.pk for feature in m.FeatureRequest.objects.bulk_create(rows)]
