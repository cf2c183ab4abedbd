"""The slides as PDF: the same HTML and style sheet printed by WeasyPrint, with the typeface inside (R58)."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from roadmaps.slides.html import render_html
from upsell_crm.core.errors import DomainError

STYLES: Final = Path(settings.BASE_DIR) / "upsell_crm/static/css/slides.css"


class PdfNotPossible(DomainError):
    """WeasyPrint needs Pango, a library of the system; the print view of the page does the same without it."""


def write_pdf(snapshot: Mapping[str, Any], ours: bytes | None = None, client: bytes | None = None) -> bytes:
    """The presentation as PDF, one landscape page for each slide; raises PdfNotPossible without Pango."""
    weasyprint, fonts = _weasyprint()
    page = f'<html lang="{snapshot["language"]}"><title>{escape(snapshot["title"])}</title>'
    page += f"<body>{render_html(snapshot, ours, client)}</body></html>"
    document = weasyprint.HTML(string=page)
    styles = weasyprint.CSS(filename=str(STYLES), font_config=fonts)
    return bytes(document.write_pdf(stylesheets=[styles], font_config=fonts))


def _weasyprint() -> tuple[Any, Any]:
    """WeasyPrint and the fonts of one document; it is loaded when asked for: it takes half a second."""
    try:
        library = import_module("weasyprint")
        return library, import_module("weasyprint.text.fonts").FontConfiguration()
    except OSError as missing:
        raise PdfNotPossible(
            "pango_missing",
            _(
                "PDF needs Pango on the server (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0). Printing the page to PDF gives the same."
            ),
        ) from missing
