"""The slides as PPTX with native charts and tables, titles for outline and screen reader, sources in the notes (R58)."""

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import translation
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from roadmaps.slides.boxes import Box, Chart, Picture, Shape, Slide, Table, Text
from roadmaps.slides.deck import slides_of, sources_words
from roadmaps.slides.pptx_base import CONTENT, COVER, blank, emu, paint
from roadmaps.slides.pptx_charts import add_chart
from roadmaps.slides.pptx_tables import add_table
from roadmaps.slides.pptx_text import LOCALES, writable, write_frame
from roadmaps.slides.wording import day_of

FORMS: Final = {"rect": MSO_SHAPE.RECTANGLE, "round": MSO_SHAPE.ROUNDED_RECTANGLE}
STYLE: Final = qn("p:style")
EPOCH: Final = (2000, 1, 1, 0, 0, 0)  # of the files in the archive: the same snapshot gives the same bytes
MADE: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def write_pptx(snapshot: Mapping[str, Any], ours: bytes | None = None, client: bytes | None = None) -> bytes:
    """The presentation as a file; `ours` and `client` are pictures (PNG, JPEG or GIF) of the logos."""
    snapshot = writable(snapshot)
    language = snapshot["language"]
    slides = slides_of(snapshot, ours, client)
    with translation.override(language):
        deck = blank()
        _properties(deck.core_properties, snapshot)
        for slide in slides:
            _slide(deck, slide, language)
    file = BytesIO()
    deck.save(file)
    return _steady(file.getvalue(), _moment(snapshot))


def _properties(properties: Any, snapshot: Mapping[str, Any]) -> None:
    properties.title = snapshot["title"][:255]
    properties.subject = snapshot["client"]["name"][:255]
    properties.author = snapshot["author"]["name"][:255]
    properties.last_modified_by = snapshot["author"]["name"][:255]
    properties.language = LOCALES.get(snapshot["language"], snapshot["language"])
    properties.version = str(snapshot["number"])
    properties.keywords = ""
    properties.created = properties.modified = datetime.combine(_moment(snapshot), datetime.min.time())


def _moment(snapshot: Mapping[str, Any]) -> Any:
    return day_of(snapshot["as_of"])


def _slide(deck: Any, slide: Slide, language: str) -> None:
    is_edge = slide.kind in ("cover", "contacts")
    native = deck.slides.add_slide(deck.slide_layouts[COVER if is_edge else CONTENT])
    for box in slide.boxes:
        _box(native, box, language)
    for shape in list(native.placeholders):
        if not shape.has_text_frame or not shape.text_frame.text:
            shape._element.getparent().remove(shape._element)
    words = sources_words(slide)
    if words:
        native.notes_slide.notes_text_frame.text = words


def _box(native: Any, box: Box, language: str) -> None:
    match box:
        case Text():
            shape = _text(native, box, language)
        case Table():
            shape = add_table(native, box, language)
        case Chart():
            shape = add_chart(native, box, language)
        case Picture():
            place = emu(box.x), emu(box.y), emu(box.width), emu(box.height)
            shape = native.shapes.add_picture(BytesIO(box.data), *place)
        case Shape():
            shape = _shape(native, box)
    shape.name = box.name
    _describe(shape, getattr(box, "alt", ""), isinstance(box, Shape))


def _text(native: Any, box: Text, language: str) -> Any:
    if box.name == "title":
        shape = native.shapes.title
    elif box.name == "subtitle" and len(native.placeholders) > 1:
        shape = native.placeholders[1]
    elif box.name in ("footer", "number"):
        return _footer(native, box, language)
    else:
        shape = native.shapes.add_textbox(0, 0, 0, 0)
    shape.left, shape.top, shape.width, shape.height = map(emu, (box.x, box.y, box.width, box.height))
    write_frame(shape.text_frame, box.paragraphs, language, box.anchor)
    return shape


def _footer(native: Any, box: Text, language: str) -> Any:
    """The footer and the number of the page as the placeholders of the layout; the number counts by itself."""
    code = "ftr" if box.name == "footer" else "sldNum"
    for model in native.slide_layout.placeholders:
        if model._element.ph.get("type") == code:
            break
    element = deepcopy(model._element)
    native.shapes._spTree.append(element)
    shape = next(each for each in native.placeholders if each._element is element)
    shape.left, shape.top, shape.width, shape.height = map(emu, (box.x, box.y, box.width, box.height))
    write_frame(shape.text_frame, box.paragraphs, language, box.anchor)
    if code == "sldNum":
        _counts(element.txBody.p_lst[0])
    return shape


def _counts(paragraph: Any) -> None:
    run = paragraph.r_lst[0]
    field = paragraph.makeelement(run.tag.replace("}r", "}fld"), {"type": "slidenum", "id": "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"})  # fmt: skip
    for child in list(run):
        field.append(child)
    paragraph.replace(run, field)


def _shape(native: Any, box: Shape) -> Any:
    x, y, width, height = map(emu, (box.x, box.y, box.width, box.height))
    if box.kind == "dashes":
        rule = native.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, x, y, x, y + height)
        rule.line.width = Pt(1.5)
        rule.line.dash_style = MSO_LINE.DASH
        paint(rule.line.color, box.fill)
        rule._element.remove(rule._element.find(STYLE))
        return rule
    shape = native.shapes.add_shape(FORMS[box.kind], x, y, width, height)
    if box.kind == "round":
        shape.adjustments[0] = min(0.5, 3 / min(box.width, box.height))
    shape.fill.solid()
    paint(shape.fill.fore_color, box.fill)
    shape.line.fill.background()
    shape._element.remove(shape._element.find(STYLE))  # the theme would add a shadow
    return shape


def _describe(shape: Any, words: str, is_form: bool) -> None:
    """Words for a screen reader; a form without any is decoration."""
    properties = shape._element.xpath(".//p:cNvPr")[0]
    if words:
        properties.set("descr", words[:2000])
    elif is_form:
        _decoration(properties)


def _decoration(properties: Any) -> None:
    markup = (
        '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
        '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
        "</a:ext></a:extLst>"
    )
    properties.append(parse_xml(markup))


def _steady(data: bytes, on: Any) -> bytes:
    """The same archive with the clock taken out of it, also out of the workbooks under the charts."""
    file = BytesIO()
    stamp = f"{on.isoformat()}T00:00:00Z".encode()
    with ZipFile(BytesIO(data)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".xlsx"):
                content = _steady(content, on)
            elif name.endswith("core.xml"):
                content = MADE.sub(rb"\g<1>" + stamp, content)
            info = ZipInfo(name, EPOCH)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, content)
    return file.getvalue()
