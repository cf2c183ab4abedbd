"""Filters and tags of templates: words people read, and pictures that say the same."""

import re
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from tests.factories import T, moment
from upsell_crm.core.icons import ICONS
from upsell_crm.core.templatetags import crm


def show(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234567"), "1\xa0234\xa0567\xa0₽"),
        (Decimal("480000.50"), "480\xa0000,50\xa0₽"),
        ("96000.00", "96\xa0000\xa0₽"),
        (0, "0\xa0₽"),
        (Decimal("-1500.10"), "-1\xa0500,10\xa0₽"),
        (None, "—"),
        ("", "—"),
    ],
)
def test_money_has_kopecks_only_when_there_are_some(value: Any, text: str) -> None:
    """Numbers: thin groups, the sign never leaves the number."""
    assert crm.money(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234567, "1\xa0234\xa0567"), (Decimal("78.50"), "78,5"), (Decimal("1E+3"), "1\xa0000"), (None, "—")],
)
def test_numbers(value: Any, text: str) -> None:
    assert crm.number(value) == text


def test_dash_keeps_zero() -> None:
    assert (crm.dash(None), crm.dash(""), crm.dash(0)) == ("—", "—", 0)


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (21, "запас 21 раб. дн.", "good"), (20, "запас 20 раб. дн.", "warn"), (1, "запас 1 раб. дн.", "warn"),
        (0, "сегодня последний день", "bad"), (-4, "опоздание 4 раб. дн.", "bad"), (None, "—", ""),
    ],
)  # fmt: skip
def test_slack_is_a_word_and_a_colour(days: int | None, words: str, tone: str) -> None:
    """§4.2: the golden slack of 21, the late one of 4; never colour alone."""
    assert (crm.slack_words(days), crm.slack_tone(days)) == (words, tone)


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (0, "сегодня"),
        (1, "вчера"),
        (-1, "завтра"),
        (3, "3 дня назад"),
        (21, "21 день назад"),
        (-5, "через 5 дней"),
        (400, "20.10.2025"),
    ],
)
def test_distance_in_days_with_the_exact_date_in_the_title(away: int, words: str) -> None:
    html = crm.ago(T - timedelta(days=away))
    exact = (T - timedelta(days=away)).strftime("%d.%m.%Y")
    assert f">{words}<" in html and f'title="{exact}"' in html


def test_a_moment_is_shown_in_moscow() -> None:
    assert crm.moment(moment(T, 9)) == "24.11.2026 09:00"
    assert crm.day(date(2027, 1, 31)) == "31.01.2027"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.42, "0,4 с"), (12.2, "12 с"), (185, "3 мин 5 с"), (None, "—")]
)
def test_durations(seconds: float | None, text: str) -> None:
    assert crm.duration(seconds) == text


def test_english_says_it_in_english() -> None:
    """R100."""
    with translation.override("en"):
        assert crm.slack_words(-1) == "late by 1 working day"
        assert crm.money(Decimal("1234.50")) == "1,234.50\xa0₽"


CONTRIBUTIONS = {
    "renewal": "35.0", "potential": "14.2", "users": "10.1", "training": "7.8", "feature": "8.0",
    "procurement": "2.5", "approval": "3.1", "relation": "4.0", "damp": "-8.5",
}  # fmt: skip


def test_the_bar_says_in_words_what_it_shows() -> None:
    """R26: every score carries its contributions, for eyes and for a screen reader."""
    html = show("{% score_bar row %}", row=SimpleNamespace(contributions=CONTRIBUTIONS))
    label = re.search(r'aria-label="([^"]+)"', html).group(1)
    assert label.startswith("Балл 76,2: Пролонгация 35,0; Потенциал 14,2") and "Уже в работе -8,5" in label
    assert [f"factor-{n}" in html for n in range(1, 9)] == [True] * 8
    assert html.count("url(#hatch)") == 4 and "style=" not in html


def test_segments_lie_side_by_side_in_points_of_the_score() -> None:
    html = show(
        "{% score_bar row %}", row=SimpleNamespace(contributions={"renewal": "35.0", "users": "10.5"})
    )
    assert 'x="0" width="34.6"' in html and 'x="35.0" width="10.1"' in html


@pytest.mark.parametrize(
    ("value", "maximum", "width", "tone"),
    [(36, 40, "90.0", ""), (50, 40, "100.0", "over"), (5, 0, "0.0", "")],
)
def test_a_meter_never_leaves_its_track(value: int, maximum: int, width: str, tone: str) -> None:
    html = show("{% meter value maximum 'занято' %}", value=value, maximum=maximum)
    assert f'class="meter-value" width="{width}"' in html and ("meter--over" in html) == bool(tone)


def test_a_sparkline_of_one_value_is_that_value() -> None:
    assert "polyline" not in show("{% sparkline values %}", values=[7])
    assert show("{% sparkline values 'рост' %}", values=[1, 1, 4]).count(",") == 3


def test_icons_are_decoration_unless_named() -> None:
    assert 'aria-hidden="true"' in crm.icon("search")
    assert 'aria-label="Ключевой клиент"' in crm.icon("star", "Ключевой клиент")
    assert all("style" not in body and "fill=" not in body for body in ICONS.values())


@pytest.mark.parametrize(
    ("value", "text"), [("66.67", "67"), ("66.5", "67"), ("66.4", "66"), ("-0.5", "-1"), (0, "0")]
)
def test_per_cent_is_rounded_half_up(value: object, text: str) -> None:
    """R100: two thirds are 67 %, not 66 %."""
    assert crm.percent(value) == f"{text}\xa0%"
