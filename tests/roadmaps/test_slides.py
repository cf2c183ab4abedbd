"""The slides as they are laid out: messages, splitting, and the room every box keeps (R58)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from roadmaps.slides import design, titles
from roadmaps.slides.boxes import Paragraph, Run, Slide, Table, Text
from roadmaps.slides.deck import BLOCKS, slides_of
from roadmaps.slides.measure import WIDEST, height_of, pages_of, width_of
from tests.roadmaps import snapshots
from tests.roadmaps.slide_laws import collisions, overflows, texts_of

SIZES = ("small", "typical", pytest.param("huge", marks=pytest.mark.slow))


def title_of(kind: str, data: dict[str, Any], language: str = "ru") -> str:
    """The message of a block in the language."""
    with translation.override(language):
        return str(getattr(titles, kind)(data))


def of_kind(kind: str, slides: list[Slide]) -> list[Slide]:
    return [slide for slide in slides if slide.kind == kind]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_nothing_overflows_and_nothing_collides(size: str, language: str) -> None:
    """R58, bar of issue 5: 60-character names, 12 products, 20 companies, in the widest face in use."""
    for slide in slides_of(getattr(snapshots, size)(language)):
        assert overflows(slide) == []
        assert collisions(slide) == []


@pytest.mark.parametrize("size", SIZES)
def test_content_is_never_set_smaller_than_14_points(size: str) -> None:
    """R58: long content is split; only captions, headings of columns and the footer are small."""
    small = {role for role, style in design.STYLES.items() if style.size < design.SMALLEST}
    assert small == {"kicker", "head", "caption", "caption_large", "tick", "wordmark", "footer"}
    for slide in slides_of(getattr(snapshots, size)()):
        for box in slide.boxes:
            paragraphs = box.paragraphs if isinstance(box, Text) else ()
            if isinstance(box, Text) and box.name in ("words", "quote", "title", "lead", "contacts"):
                assert all(run.style.size >= design.SMALLEST for each in paragraphs for run in each.runs)


def test_a_deck_begins_with_its_cover_and_ends_with_contacts() -> None:
    """R58: every block of the snapshot is there, in its order."""
    slides = slides_of(snapshots.typical())
    kinds = list(dict.fromkeys(slide.kind for slide in slides))
    assert kinds == ["cover", *BLOCKS, "contacts"]
    assert "vetrov@example.ru" in texts_of(slides[-1])
    assert "Результаты года и предложение на 2027 год" in texts_of(slides[0])


@pytest.mark.parametrize(
    ("active", "seats", "ru", "en"),
    [
        (46, 50, "Пользователей Caselook уже 46 из 50", "46 of 50 users already work with Caselook"),
        (10, 50, "В работе 10 из 50 оплаченных мест", "10 of 50 paid seats are in use"),
        (55, 50, "Пользователей больше, чем мест: 55 против 50", "More users than paid seats: 55 to 50"),
        (1, 0, "С нашими продуктами работает 1 сотрудник", "1 person works with our products"),
        (3, 0, "С нашими продуктами работают 3 сотрудника", "3 people work with our products"),
    ],
)
def test_the_title_of_usage_says_how_many_work(active: int, seats: int, ru: str, en: str) -> None:
    """R58: the title is the message, with «already» only where nearly all places are in use."""
    data = {"products": [{"product": "Caselook", "seats": seats, "active": active, "series": []}]}
    assert title_of("usage", data) == ru
    assert title_of("usage", data, "en") == en


@pytest.mark.parametrize(
    ("count", "departments", "words"),
    [
        (1, 1, "Ваши сотрудники назвали 1 потребность"),
        (5, 1, "Ваши сотрудники назвали 5 потребностей"),
        (2, 2, "2 ваших отдела назвали 2 потребности"),
        (21, 5, "5 ваших отделов назвали 21 потребность"),
    ],
)
def test_titles_count_in_good_russian(count: int, departments: int, words: str) -> None:
    """R58: plural forms of the titles."""
    groups = [
        {"department": str(n), "needs": [1] * len(range(n, count, departments))} for n in range(departments)
    ]
    assert title_of("needs", {"groups": groups}) == words


@pytest.mark.parametrize(
    ("growth", "words"),
    [
        (35, "Судебная нагрузка выросла на 35\xa0%"),
        (-20, "Судебная нагрузка снизилась на 20\xa0%"),
        (None, "Компания участвует в 21 судебном деле"),
        (0, "Компания участвует в 21 судебном деле"),
    ],
)
def test_the_title_of_the_court_load_says_where_it_goes(growth: int | None, words: str) -> None:
    """R58: grown, fallen, or only how many."""
    data = {"periods": [{"cases": 21}], "growth_pct": growth}
    assert title_of("court_load", data).replace("35 %", "35\xa0%").replace("20 %", "20\xa0%") == words


def test_an_offer_without_a_discount_promises_none() -> None:
    """R58: «you save» only where there is a discount."""
    with_discount = snapshots.offer()["data"]
    assert "ваша выгода 267\xa0532,25\xa0₽" in title_of("offer", with_discount)
    assert (
        title_of("offer", with_discount | {"discount_total": "0.00"})
        == "Наше предложение: 2\xa0407\xa0790,25\xa0₽"
    )


def test_the_total_closes_the_offer_with_vat_in_words() -> None:
    """R58: totals row on the last slide of the table, with the words on VAT and the sum by the list."""
    slides = of_kind("offer", slides_of(snapshots.typical()))
    table = next(box for box in slides[-1].boxes if isinstance(box, Table))
    assert table.rows[-1].kind == "total"
    words = texts_of(slides[-1])
    assert snapshots.FULL_VAT in words
    assert "2\xa0407\xa0790,25\xa0₽" in words
    assert "по прайсу 2\xa0675\xa0322,50\xa0₽" in words


def test_lines_with_different_vat_say_it_each() -> None:
    """R58: VAT words at the line where they differ, once at the total where they do not."""
    one = snapshots.offer_line("Caselook", 10)
    other = snapshots.offer_line("Casebook", 10) | {"vat_words": "в т. ч. НДС 22 %"}
    words = texts_of(of_kind("offer", slides_of(snapshots.deck([snapshots.offer(one, other)])))[0])
    assert "в т. ч. НДС 22 %" in words
    alike = texts_of(of_kind("offer", slides_of(snapshots.deck([snapshots.offer(one)])))[0])
    assert alike.count(snapshots.FULL_VAT) == 1


@pytest.mark.slow
def test_a_holding_sees_sums_by_product_before_its_companies() -> None:
    """R58: 32 lines of 20 companies are summed by product exactly, then said one by one; each line is there."""
    data = next(block for block in snapshots.huge()["blocks"] if block["kind"] == "offer")["data"]
    slides = of_kind("offer", slides_of(snapshots.huge()))
    assert "Предложение подробно: 32 позиции для 20 компаний" in {slide.title for slide in slides}
    first = sum(Decimal(each["amount"]) for each in data["lines"] if each["product"].endswith("№01"))
    money = f"{first:,.2f}".replace(",", "\xa0").replace(".", ",").removesuffix(",00") + "\xa0₽"
    summed = [slide for slide in slides if slide.title.startswith("Наше предложение")]
    assert money in [words for slide in summed for words in texts_of(slide)]
    said = [words for slide in slides for words in texts_of(slide)]
    assert sum("энергокомпания №" in words for words in said if "лицензия" in words) == 20


def test_long_content_is_numbered_over_its_slides() -> None:
    """R58: «1 из 2» in the line of the section; a block on one slide has no number."""
    slides = of_kind("trainings", slides_of(snapshots.deck([snapshots.trainings(12)])))
    assert len(slides) == 2
    assert "Обучение · 1 из 2" in texts_of(slides[0])
    assert "Обучение" in texts_of(of_kind("trainings", slides_of(snapshots.typical()))[0])


@pytest.mark.slow
def test_the_last_page_of_a_table_is_not_left_with_one_row() -> None:
    """R58: pages of a table are filled alike."""
    for count in range(8, 20):
        slides = of_kind("features", slides_of(snapshots.deck([snapshots.features(count)])))
        rows = [len(box.rows) - 1 for slide in slides for box in slide.boxes if isinstance(box, Table)]
        assert sum(rows) == count
        assert max(rows) - min(rows) <= 2


def test_a_department_is_said_again_on_the_next_slide() -> None:
    """R58: whoever sees one slide knows whose needs these are."""
    block = snapshots.needs(40)
    for slide in of_kind("needs", slides_of(snapshots.deck([block]))):
        table = next(box for box in slide.boxes if isinstance(box, Table))
        assert table.rows[1].cells[0].paragraphs


def test_every_slide_between_the_edges_has_logos_date_version_and_number() -> None:
    """R57–R58: the date of the numbers and the version on each slide."""
    slides = slides_of(snapshots.typical())
    for number, slide in enumerate(slides[1:-1], 2):
        words = texts_of(slide)
        assert "Данные на 24\xa0ноября\xa02026 · версия 1" in words
        assert {"Право.Тех", "Ренессанс Банк", str(number)} <= set(words)


def test_words_of_the_kam_stand_over_the_content_or_before_it() -> None:
    """R55: what the KAM has typed is on the first slide of the block; a long text has slides of its own."""
    short = snapshots.features() | {"text": "Коротко."}
    assert "Коротко." in texts_of(of_kind("features", slides_of(snapshots.deck([short])))[0])
    long = snapshots.features() | {"text": "Длинно. " * 200}
    slides = of_kind("features", slides_of(snapshots.deck([long])))
    assert slides[0].title == "Вышедшие доработки"
    assert slides[-1].title == "Вышло 4 доработки, по вашим запросам — 2"


def test_a_side_without_name_and_picture_leaves_no_gap() -> None:
    """R58: a vendor that nobody has named is not a line before the client's name."""
    for slide in slides_of(snapshots.small() | {"vendor": ""}):
        assert not [box for box in slide.boxes if box.name == "divider"]
        assert overflows(slide) == []


