"""The templates of plans that a new installation starts with (domain.md §2.11: renewal cadence, mechanics functions).

Seeding adds the templates that are missing and never touches one that exists: it may be an administrator's edit.
"""

from dataclasses import dataclass

from accounts.enums import Fact
from roadmaps.enums import Phase, PlanType
from roadmaps.models import PlanTemplate, TemplateStep
from upsell_crm.core.roles import Role

P = Phase
DM, BUYING, USERS = [Fact.DM.value], [Fact.PROCUREMENT.value, Fact.DM.value], [Fact.USERS.value]


@dataclass(frozen=True, slots=True)
class Step:
    """Due `offset` working days from act-by, begun `days` working days earlier with both counted; texts in ru and en."""

    code: str
    offset: int
    days: int
    role: str
    phase: str
    title: tuple[str, str]
    expected: tuple[str, str]
    after: tuple[str, ...] = ()
    built_on: tuple[str, ...] = ()


RENEWAL = (
    Step("research", -40, 5, Role.RESEARCHER, P.INFO, ("Собрать и проверить данные клиента", "Gather and check the client's data"),
         ("Факты подтверждены, пробелов в карточке нет", "Facts are confirmed, the card has no gaps")),
    Step("people", -35, 5, Role.KAM, P.INFO, ("Подтвердить ЛПР и порядок закупки", "Confirm decision-makers and procurement"),
         ("ЛПР и процедура подтверждены встречей или письмом", "Decision-makers and procedure confirmed by a meeting or a letter"),
         ("research",)),
    Step("usage", -30, 5, Role.CSM, P.NEEDS, ("Разобрать использование с пользователями", "Go through the usage with the users"),
         ("Активность по департаментам и отзывы", "Activity by department and feedback"), ("research",), tuple(USERS)),
    Step("needs", -20, 8, Role.KAM, P.NEEDS, ("Провести встречи о потребностях", "Hold the meetings about needs"),
         ("Потребность каждого департамента словами клиента", "The need of each department in the client's words"),
         ("people",), tuple(DM)),
    Step("training", -20, 6, Role.TUTOR, P.NEEDS, ("Провести обучение", "Hold a training"),
         ("Обучены те, кто не пользуется; вопросы записаны", "Those who do not use it are trained, questions written down"),
         ("usage",)),
    Step("offer", -13, 4, Role.KAM, P.PRESENTATION, ("Подготовить предложение и презентацию", "Prepare the proposal and the presentation"),
         ("Презентация готова: потребности, цитаты, цена, обоснование", "The presentation is ready: needs, quotes, price, justification"),
         ("needs", "training")),
    Step("present", -10, 2, Role.KAM, P.PRESENTATION, ("Показать предложение ЛПР", "Present the proposal to the decision-makers"),
         ("Решение ЛПР и его условия", "The decision and its conditions"), ("offer",), tuple(DM)),
    Step("documents", 0, 3, Role.CLOSER, P.DOCS, ("Начать документы", "Start the documents"),
         ("Комплект документов у клиента", "The set of documents is with the client"), ("present",), tuple(BUYING)),
    Step("approval", 15, 15, Role.CLOSER, P.DOCS, ("Согласовать документы", "Get the documents approved"),
         ("Документы согласованы клиентом", "The documents are agreed by the client"), ("documents",), tuple(BUYING)),
)  # fmt: skip

