"""Paragraphs of the design written into a text frame of PowerPoint."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.oxml import parse_xml
from pptx.util import Pt

from roadmaps.slides.boxes import Paragraph, Run
from roadmaps.slides.measure import BULLET
from roadmaps.slides.pptx_base import SLOTS, A, emu

ALIGN: Final = {"left": "l", "center": "ctr", "right": "r"}
ANCHOR: Final = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}
LOCALES: Final = {"ru": "ru-RU", "en": "en-GB"}
BULLET_MARK: Final = (
    '<a:buClr><a:schemeClr val="accent1"/></a:buClr><a:buFont typeface="Arial"/><a:buChar char="•"/>'
)
NO_BULLET: Final = "<a:buNone/>"
FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML


def write_frame(frame: Any, paragraphs: Sequence[Paragraph], language: str, anchor: str = "top") -> None:
    """The frame without margins, in the exact line height of the design, wrapped and never resized."""
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(0)
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = ANCHOR[anchor]
    write_paragraphs(frame, paragraphs, language)


def write_paragraphs(frame: Any, paragraphs: Sequence[Paragraph], language: str) -> None:
    """The paragraphs in place of what the frame holds; as XML at once, since a deck has thousands of them."""
    body = frame._txBody
    for old in list(body.p_lst):
        body.remove(old)
    for number, paragraph in enumerate(paragraphs):
        body.append(parse_xml(_markup(paragraph, number > 0, language)))
    if not paragraphs:  # an empty cell must not be taller than its row
        body.append(parse_xml(f'<a:p xmlns:a="{A}"><a:endParaRPr sz="800"/></a:p>'))


def colour_of(value: str) -> str:
    """The colour of the design as markup: a slot of the theme where it is one."""
    if value in SLOTS:
        return f'<a:schemeClr val="{SLOTS[value][2]}"/>'
    return f'<a:srgbClr val="{value}"/>'


def _markup(paragraph: Paragraph, has_above: bool, language: str) -> str:
    before = round(paragraph.before * 100) if has_above else 0
    indent = f' marL="{emu(BULLET)}" indent="{-emu(BULLET)}"' if paragraph.is_bullet else ""
    bullet = BULLET_MARK if paragraph.is_bullet else NO_BULLET
    runs = "".join(_run(run, LOCALES.get(language, language)) for run in paragraph.runs)
    return (
        f'<a:p xmlns:a="{A}"><a:pPr algn="{ALIGN[paragraph.align]}"{indent}>'
        f'<a:lnSpc><a:spcPts val="{round(paragraph.leading * 100)}"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="{before}"/></a:spcBef><a:spcAft><a:spcPts val="0"/></a:spcAft>'
        f"{bullet}</a:pPr>{runs}</a:p>"
    )


def writable(value: Any) -> Any:
    """A snapshot without the signs that XML forbids, whatever was pasted into a title, a name or a source."""
    if isinstance(value, str):
        return FORBIDDEN.sub(" ", value)
    if isinstance(value, Mapping):
        return {name: writable(one) for name, one in value.items()}
    return [writable(one) for one in value] if isinstance(value, list) else value


def _run(run: Run, locale: str) -> str:
    style = run.style
    text = escape(run.text)
    return (
        f'<a:r><a:rPr lang="{locale}" sz="{round(style.size * 100)}" b="{int(style.is_bold)}">'
        f"<a:solidFill>{colour_of(style.colour)}</a:solidFill></a:rPr><a:t>{text}</a:t></a:r>"
    )
