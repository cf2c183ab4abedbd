"""People of the clients: roles in the decision, relationship map, how well we know them, who was confirmed when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from accounts.enums import (
    Consent,
    ContactChannel,
    ContactState,
    DecisionRole,
    DepartmentKind,
    Fact,
    FactResult,
    LinkKind,
    SetBy,
)
from accounts.models import Contact, ContactLink, ContactRole, ContactStrength, Department, FactCheck
from upsell_crm.demo.clients_table import BY_NUMBER
from upsell_crm.demo.names import full_name, latin
from upsell_crm.demo.world import World

R = DecisionRole


@dataclass(frozen=True)
class Known:
    """How well a colleague knows a decision-maker: level 0–5 and days since their last two-way contact."""

    login: str
    level: int
    days: int


@dataclass(frozen=True)
class Maker:
    """One decision-maker of the story; `checked` = days since confirmed, None = never."""

    name: str
    position: str
    influence: int = 4
    attitude: int = 1
    checked: int | None = 30
    state: str = ContactState.ACTIVE
    known: tuple[Known, ...] = ()


MAKERS: dict[int, tuple[Maker, ...]] = {
    1: (
        Maker("Рудаков Станислав Ильич", "Заместитель генерального директора по правовым вопросам", 5, 1, 20,
              known=(Known("sotnikova", 4, 18), Known("gromov", 3, 40))),
        Maker("Лазарева Инна Борисовна", "Директор по правовому обеспечению", 4, 2, 25, known=(Known("sotnikova", 4, 25),)),
        Maker("Зорин Матвей Олегович", "Директор по закупкам", 4, 0, 40, known=(Known("sotnikova", 2, 40),)),
        Maker("Кольцова Дина Романовна", "Финансовый директор", 4, 0, None, ContactState.UNVERIFIED),
    ),
    3: (Maker("Фадеев Игнат Львович", "Начальник юридического отдела", 4, 0, 130, known=(Known("aliev", 2, 135),)),),
    11: (Maker("Мерцалов Артур Денисович", "Директор магазина", 3, 0, None, ContactState.UNVERIFIED),),
    13: (
        Maker("Тихонова Раиса Андреевна", "Директор правового департамента", 5, 2, 12, known=(Known("lisina", 4, 12),)),
    ),
    14: (Maker("Крюков Эдуард Маркович", "Генеральный директор", 5, 2, 20, known=(Known("lisina", 5, 20),)),),
    15: (Maker("Савина Зоя Павловна", "Начальник юридического управления", 4, 0, 35, known=(Known("vetrov", 3, 60),)),),
    16: (Maker("Борщёв Антон Викторович", "Заместитель директора", 4, 1, 45, known=(Known("aliev", 2, 120),)),),
    21: (
        Maker("Орехов Павел Сергеевич", "Вице-президент по правовым вопросам", 3, 1, 12,
              known=(Known("lisina", 5, 12), Known("vetrov", 2, 30))),
        Maker("Громыхалова Ася Юрьевна", "Директор по безопасности", 2, 1, 15,
              known=(Known("lisina", 3, 20), Known("vetrov", 2, 35))),
    ),
    22: (),
    23: (Maker("Щербинин Глеб Павлович", "Коммерческий директор", 4, 1, 28, known=(Known("demin", 4, 110),)),),
    36: (Maker("Гусева Клара Игоревна", "Директор по взысканию", 5, -1, 22, known=(Known("lisina", 2, 33),)),),
    29: (
        Maker("Воронцов Егор Ильич", "Директор юридического департамента", 5, 1, 75,
              known=(Known("sedov", 4, 70), Known("belova", 2, 14))),
    ),
    12: (
        Maker("Архипова Нелли Кирилловна", "Руководитель юридической службы", 5, 2, 16, known=(Known("vetrov", 4, 9),)),
        Maker("Дьяков Борис Фёдорович", "Директор по рискам", 4, 1, 40, known=(Known("vetrov", 3, 30), Known("belova", 2, 55))),
    ),
}  # fmt: skip
CAST = (  # who else works there: role, position, department
    (R.INFLUENCER, "Ведущий юрист", DepartmentKind.LEGAL),
    (R.CHAMPION, "Руководитель судебной практики", DepartmentKind.LEGAL),
    (R.PROCUREMENT, "Специалист по закупкам", DepartmentKind.PROCUREMENT),
    (R.TECH, "Руководитель информационной безопасности", DepartmentKind.SECURITY),
    (R.USER, "Юрист", DepartmentKind.LEGAL),
)


def make_people_of_clients(world: World) -> None:
    """Contacts, their roles, map, strengths and confirmations."""
    makers = {no: MAKERS.get(no, (_some_maker(world, no),)) for no in world.companies}
    contacts = _contacts(world, makers)
    world.save(Contact, [contact for people in contacts.values() for contact in people])
    world.contacts = contacts
    world.save(ContactRole, _roles(world, makers))
    ContactLink.objects.bulk_create(_links(world, makers))
    ContactStrength.objects.bulk_create(_strengths(world, makers))
    FactCheck.objects.bulk_create(_checks(world, makers))


def _some_maker(world: World, no: int) -> Maker:
    dice, kam = world.dice, BY_NUMBER[no].kam
    surname, first, patronymic = full_name(dice)
    level = world.pick((0, 1, 2, 3, 4, 5), (1, 2, 4, 5, 3, 1))
    days = dice.randint(8, 260) if level < 3 else dice.randint(6, 85)
    checked = world.pick((None, dice.randint(95, 240), dice.randint(5, 85)), (1, 3, 6))
    known = (Known(kam, level, days),) if level else ()
    position = world.pick(
        ("Директор правового департамента", "Генеральный директор", "Начальник юридического отдела")
    )
    state = ContactState.UNVERIFIED if checked is None and dice.random() < 0.5 else ContactState.ACTIVE
    return Maker(
        f"{surname} {first} {patronymic}",
        position,
        dice.randint(3, 5),
        dice.randint(-1, 2),
        checked,
        state,
        known,
    )


def _contacts(world: World, makers: dict[int, tuple[Maker, ...]]) -> dict[int, list[Contact]]:
    departments = {(d.company_id, d.kind): d for d in Department.objects.order_by("pk")}
    people: dict[int, list[Contact]] = {}
    number = 0
    for no, company in world.companies.items():
        people[no] = []
        rows: list[tuple[str, ...]] = [
            (*maker.name.split(), maker.position, DepartmentKind.TOP, maker.state) for maker in makers[no]
        ]
        for _role, place, department in CAST[: 2 + no % 4]:
            rows.append((*full_name(world.dice), place, department, ContactState.ACTIVE))
        for surname, first, patronymic, position, kind, state in rows:
            number += 1
            person = Contact(
                last_name=surname, first_name=first, patronymic=patronymic, company=company, position=position,
                department=departments.get((company.pk, kind)), state=state, phone=f"+7000{2_000_000 + 137 * number}",
                email=f"{latin(surname)}.{number}@demo.example", preferred_channel=world.pick(ContactChannel.values),
                consent_mailing=world.pick(Consent.values, (5, 2, 3)), can_quote=world.dice.random() < 0.2,
            )  # fmt: skip
            person.set_search_columns()
            people[no].append(person)
    return people


def _roles(world: World, makers: dict[int, tuple[Maker, ...]]) -> Iterator[ContactRole]:
    for no, people in world.contacts.items():
        since = world.day(-420)
        for person, maker in zip(people, makers[no], strict=False):
            yield ContactRole(
                contact=person, company=world.companies[no], role=R.DM, is_key=True, influence=maker.influence,
                attitude=maker.attitude, valid_from=since,
            )  # fmt: skip
        for person, (role, _position, _kind) in zip(people[len(makers[no]) :], CAST, strict=False):
            yield ContactRole(
                contact=person, company=world.companies[no], role=role, influence=world.dice.randint(1, 4),
                attitude=world.dice.randint(-1, 2), valid_from=since,
            )  # fmt: skip


def _links(world: World, makers: dict[int, tuple[Maker, ...]]) -> Iterator[ContactLink]:
    for no, people in world.contacts.items():
        if not makers[no]:
            continue
        head, others = people[0], people[len(makers[no]) :]
        for person in others[:3]:
            yield ContactLink(from_contact=person, to_contact=head, kind=LinkKind.REPORTS_TO)
        if len(others) > 1:
            kind = world.pick((LinkKind.INFLUENCES, LinkKind.ALLY, LinkKind.CONFLICT), (5, 3, 1))
            yield ContactLink(from_contact=others[1], to_contact=others[0], kind=kind)


def _strengths(world: World, makers: dict[int, tuple[Maker, ...]]) -> Iterator[ContactStrength]:
    def strength(person: Contact, login: str, level: int, days: int) -> ContactStrength:
        return ContactStrength(
            contact=person, user=world.users[login], level=level, set_by=SetBy.MANUAL, as_of=world.day(-days),
            last_two_way_on=world.working_day(-days),
        )  # fmt: skip

    for no, people in world.contacts.items():
        for person, maker in zip(people, makers[no], strict=False):
            yield from (strength(person, known.login, known.level, known.days) for known in maker.known)
        for person in people[len(makers[no]) :]:
            yield strength(person, BY_NUMBER[no].kam, world.dice.randint(1, 4), world.dice.randint(5, 170))


def _checks(world: World, makers: dict[int, tuple[Maker, ...]]) -> Iterator[FactCheck]:
    for no, people in world.contacts.items():
        for person, maker in zip(people, makers[no], strict=False):
            if maker.checked is None:
                continue
            by = world.users[maker.known[0].login] if maker.known else world.companies[no].owner_kam
            day = world.working_day(-maker.checked)
            for on in (day, day - timedelta(days=160)):
                yield FactCheck(
                    company=world.companies[no], fact=Fact.DM, contact=person, result=FactResult.CONFIRMED,
                    checked_at=world.moment(on, 12, 30), checked_by=by,
                )  # fmt: skip
