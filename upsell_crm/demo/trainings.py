"""Twenty-six trainings with 220 trainees; those of №№ 13, 15, 16, 23 make the golden indices (§8.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from accounts.enums import Consent, ContactState, DecisionRole
from accounts.models import Contact, ContactRole
from trainings.enums import TrainingFormat, TrainingState
from trainings.models import Trainee, Training
from trainings.services.training_members import refresh_training_members
from upsell_crm.demo.clients_table import BY_NUMBER
from upsell_crm.demo.names import full_name, latin
from upsell_crm.demo.people_of_clients import MAKERS
from upsell_crm.demo.world import World

S, F = TrainingState, TrainingFormat


@dataclass(frozen=True)
class Held:
    """One training of the table: when (days from T), who teaches what to how many, and how it went.

    Means are those of whoever came: `reaction` 1–5, `test` 0–100, `activated` people of them; None = nobody said.
    """

    no: int
    tutor: str
    day: int
    product: str
    topic: str
    invited: int
    attended: int = 0
    reaction: str | None = None
    test: int | None = None
    activated: int | None = None
    state: str = S.RESULTS
    format: str = F.ONLINE
    reason: str = ""


SEARCH, PRACTICE, WATCH, DOCS = (
    "Поиск и карточка дела", "Практика по судье и суду", "Мониторинг дел и уведомления", "Подборки и выгрузки",
)  # fmt: skip
TABLE = (
    Held(13, "gai", -30, "casebook", SEARCH, 20, 18, "4.2", 80, 12),
    Held(15, "gai", -34, "casebook", "Casebook с нуля", 20, 10, "3", 30, 2),
    Held(16, "gai", -20, "casebook", "Введение в Casebook", 10, 8, state=S.HELD, format=F.ONSITE),
    Held(23, "gai", -27, "casebook", WATCH, 20, 10, "3", 50, 5),
    Held(12, "gai", -70, "casebook", WATCH, 8, 7, "4.6", 86, 6, format=F.ONSITE),
    Held(12, "gai", 9, "caselook", PRACTICE, 6, state=S.PLANNED),
    Held(13, "gai", 15, "casebook", "Группы компаний: новая функция", 5, state=S.PLANNED, format=F.ONSITE),
    Held(21, "gai", -110, "casebook", SEARCH, 10, 9, "4.4", 78, 7, format=F.ONSITE),
    Held(21, "gai", -18, "caselook", PRACTICE, 8, 7, "4.8", 82, None),
    Held(1, "levin", -200, "casebook", SEARCH, 6, 4, "3.8", 61, 2),
    Held(1, "levin", -45, "casebook", WATCH, 10, 9, "4.5", 74, 7, format=F.ONSITE),
    Held(8, "levin", -60, "casebook", SEARCH, 7, 6, "4", 66, 3),
    Held(20, "levin", -85, "casebook", SEARCH, 8, 6, "3.6", 58, 2),
    Held(20, "levin", 2, "caselook", PRACTICE, 5, state=S.PLANNED),
    Held(29, "levin", -95, "casebook", WATCH, 8, 7, "4.1", 71, 4, format=F.WEBINAR),
    Held(35, "levin", -25, "casebook", DOCS, 6, 6, "4.9", 92, 5),
    Held(36, "levin", -140, "casebook", SEARCH, 9, 4, "2.1", 35, 1),
    Held(36, "levin", 6, "casebook", "Casebook заново: что делать каждый день", 8, state=S.PLANNED, format=F.ONSITE),
    Held(2, "levin", -12, "casebook", SEARCH, 6, 5, state=S.HELD),
    Held(3, "levin", -8, "casebook", SEARCH, 4, state=S.CANCELLED, reason="У клиента сменился руководитель отдела."),
    Held(9, "levin", -5, "casebook", WATCH, 4, state=S.NO_SHOW, reason="Никто не подключился, ссылку не переслали."),
    Held(28, "levin", -150, "casebook", SEARCH, 6, 5, "3.9", 64, 3),
    Held(31, "levin", -33, "caselook", PRACTICE, 7, 6, "4.3", 77, 5, format=F.WEBINAR),
    Held(39, "levin", -52, "casebook", DOCS, 6, 4, "3.5", 55, 2),
    Held(37, "levin", 3, "casebook", SEARCH, 5, state=S.PLANNED),
    Held(26, "gai", -28, "caselook", PRACTICE, 8, 8, "4.7", 88, 7),
)  # fmt: skip
CARE = {"belova": "moroz", "vetrov": "moroz", "lisina": "moroz", "demin": "moroz", "popova": "moroz"}
POSITIONS = ("Юрист", "Старший юрист", "Специалист по взысканию", "Помощник юриста", "Юрисконсульт")
QUOTES = (
    "Карточка дела экономит мне час в день.", "Наконец понял, как следить сразу за всеми процессами.",
    "Практику по судье теперь смотрю перед каждым заседанием.", "Хотелось бы больше примеров из нашей отрасли.",
    "Выгрузка в таблицу закрыла отчёт для руководителя.",
)  # fmt: skip
NOT_YET_A_CONTACT = 9  # each so many-th of a list is a name only, until somebody confirms him (R36)


def make_trainings(world: World) -> None:
    """The trainings, their people, who of us may open whose card."""
    with world.own_dice("trainings"):
        pools = _people(world)
    held = world.save(Training, (_training(world, row) for row in TABLE))
    trainees = [
        trainee
        for row, training in zip(TABLE, held, strict=True)
        for trainee in _trainees(world, row, training, pools)
    ]
    world.save(Trainee, trainees)
    refresh_training_members({training.company_id for training in held}, today=world.as_of)


def _training(world: World, row: Held) -> Training:
    day = world.working_day(row.day)
    has_results = row.state == S.RESULTS
    return Training(
        company=world.companies[row.no], product=world.products[row.product], topic=row.topic, format=row.format,
        starts_at=world.moment(day, world.pick((10, 11, 12, 14, 15))), duration_min=world.pick((60, 90, 120)),
        tutor=world.users[row.tutor], csm=world.users[CARE.get(BY_NUMBER[row.no].kam, "fomin")],
        deal=world.deals.get(row.no) if row.day > 0 else None, state=row.state, state_reason=row.reason,
        results_at=world.moment(day, 18) if has_results else None,
        created_by=world.users[row.tutor], updated_by=world.users[row.tutor],
    )  # fmt: skip


def _people(world: World) -> dict[int, list[Contact]]:
    """Contacts enough for the longest list of each client: who is known already, then invented users."""
    longest: dict[int, int] = {}
    for row in TABLE:
        longest[row.no] = max(row.invited, longest.get(row.no, 0))
    pools: dict[int, list[Contact]] = {}
    new = []
    for no, size in longest.items():
        decide = len(MAKERS.get(no, (None,)))
        known = world.contacts[no][decide:]
        more = [_user(world, no) for _place in range(max(0, size - len(known)))]
        pools[no] = [*known, *more][:size]
        new += more
    world.save(Contact, new)
    world.save(ContactRole, (_role(world, person) for person in new))
    return pools


def _user(world: World, no: int) -> Contact:
    surname, first, patronymic = full_name(world.dice)
    number = world.dice.randint(10_000, 99_999)
    person = Contact(
        last_name=surname, first_name=first, patronymic=patronymic, company=world.companies[no],
        position=world.pick(POSITIONS), state=ContactState.ACTIVE, email=f"{latin(surname)}.{number}@demo.example",
        consent_mailing=world.pick(Consent.values, (3, 1, 6)),
    )  # fmt: skip
    person.set_search_columns()
    return person


def _role(world: World, person: Contact) -> ContactRole:
    return ContactRole(
        contact=person,
        company=person.company,
        role=DecisionRole.USER,
        influence=1,
        valid_from=world.day(-160),
    )


def _trainees(
    world: World, row: Held, training: Training, pools: dict[int, list[Contact]]
) -> Iterator[Trainee]:
    for place, person in enumerate(pools[row.no][: row.invited]):
        came = place < row.attended
        trainee = Trainee(training=training, attended=came, position=person.position)
        if place % NOT_YET_A_CONTACT == NOT_YET_A_CONTACT - 1:
            trainee.name = " ".join(full_name(world.dice))
        else:
            trainee.contact, trainee.position = person, ""
        if came:
            _went(world, row, trainee, place)
        yield trainee


def _went(world: World, row: Held, trainee: Trainee, place: int) -> None:
    """His part of the means of the table: pairs above and below it, so that they hold exactly."""
    is_last_odd = row.attended % 2 == 1 and place == row.attended - 1
    sign = 0 if is_last_odd else (1, -1)[place % 2]
    trainee.minutes = 30 * world.dice.randint(2, 4) - (15 if sign < 0 else 0)
    if row.reaction is not None:
        trainee.reaction = Decimal(row.reaction) + sign * min(Decimal("0.5"), 5 - Decimal(row.reaction))
    if row.test is not None:
        trainee.test = Decimal(row.test + sign * min(8, 100 - row.test))
        trainee.pre_test = Decimal(int(trainee.test) * world.dice.randint(45, 85) // 100)
    if row.activated is not None:
        trainee.activated_30d = place < row.activated
    if row.reaction is not None and place % 5 == 0:
        trainee.comment = world.pick(QUOTES)
        trainee.can_quote = place % 10 == 0
