"""The checklists a new installation starts with (domain.md §2.11).

Seeding adds what is missing and never touches a row that exists: it may be an administrator's edit.
"""

from deals.models import ChecklistItem

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

CHECKLISTS: dict[str, tuple[Item, ...]] = {ChecklistItem.HANDOVER: HANDOVER}


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
