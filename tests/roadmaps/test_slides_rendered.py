"""The PPTX as LibreOffice shows it: nothing over the footer, nothing over the edge, no word over another (R58).

Both in the typeface the slides are designed in and in what the machine has: a client without Calibri gets a wider one.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from roadmaps.slides import design
from roadmaps.slides.boxes import Chart, Slide, Table, Text
from roadmaps.slides.deck import slides_of
from roadmaps.slides.pptx import write_pptx
from tests.roadmaps import snapshots

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not shutil.which("soffice"), reason="LibreOffice is absent: apt install libreoffice-impress"
    ),
    pytest.mark.skipif(
        not shutil.which("pdftotext"), reason="poppler-utils are absent: apt install poppler-utils"
    ),
]
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
SLACK = 4.0  # points: overhang of letters, rounding of LibreOffice
DECKS = {
    "huge in the typeface of this machine": ("huge", "ru", False),
    "huge in the widest typeface": ("huge", "ru", True),
    "typical in English": ("typical", "en", False),
    "small in the typeface of this machine": ("small", "ru", False),
}


@dataclass(frozen=True)
class Word:
    """A word where LibreOffice has put it, points."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def overhang(self) -> float:
        """What poppler counts to a word over and under its letters."""
        return (self.bottom - self.top) * 0.2

    def covers(self, other: "Word") -> float:
        """The share of the smaller of two words that lies under the other."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0
        areas = [(each.right - each.left) * (each.bottom - each.top) for each in (self, other)]
        return width * height / max(min(areas), 0.01)


@dataclass(frozen=True)
class Deck:
    """Slides as they are laid out, words and pictures as they are shown."""

    slides: list[Slide]
    words: list[list[Word]]
    pages: list[Path]


@pytest.fixture(scope="module", params=DECKS)
def deck(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Deck:
    """A deck through LibreOffice and poppler."""
    size, language, is_widest = DECKS[request.param]
    folder = tmp_path_factory.mktemp("slides")
    snapshot = getattr(snapshots, size)(language)
    (folder / "deck.pptx").write_bytes(write_pptx(snapshot))
    environment = os.environ | ({"FONTCONFIG_FILE": str(only_dejavu(folder))} if is_widest else {})
    run(
        "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
        "--outdir", str(folder), str(folder / "deck.pptx"), environment=environment,
    )  # fmt: skip
    run("pdftotext", "-bbox", str(folder / "deck.pdf"), str(folder / "deck.html"))
    run("pdftoppm", "-r", "72", "-png", str(folder / "deck.pdf"), str(folder / "page"))
    return Deck(
        slides_of(snapshot), list(words_by_page(folder / "deck.html")), sorted(folder.glob("page-*.png"))
    )


def only_dejavu(folder: Path) -> Path:
    """A configuration in which nothing but DejaVu, the widest face in use, stands in for Calibri."""
    file = folder / "fonts.conf"
    file.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{folder}/fonts</cachedir></fontconfig>"
    )
    return file


def run(*command: str, environment: dict[str, str] | None = None) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=300, env=environment)


def words_by_page(file: Path) -> Iterator[list[Word]]:
    for page in file.read_text().split("<page ")[1:]:
        yield [Word(*map(float, found[:4]), found[4]) for found in WORD.findall(page)]


def homes(slide: Slide) -> list[tuple[float, float, float, float]]:
    """Where words may stand: in the boxes; a table may grow to the end of the content in a wider face."""
    return [
        (box.x, box.y, box.x + box.width, design.BOTTOM if isinstance(box, Table) else box.y + box.height)
        for box in slide.boxes
        if isinstance(box, Text | Table | Chart)
    ]


def test_every_slide_is_shown(deck: Deck) -> None:
    """R58: LibreOffice opens the file and shows each slide."""
    assert len(deck.words) == len(deck.pages) == len(deck.slides)
    assert all(deck.words)


def test_every_word_stands_in_its_box(deck: Deck) -> None:
    """Bar of issue 5: no slide overflows its box."""
    lost = [
        f"slide {number}: {word.text} at {word.left:.0f}, {word.top:.0f}"
        for number, (slide, words) in enumerate(zip(deck.slides, deck.words, strict=True), 1)
        for word in words
        if not any(
            word.left >= left - SLACK
            and word.right <= right + SLACK
            and word.top + word.overhang >= top - SLACK
            and word.bottom - word.overhang <= bottom + SLACK
            for left, top, right, bottom in homes(slide)
        )
    ]
    assert lost == []


def test_no_word_lies_over_another(deck: Deck) -> None:
    """Bar of issue 5: texts do not collide."""
    found = [
        f"slide {number}: {one.text} and {other.text}"
        for number, words in enumerate(deck.words, 1)
        for one, other in combinations(words, 2)
        if one.covers(other) > 0.25
    ]
    assert found == []


def test_margins_and_the_strip_over_the_footer_are_empty(deck: Deck) -> None:
    """Bar of issue 5, on rendered images: only the ground lies outside the safe area."""
    dirty = []
    for number, page in list(enumerate(deck.pages, 1))[1:-1]:
        with Image.open(page) as opened:
            image = opened.convert("RGB")
        width, height = image.size
        scale = width / design.PAGE_WIDTH
        strips = {
            "left": (0, 0, round((design.MARGIN - 3) * scale), height),
            "right": (round((design.MARGIN + design.WIDTH + 4) * scale), 0, width, height),
            "top": (0, 0, width, round((design.KICKER_TOP - 6) * scale)),
            "over the footer": (
                0,
                round((design.BOTTOM + 3) * scale),
                width,
                round((design.FOOTER_TOP - 8) * scale),
            ),
            "bottom": (0, round((design.FOOTER_TOP + design.FOOTER_HEIGHT + 3) * scale), width, height),
        }
        ground = Image.new("RGB", image.size, "white")
        for name, strip in strips.items():
            if ImageChops.difference(image.crop(strip), ground.crop(strip)).getbbox():
                dirty.append(f"slide {number}: {name}")
    assert dirty == []