def test_codes_and_bare_numbers_come_out_as_words_of_the_language() -> None:
    """R58: the phase of a step and the marks of a training."""
    step = snapshots.step("Договор", 0, 5, phase="docs")
    words = texts_of(of_kind("schedule", slides_of(snapshots.deck([snapshots.schedule(step)])))[0])
    assert "мы · 09.11 – 14.11.2026 · Документы" in words
    block = snapshots.trainings(1)
    block["data"]["trainings"][0] |= {"test": "61", "reaction": "3.8"}
    block["data"] |= {"index": "0.67"}
    words = texts_of(of_kind("trainings", slides_of(snapshots.deck([block])))[0])
    assert {"61", "3,8", "0,67"} <= set(words)


@pytest.mark.parametrize("days", [3, 20, 60, 200, 700])
def test_a_timeline_of_any_length_keeps_its_months_apart(days: int) -> None:
    """R58: from a few days to two years."""
    steps = [snapshots.step("Шаг", 0, days), snapshots.step("Шаг", days // 2, days // 2, "client")]
    for slide in of_kind("schedule", slides_of(snapshots.deck([snapshots.schedule(*steps)]))):
        assert overflows(slide) == []
        assert collisions(slide) == []


def test_empty_blocks_do_not_break_the_deck() -> None:
    """R58: a block without rows is a slide with its title, not an error."""
    empty = [
        snapshots.block("needs", "Потребности", {"groups": []}),
        snapshots.block("quotes", "Отзывы", {"quotes": []}),
        snapshots.block("usage", "Использование", {"products": [], "as_of": snapshots.AS_OF}),
        snapshots.block("court_load", "Суды", {"periods": [], "growth_pct": None}),
        snapshots.block("trainings", "Обучение", {"trainings": [], "people": 0, "index": None}),
        snapshots.block("features", "Доработки", {"features": []}),
        snapshots.block("schedule", "План", {"steps": [], "act_by": None, "deadline": None}),
        snapshots.free(""),
    ]
    for slide in slides_of(snapshots.deck(empty)):
        assert overflows(slide) == []


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=300), st.integers(60, 800)
)
@settings(max_examples=30, deadline=None)
def test_text_cut_into_pages_keeps_every_word(text: str, width: int) -> None:
    """R58: nothing is lost and each page keeps to its height in the widest face."""
    pages = pages_of([Paragraph((Run(text),))], width, 100)
    said = "".join(paragraph.text for page in pages for paragraph in page)
    assert "".join(said.split()) == "".join(text.split())
    assert all(height_of(page, width, WIDEST) <= 100 for page in pages)


@pytest.mark.parametrize(("role", "file"), [("cell", "DejaVuSans.ttf"), ("strong", "DejaVuSans-Bold.ttf")])
def test_the_widest_face_is_as_wide_as_we_say(role: str, file: str) -> None:
    """R58: lines measured for the widest face hold DejaVu Sans, which replaces Calibri where nothing better is."""
    style = replace(design.STYLES[role], size=1000)
    try:
        fallback = ImageFont.truetype(file, 1000)
    except OSError:
        pytest.skip("DejaVu Sans is not installed here")
    for text in (*snapshots.QUOTES, snapshots.LONG_COMPANY, snapshots.LONG_PERSON, "2 075 681,25 ₽"):
        assert fallback.getlength(text) <= width_of(text, style, WIDEST)
