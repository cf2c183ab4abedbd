"""The people of the load base: ten KAMs to a team, each team with a lead, a researcher and a closer."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password

from upsell_crm.core.models import RoleAssignment, Team, User
from upsell_crm.core.roles import Role
from upsell_crm.demo import PASSWORD

PER_KAM, KAMS_PER_TEAM = 100, 10
OFFICE = (("head", Role.HEAD), ("backoffice", Role.BACKOFFICE), ("admin", Role.ADMIN))


@dataclass(frozen=True, slots=True)
class Staff:
    """Ids of the teams, of the KAMs and of one tutor a team, in order."""

    teams: list[int]
    kams: list[int]
    tutors: list[int]


def make_staff(companies: int) -> Staff:
    """Logins `load-kam-1`, `load-lead-1`, `load-researcher-1`, `load-closer-1`, `load-tutor-1` …, `load-head`, `load-backoffice`.

    They can sign in with the demo password on a demo alone; elsewhere their password is unusable.
    """
    kam_count = -(-companies // PER_KAM)
    team_count = -(-kam_count // KAMS_PER_TEAM)
    teams = Team.objects.bulk_create(
        Team(code=f"L{n + 1}", name=f"Команда {n + 1}") for n in range(team_count)
    )
    password = make_password(PASSWORD if settings.IS_DEMO else None)

    def join(login: str, role: Role, number: int, team: Team | None) -> tuple[User, Role]:
        person = User(username=f"load-{login}", email=f"{login}@load.example", password=password,
                      last_name=str(role.label), first_name=str(number), team=team)  # fmt: skip
        return person, role

    kams = [join(f"kam-{n + 1}", Role.KAM, n + 1, teams[n // KAMS_PER_TEAM]) for n in range(kam_count)]
    others = [join(login, role, 1, None) for login, role in OFFICE]
    for n, team in enumerate(teams):
        for role in (Role.LEAD, Role.RESEARCHER, Role.CLOSER, Role.TUTOR):
            others.append(join(f"{role}-{n + 1}", role, n + 1, team))
    User.objects.bulk_create(person for person, _role in [*kams, *others])
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=person, role=role) for person, role in [*kams, *others]
    )
    leads = {person.team_id: person for person, role in others if role == Role.LEAD}
    for team in teams:
        team.lead = leads[team.pk]
    Team.objects.bulk_update(teams, ["lead"])
    tutors = [person.pk for person, role in others if role == Role.TUTOR]
    return Staff([team.pk for team in teams], [person.pk for person, _role in kams], tutors)
