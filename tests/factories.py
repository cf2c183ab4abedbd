"""The cast and the makers of the suite: short, valid by default, everything can be overridden."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts.enums import ContactState, ContractStatus, DecisionRole, Regime
from accounts.models import Company, Contact, ContactRole, Contract, LicenceLine, Product, WorkDay
from accounts.references import seed_calendar
from deals.enums import Approval, DealKind, DocumentType, HandoverReason, IntroMode
from deals.models import (
    Deal,
    DealLine,
    DealMember,
    DealRenewal,
    Document,
    DocumentStep,
    Handover,
    HandoverItem,
)
from upsell_crm.core.models import RoleAssignment, Team, User
from upsell_crm.core.roles import Role

T = date(2026, 11, 24)  # the golden date of domain.md §4 and §8
AFTERNOON = time(17)  # when a suite begins, so that it sees the same day at night
MOSCOW = ZoneInfo("Europe/Moscow")
_numbers = count(1)


def moment(day: date = T, hour: int = 12) -> datetime:
    """A moment of a day in Moscow."""
    return datetime.combine(day, time(hour), tzinfo=MOSCOW)


def make_inn(number: int) -> str:
    """A valid ten-digit INN with the fictional prefix 00 (domain.md §8.1)."""
    body = f"00{number:07d}"
    check = sum(int(digit) * weight for digit, weight in zip(body, (2, 4, 10, 3, 5, 9, 4, 6, 8), strict=True))
    return f"{body}{check % 11 % 10}"


def make_user(login: str, name: str, *roles: Role, team: Team | None = None) -> User:
    """A colleague who can sign in; the password is the login."""
    last_name, _, first_name = name.partition(" ")
    user = User.objects.create_user(
        login, f"{login}@demo.example", login, last_name=last_name, first_name=first_name, team=team
    )
    RoleAssignment.objects.bulk_create(RoleAssignment(user=user, role=role) for role in roles)
    return user


class Cast:
    """The people of domain.md §8.1 who play in the stories; attributes are logins."""

    def __init__(self) -> None:
        self.k1, self.k2, self.k3, self.care, self.office = Team.objects.bulk_create(
            Team(code=code, name=name)
            for code, name in (
                ("K1", "Финансы и связь"), ("K2", "Промышленность и госсектор"), ("K3", "Ритейл и услуги"),
                ("CARE", "Сопровождение и обучение"), ("BO", "BackOffice и юристы"),
            )
        )  # fmt: skip
        self._people: list[User] = []
        self._roles: list[RoleAssignment] = []
        self.belova = self._join("belova", "Белова Ольга", self.k1, Role.LEAD)
        self.vetrov = self._join("vetrov", "Ветров Игорь", self.k1, Role.KAM)
        self.lisina = self._join("lisina", "Лисина Анна", self.k1, Role.KAM)
        self.rogov = self._join("rogov", "Рогов Павел", self.k1, Role.RESEARCHER)
        self.kim = self._join("kim", "Ким Дарья", self.k1, Role.CLOSER)
        self.gromov = self._join("gromov", "Громов Сергей", self.k2, Role.LEAD)
        self.aliev = self._join("aliev", "Алиев Тимур", self.k2, Role.KAM)
        self.naumov = self._join("naumov", "Наумов Глеб", self.k2, Role.PERFORMER)
        self.demin = self._join("demin", "Дёмин Роман", self.k3, Role.KAM)
        self.moroz = self._join("moroz", "Мороз Алина", self.care, Role.CSM)
        self.gai = self._join("gai", "Гай Светлана", self.care, Role.TUTOR)
        self.titova = self._join("titova", "Титова Юлия", self.office, Role.BACKOFFICE)
        self.panov = self._join("panov", "Панов Кирилл", self.office, Role.LAWYER)
        self.sokolova = self._join("sokolova", "Соколова Яна", None, Role.MARKETING)
        self.andreeva = self._join("andreeva", "Андреева Виктория", None, Role.HEAD)
        self.admin = self._join("admin", "Администратор", None, Role.ADMIN)
        User.objects.bulk_create(self._people)  # the whole suite passes here: two statements, not fifty
        RoleAssignment.objects.bulk_create(self._roles)
        self.k1.lead, self.k2.lead = self.belova, self.gromov
        Team.objects.bulk_update([self.k1, self.k2], ["lead"])

    def _join(self, login: str, name: str, team: Team | None, role: Role) -> User:
        last_name, _, first_name = name.partition(" ")
        user = User(
            username=login, email=f"{login}@demo.example", password=_password(login), last_name=last_name,
            first_name=first_name, team=team,
        )  # fmt: skip
        self._people.append(user)
        self._roles.append(RoleAssignment(user=user, role=role))
        return user


@cache
def _password(login: str) -> str:
    return make_password(login)


def keep_calendar() -> None:
    """Put a copy of the seeded calendar aside: thousands of days, which dozens of tests want."""
    seed_calendar(range(2024, 2031))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept_calendar AS SELECT * FROM accounts_workday")
    WorkDay.objects.all().delete()


def make_calendar(first_year: int = 2025, last_year: int = 2028) -> None:
    """The seeded working days of these years, as `seed_calendar` makes them, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_workday SELECT * FROM kept_calendar WHERE date BETWEEN %s AND %s",
            [f"{first_year}-01-01", f"{last_year}-12-31"],
        )


def make_product(code: str = "casebook", **values: Any) -> Product:
    """A product of the catalogue; the same code is made once."""
    defaults = {"name_ru": code.capitalize(), "name_en": code.capitalize(), "list_price_year": Decimal(36000)}
    return Product.objects.get_or_create(code=code, defaults={**defaults, **values})[0]


