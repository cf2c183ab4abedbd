"""The checklists a new installation starts with (domain.md §2.11).

Seeding adds what is missing and never touches a row that exists: it may be an administrator's edit.
"""

from deals.enums import DealStage
from deals.models import ChecklistItem

S = DealStage
Item = tuple[str, str, str]  # code, text in Russian, text in English

HANDOVER: tuple[Item, ...] = (
    ("contracts", "Договоры и сроки", "Contracts and dates"),
    ("deals", "Открытые сделки и следующие шаги", "Open deals and next steps"),
    ("agreements", "Договорённости с обеих сторон", "Agreements, on both sides"),
    ("objections", "Открытые возражения", "Open objections"),
    ("people", "Карта ЛПР: отношение и сила контакта", "Map of decision-makers: attitude and strength"),
    ("features", "Ожидаемые функции и обещания", "Awaited features and promises"),
    ("procurement", "Как клиент закупает", "How the client buys"),
    ("documents", "Документы в работе", "Documents in progress"),
    ("risks", "Риски", "Risks"),
    ("manners", "Что можно и чего нельзя в общении", "Do's and don'ts of communication"),
    ("intro", "Способ и дата знакомства", "Way and date of the introduction"),
    ("files", "Файлы: где что лежит", "Files: what is where"),
)

STAGES: dict[str, tuple[Item, ...]] = {
    S.RESEARCH: (
        ("revenue", "Выручка подтверждена", "Revenue is confirmed"),
        ("court_load", "Судебная нагрузка подтверждена", "Court load is confirmed"),
        ("licences", "Лицензии сверены с договорами", "Licences agree with the contracts"),
        ("procurement", "Закупочная процедура подтверждена", "The procurement procedure is confirmed"),
        ("people", "Известны хотя бы один ЛПР и один ЛВР", "At least one decision-maker and one influencer are known"),
        ("departments", "Известны заинтересованные департаменты", "Interested departments are known"),
        ("history", "Прочитаны коммуникации за 12 месяцев", "Communications of the last 12 months are read"),
    ),
    S.STRATEGY: (
        ("type", "Выбран тип стратегии", "The type of strategy is chosen"),
        ("goal", "Сформулирована цель", "The goal is stated"),
        ("criterion", "Задан критерий успеха", "The success criterion is set"),
        ("deadline", "Назначен срок", "The deadline is set"),
        ("team", "Рабочая группа собрана", "The working group is complete"),
    ),
    S.NEEDS: (
        ("needs", "Потребность каждого департамента записана словами клиента",
         "The need of each department is written down in the client's words"),
        ("feedback", "Получена обратная связь пользователей", "Feedback of users is collected"),
        ("usage", "Использование обсуждено с клиентом", "Usage was discussed with the client"),
        ("budget", "Известны бюджет и месяц бюджетирования", "The budget and its month are known"),
    ),
    S.PRESENTATION: (
        ("content", "В презентации есть потребности и цитаты", "The presentation holds needs and quotes"),
        ("price", "Есть цена и обоснование закупки", "Price and purchase justification are there"),
        ("seen", "Её видели все ключевые ЛПР", "All key decision-makers saw it"),
        ("expertise", "Закрыта экспертиза по продуктам", "Product expertise is covered"),
    ),
    S.APPROVAL: (
        ("form", "Известна форма договора", "The form of contract is known"),
        ("requisites", "Реквизиты получены и сверены", "Requisites are received and checked"),
        ("tz", "ТЗ готово или не нужно", "The statement of work is ready or not needed"),
        ("date", "Клиент назвал дату согласования", "The client has promised a date"),
    ),
    S.PROCUREMENT: (
        ("procedure", "Известны процедура и площадка", "Procedure and platform are known"),
        ("dates", "Известны даты процедуры", "The dates of the procedure are known"),
        ("decider", "Известно, кто принимает решение", "It is known who decides"),
        ("bid", "Документы заявки готовы", "The documents of the bid are ready"),
    ),
    S.SIGNING: (
        ("signatory", "Известны подписант и его полномочия", "Signatory and power are known"),
        ("edo", "Известен оператор ЭДО или подписание на бумаге", "The operator of e-documents is known, or it is paper"),
        ("payment", "Известна дата оплаты", "The payment date is known"),
    ),
}  # fmt: skip

CHECKLISTS: dict[str, tuple[Item, ...]] = {**STAGES, ChecklistItem.HANDOVER: HANDOVER}


def seed_checklists() -> int:
    """Add the checklist items that are missing; returns how many."""
    known = set(ChecklistItem.objects.values_list("place", "code"))
    missing = [
        ChecklistItem(place=place, code=code, text_ru=text_ru, text_en=text_en, position=10 * position)
        for place, items in CHECKLISTS.items()
        for position, (code, text_ru, text_en) in enumerate(items, start=1)
        if (place, code) not in known
    ]
    ChecklistItem.objects.bulk_create(missing)
    return len(missing)
