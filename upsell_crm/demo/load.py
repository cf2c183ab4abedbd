"""A base of any size for measurements: realistic spread of all facts that ranking, report and pages read."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from accounts import models as m
from accounts.enums import ContractStatus as S
from accounts.enums import Industry
from accounts.references import seed_calendar, seed_procedures, seed_products
from accounts.services.act_by import refresh_act_by
from accounts.services.profile import segment_of
from reports.references import seed_weights
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import Team
from upsell_crm.core.text import normalise
from upsell_crm.demo.bulk import Table, analyse, set_sequences, stamp
from upsell_crm.demo.load_staff import KAMS_PER_TEAM, PER_KAM, make_staff
from upsell_crm.demo.load_tables import COLUMNS
from upsell_crm.demo.names import SURNAMES

CHUNK = 500  # companies written at once
CONTRACTS_OF_FIVE = (3, 2, 2, 3, 2)  # 12,000 contracts of 5,000 companies
TALKS = 40  # communications of each company: 200,000 of 5,000
HOLDING = 20  # each so many companies the first is the head of the next four
WORDS = (
    "Вектор",
    "Гранит",
    "Заря",
    "Исток",
    "Контур",
    "Лотос",
    "Маяк",
    "Нева",
    "Опора",
    "Парус",
    "Рубеж",
    "Сфера",
    "Терра",
    "Формат",
)
REGIMES = ("commercial", "fz223", "fz44", "unknown")
PROCEDURES = {
    "commercial": ("direct", "invoice_offer", "tender_commercial", "single_internal"),
    "fz223": ("single_223", "small_223", "rfq_223", "rfp_223", "auction_223"),
    "fz44": ("small_44", "eshop_44", "auction_44", "rfq_44"),
    "unknown": ("unknown",),
}
SUMMARY = "Обсудили использование и планы отдела, договорились о следующем шаге."
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
    for seed_part in (seed_products, seed_procedures, seed_calendar, seed_weights):
        seed_part()
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
        self.features = self._make_features()
        self.owed = 0  # contracts that companies without one leave to the next company
        self.days = [today - timedelta(days=back) for back in range(1500)]
        self.tables = {
            name: Table(model, *columns.split(), serial=serial)
            for serial, (name, (model, columns)) in enumerate(COLUMNS.items(), start=1)
        }

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
        last_talk = dice.randint(1, 120)
        step_on = self.today + timedelta(days=dice.randint(-10, 20))
        pk = self.tables["company"].add(
            f"ООО «{name}»", name, inn, "007701001", head, head, regime, dice.choice(Industry.values), segment(revenue),
            dice.randint(20, 5000), int(dice.random() < 0.05), kam, self.staff.teams[number // (PER_KAM * KAMS_PER_TEAM)],
            normalise(name), normalise(f"ООО «{name}» {name} {inn} 007701001"), stamp(self.days[last_talk]),
            "Прислать расчёт по лицензиям", step_on.isoformat(),
        )  # fmt: skip
        seats = self._contracts(pk, number, regime)
        self._size(pk, revenue)
        self._needs(pk, regime, kam, seats)
        people = self._people(pk, kam, last_talk)
        self._talks(pk, kam, people, last_talk)
        self._history(pk, name, kam)

    def _contracts(self, company: int, number: int, regime: str) -> dict[str, int]:
        """The present contract (or the last one), its predecessors, and sometimes a second present one."""
        dice = self.dice
        wanted = CONTRACTS_OF_FIVE[number % 5] + self.owed
        fate = dice.choices(("active", "expired", "former", "none"), (88, 5, 4, 3))[0]
        if fate == "none" and self.total > 50:
            self.owed = wanted
            return {}
        self.owed = 0
        offset = {
            "active": dice.randint(0, 420),
            "expired": -dice.randint(1, 75),
            "former": -dice.randint(100, 500),
        }.get(fate, 90)
        status = S.EXPIRED if offset < 0 else S.ACTIVE
        end = self.today + timedelta(days=offset)
        seats = {"casebook": max(1, round(dice.lognormvariate(2.3, 1)))}
        if dice.random() < 0.4:
            seats["caselook"] = max(1, round(dice.lognormvariate(1.7, 0.9)))
        has_second = wanted > 2 and status == S.ACTIVE
        if has_second:
            second = {"caseone": dice.randint(1, 20)}
            self._contract(
                company,
                f"Л-{number}Б",
                S.ACTIVE,
                end + timedelta(days=dice.randint(5, 200)),
                second,
                None,
                regime,
            )
        earlier = None
        for back in range(wanted - 1 - has_second, -1, -1):
            state = status if back == 0 else S.RENEWED
            earlier = self._contract(
                company, f"Л-{number}-{back}", state, end - timedelta(days=365 * back), seats, earlier, regime
            )
        return seats

    def _contract(
        self,
        company: int,
        number: str,
        status: str,
        end: date,
        seats: dict[str, int],
        renews: int | None,
        regime: str,
    ) -> int:
        start = end - timedelta(days=364)
        amount = sum(int(self.products[code].list_price_year) * n for code, n in seats.items())
        signed = (start - timedelta(days=9)).isoformat()
        pk = self.tables["contract"].add(
            company, number, "state_contract" if regime == "fz44" else "contract", start.isoformat(), end.isoformat(),
            amount, status, stamp(start), renews, self.types[self.dice.choice(PROCEDURES[regime])], signed,
        )  # fmt: skip
        for code, n in seats.items():
            price = int(self.products[code].list_price_year)
            self.tables["line"].add(
                pk, self.products[code].pk, n, price, price * n, start.isoformat(), end.isoformat(), "paid"
            )
        return pk

    def _size(self, company: int, revenue: int | None) -> None:
        dice, year = self.dice, self.today.year - 1
        for back in range(2 if revenue else 0):
            self.tables["year"].add(
                company, year - back, revenue, "fns", self.days[200 + 365 * back].isoformat()
            )
        if dice.random() < 0.8:
            cases = round(dice.lognormvariate(4, 1.3)) + 1
            for back in (20, 111):
                self.tables["court"].add(
                    company, self.days[back].isoformat(), cases, cases // 3, cases // 2, 0, cases * 400_000
                )
        for name, kind, chance in (
            ("Юридический департамент", "legal", 0.7),
            ("Служба безопасности", "security", 0.5),
        ):
            headcount = dice.randint(2, 40) if dice.random() < chance else None
            self.tables["department"].add(company, name, kind, headcount)
        if dice.random() < 0.03:
            self.tables["debt"].add(company, dice.randint(1, 90) * 1000, self.days[9].isoformat())

    def _needs(self, company: int, regime: str, kam: int, seats: dict[str, int]) -> None:
        dice = self.dice
        code = dice.choice(PROCEDURES[regime])
        has_terms = dice.random() < 0.4
        policy = dice.choices(("allowed", "up_to_limit", "forbidden", "unknown"), (40, 15, 25, 20))[0]
        self.tables["profile"].add(
            company, self.types[code], dice.randint(3, 25) if has_terms else None, dice.randint(0, 45) if has_terms else None,
            policy, 300_000 if policy == "up_to_limit" else None, dice.randint(1, 12) if dice.random() < 0.3 else None,
        )  # fmt: skip
        for fact, chance in (("procurement", 0.8), ("requisites", 0.9), ("users", 0.4)):
            if dice.random() < chance:
                self.tables["check"].add(
                    company, fact, None, "confirmed", stamp(self.days[dice.randint(1, 300)], 10), kam
                )
        if dice.random() < 0.3:
            for kind in ("approval", "procurement"):
                for back in (400, 200, 60)[: dice.randint(2, 3)]:
                    days = dice.randint(4, 40)
                    self.tables["lead_time"].add(
                        company,
                        self.types[code],
                        kind,
                        self.days[back + days + 15].isoformat(),
                        self.days[back].isoformat(),
                        days,
                    )
        for product, n in seats.items():
            active = max(0, min(n + 2, round(n * dice.betavariate(5, 2))))
            for back in (3, 33, 63) if dice.random() < 0.85 else ():
                self.tables["usage"].add(
                    company, self.products[product].pk, self.days[back].isoformat(), active, active * 7
                )
            if dice.random() < 0.6:
                verified = stamp(self.days[dice.randint(5, 300)])
                self.tables["estimate"].add(
                    company,
                    self.products[product].pk,
                    n + dice.randint(0, 2 + n // 2),
                    "interview",
                    verified,
                    kam,
                )
        if dice.random() < 0.15:
            self.tables["wait"].add(
                dice.choice(self.features), company, dice.randint(1, 3), "Ждём для всего отдела."
            )

    def _people(self, company: int, kam: int, last_talk: int) -> list[int]:
        dice, people = self.dice, []
        for role, is_key in (("dm", 1), ("influencer", 0), ("user", 0)):
            surname = dice.choice(SURNAMES)
            state = dice.choices(("active", "unverified", "left"), (88, 8, 4))[0]
            number = self.tables["contact"].next_id
            phone, email = f"+7000{number % 10_000_000:07}", f"person.{number}@load.example"
            position = "Директор правового департамента" if is_key else "Юрист"
            search = normalise(f"{surname} Иван {position} {email} {phone}")
            pk = self.tables["contact"].add(surname, "Иван", company, position, email, phone, state, search)
            people.append(pk)
            if role == "dm" and dice.random() < 0.12:
                continue
            self.tables["role"].add(
                pk, company, role, is_key, dice.randint(1, 5), dice.randint(-1, 2), self.days[700].isoformat()
            )
            if dice.random() < 0.85:
                level, last = (
                    dice.randint(1, 5),
                    self.days[last_talk + (0 if is_key else dice.randint(0, 200))].isoformat(),
                )
                self.tables["strength"].add(pk, kam, level, "manual", self.days[1].isoformat(), last)
            if is_key and dice.random() < 0.7:
                self.tables["check"].add(
                    company, "dm", pk, "confirmed", stamp(self.days[dice.randint(1, 200)], 11), kam
                )
        return people

    def _talks(self, company: int, kam: int, people: list[int], last_talk: int) -> None:
        dice, add, product = self.dice, self.tables["talk"].add, self.products["casebook"].pk
        for number in range(TALKS):
            back = last_talk + number * 18 + dice.randint(0, 9) * (number > 0)
            kind = dice.choices(("call", "meeting", "email", "video"), (40, 25, 20, 15))[0]
            day = self.days[back]
            client_id = self.tables["talk"].identifier(self.tables["talk"].next_id, mark=1)
            step = self.days[back - min(back, 7)].isoformat()
            pk = add(
                company,
                client_id,
                kind,
                "held",
                stamp(day, 7 + number % 8),
                "needs",
                SUMMARY,
                "Созвониться",
                step,
                "moved",
                int(number % 2),
                kam,
            )
            self.tables["talk_contact"].add(pk, people[number % 3], 1)
            self.tables["talk_user"].add(pk, kam, 1)
            if number % 7 == 0:
                self.tables["feedback"].add(
                    pk, product, dice.randint(-1, 2), "Удобно, пользуемся каждый день."
                )
            if number % 13 == 0:
                is_open = number == 0
                due = (
                    (self.today + timedelta(days=dice.randint(-3, 9))) if is_open else day + timedelta(days=5)
                )
                done_at = None if is_open else stamp(due)
                task = self.tables["task"].add(
                    company,
                    "Прислать расчёт",
                    kam,
                    due.isoformat(),
                    "todo" if is_open else "done",
                    "" if is_open else "Отправлено",
                    done_at,
                )
                self.tables["agreement"].add(
                    pk, company, "us", "Прислать расчёт", due.isoformat(), kam, task, done_at
                )
            if number % 20 == 5:
                state, how = ("open", "") if number == 5 else ("handled", "Показали расчёт.")
                self.tables["objection"].add(
                    pk, company, dice.choice(("price", "budget", "timing")), "Дорого.", state, how
                )

    def _history(self, company: int, name: str, kam: int) -> None:
        for event, changes in (
            ("create_company", "{}"),
            ("assign_kam", '{"owner_kam": ["", "КАМ"]}'),
            ("update_procurement", "{}"),
        ):
            self.tables["audit"].add(kam, "КАМ", event, "accounts.company", company, name, company, changes)

    def _make_features(self) -> list[int]:
        dice = Random(7)
        rows = []
        for number in range(40):
            status = dice.choice(("new", "planned", "dev", "released", "released"))
            released = self.today - timedelta(days=dice.randint(5, 200)) if status == "released" else None
            planned = self.today + timedelta(days=dice.randint(5, 120)) if status == "planned" else None
            rows.append(m.FeatureRequest(title=f"Функция {number + 1}", product=self.products["casebook"], status=status,
                                         released_on=released, planned_release=planned))  # fmt: skip
        return [feature.pk for feature in m.FeatureRequest.objects.bulk_create(rows)]
