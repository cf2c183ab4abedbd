"""The six teams and the twenty-six logins of the story (domain.md §8.1)."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password

from accounts.models import Expertise
from upsell_crm.core.models import RoleAssignment, Team, User
from upsell_crm.core.roles import Role
from upsell_crm.demo import PASSWORD
from upsell_crm.demo.world import World

TEAMS = (
    ("K1", "К1 «Финансы и связь»", "belova"),
    ("K2", "К2 «Промышленность и госсектор»", "gromov"),
    ("K3", "К3 «Ритейл и услуги»", "zimina"),
    ("CARE", "Сопровождение и обучение", None),
    ("BO", "BackOffice и юристы", None),
    ("MKT", "Маркетинг", None),
)


@dataclass(frozen=True)
class Person:
    """One login."""

    login: str
    last_name: str
    first_name: str
    team: str
    role: Role
    is_active: bool = True


PEOPLE = (
    Person("belova", "Белова", "Ольга", "K1", Role.LEAD),
    Person("vetrov", "Ветров", "Игорь", "K1", Role.KAM),
    Person("lisina", "Лисина", "Анна", "K1", Role.KAM),
    Person("rogov", "Рогов", "Павел", "K1", Role.RESEARCHER),
    Person("kim", "Ким", "Дарья", "K1", Role.CLOSER),
    Person("gromov", "Громов", "Сергей", "K2", Role.LEAD),
    Person("sotnikova", "Сотникова", "Елена", "K2", Role.KAM),
    Person("aliev", "Алиев", "Тимур", "K2", Role.KAM),
    Person("yudina", "Юдина", "Вера", "K2", Role.RESEARCHER),
    Person("naumov", "Наумов", "Глеб", "K2", Role.PERFORMER),
    Person("orlov", "Орлов", "Никита", "K2", Role.CLOSER),
    Person("zimina", "Зимина", "Наталья", "K3", Role.LEAD),
    Person("demin", "Дёмин", "Роман", "K3", Role.KAM),
    Person("popova", "Попова", "Ксения", "K3", Role.KAM),
    Person("ershov", "Ершов", "Лев", "K3", Role.RESEARCHER),
    Person("kotova", "Котова", "Майя", "K3", Role.CLOSER),
    Person("moroz", "Мороз", "Алина", "CARE", Role.CSM),
    Person("fomin", "Фомин", "Илья", "CARE", Role.CSM),
    Person("gai", "Гай", "Светлана", "CARE", Role.TUTOR),
    Person("levin", "Левин", "Артём", "CARE", Role.TUTOR),
    Person("titova", "Титова", "Юлия", "BO", Role.BACKOFFICE),
    Person("panov", "Панов", "Кирилл", "BO", Role.LAWYER),
    Person("sokolova", "Соколова", "Яна", "MKT", Role.MARKETING),
    Person("andreeva", "Андреева", "Виктория", "", Role.HEAD),
    Person("admin", "Администратор", "", "", Role.ADMIN),
    Person("sedov", "Седов", "Олег", "K1", Role.KAM, is_active=False),
)
EXPERTS = (("lisina", "casebook"), ("vetrov", "caselook"), ("sotnikova", "casebook"), ("gai", "caseone"))


def make_people(world: World) -> None:
    """Teams, users with one password for all, their roles, leads and product expertise."""
    teams = Team.objects.bulk_create(Team(code=code, name=name) for code, name, _lead in TEAMS)
    world.teams = {team.code: team for team in teams}
    password = make_password(PASSWORD)
    users = world.save(User, (_user(world, person, password) for person in PEOPLE))
    world.users = {user.username: user for user in users}
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=world.users[person.login], role=person.role) for person in PEOPLE
    )
    for code, _name, lead in TEAMS:
        if lead:
            world.teams[code].lead = world.users[lead]
    Team.objects.bulk_update(teams, ["lead"])
    Expertise.objects.bulk_create(
        Expertise(user=world.users[login], product=world.products[code]) for login, code in EXPERTS
    )


def _user(world: World, person: Person, password: str) -> User:
    return User(
        username=person.login, email=f"{person.login}@demo.example", password=password,
        last_name=person.last_name, first_name=person.first_name, team=world.teams.get(person.team),
        is_active=person.is_active,
        date_joined=world.at(-900) + timedelta(hours=PEOPLE.index(person)),
    )  # fmt: skip
