"""What goes to the slides: the golden snapshot of a small deal, the language, nothing that the client must not read (R53–R58)."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Objection, ProductFeedback, UsageSnapshot
from roadmaps.deck.snapshot import look
from roadmaps.enums import BlockKind
from roadmaps.models import Plan
from tests.factories import Cast, T, make_contact, make_product
from tests.roadmaps.deck_makers import free_of_words, make_known_client, make_meeting, make_presentation
from trainings.models import Trainee

pytestmark = pytest.mark.django_db
PERSON = {"person": "Орехов Павел Сергеевич", "position": "Начальник юридического отдела"}
GOLDEN: dict[str, Any] = {
    "needs": {
        "groups": [
            {
                "department": "Юридический отдел",
                "needs": [
                    {"text": "Проверка контрагентов", "product": "Casebook", "on": "2026-11-12", **PERSON},
                    {"text": "Забирать события в свою систему", "product": "Casebook", "on": "2026-08-26", **PERSON},
                ],
            }
        ]
    },
    "quotes": {"quotes": [{"text": "Экономит день в неделю", "product": "Casebook", "on": "2026-11-12", **PERSON}]},
    "usage": {
        "products": [
            {
                "product": "Casebook", "unit": "пользователь", "seats": 14, "active": 12,
                "series": [{"on": "2026-10-15", "active": 9}, {"on": "2026-11-14", "active": 12}],
            }
        ],
        "as_of": "2026-11-14",
    },
    "court_load": {
        "periods": [
            {"as_of": "2025-11-14", "cases": 100, "plaintiff": 60, "defendant": 30, "other": 0, "claims": "1500000.00"},
            {"as_of": "2026-11-14", "cases": 130, "plaintiff": 60, "defendant": 30, "other": 0, "claims": "1500000.00"},
        ],
        "growth_pct": 30,
    },
    "trainings": {
        "trainings": [
            {
                "topic": "Поиск дел", "product": "Casebook", "on": "2026-10-25", "invited": 20, "attended": 18,
                "test": "80", "reaction": "4.2",
            }
        ],
        "people": 18, "index": "0.78",
    },
    "features": {
        "features": [
            {
                "title": "Мониторинг группы", "product": "Casebook", "released_on": "2026-11-09",
                "asked_by": "Орехов Павел Сергеевич", "asked_on": "2026-08-26",
            }
        ]
    },
    "offer": {
        "lines": [
            {
                "product": "Casebook", "unit": "пользователь", "company": None, "seats_current": 14, "seats_new": 18,
                "price": "36000.00", "discount_pct": "0.00", "amount": "648000.00", "current_amount": "504000.00",
                "vat_words": "НДС не облагается",
            }
        ],
        "current_total": "504000.00", "list_total": "648000.00", "discount_total": "0.00", "total": "648000.00",
        "expansion": "144000.00", "vat_words": "НДС не облагается: подпункт 26 пункта 2 статьи 149 НК РФ.", "period": None,
    },
    "schedule": {
        "steps": [
            {
                "title": "Готовим документы", "starts_on": "2026-11-25", "due_on": "2026-12-01", "who": "us",
                "is_done": False, "phase": "docs",
            },
            {
                "title": "Согласование и закупка", "starts_on": "2026-12-01", "due_on": "2027-01-31", "who": "client",
                "is_done": False, "phase": "docs",
            },
            {
                "title": "Подписание договора", "starts_on": "2027-01-31", "due_on": "2027-01-31", "who": "client",
                "is_done": False, "phase": "docs",
            },
        ],
        "act_by": "2026-12-01", "deadline": "2027-01-31",
    },
    "justification": {
        "paragraphs": [
            "За 12 месяцев — 130\xa0судебных дел, сумма требований 1\xa0500\xa0000\xa0₽. Это на 30\xa0% больше, чем годом ранее.",
            "Подразделения, заявившие потребность: Юридический отдел.",
            "Casebook: используется 12 из 14 лицензий.",
            "Цена складывается из: Casebook: 18 × 36\xa0000\xa0₽.",
            "Итого 648\xa0000\xa0₽ в год. НДС не облагается: подпункт 26 пункта 2 статьи 149 НК РФ.",
        ],
        "regime": "Коммерческая", "procedure": "Прямой договор", "legal_ref": "ст. 421 ГК РФ",
        "points": [
            "В Едином реестре российского ПО: Casebook.", "НДС не облагается: подпункт 26 пункта 2 статьи 149 НК РФ.",
            "Обучено 18\xa0сотрудников.", "Выпущено по запросу компании: 1\xa0функция.",
            "Действующий договор: 504\xa0000\xa0₽ на 24.11.2026.",
        ],
    },
    "free": {"text": "Спасибо за совместную работу"},
}  # fmt: skip


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_known_client(cast)


def plain(value: Any) -> Any:
    """Without the differences of spaces, which are those of the locale."""
    return json.loads(json.dumps(value, ensure_ascii=False).replace("\xa0", " ").replace("\u202f", " "))


def test_the_snapshot_of_a_small_deal(plan: Plan) -> None:
    """R54–R58: every block to the letter; JSON types only."""
    snapshot = look(free_of_words(make_presentation(plan)), T).snapshot()
    found = {block["kind"]: block["data"] for block in snapshot["blocks"]}
    for kind, data in GOLDEN.items():
        assert plain(found[kind]) == plain(data), kind
    assert all(block["sources"] for block in snapshot["blocks"] if block["kind"] != "free")
    head = {
        name: snapshot[name]
        for name in ("schema", "language", "as_of", "number", "title", "client", "author")
    }
    assert head == {
        "schema": 1, "language": "ru", "as_of": "2026-11-24", "number": 1, "title": "Предложение",
        "client": {"name": "ПАО «Парус»", "short_name": "ПАО «Парус»"},
        "author": {"name": "Тимур Алиев", "role": "Ваш персональный менеджер", "phone": "", "email": "aliev@demo.example"},
    }  # fmt: skip


def test_nothing_goes_out_that_was_written_for_us(plan: Plan, cast: Cast) -> None:
    """R58: objections, summaries, titles of our tasks, bad words, and quotes without the flag stay at home."""
    company = plan.deal.company
    met = make_meeting(company, cast.aliev, company.contacts.get())
    Objection.objects.create(interaction=met, company=company, category="price", text="Дорого для нас")
    ProductFeedback.objects.create(
        interaction=met, product=make_product(), reaction=2, text="Без флага", quote_ok=False
    )
    bad = make_meeting(company, cast.aliev, company.contacts.get())
    product = company.usage.all()[0].product
    ProductFeedback.objects.create(
        interaction=bad, product=product, reaction=-2, text="Ужасно", quote_ok=True
    )
    words = json.dumps(look(free_of_words(make_presentation(plan)), T).snapshot(), ensure_ascii=False)
    for secret in (
        "Дорого для нас",
        "Без флага",
        "Ужасно",
        "Внутренние заметки",
        "Дожать закупки",
        "Клиент вредный",
    ):
        assert secret not in words
    assert "Экономит день в неделю" in words


def test_only_words_with_the_flag_of_people_who_are_there(plan: Plan) -> None:
    """R55: of a training, with the flag, of somebody who has not left; a poor mark is not shown to the client."""
    company = plan.deal.company
    gone = make_contact(company, "Ушедший Иван", state="left")
    here = make_contact(company, "Верный Пётр", position="Юрист")
    training = company.trainings.get()
    for contact, values in (
        (gone, {"comment": "Слова ушедшего", "can_quote": True}),
        (here, {"comment": "Всё понятно", "can_quote": True, "reaction": 5}),
    ):
        Trainee.objects.create(training=training, contact=contact, attended=True, **values)
    Trainee.objects.create(
        training=training, name="А", attended=True, comment="Скучно", can_quote=True, reaction=2
    )
    Trainee.objects.create(training=training, name="Б", attended=True, comment="Без согласия", reaction=5)
    quotes = look(make_presentation(plan, BlockKind.QUOTES), T).snapshot()["blocks"][0]["data"]["quotes"]
    assert [quote["text"] for quote in quotes] == ["Экономит день в неделю", "Всё понятно"]
    assert quotes[1]["person"] == "Верный Пётр"


def test_slides_speak_their_own_language(plan: Plan) -> None:
    """R57, R100: whoever opens the page, English slides are English, and the refusals are in his language."""
    snapshot = look(make_presentation(plan, language="en"), T).snapshot()
    found = {block["kind"]: block["data"] for block in snapshot["blocks"]}
    assert found["needs"]["groups"][0]["needs"][0]["text"] == "Checks of counterparties"
    assert found["offer"]["lines"][0]["vat_words"] == "not subject to VAT"
    assert found["justification"]["procedure"] == "Direct contract"


def test_the_number_of_statements_does_not_grow(plan: Plan) -> None:
    """Set-based: twelve more products cost no statement."""
    presentation = make_presentation(plan)
    with CaptureQueriesContext(
        connection,
    ) as few:
        look(presentation, T)
    company = plan.deal.company
    product = company.usage.all()[0].product
    for n in range(12):
        UsageSnapshot.objects.create(
            company=company, product=product, as_of=T.replace(day=n + 1), active_users_30d=n
        )
        make_contact(company, f"Лицо {n}")
    with CaptureQueriesContext(connection) as many:
        look(presentation, T)
    assert len(few) == len(many) <= 26
