"""Paragraphs of the design written into a text frame of PowerPoint."""

from collections.abc import Sequence
from typing import Any, Final

from lxml import etree
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Pt

from roadmaps.slides.boxes import Paragraph
from roadmaps.slides.measure import BULLET
from roadmaps.slides.pptx_base import A, emu, paint

ALIGN: Final = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
ANCHOR: Final = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}
LOCALES: Final = {"ru": "ru-RU", "en": "en-GB"}


def write_frame(frame: Any, paragraphs: Sequence[Paragraph], language: str, anchor: str = "top") -> None:
    """The frame without margins, in the exact line height of the design, wrapped and never resized."""
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(0)
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = ANCHOR[anchor]
    write_paragraphs(frame, paragraphs, language)


def write_paragraphs(frame: Any, paragraphs: Sequence[Paragraph], language: str) -> None:
    """The paragraphs in place of what the frame holds."""
    for number, paragraph in enumerate(paragraphs):
        written = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        written.alignment = ALIGN[paragraph.align]
        written.line_spacing = Pt(paragraph.leading)
        written.space_before = Pt(paragraph.before if number else 0)
        written.space_after = Pt(0)
        _bullet(written, paragraph.is_bullet)
        for run in paragraph.runs:
            _run(written.add_run(), run.text, run.style, language)
    if not paragraphs:
        _small(frame.paragraphs[0])


def _run(run: Any, text: str, style: Any, language: str) -> None:
    run.text = text
    run.font.size = Pt(style.size)
    run.font.bold = style.is_bold
    paint(run.font.color, style.colour)
    run._r.get_or_add_rPr().set("lang", LOCALES.get(language, language))


def _bullet(written: Any, is_bullet: bool) -> None:
    properties = written._p.get_or_add_pPr()
    if not is_bullet:
        etree.SubElement(properties, f"{{{A}}}buNone")
        return
    properties.set("marL", str(emu(BULLET)))
    properties.set("indent", str(-emu(BULLET)))
    colour = etree.SubElement(properties, f"{{{A}}}buClr")
    etree.SubElement(colour, f"{{{A}}}schemeClr", val="accent1")
    etree.SubElement(properties, f"{{{A}}}buFont", typeface="Arial")
    etree.SubElement(properties, f"{{{A}}}buChar", char="•")


def _small(written: Any) -> None:
    """An empty cell must not be taller than its row."""
    written.font.size = Pt(8)
