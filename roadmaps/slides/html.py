"""The slides as HTML: a drawing of its own for each, with nothing inline that the policy of the pages forbids (R58)."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from roadmaps.slides import design
from roadmaps.slides.boxes import Box, Chart, Picture, Shape, Slide, Table, Text
from roadmaps.slides.deck import slides_of
from roadmaps.slides.geometry import chart_of, table_of, words_of

FAMILY = "Calibri, Carlito, 'Segoe UI', 'DejaVu Sans', sans-serif"


def render_html(
    snapshot: Mapping[str, Any],
    ours: bytes | None = None,
    client: bytes | None = None,
    *,
    has_notes: bool = False,
) -> SafeString:
    """The slides one below the other; `has_notes` puts the sources under each.

    The page links `css/slides.css`: it holds the typeface, the sizes on a screen and one landscape page per slide in
    print. Logos are pictures (PNG, JPEG, GIF); without one the name is drawn.
    """
    slides = slides_of(snapshot, ours, client)
    with translation.override(snapshot["language"]):
        shown = [_shown(slide, number) for number, slide in enumerate(slides, 1)]
        context = {
            "slides": shown,
            "language": snapshot["language"],
            "width": design.PAGE_WIDTH,
            "height": design.PAGE_HEIGHT,
            "family": FAMILY,
            "has_notes": has_notes,
        }
        return mark_safe(render_to_string("roadmaps/slides/deck.html", context))


def _shown(slide: Slide, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "kind": slide.kind,
        "title": slide.title,
        "notes": slide.notes,
        "boxes": [_drawn(box) for box in slide.boxes],
        "spoken": [_spoken(box) for box in slide.boxes if isinstance(box, Table | Chart)],
    }


def _drawn(box: Box) -> dict[str, Any]:
    """What the template draws of a box: marks and words, or a picture."""
    drawn: dict[str, Any] = {"box": box, "name": box.name, "marks": [], "words": []}
    match box:
        case Text():
            drawn["words"] = words_of(box)
        case Table():
            drawn["marks"], drawn["words"] = table_of(box)
        case Chart():
            drawn["marks"], drawn["words"] = chart_of(box)
        case Picture():
            drawn["href"] = f"data:{box.mime};base64,{b64encode(box.data).decode()}"
        case Shape():
            drawn["shape"], drawn["bottom"] = box.kind, box.y + box.height
    return drawn


def _spoken(box: Table | Chart) -> dict[str, Any]:
    """A table as a table and a chart as its numbers, for those who do not see the drawing."""
    if isinstance(box, Chart):
        return {"words": box.alt}
    rows = [
        [" ".join(paragraph.text for paragraph in cell.paragraphs) for cell in row.cells] for row in box.rows
    ]
    return {"head": rows[0], "rows": rows[1:]}
