"""Native tables with our own rules and grounds instead of the blue style of PowerPoint."""

from collections.abc import Sequence
from typing import Any, Final

from pptx.oxml import parse_xml

from roadmaps.slides import design
from roadmaps.slides.boxes import Row, Table
from roadmaps.slides.pptx_base import A, emu
from roadmaps.slides.pptx_text import colour_of, write_paragraphs
from roadmaps.slides.tables import PAD_X

PLAIN: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # «No Style, No Grid»
NO_RULES: Final = "".join(f'<a:{edge} w="0"><a:noFill/></a:{edge}>' for edge in ("lnL", "lnR", "lnT"))
RULES: Final = {True: (19050, design.ACCENT), False: (9525, design.LINE)}  # EMU and colour: strong, usual


def add_table(slide: Any, table: Table, language: str) -> Any:
    """The table in its place."""
    place = emu(table.x), emu(table.y), emu(table.width), emu(table.height)
    frame = slide.shapes.add_table(len(table.rows), len(table.widths), *place)
    native = frame.table
    native.horz_banding = False
    native.first_row = True
    native.last_row = table.rows[-1].kind == "total"
    native._tbl.tblPr.find(f"{{{A}}}tableStyleId").text = PLAIN
    for column, width in zip(native.columns, table.widths, strict=True):
        column.width = emu(width)
    for number, (written, row) in enumerate(zip(native.rows, table.rows, strict=True)):
        written.height = emu(row.height)
        properties = _properties(row, table.rows[number + 1 :], table.pad)
        for cell, found in zip(written.cells, row.cells, strict=True):
            write_paragraphs(cell.text_frame, found.paragraphs, language)
            element = cell._tc
            element.replace(element.get_or_add_tcPr(), parse_xml(properties))
    return frame


def _properties(row: Row, following: Sequence[Row], pad: float) -> str:
    """Margins, edge of the text, the rule under the cell and the ground of a total."""
    is_strong = row.kind == "head" or bool(following) and following[0].kind == "total"
    width, colour = RULES[is_strong]
    fill = f"<a:solidFill>{colour_of(design.PALE)}</a:solidFill>" if row.kind == "total" else "<a:noFill/>"
    return (
        f'<a:tcPr xmlns:a="{A}" marL="{emu(PAD_X)}" marR="{emu(PAD_X)}" marT="{emu(pad)}" marB="{emu(pad)}"'
        f' anchor="{"b" if row.kind == "head" else "t"}">{NO_RULES}'
        f'<a:lnB w="{width}"><a:solidFill>{colour_of(colour)}</a:solidFill></a:lnB>{fill}</a:tcPr>'
    )
