"""The HTML of the slides in real Chromium: every line stands in its box, in the typeface of the slides (R58)."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from roadmaps.slides.html import render_html
from roadmaps.slides.pdf import STYLES
from tests.roadmaps import snapshots

pytestmark = pytest.mark.browser
OVERFLOWS = """() => {
  const found = [];
  for (const page of document.querySelectorAll(".slide-page")) {
    const scale = page.viewBox.baseVal.width / page.getBoundingClientRect().width;
    const origin = page.getBoundingClientRect();
    for (const group of page.querySelectorAll("g[data-box]")) {
      const [x, y, width, height] = group.dataset.box.split(" ").map(Number);
      for (const text of group.querySelectorAll("text")) {
        const seen = text.getBoundingClientRect();
        const left = (seen.left - origin.left) * scale, right = (seen.right - origin.left) * scale;
        const top = (seen.top - origin.top) * scale, bottom = (seen.bottom - origin.top) * scale;
        const slack = 3, over = (bottom - top) * 0.2;
        if (left < x - slack || right > x + width + slack || top < y - over - slack || bottom > y + height + over + slack
            || left < 0 || right > 960 || bottom > 540)
          found.push(`${page.closest("section").id} ${group.dataset.name}: ${text.textContent}`);
      }
    }
  }
  return found;
}"""


@pytest.mark.parametrize("size", ["small", "typical", "huge"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_line_leaves_its_box(browser: Browser, tmp_path: Path, size: str, language: str) -> None:
    """Bar of issue 5: no slide overflows its box, on the screen as well."""
    styles = STYLES.read_text()
    slides = render_html(getattr(snapshots, size)(language))
    file = tmp_path / "slides.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><style>{styles}</style>{slides}")
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"file://{file}")
    assert page.evaluate(OVERFLOWS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_on_paper_each_slide_is_a_landscape_page(browser: Browser, tmp_path: Path) -> None:
    """R58: the print view is one 16:9 page a slide."""
    styles = STYLES.read_text()
    file = tmp_path / "slides.html"
    file.write_text(
        f"<!doctype html><meta charset=utf-8><style>body{{margin:0}}{styles}</style>{render_html(snapshots.small())}"
    )
    page = browser.new_page()
    page.goto(f"file://{file}")
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    assert printed.count(b"/Type /Page\n") == 12
    assert b"/MediaBox [0 0 960" in printed
