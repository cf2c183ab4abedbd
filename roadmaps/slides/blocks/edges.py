"""The first slide and the last: who speaks to whom, and where to turn."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from roadmaps.slides import design
from roadmaps.slides.boxes import Box, Paragraph, Shape, Slide, Text, line
from roadmaps.slides.frame import Brand, logo
from roadmaps.slides.measure import pages_of, shorten
from roadmaps.slides.wording import full_day, joined

LEFT: Final = design.span(7) + 8
PANEL_X: Final = 624.0
BARS: Final = (0.24, 0.34, 0.3, 0.46, 0.58, 0.76)  # a picture of growth: nothing is measured by it


def cover(snapshot: Mapping[str, Any], brand: Brand) -> Slide:
    author = snapshot["author"]
    title = _fitting(snapshot["title"], "cover", LEFT, 4 * 46)
    lead = _fitting(snapshot["subtitle"] or "", "cover_lead", LEFT, 3 * 24)
    boxes: list[Box] = [
        Text(design.MARGIN, 128, LEFT, 4 * 46, tuple(title), "bottom", name="title"),
        Shape(design.MARGIN + 2, 330, 56, 4, design.ACCENT, name="accent"),
        Text(design.MARGIN, 352, LEFT, 74, tuple(lead), name="subtitle"),
        Text(
            design.MARGIN,
            444,
            LEFT,
            58,
            (
                line(_short(author["name"], "cell_strong"), "cell_strong"),
                line(_short(joined(author["role"], snapshot["vendor"]), "caption"), "caption", before=2),
                line(_dated(snapshot), "caption", before=2),
            ),
            "bottom",
            name="author",
        ),
        *_panel(),
        *_logos(brand, 44),
    ]
    return Slide("cover", "".join(each.text for each in title), "", boxes)


def contacts(snapshot: Mapping[str, Any], brand: Brand) -> Slide:
    author = snapshot["author"]
    title = _fitting(_("We are happy to answer your questions"), "cover", LEFT, 3 * 46)
    words = [
        line(author["name"], "name"),
        line(joined(author["role"], snapshot["vendor"]), "body", before=2),
        line(author["phone"] or "", "strong", before=16),
        line(author["email"] or "", "strong", before=4),
    ]
    shown = pages_of([each for each in words if each.text], LEFT, 160)[0]
    boxes: list[Box] = [
        Text(design.MARGIN, 112, LEFT, 3 * 46, tuple(title), "bottom", name="title"),
        Shape(design.MARGIN + 2, 274, 56, 4, design.ACCENT, name="accent"),
        Text(design.MARGIN, 298, LEFT, 160, tuple(shown), name="contacts"),
        Text(design.MARGIN, 480, LEFT, 22, (line(_dated(snapshot), "caption"),), "bottom", name="date"),
        *_panel(),
        *_logos(brand, 44),
    ]
    return Slide("contacts", "".join(each.text for each in title), "", boxes)


def _dated(snapshot: Mapping[str, Any]) -> str:
    return joined(
        _("Data as of %(day)s") % {"day": full_day(snapshot["as_of"])},
        _("version %(n)s") % {"n": snapshot["number"]},
    )


def _short(text: str, role: str) -> str:
    return shorten(text, design.STYLES[role], LEFT)


def _fitting(text: str, role: str, width: float, height: float) -> list[Paragraph]:
    """As much of the text as has room, in the widest face."""
    pages = pages_of([line(text, role)], width, height) if text else [[]]
    if len(pages) < 2:
        return pages[0]
    return [line(pages[0][0].text.rstrip(" ,.;:–—") + "…", role)]


def _logos(brand: Brand, y: float) -> list[Box]:
    boxes: list[Box] = []
    x = float(design.MARGIN)
    for name, data, most in brand.sides(180, LEFT):
        if boxes:
            boxes.append(Shape(x + 14, y + 6, 0.75, 24, design.GREY, name="divider"))
            x += 29
        box = logo(name, data, x, y, min(most, design.MARGIN + LEFT - x), 36, "wordmark_large")
        boxes.append(box)
        x += box.width
    return boxes


def _panel() -> list[Box]:
    """The dark third of the page with rising bars."""
    width = design.PAGE_WIDTH - PANEL_X
    boxes: list[Box] = [Shape(PANEL_X, 0, width, design.PAGE_HEIGHT, design.DEEP, name="ground")]
    step = (width - 80) / len(BARS)
    for number, share in enumerate(BARS):
        height = share * (design.PAGE_HEIGHT - 120)
        colour = design.TINT if number == len(BARS) - 1 else design.ACCENT
        x = PANEL_X + 40 + number * step
        boxes.append(Shape(x, design.PAGE_HEIGHT - height, step - 10, height, colour, name="decoration"))
    return boxes
