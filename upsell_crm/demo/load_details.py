"""What hangs on one company of the load base: its size, needs, people, talks and history."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from accounts.models import Product
from upsell_crm.core.text import normalise
from upsell_crm.demo.bulk import Table, stamp
from upsell_crm.demo.load_tables import PROCEDURES
from upsell_crm.demo.names import SURNAMES

TALKS = 40  # communications of each company: 200,000 of 5,000
SUMMARY = "Обсудили использование и планы отдела, договорились о следующем шаге."


@dataclass(slots=True)
class Details:
    """Rows of a company beside itself and its contracts; the dice are the whole base's."""

    today: date
    dice: Random
    tables: dict[str, Table]
    products: dict[str, Product]
    types: dict[str, int]
    features: list[int]
    days: list[date] = field(init=False)  # today and each day before it

    def __post_init__(self) -> None:
        self.days = [self.today - timedelta(days=back) for back in range(1500)]

    def size(self, company: int, revenue: int | None) -> None:
        """Revenue, court load, departments, now and then a debt."""
        dice, year = self.dice, self.today.year - 1
        for back in range(2 if revenue else 0):
            self.tables["year"].add(
                company, year - back, revenue, "fns", self.days[200 + 365 * back].isoformat()
            )
        if dice.random() < 0.8:
            cases = round(dice.lognormvariate(4, 1.3)) + 1
            before = cases * 10 // (10 + company % 5)  # up by as much as 40 % in a quarter
            for back, number in ((20, cases), (111, before)):
                self.tables["court"].add(
                    company,
                    self.days[back].isoformat(),
                    number,
                    number // 3,
                    number // 2,
                    0,
                    number * 400_000,
                )
        for name, kind, chance in (
            ("Юридический департамент", "legal", 0.7),
            ("Служба безопасности", "security", 0.5),
        ):
            headcount = dice.randint(2, 40) if dice.random() < chance else None
            self.tables["department"].add(company, name, kind, headcount)
        if dice.random() < 0.03:
            self.tables["debt"].add(company, dice.randint(1, 90) * 1000, self.days[9].isoformat())

    def needs(self, company: int, regime: str, kam: int, seats: dict[str, int]) -> None:
        """How it buys and how much it uses and could use; who confirmed that and when."""
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

    def people(self, company: int, kam: int, last_talk: int) -> list[int]:
        """Three people with their roles and how well the KAM knows them; the first one decides."""
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

    def talks(self, company: int, kam: int, people: list[int], last_talk: int) -> None:
        """Forty communications back from the last one, with what came of them."""
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
                    None,
                    "",
                    "agreement",
                )
                self.tables["agreement"].add(
                    pk, company, "us", "Прислать расчёт", due.isoformat(), kam, task, done_at
                )
            if number % 20 == 5:
                state, how = ("open", "") if number == 5 else ("handled", "Показали расчёт.")
                self.tables["objection"].add(
                    pk, company, dice.choice(("price", "budget", "timing")), "Дорого.", state, how
                )

    def history(self, company: int, name: str, kam: int) -> None:
        """Three lines of history."""
        for event, changes in (
            ("create_company", "{}"),
            ("assign_kam", '{"owner_kam": ["", "КАМ"]}'),
            ("update_procurement", "{}"),
        ):
            self.tables["audit"].add(kam, "КАМ", event, "accounts.company", company, name, company, changes)
