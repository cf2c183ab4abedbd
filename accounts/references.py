"""The reference data a new installation starts with: products, procurement procedures, working days.

Seeding adds what is missing and never touches a row that exists: it may be an administrator's edit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import holidays

from accounts.enums import Regime
from accounts.models import ProcurementType, Product, WorkDay
from accounts.working_days import FIXED_HOLIDAYS

CALENDAR_YEARS = range(2018, 2036)
LAST_DECREED_YEAR = 2027  # later years have no government decree yet and are marked provisional (§4.10.17)

PRODUCTS: tuple[dict[str, Any], ...] = (
    {
        "code": "casebook", "name_ru": "Casebook", "name_en": "Casebook", "list_price_year": Decimal(36_000),
        "purpose_ru": "Проверка контрагентов и мониторинг судебных дел",
        "purpose_en": "Counterparty checks and monitoring of court cases",
    },
    {
        "code": "caselook", "name_ru": "Caselook", "name_en": "Caselook", "list_price_year": Decimal(24_000),
        "purpose_ru": "Поиск и анализ судебной практики",
        "purpose_en": "Search and analysis of court practice",
    },
    {
        "code": "caseone", "name_ru": "Case.one", "name_en": "Case.one", "list_price_year": Decimal(60_000),
        "needs_contract": True,
        "purpose_ru": "Управление делами и задачами юридического департамента",
        "purpose_en": "Case and task management for legal departments",
    },
    {
        "code": "kad", "name_ru": "Картотека арбитражных дел", "name_en": "Commercial court files (KAD)",
        "is_licensable": False, "in_ru_registry": False,
        "purpose_ru": "Открытый сервис: карточки и документы арбитражных дел",
        "purpose_en": "Public service: files and documents of commercial court cases",
    },
    {
        "code": "my_arbitr", "name_ru": "Мой арбитр", "name_en": "My Arbitr",
        "is_licensable": False, "in_ru_registry": False,
        "purpose_ru": "Открытый сервис: подача документов в арбитражные суды",
        "purpose_en": "Public service: filing documents with commercial courts",
    },
)  # fmt: skip


@dataclass(frozen=True)
class Procedure:
    """One row of §4.4; terms in working days, ease 0–1, limit in ₽."""

    code: str
    name_ru: str
    name_en: str
    regime: str
    approval_bd: int
    lead_bd: int
    ease: str = ""
    max_amount: int | None = None
    next_code: str = ""
    legal_ref: str = ""


PROCEDURES = (
    Procedure("invoice_offer", "Счёт-оферта", "Invoice-offer", "", 0, 5, "1.00",
              legal_ref="ст. 432, 434, 435, 438 ГК РФ"),
    Procedure("framework_order", "Заказ по рамочному договору", "Order under a framework contract", "", 3, 5, "0.90",
              legal_ref="ст. 429.1 ГК РФ; рамочный договор действует в день подписания"),
    Procedure("direct", "Прямой договор без процедуры", "Direct contract without a procedure",
              Regime.COMMERCIAL, 15, 0, "0.85"),
    Procedure("single_internal", "Единственный поставщик по внутренним правилам", "Single supplier by internal rules",
              Regime.COMMERCIAL, 15, 10, "0.70", legal_ref="Нужно письмо-обоснование"),
    Procedure("tender_commercial", "Коммерческий тендер или запрос предложений на ЭТП",
              "Commercial tender or request for proposals", Regime.COMMERCIAL, 15, 30, "0.40"),
    Procedure("small_44", "Малая закупка", "Small purchase (44-FZ)", Regime.FZ44, 5, 7, "0.80", 600_000, "eshop_44",
              "п. 4 ч. 1 ст. 93 44-ФЗ; за год не более 2 млн ₽ или 10 % СГОЗ и 50 млн ₽"),
    Procedure("eshop_44", "Электронный магазин", "Electronic shop (44-FZ)", Regime.FZ44, 5, 8, "0.75", 5_000_000,
              "rfq_44", "ч. 12 ст. 93 44-ФЗ"),
    Procedure("single_44_other", "Единственный поставщик, иные пункты ст. 93", "Single supplier, other grounds (44-FZ)",
              Regime.FZ44, 10, 15, "0.60", legal_ref="ст. 93 44-ФЗ; назовите основание"),
    Procedure("rfq_44", "Электронный запрос котировок", "Electronic request for quotations (44-FZ)", Regime.FZ44,
              10, 20, "0.50", 10_000_000, "auction_44", "ст. 50 44-ФЗ; извещение не менее 4 рабочих дней"),
    Procedure("auction_44", "Электронный аукцион", "Electronic auction (44-FZ)", Regime.FZ44, 15, 35, "0.35",
              legal_ref="ст. 49 44-ФЗ; извещение от 7 или 15 дней, договор через 10 дней после протокола"),
    Procedure("contest_44", "Электронный конкурс", "Electronic contest (44-FZ)", Regime.FZ44, 15, 45, "0.25",
              legal_ref="ст. 48 44-ФЗ; извещение от 15 дней"),
    Procedure("small_223", "Малая закупка по Положению", "Small purchase by the client's rules (223-FZ)",
              Regime.FZ223, 10, 10, "0.75", next_code="rfq_223", legal_ref="Предел из Положения о закупке клиента"),
    Procedure("single_223", "Единственный поставщик по Положению", "Single supplier by the client's rules (223-FZ)",
              Regime.FZ223, 20, 20, "0.65", legal_ref="ст. 3.6 223-ФЗ; основание в Положении о закупке"),
    Procedure("rfq_223", "Запрос котировок", "Request for quotations (223-FZ)", Regime.FZ223, 15, 25, "0.50",
              legal_ref="ст. 3.2 223-ФЗ; от 5 рабочих дней, договор через 10–20 дней после протокола"),
    Procedure("rfp_223", "Запрос предложений", "Request for proposals (223-FZ)", Regime.FZ223, 15, 30, "0.45",
              legal_ref="ст. 3.2 223-ФЗ; от 7 рабочих дней, договор через 10–20 дней после протокола"),
    Procedure("auction_223", "Аукцион", "Auction (223-FZ)", Regime.FZ223, 15, 40, "0.30",
              legal_ref="ст. 3.2 223-ФЗ; от 15 дней"),
    Procedure("contest_223", "Конкурс", "Contest (223-FZ)", Regime.FZ223, 20, 45, "0.25",
              legal_ref="ст. 3.2 223-ФЗ; от 15 дней"),
    Procedure("unknown", "Неизвестно", "Unknown", "", 15, 25),
)  # fmt: skip


def seed_products() -> int:
    """Add the products that are missing; returns how many."""
    known = set(Product.objects.values_list("code", flat=True))
    missing = [
        Product(**values, position=10 * place)
        for place, values in enumerate(PRODUCTS, start=1)
        if values["code"] not in known
    ]
    Product.objects.bulk_create(missing)
    return len(missing)


def seed_procedures() -> int:
    """Add the procurement types that are missing, and their next types; returns how many."""
    known = set(ProcurementType.objects.values_list("code", flat=True))
    missing = [row for row in PROCEDURES if row.code not in known]
    ProcurementType.objects.bulk_create(_procedure(row) for row in missing)
    by_code = ProcurementType.objects.in_bulk(field_name="code")
    for row in missing:
        if row.next_code in by_code:
            ProcurementType.objects.filter(code=row.code).update(next_type=by_code[row.next_code])
    return len(missing)


def seed_calendar(years: range = CALENDAR_YEARS) -> int:
    """Add the days of `years` that the table lacks, from the library's Russian calendar; returns how many."""
    known = set(WorkDay.objects.values_list("date", flat=True))
    missing = [day for day in calendar_days(years) if day.date not in known]
    WorkDay.objects.bulk_create(missing, batch_size=1000)
    return len(missing)


