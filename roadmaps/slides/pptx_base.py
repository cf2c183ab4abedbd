"""The empty presentation of our design: 16:9, theme colours and fonts, two layouts with real placeholders."""

from typing import Any, Final

from django.utils.translation import gettext as _
from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Emu, Pt

from roadmaps.slides import design

A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
COVER, CONTENT = 0, 1  # our layouts
KEPT: Final = (0, 5)  # «Title Slide» and «Title Only» of the presentation python-pptx begins with

# Our colours as those of the theme (its slot, its code, its name in markup): whoever changes the theme in PowerPoint changes the whole deck.
SLOTS: Final[dict[str, tuple[str, MSO_THEME_COLOR, str]]] = {
    design.INK: ("dk1", MSO_THEME_COLOR.TEXT_1, "tx1"),
    design.WHITE: ("lt1", MSO_THEME_COLOR.BACKGROUND_1, "bg1"),
    design.DEEP: ("dk2", MSO_THEME_COLOR.TEXT_2, "tx2"),
    design.PANEL: ("lt2", MSO_THEME_COLOR.BACKGROUND_2, "bg2"),
    design.ACCENT: ("accent1", MSO_THEME_COLOR.ACCENT_1, "accent1"),
    design.TINT: ("accent2", MSO_THEME_COLOR.ACCENT_2, "accent2"),
    design.GREY: ("accent3", MSO_THEME_COLOR.ACCENT_3, "accent3"),
    design.MUTED: ("accent4", MSO_THEME_COLOR.ACCENT_4, "accent4"),
    design.SOFT: ("accent5", MSO_THEME_COLOR.ACCENT_5, "accent5"),
    design.PALE: ("accent6", MSO_THEME_COLOR.ACCENT_6, "accent6"),
}


def emu(points: float) -> Emu:
    """A length of the design as PowerPoint counts it."""
    return Emu(round(points * 12700))


def paint(colour: Any, value: str) -> None:
    """The colour of the design: a slot of the theme where it is one."""
    if value in SLOTS:
        colour.theme_color = SLOTS[value][1]
    else:
        colour.rgb = RGBColor.from_string(value)


def blank() -> Any:
    """A presentation without slides."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = emu(design.PAGE_WIDTH), emu(design.PAGE_HEIGHT)
    layouts = list(deck.slide_layouts)
    for number, layout in enumerate(layouts):
        if number not in KEPT:
            deck.slide_layouts.remove(layout)
    _theme(deck.slide_master)
    _master(deck.slide_master)
    for layout, name in zip(deck.slide_layouts, (_("Cover"), _("Content")), strict=True):
        layout.name = name
    _cover(deck.slide_layouts[COVER])
    _content(deck.slide_layouts[CONTENT])
    return deck


def _theme(master: Any) -> None:
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = etree.fromstring(part.blob)
    root.set("name", "Upsell CRM")
    scheme = root.find(f".//{{{A}}}clrScheme")
    scheme.set("name", "Upsell CRM")
    for value, (slot, _code, _name) in SLOTS.items():
        place = scheme.find(f"{{{A}}}{slot}")
        place.clear()
        etree.SubElement(place, f"{{{A}}}srgbClr", val=value)
    for slot, value in (("hlink", design.ACCENT), ("folHlink", design.MUTED)):
        place = scheme.find(f"{{{A}}}{slot}")
        place.clear()
        etree.SubElement(place, f"{{{A}}}srgbClr", val=value)
    for name in ("majorFont", "minorFont"):
        root.find(f".//{{{A}}}{name}/{{{A}}}latin").set("typeface", design.FONT)
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _master(master: Any) -> None:
    """Titles at the left and bold; the footer and the number of the page where ours stand."""
    for shape in list(master.placeholders):
        kind = shape.placeholder_format.type
        if str(kind).startswith("DATE"):
            shape._element.getparent().remove(shape._element)
        elif str(kind).startswith("TITLE"):
            _place(shape, design.MARGIN, design.TITLE_TOP, design.WIDTH, design.TITLE_HEIGHT)
            _margins(shape)
        elif str(kind).startswith("BODY"):
            _place(shape, design.MARGIN, design.TOP, design.WIDTH, design.HEIGHT)
        elif str(kind).startswith("FOOTER"):
            _place(shape, 480, design.FOOTER_TOP, 392, design.FOOTER_HEIGHT)
        elif str(kind).startswith("SLIDE_NUMBER"):
            _place(shape, 872, design.FOOTER_TOP, 40, design.FOOTER_HEIGHT)
    style = master._element.find(
        f".//{{{A[: -len('drawingml/2006/main')]}presentationml/2006/main}}titleStyle"
    )
    level = style.find(f"{{{A}}}lvl1pPr")
    level.set("algn", "l")
    run = level.find(f"{{{A}}}defRPr")
    run.set("sz", "2800")
    run.set("b", "1")


def _cover(layout: Any) -> None:
    for shape in list(layout.placeholders):
        kind = str(shape.placeholder_format.type)
        if kind.startswith("CENTER_TITLE"):
            _place(shape, design.MARGIN, 128, 532, 184)
            _margins(shape)
        elif kind.startswith("SUBTITLE"):
            _place(shape, design.MARGIN, 352, 532, 74)
            _margins(shape)
        else:
            shape._element.getparent().remove(shape._element)


def _content(layout: Any) -> None:
    for shape in list(layout.placeholders):
        kind = str(shape.placeholder_format.type)
        if kind.startswith("DATE"):
            shape._element.getparent().remove(shape._element)
        elif kind.startswith("FOOTER"):
            _place(shape, 480, design.FOOTER_TOP, 392, design.FOOTER_HEIGHT)
        elif kind.startswith("SLIDE_NUMBER"):
            _place(shape, 872, design.FOOTER_TOP, 40, design.FOOTER_HEIGHT)
        elif kind.startswith("TITLE"):
            _place(shape, design.MARGIN, design.TITLE_TOP, design.WIDTH, design.TITLE_HEIGHT)
            _margins(shape)


def _place(shape: Any, x: float, y: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = emu(x), emu(y), emu(width), emu(height)


def _margins(shape: Any) -> None:
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(0)
