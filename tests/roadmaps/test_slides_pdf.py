"""The slides as PDF by WeasyPrint, or words that say what to install (R58)."""

import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from roadmaps.slides import pdf
from roadmaps.slides.deck import slides_of
from roadmaps.slides.pdf import PdfNotPossible, write_pdf
from tests.roadmaps import snapshots


def can_print() -> bool:
    try:
        import_module("weasyprint")
    except OSError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.skipif(not can_print(), reason="Pango is absent: WeasyPrint cannot work here")
@pytest.mark.skipif(
    not shutil.which("pdffonts"), reason="poppler-utils are absent: nothing can look into a PDF here"
)
def test_each_slide_is_a_page_with_its_typefaces_inside(tmp_path: Path) -> None:
    """R58: PDF of the same slides."""
    file = tmp_path / "slides.pdf"
    file.write_bytes(write_pdf(snapshots.small()))
    about = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert f"Pages:           {len(slides_of(snapshots.small()))}" in about
    assert "960 x 540 pts" in about.replace("959.976", "960").replace("539.976", "540")
    fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout
    lines = fonts.splitlines()[2:]
    assert lines and all(line.split()[-5] == "yes" for line in lines), "every typeface is embedded"


def test_without_pango_the_refusal_says_what_to_install(monkeypatch: Any) -> None:
    """R58: a server without Pango loses PDF only, and says so."""

    def absent(name: str) -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(pdf, "import_module", absent)
    with pytest.raises(PdfNotPossible) as refusal:
        write_pdf(snapshots.small())
    assert "libpango-1.0-0" in str(refusal.value)