def make_company(name: str = "", *, kam: User | None = None, **values: Any) -> Company:
    """A client with a valid INN and KPP; `kam` brings his team along."""
    number = next(_numbers)
    values.setdefault("inn", make_inn(number))
    values.setdefault("kpp", "007701001" if values["inn"] else "")
    values.setdefault("regime", Regime.COMMERCIAL)
    team = values.pop("team", kam.team if kam else None)
    return Company.objects.create(name=name or f"ООО «Клиент {number}»", owner_kam=kam, team=team, **values)


def make_contract(company: Company, *lines: tuple[str, int], **values: Any) -> Contract:
    """An active contract until T + 68 days with paid lines given as (product code, seats)."""
    values.setdefault("number", f"Д-{next(_numbers)}")
    values.setdefault("start_date", date(2026, 2, 1))
    values.setdefault("end_date", date(2027, 1, 31))
    values.setdefault("status", ContractStatus.ACTIVE)
    values.setdefault("signed_on", values["start_date"])
    kind = values.pop("kind", "paid")
    contract = Contract.objects.create(company=company, **values)
    for code, seats in lines:
        make_line(contract, code, seats, kind=kind)
    return contract


def make_line(contract: Contract, code: str = "casebook", seats: int = 10, **values: Any) -> LicenceLine:
    """A paid licence line over the whole contract at list price."""
    product = make_product(code)
    values.setdefault("start_date", contract.start_date)
    values.setdefault("end_date", contract.end_date)
    return LicenceLine.objects.create(
        contract=contract, product=product, seats=seats, price_per_unit=product.list_price_year,
        amount=product.list_price_year * seats, **values,
    )  # fmt: skip


def make_contact(
    company: Company, name: str = "Орехов Павел Сергеевич", *, role: str = DecisionRole.DM, **values: Any
) -> Contact:
    """A person of the client with one role in its decisions (ЛПР by default; role="" gives none)."""
    last_name, first_name, patronymic = (name.split() + ["", ""])[:3]
    values.setdefault("state", ContactState.ACTIVE)
    contact = Contact.objects.create(
        company=company, last_name=last_name, first_name=first_name, patronymic=patronymic, **values
    )
    if role:
        ContactRole.objects.create(contact=contact, company=company, role=role, is_key=True, influence=4)
    return contact


def make_deal(
    company: Company, *lines: tuple[str, int, int], renews: Contract | None = None, **values: Any
) -> Deal:
    """An open deal with a next step tomorrow; lines are (product code, seats now, seats new) at list price.

    The responsible KAM is the one of the company and an active member, as the service makes it.
    """
    kam = values.pop("responsible_kam", company.owner_kam)
    values.setdefault("team", kam.team or company.team)
    values.setdefault("kind", DealKind.RENEWAL_UPSELL)
    values.setdefault("title", f"Сделка {next(_numbers)}")
    for name, value in (("next_step", "Позвонить ЛПР"), ("next_step_on", date(2026, 11, 25))):
        values.setdefault(name, value)
    values.setdefault("target_date", date(2027, 1, 31))
    values.setdefault("opened_on", date(2026, 11, 2))
    values.setdefault("stage_since", moment(date(2026, 11, 2)))
    deal = Deal.objects.create(company=company, responsible_kam=kam, **values)
    make_member(deal, kam, Role.KAM)
    if renews:
        DealRenewal.objects.create(deal=deal, contract=renews)
    for code, seats_current, seats_new in lines:
        make_deal_line(deal, code, seats_current, seats_new)
    return deal


def make_deal_line(deal: Deal, code: str, seats_current: int, seats_new: int, **values: Any) -> DealLine:
    """A line at list price; the sums of the deal follow."""
    product = make_product(code)
    price = values.setdefault("price", product.list_price_year)
    line = DealLine(
        deal=deal, product=product, seats_current=seats_current, seats_new=seats_new,
        current_amount=price * seats_current, **values,
    )  # fmt: skip
    line.amount = line.computed_amount()
    line.save()
    deal.amount += line.amount
    deal.current_amount += line.current_amount
    deal.save(update_fields=["amount", "current_amount", "updated_at"])
    return line


def make_member(deal: Deal, user: User, role: str, **values: Any) -> DealMember:
    """A colleague in the working group since the second of November."""
    values.setdefault("since_on", date(2026, 11, 2))
    return DealMember.objects.create(deal=deal, user=user, role=role, **values)


def make_document(deal: Deal, approval: str = Approval.DRAFT, **values: Any) -> Document:
    """A contract document of a deal in a state of approval, there for three calendar days."""
    since = values.setdefault("approval_since", moment(date(2026, 11, 21)))
    values.setdefault("type", DocumentType.CONTRACT)
    if approval in (
        Approval.SENT,
        Approval.CLIENT_REVIEW,
        Approval.AGREED,
        Approval.SIGNING,
        Approval.SIGNED,
    ):
        values.setdefault("first_sent_at", moment(date(2026, 11, 9)))
    if approval == Approval.SIGNED:
        values.setdefault("signed_on", T)
    document = Document.objects.create(deal=deal, approval=approval, **values)
    DocumentStep.objects.create(document=document, approval=approval, entered_at=since)
    return document


def make_handover(company: Company, giver: User, receiver: User, **values: Any) -> Handover:
    """A draft of the client's handover with one line of its checklist, filled."""
    for name in ("mode", "suggested_mode"):
        values.setdefault(name, IntroMode.SELF)
    values.setdefault("reason", HandoverReason.ROTATION)
    handover = Handover.objects.create(company=company, from_user=giver, to_user=receiver, **values)
    HandoverItem.objects.create(
        handover=handover, code="risks", text_ru="Риски", text_en="Risks", filled="нет", filled_at=moment()
    )
    return handover
