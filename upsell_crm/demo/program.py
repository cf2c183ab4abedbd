"""The holding programme of № 1: three of four key ЛПР convinced, a draft of the consent, half of the mechanics (§8.1)."""

from deals.enums import Function, ProgramState, ValueState
from deals.models import DzoConsent, HoldingProgram, KeyDmValue, Mechanics
from deals.services.account_members import refresh_account_members
from upsell_crm.demo.world import World

F = Function
COVERED = (2, 3, 5, 7)  # the draft of the consent names them, and not № 4
MECHANICS = (  # № of the ДЗО, function, login
    (2, F.SET_MEETINGS, "yudina"), (2, F.HOLD_MEETINGS, "naumov"), (2, F.APPROVE_DOCS, "orlov"),
    (2, F.RECORD_RESULTS, "sotnikova"),
    (3, F.SET_MEETINGS, "yudina"), (3, F.HOLD_MEETINGS, "aliev"), (3, F.APPROVE_DOCS, "orlov"),
    (5, F.SET_MEETINGS, "rogov"), (5, F.HOLD_MEETINGS, "lisina"), (5, F.APPROVE_DOCS, "kim"),
    (5, F.RECORD_RESULTS, "lisina"),
    (7, F.HOLD_MEETINGS, "aliev"),
)  # fmt: skip
WORDS = (
    "Поддерживает, готов подписать письмо в ДЗО",
    "Видит экономию времени юристов",
    "Просит показать расчёт",
)


def make_program(world: World) -> None:
    """The programme stands at «Обоснование ценности»: the financial director has not been convinced yet."""
    deal, users = world.deals[1], world.users
    [program] = world.save(
        HoldingProgram,
        [
            HoldingProgram(
                deal=deal,
                state=ProgramState.VALUE,
                created_by=users["sotnikova"],
                updated_by=users["sotnikova"],
            )
        ],
    )
    roles = list(deal.company.contact_roles.filter(role="dm", is_key=True).order_by("pk"))
    talks = list(deal.company.interactions.held().order_by("-starts_at", "-pk")[:3])
    world.save(
        KeyDmValue,
        (
            KeyDmValue(
                program=program, contact_role=role, state=ValueState.CONFIRMED if place < 3 else ValueState.TODO,
                interaction=talks[place] if place < len(talks) else None,
                comment=WORDS[place] if place < 3 else "", created_by=users["sotnikova"], updated_by=users["sotnikova"],
            )
            for place, role in enumerate(roles)
        ),
    )  # fmt: skip
    [consent] = world.save(
        DzoConsent,
        [DzoConsent(program=program, created_by=users["sotnikova"], updated_by=users["sotnikova"])],
    )
    consent.companies.set([world.companies[no] for no in COVERED])
    world.save(
        Mechanics,
        (
            Mechanics(
                program=program, company=world.companies[no], function=function, user=users[login],
                team=users[login].team, created_by=users["sotnikova"], updated_by=users["sotnikova"],
            )
            for no, function, login in MECHANICS
        ),
    )  # fmt: skip
    refresh_account_members([deal])
