"""What the calendars and task lists hold on the day of the story."""

from datetime import date

from accounts.enums import InteractionKind, InteractionState, Purpose, TaskOrigin
from accounts.models import Interaction, InteractionContact, InteractionUser, Task
from upsell_crm.demo.world import World

K = InteractionKind
PLANS = (  # №, login, days from T, hour, minute, kind, purpose: what the calendar holds
    (3, "aliev", 0, 10, 0, K.CALL, Purpose.RESEARCH), (8, "demin", 0, 10, 30, K.VIDEO, Purpose.DEMO),
    (13, "lisina", 0, 11, 0, K.MEETING, Purpose.VALUE), (1, "sotnikova", 0, 11, 30, K.MEETING, Purpose.VALUE),
    (21, "vetrov", 0, 12, 0, K.VIDEO, Purpose.NEEDS), (10, "popova", 0, 12, 30, K.CALL, Purpose.NEEDS),
    (29, "belova", 0, 13, 0, K.VIDEO, Purpose.INTRO), (16, "aliev", 0, 14, 0, K.MEETING, Purpose.DOCS),
    (28, "demin", 0, 15, 0, K.CALL, Purpose.DOCS), (26, "lisina", 0, 15, 0, K.CALL, Purpose.NEGOTIATION),
    (12, "vetrov", 0, 15, 30, K.MEETING, Purpose.NEGOTIATION), (20, "sotnikova", 0, 16, 0, K.VIDEO, Purpose.REVIEW),
    (30, "popova", 0, 16, 30, K.CALL, Purpose.NEGOTIATION), (36, "lisina", -1, 16, 0, K.CALL, Purpose.REVIEW),
    (14, "lisina", 2, 11, 0, K.CALL, Purpose.NEEDS), (35, "vetrov", 1, 10, 0, K.MEETING, Purpose.NEGOTIATION),
    (2, "sotnikova", 3, 12, 0, K.MEETING, Purpose.NEEDS), (17, "aliev", 2, 15, 0, K.CALL, Purpose.DOCS),
    (39, "sotnikova", 6, 11, 0, K.MEETING, Purpose.NEGOTIATION), (23, "demin", 1, 14, 0, K.CALL, Purpose.NEGOTIATION),
    (25, "popova", 3, 10, 0, K.VIDEO, Purpose.DEMO), (5, "lisina", 8, 13, 0, K.CALL, Purpose.REVIEW),
)  # fmt: skip
EXTRA_TASKS = (  # №, login, title, days to the due date, origin
    (14, "lisina", "Прислать расчёт на пять лицензий", 0, TaskOrigin.AGREEMENT),
    (12, "vetrov", "Прислать проект договора закупкам", 0, TaskOrigin.AGREEMENT),
    (8, "demin", "Ответить на вопросы ИБ", 0, TaskOrigin.AGREEMENT),
    (10, "popova", "Согласовать список пользователей", 0, TaskOrigin.AGREEMENT),
    (20, "sotnikova", "Собрать статистику использования за квартал", 0, TaskOrigin.AGREEMENT),
    (17, "aliev", "Отправить письмо-обоснование", 0, TaskOrigin.AGREEMENT),
    (13, "lisina", "Показать мониторинг по группе компаний", 1, TaskOrigin.FEATURE),
    (8, "demin", "Показать мониторинг по группе компаний", -2, TaskOrigin.FEATURE),
    (27, "lisina", "Рассказать о подборе практики по судье", 4, TaskOrigin.FEATURE),
    (19, "aliev", "Проверить сроки закупки: Положение изменилось", -3, TaskOrigin.STALE),
    (22, "popova", "Найти ЛПР и уточнить процедуру закупки", -1, TaskOrigin.STALE),
    (11, "popova", "Узнать, как клиент платит", 3, TaskOrigin.STALE),
    (3, "aliev", "Почему не начали документы раньше срока?", 0, TaskOrigin.QUESTION),
    (36, "lisina", "Что делаем с риском оттока?", 2, TaskOrigin.QUESTION),
)  # fmt: skip


def make_plans(world: World) -> None:
    """Planned communications with their people, and tasks beside those of the agreements."""
    meetings = world.save(Interaction, [_meeting(world, *plan) for plan in PLANS])
    InteractionContact.objects.bulk_create(
        InteractionContact(interaction=meeting, contact=world.contacts[plan[0]][0])
        for meeting, plan in zip(meetings, PLANS, strict=True)
    )
    InteractionUser.objects.bulk_create(
        InteractionUser(interaction=meeting, user=meeting.author) for meeting in meetings
    )
    world.save(Task, [_task(world, *row) for row in EXTRA_TASKS])


def _meeting(
    world: World, no: int, login: str, days: int, hour: int, minute: int, kind: str, purpose: str
) -> Interaction:
    day = world.as_of if days == 0 else world.working_day(days)
    user = world.users[login]
    return Interaction(
        company=world.companies[no], kind=kind, state=InteractionState.PLANNED, purpose=purpose,
        starts_at=world.moment(day, hour, minute), duration_min=30 if kind == K.CALL else 60,
        author=user, created_by=user, updated_by=user,
    )  # fmt: skip


def _task(world: World, no: int, login: str, title: str, days: int, origin: str) -> Task:
    company = world.companies[no]
    lead = company.team.lead if company.team else None
    return Task(
        company=company, title=title, assignee=world.users[login], due_on=_due(world, days), origin=origin,
        receiver=lead if origin == TaskOrigin.QUESTION else None,
    )  # fmt: skip


def _due(world: World, days: int) -> date:
    """So many working days from T; T itself for 0, whatever day it is."""
    if days == 0:
        return world.as_of
    return world.calendar.add(world.as_of, days) if days > 0 else world.calendar.subtract(world.as_of, -days)
