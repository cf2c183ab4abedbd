"""Native tables with our own rules and grounds instead of the blue style of PowerPoint."""

from typing import Any, Final

from lxml import etree
from pptx.enum.text import MSO_ANCHOR

from roadmaps.slides import design
from roadmaps.slides.boxes import Row, Table
from roadmaps.slides.pptx_base import SLOTS, A, emu, paint
from roadmaps.slides.pptx_text import write_paragraphs
from roadmaps.slides.tables import PAD_X

EDGES: Final = ("lnL", "lnR", "lnT", "lnB")
PLAIN: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # «No Style, No Grid»


def add_table(slide: Any, table: Table, language: str) -> Any:
    """The table in its place."""
    rows, columns = len(table.rows), len(table.widths)
    frame = slide.shapes.add_table(
        rows, columns, emu(table.x), emu(table.y), emu(table.width), emu(table.height)
    )
    native = frame.table
    native.horz_banding = False
    native.first_row = True
    native.last_row = table.rows[-1].kind == "total"
    native._tbl.tblPr.find(f"{{{A}}}tableStyleId").text = PLAIN
    for column, width in zip(native.columns, table.widths, strict=True):
        column.width = emu(width)
    for number, row in enumerate(table.rows):
        native.rows[number].height = emu(row.height)
        following = table.rows[number + 1] if number + 1 < rows else None
        for place, cell in enumerate(row.cells):
            _cell(native.cell(number, place), cell.paragraphs, row, following, language)
            native.cell(number, place).margin_top = emu(table.pad)
            native.cell(number, place).margin_bottom = emu(table.pad)
    return frame


def _cell(native: Any, paragraphs: Any, row: Row, following: Row | None, language: str) -> None:
    native.margin_left = native.margin_right = emu(PAD_X)
    native.vertical_anchor = MSO_ANCHOR.BOTTOM if row.kind == "head" else MSO_ANCHOR.TOP
    write_paragraphs(native.text_frame, paragraphs, language)
    properties = native._tc.get_or_add_tcPr()
    is_strong = row.kind == "head" or (following is not None and following.kind == "total")
    for edge in EDGES:
        _edge(properties, edge, is_strong if edge == "lnB" else None)
    if row.kind == "total":
        native.fill.solid()
        paint(native.fill.fore_color, design.PALE)
    else:
        native.fill.background()


def _edge(properties: Any, name: str, is_strong: bool | None) -> None:
    """A rule of a cell; `is_strong` None is no rule."""
    width = "0" if is_strong is None else "19050" if is_strong else "9525"
    rule = etree.SubElement(properties, f"{{{A}}}{name}", w=width)
    if is_strong is None:
        etree.SubElement(rule, f"{{{A}}}noFill")
        return
    fill = etree.SubElement(rule, f"{{{A}}}solidFill")
    if is_strong:
        etree.SubElement(fill, f"{{{A}}}schemeClr", val=SLOTS[design.ACCENT][0])
    else:
        etree.SubElement(fill, f"{{{A}}}srgbClr", val=design.LINE)
