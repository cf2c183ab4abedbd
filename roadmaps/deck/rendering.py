"""The seam to the slides: one snapshot as HTML, PPTX and PDF."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class PdfNotPossible(Exception):
    """This machine cannot write PDF; the words say what to do instead."""


def html_of(snapshot: dict[str, Any]) -> SafeString:
    """The slides as they stand on a page."""
    slides = format_html_join(
        "",
        "<li><strong>{}</strong><p>{}</p></li>",
        ((block["title"], block["text"]) for block in snapshot["blocks"]),
    )
    return format_html(
        '<h3>{}</h3><p>{}</p><ol class="deck-outline">{}</ol>',
        snapshot["title"],
        snapshot["subtitle"],
        slides,
    )


def pptx_of(snapshot: dict[str, Any], ours: bytes | None, client: bytes | None) -> bytes:
    """The same as PPTX."""
    raise NotImplementedError


def pdf_of(snapshot: dict[str, Any], ours: bytes | None, client: bytes | None) -> bytes:
    """The same as PDF; raises PdfNotPossible."""
    raise PdfNotPossible