HOLDING = (
    Step("head_dm", -40, 5, Role.KAM, P.NEEDS, ("Обосновать ценность ЛПР головной", "Show the value to the head's decision-makers"),
         ("Каждый ключевой ЛПР подтвердил ценность", "Each key decision-maker has confirmed the value"), (), tuple(DM)),
    Step("consent", -35, 5, Role.KAM, P.NEEDS, ("Получить согласие на работу с ДЗО", "Get the consent to work with the subsidiaries"),
         ("Письмо со списком ДЗО", "A letter with the list of subsidiaries"), ("head_dm",), tuple(DM)),
    Step("set_meetings", -30, 4, Role.RESEARCHER, P.NEEDS, ("Назначить встречи в ДЗО", "Set the meetings in the subsidiaries"),
         ("Даты и участники встреч", "Days and attendees of the meetings"), ("consent",)),
    Step("hold_meetings", -20, 9, Role.PERFORMER, P.NEEDS, ("Провести встречи в ДЗО", "Hold the meetings in the subsidiaries"),
         ("Потребность каждого ДЗО в местах и продуктах", "The need of each subsidiary in seats and products"), ("set_meetings",)),
    Step("record", -18, 3, Role.PERFORMER, P.NEEDS, ("Зафиксировать промежуточные результаты", "Record the interim results"),
         ("Итоги встреч записаны, вопросы розданы", "Outcomes are logged, questions handed out"), ("hold_meetings",)),
    Step("train", -15, 6, Role.TUTOR, P.NEEDS, ("Провести обучение в ДЗО", "Train the subsidiaries"),
         ("Обучены пользователи каждого ДЗО", "Users of each subsidiary are trained"), ("set_meetings",)),
    Step("offer", -12, 5, Role.KAM, P.PRESENTATION, ("Свести предложение по холдингу", "Put the proposal of the holding together"),
         ("Одно предложение: места, цены, сроки по ДЗО", "One proposal: seats, prices, days by subsidiary"), ("record", "train")),
    Step("present", -10, 2, Role.KAM, P.PRESENTATION, ("Показать предложение головной", "Present the proposal to the head"),
         ("Решение ЛПР головной", "The decision of the head's decision-makers"), ("offer",), tuple(DM)),
    Step("documents", 0, 3, Role.CLOSER, P.DOCS, ("Начать документы", "Start the documents"),
         ("Проект договора у юристов клиента", "The draft contract is with the client's lawyers"), ("present",), tuple(BUYING)),
    Step("approval", 20, 20, Role.CLOSER, P.DOCS, ("Согласовать документы", "Get the documents approved"),
         ("Документы согласованы головной и ДЗО", "Documents are agreed by the head and the subsidiaries"), ("documents",), tuple(BUYING)),
)  # fmt: skip

SHORT = (
    Step("call", -15, 3, Role.KAM, P.NEEDS, ("Обсудить продление и потребности", "Talk about the renewal and the needs"),
         ("Согласие продлить и пожелания", "The consent to renew, and wishes"), (), tuple(DM)),
    Step("present", -10, 3, Role.KAM, P.PRESENTATION, ("Отправить и показать предложение", "Send and present the proposal"),
         ("Решение ЛПР", "The decision"), ("call",)),
    Step("documents", 0, 3, Role.CLOSER, P.DOCS, ("Начать документы", "Start the documents"),
         ("Документы у клиента", "The documents are with the client"), ("present",), tuple(BUYING)),
)  # fmt: skip

TEMPLATES: tuple[tuple[str, str, tuple[str, str], tuple[Step, ...]], ...] = (
    ("renewal", PlanType.ROADMAP, ("Продление и расширение", "Renewal and upsell"), RENEWAL),
    ("holding", PlanType.ROADMAP, ("Проект по холдингу", "Project over a holding"), HOLDING),
    ("short", PlanType.ACTION_PLAN, ("Короткий план действий", "Short action plan"), SHORT),
)


def seed_plan_templates() -> int:
    """Add the templates that are missing with their steps; returns how many templates."""
    known = set(PlanTemplate.objects.values_list("code", flat=True))
    added = 0
    for position, (code, kind, (name_ru, name_en), steps) in enumerate(TEMPLATES, start=1):
        if code in known:
            continue
        template = PlanTemplate.objects.create(
            code=code, type=kind, name_ru=name_ru, name_en=name_en, position=10 * position
        )
        TemplateStep.objects.bulk_create(
            _row(template, step, 10 * n) for n, step in enumerate(steps, start=1)
        )
        added += 1
    return added


def _row(template: PlanTemplate, step: Step, position: int) -> TemplateStep:
    return TemplateStep(
        template=template, code=step.code, position=position, title_ru=step.title[0], title_en=step.title[1],
        expected_ru=step.expected[0], expected_en=step.expected[1], role=step.role, phase=step.phase,
        offset_bd=step.offset, duration_bd=step.days, after=list(step.after), built_on=list(step.built_on),
    )  # fmt: skip