def calendar_days(years: range = CALENDAR_YEARS) -> Iterator[WorkDay]:
    """Every day of `years` as the library knows it, unsaved."""
    for day, is_working, is_short, note in _library_days(years):
        yield WorkDay(
            date=day, is_working=is_working, is_short=is_short, note=note, provisional=day.year > LAST_DECREED_YEAR
        )  # fmt: skip


@cache
def _library_days(years: range) -> tuple[tuple[date, bool, bool, str], ...]:
    """(day, working, shortened, name of the holiday); the library counts slowly, so once a process."""
    library = holidays.country_holidays("RU", years=years, language="ru")
    first, last = date(years.start, 1, 1).toordinal(), date(years.stop, 1, 1).toordinal()
    found = []
    for day in map(date.fromordinal, range(first, last)):
        following = day + timedelta(days=1)
        is_working = library.is_working_day(day)
        is_short = is_working and (following.month, following.day) in FIXED_HOLIDAYS
        found.append((day, is_working, is_short, (library.get(day) or "")[:200]))
    return tuple(found)


def _procedure(row: Procedure) -> ProcurementType:
    return ProcurementType(
        code=row.code, name_ru=row.name_ru, name_en=row.name_en, regime=row.regime,
        approval_bd=row.approval_bd, lead_bd=row.lead_bd, ease=Decimal(row.ease) if row.ease else None,
        max_amount=row.max_amount, legal_ref=row.legal_ref, position=10 * (1 + PROCEDURES.index(row)),
    )  # fmt: skip
