"""Snapshots of presentations: small, typical and huge (60-character names, 12 products, 20 companies of a group)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Snapshot = dict[str, Any]
AS_OF = "2026-11-24"
PRODUCTS = ("Caselook", "Casebook", "Doczilla Pro", "Sudact Аналитика")
LONG_PRODUCT = "Система проверки контрагентов и мониторинга судебных дел №{:02}"
LONG_COMPANY = "ООО «Северо-Западная распределительная энергокомпания №{:02}»"
LONG_PERSON = "Константинопольская-Преображенская Александра Вячеславовна"
LONG_POSITION = "Заместитель генерального директора по правовым вопросам ДЗО"
FULL_VAT = "НДС не облагается (пп. 26 п. 2 ст. 149 НК РФ)"


def block(kind: str, title: str, data: dict[str, Any], text: str = "") -> dict[str, Any]:
    """A block with a source."""
    sources = [f"{title}: карточка клиента, проверено 20.11.2026", "Отчёт о пользователях от 23.11.2026"]
    return {"kind": kind, "title": title, "text": text, "data": data, "sources": sources}


def deck(blocks: Sequence[dict[str, Any]], language: str = "ru", **values: Any) -> Snapshot:
    """A snapshot of these blocks."""
    return {
        "schema": 1,
        "language": language,
        "as_of": AS_OF,
        "number": 1,
        "title": "Результаты года и предложение на 2027 год",
        "subtitle": "Ренессанс Банк: что уже работает, чего не хватает и что мы предлагаем",
        "client": {"name": "ПАО «Ренессанс Банк»", "short_name": "Ренессанс Банк"},
        "author": {
            "name": "Ветров Кирилл Андреевич",
            "role": "Менеджер по работе с ключевыми клиентами",
            "phone": "+7 495 123-45-67",
            "email": "vetrov@example.ru",
        },
        "vendor": "Право.Тех",
        "blocks": list(blocks),
        **values,
    }


def need(text: str, product: str | None = "Caselook", person: str = "Орлова М. С.") -> dict[str, Any]:
    return {
        "text": text,
        "product": product,
        "person": person,
        "position": "руководитель отдела",
        "on": "2026-11-12",
    }


def needs(count: int = 6) -> dict[str, Any]:
    texts = (
        "Видеть движение дела в день, когда оно меняется",
        "Собирать практику по спорам с подрядчиками быстрее, чем за день",
        "Проверять контрагента до подписания договора",
        "Готовить типовые иски без ручного копирования реквизитов",
        "Знать нагрузку на каждого юриста по регионам",
        "Получать уведомления о новых делах дочерних обществ",
    )
    names = ("Судебный департамент", "Отдел договорной работы", "Комплаенс")
    groups = [
        {
            "department": name,
            "needs": [need(texts[place % 6]) for place in range(count) if place % 3 == number],
        }
        for number, name in enumerate(names)
    ]
    return block("needs", "Потребности", {"groups": [group for group in groups if group["needs"]]})


def quote(text: str, person: str = "Орлова Мария Сергеевна") -> dict[str, Any]:
    return {
        "text": text,
        "person": person,
        "position": "Руководитель судебного департамента",
        "product": "Caselook",
        "on": "2026-11-10",
    }


QUOTES = (
    "Подбор практики занимает час, а не два дня. Отдел впервые уходит вовремя.",
    "О новом деле узнаём в день подачи иска, а не из письма суда.",
    "Проверка контрагента теперь часть согласования договора: юристы не ищут данные по пяти сайтам.",
)


def quotes(*texts: str) -> dict[str, Any]:
    return block("quotes", "Отзывы пользователей", {"quotes": [quote(text) for text in texts or QUOTES]})


def product_usage(name: str, seats: int, active: int, points: int = 6) -> dict[str, Any]:
    series = [
        {"on": (date(2026, 6, 1) + timedelta(days=30 * place)).isoformat(), "active": active - 4 * (points - 1 - place)}
        for place in range(points)
    ]  # fmt: skip
    return {"product": name, "unit": "пользователь", "seats": seats, "active": active, "series": series}


def usage(*products: dict[str, Any]) -> dict[str, Any]:
    found = products or (product_usage("Caselook", 50, 46), product_usage("Casebook", 40, 31))
    return block("usage", "Использование", {"products": list(found), "as_of": AS_OF})


def court_load(periods: int = 4, growth: int | None = 35) -> dict[str, Any]:
    rows = [
        {
            "as_of": (date(2026, 9, 30) - timedelta(days=91 * (periods - 1 - place))).isoformat(),
            "cases": 240 + 32 * place,
            "plaintiff": 140 + 18 * place,
            "defendant": 80 + 12 * place,
            "other": 20 + 2 * place,
            "claims": f"{1_250_000_000 + 90_000_000 * place}.00",
        }
        for place in range(periods)
    ]
    return block("court_load", "Судебная нагрузка", {"periods": rows, "growth_pct": growth})


def trainings(count: int = 4) -> dict[str, Any]:
    topics = ("Поиск судебной практики", "Мониторинг дел", "Проверка контрагентов", "Конструктор документов")
    rows = [
        {
            "topic": topics[place % 4],
            "product": PRODUCTS[place % 4],
            "on": (date(2026, 10, 30) - timedelta(days=21 * place)).isoformat(),
            "invited": 14,
            "attended": 12 - place % 3,
            "test": "86 %" if place % 2 == 0 else None,
            "reaction": "4,8 из 5" if place % 3 else None,
        }
        for place in range(count)
    ]
    return block("trainings", "Обучение", {"trainings": rows, "people": 31, "index": "8,4"})


def features(count: int = 4) -> dict[str, Any]:
    titles = (
        "Выгрузка дел дочерних обществ одной таблицей",
        "Уведомления в корпоративный мессенджер",
        "Фильтр по судье и сумме иска",
        "Вход через корпоративный SSO",
    )
    rows = [
        {
            "title": titles[place % 4],
            "product": PRODUCTS[place % 4],
            "released_on": (date(2026, 10, 1) - timedelta(days=24 * place)).isoformat(),
            "asked_by": "Орлова М. С." if place % 2 == 0 else None,
            "asked_on": "2026-03-14" if place % 2 == 0 else None,
        }
        for place in range(count)
    ]
    return block("features", "Вышедшие доработки", {"features": rows})


def offer_line(
    product: str, seats: int, company: str | None = None, discount: str = "10.00"
) -> dict[str, Any]:
    price = Decimal("18450.50")
    total = (price * seats * (100 - Decimal(discount)) / 100).quantize(Decimal("0.01"))
    return {
        "product": product,
        "unit": "лицензия на пользователя",
        "company": company,
        "seats_current": seats - seats // 4,
        "seats_new": seats,
        "price": str(price),
        "discount_pct": discount,
        "amount": str(total),
        "current_amount": str(total - 125_000),
        "vat_words": FULL_VAT,
    }


def offer(*lines: dict[str, Any]) -> dict[str, Any]:
    rows = list(lines) or [
        offer_line("Caselook", 80),
        offer_line("Casebook", 40),
        offer_line("Doczilla Pro", 25),
    ]
    total = sum(Decimal(row["amount"]) for row in rows)
    listed = sum(Decimal(row["price"]) * row["seats_new"] for row in rows)
    current = sum(Decimal(row["current_amount"]) for row in rows)
    data = {
        "lines": rows,
        "current_total": str(current),
        "list_total": str(listed),
        "discount_total": str(listed - total),
        "total": str(total),
        "expansion": str(total - current),
        "vat_words": FULL_VAT,
        "period": "12 месяцев с 1 февраля 2027 г.",
    }
    return block("offer", "Предложение", data)


def step(title: str, start: int, days: int, who: str = "us", is_done: bool = False, phase: str = "Подготовка") -> dict[str, Any]:  # fmt: skip
    first = date(2026, 11, 9) + timedelta(days=start)
    return {
        "title": title,
        "starts_on": first.isoformat(),
        "due_on": (first + timedelta(days=days)).isoformat(),
        "who": who,
        "is_done": is_done,
        "phase": phase,
    }


def schedule(*steps: dict[str, Any]) -> dict[str, Any]:
    rows = list(steps) or [
        step("Обследование отделов и список доступов", 0, 10, is_done=True),
        step("Пилот в судебном департаменте", 7, 14, phase="Пилот"),
        step("Согласование технического задания", 14, 12, "client", phase="Закупка"),
        step("Коммерческое предложение и проект договора", 20, 10, phase="Закупка"),
        step("Решение закупочного комитета", 30, 12, "client", phase="Закупка"),
        step("Подписание договора и выдача доступов", 42, 10, phase="Запуск"),
    ]
    return block("schedule", "План", {"steps": rows, "act_by": "2026-12-07", "deadline": "2027-01-15"})


def justification(paragraphs: int = 2, points: int = 4) -> dict[str, Any]:
    words = (
        "Действующий договор заканчивается 31 января 2027 года. Без продления 46 сотрудников теряют доступ к "
        "судебной практике и мониторингу дел."
    )
    reasons = (
        "46 из 50 оплаченных мест используются каждую неделю",
        "Судебная нагрузка за год выросла на 35 %",
        "Обучен 31 сотрудник, средняя оценка теста 86 %",
        "Аналог с тем же составом данных на рынке отсутствует",
    )
    data = {
        "paragraphs": [words] * paragraphs,
        "regime": "223-ФЗ",
        "procedure": "Закупка у единственного поставщика",
        "legal_ref": "Пункт 6.2.14 Положения о закупках",
        "points": [reasons[place % 4] for place in range(points)],
    }
    return block("justification", "Обоснование закупки", data)


def free(text: str = "Спасибо за год совместной работы.\n- Первый итог\n- Второй итог") -> dict[str, Any]:
    return block("free", "О нашей команде", {"text": text})


def small(language: str = "ru") -> Snapshot:
    """As little as may be: one of everything and no sums of the past."""
    one = offer_line("Caselook", 5, discount="0.00") | {"seats_current": 0, "current_amount": "0.00"}
    lean = product_usage("Caselook", 5, 5, points=1)
    blocks = [
        needs(1), quotes(QUOTES[0]), usage(lean), court_load(1, None), trainings(1), features(1), offer(one),
        schedule(step("Подписание договора", 10, 5)), justification(1, 0), free(),
    ]  # fmt: skip
    return deck(blocks, language, subtitle="")


def typical(language: str = "ru") -> Snapshot:
    """A client of the demo."""
    words = "Мы говорили с тремя отделами в октябре и ноябре: ниже то, что повторяли чаще всего."
    blocks = [
        needs() | {"text": words}, quotes(), usage(), court_load(), trainings(), features(), offer(), schedule(),
        justification(), free(),
    ]  # fmt: skip
    return deck(blocks, language)


def huge(language: str = "ru") -> Snapshot:
    """12 products for 20 companies, all names of 60 characters."""
    names = [LONG_PRODUCT.format(number) for number in range(1, 13)]
    companies = [LONG_COMPANY.format(number) for number in range(1, 21)]
    lines = [offer_line(names[place % 12], 125, company) for place, company in enumerate(companies)]
    lines += [offer_line(name, 3000) for name in names]
    long_need = (
        "Получать уведомления о движении дел всех дочерних обществ в день изменения, без ручной сверки" * 2
    )
    groups = [
        {"department": f"Департамент претензионной и исковой работы {number}",
         "needs": [need(long_need, names[place], LONG_PERSON) for place in range(5)]}
        for number in range(1, 5)
    ]  # fmt: skip
    quoted = [
        quote(QUOTES[2] * times, LONG_PERSON) | {"position": LONG_POSITION} for times in (1, 2, 3, 8, 14, 1)
    ]
    rows = [step(LONG_COMPANY.format(place) + ": согласование закупки", 5 * place, 20, ("us", "client")[place % 2],
                 place < 4, "Согласование с дочерними обществами") for place in range(20)]  # fmt: skip
    blocks = [
        block("needs", "Потребности", {"groups": groups}, "Слова менеджера о встречах. " * 60),
        block("quotes", "Отзывы", {"quotes": quoted}, "Коротко о главном."),
        usage(*(product_usage(name, 100 + 10 * place, 90 + 9 * place) for place, name in enumerate(names))),
        usage(*(product_usage(name, 100, 97 - 20 * place) for place, name in enumerate(names[:3]))),
        court_load(12, -20), trainings(30), features(30), offer(*lines), schedule(*rows), justification(9, 14),
        free("Очень длинный рассказ о нашей команде. " * 90),
    ]  # fmt: skip
    client = {"name": LONG_COMPANY.format(1), "short_name": LONG_COMPANY.format(1)}
    author = {
        "name": LONG_PERSON,
        "role": LONG_POSITION,
        "phone": "+7 495 123-45-67, доб. 12345",
        "email": "konstantinopolskaya-preobrazhenskaya@very-long-domain.example.ru",
    }
    return deck(blocks, language, client=client, author=author, vendor=LONG_COMPANY.format(2), title=LONG_COMPANY.format(3) * 3,
                subtitle=LONG_COMPANY.format(1) + ": " + LONG_PRODUCT.format(1))  # fmt: skip
