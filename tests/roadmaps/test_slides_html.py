"""The slides as HTML: the same words, safe under the policy of the pages, read aloud as tables (R58)."""

import re
from xml.etree import ElementTree

import pytest

from roadmaps.slides.deck import slides_of
from roadmaps.slides.html import render_html
from tests.roadmaps import snapshots
from tests.roadmaps.slide_laws import texts_of
from tests.roadmaps.test_slides_pptx import logo


def test_html_shows_the_same_slides_as_the_pptx() -> None:
    """R58: one layout, drawn twice: every slide, title and word."""
    html = render_html(snapshots.typical())
    slides = slides_of(snapshots.typical())
    assert html.count("<section") == len(slides)
    shown = re.sub(r"\s+", "", "".join(re.findall(r"<text[^>]*>([^<]*)</text>", html)))
    for slide in slides:
        for words in texts_of(slide):
            assert re.sub(r"\s+", "", words) in shown or len(words) > 20


@pytest.mark.parametrize("language", ["ru", "en"])
def test_nothing_inline_that_the_policy_forbids(language: str) -> None:
    """Strict CSP: no style, no script, no handler; each drawing is well-formed XML."""
    html = render_html(snapshots.typical(language), logo(), logo())
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|javascript:", html)
    for drawing in re.findall(r"<svg.*?</svg>", html, re.S):
        ElementTree.fromstring(drawing)


def test_numbers_of_the_drawing_are_written_with_points() -> None:
    """A decimal comma of the Russian locale would break every place and size."""
    html = render_html(snapshots.typical())
    assert not re.search(r'\s(x|y|width|height|font-size)="\d+,\d', html)


def test_typed_text_is_escaped() -> None:
    """R55: what the KAM types is text."""
    html = render_html(snapshots.deck([snapshots.free("<script>alert(1)</script> & «слова»")]))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_tables_and_charts_are_also_read_aloud() -> None:
    """R58: a real table and the numbers of a chart for those who do not see the drawing."""
    html = render_html(snapshots.typical())
    assert html.count("<table>") >= 4
    assert "30.09.2026: 336" in html


def test_sources_are_shown_only_when_asked_for() -> None:
    """R56: under each slide of the preview; never on what the client sees."""
    assert "Отчёт о пользователях от 23.11.2026" in render_html(snapshots.typical(), has_notes=True)
    assert "Отчёт о пользователях от 23.11.2026" not in render_html(snapshots.typical())


def test_words_are_in_the_language_of_the_slides() -> None:
    """R58: whatever the language of the person who looks."""
    assert "3 of your colleagues" not in render_html(snapshots.typical("ru"))
    assert "77 of 90 users already work with our products" in render_html(snapshots.typical("en"))
