"""What every slide has: title, section, logos, date and version of the numbers, page number; and parts shared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from roadmaps.slides import design
from roadmaps.slides.boxes import Box, Paragraph, Picture, Run, Shape, Slide, Text, line
from roadmaps.slides.measure import WIDEST, lines_of, pages_of, shorten, width_of
from roadmaps.slides.wording import full_day, joined

NUMBER_WIDTH = 40


@dataclass(frozen=True, slots=True)
class Brand:
    """The two sides of the meeting: names for the wordmarks and pictures where we have them."""

    vendor: str
    client: str
    ours: bytes | None = None
    theirs: bytes | None = None

    def sides(self, ours: float, theirs: float) -> list[tuple[str, bytes | None, float]]:
        """Name, picture and room of each side that has a name or a picture."""
        both = (self.vendor, self.ours, ours), (self.client, self.theirs, theirs)
        return [(name, data, most) for name, data, most in both if name.strip() or _size_of(data)]


def content(kind: str, title: str, kicker: str, boxes: Sequence[Box], notes: Sequence[str] = ()) -> Slide:
    """A slide of the middle of the deck; a title too long for its two lines ends with an ellipsis."""
    shown = fitting_title(title)
    more = (title,) if shown != title else ()
    text = Text(
        design.MARGIN,
        design.TITLE_TOP,
        design.WIDTH,
        design.TITLE_HEIGHT,
        (line(shown, "title"),),
        name="title",
    )
    over = Text(
        design.MARGIN,
        design.KICKER_TOP,
        design.WIDTH,
        16,
        (line(shorten(kicker, design.STYLES["kicker"], design.WIDTH), "kicker"),),
        name="section",
    )
    return Slide(kind, shown, kicker, [text, over, *boxes], (*more, *notes))


def fitting_title(title: str) -> str:
    """The title within two lines of the widest face."""
    lines = lines_of(line(title, "title"), design.WIDTH, WIDEST)
    if len(lines) <= 2:
        return title
    head = "".join(run.text for run in lines[0])
    return head + " " + shorten(title[len(head) :].strip(), design.STYLES["title"], design.WIDTH)


def numbered(slides: list[Slide]) -> list[Slide]:
    """Slides of one block with «1 of 2» in the line of the section where there are several."""
    if len(slides) < 2:
        return slides
    for number, slide in enumerate(slides, 1):
        mark = _("%(part)s of %(whole)s") % {"part": number, "whole": len(slides)}
        for place, box in enumerate(slide.boxes):
            if isinstance(box, Text) and box.name == "section":
                kicker = shorten(slide.kicker, design.STYLES["kicker"], design.WIDTH - 120)
                words = joined(kicker, mark)
                slide.boxes[place] = replace(box, paragraphs=(line(words, "kicker"),))
    return slides


def footer(snapshot: Mapping[str, Any], brand: Brand, number: int) -> list[Box]:
    """Logos at the left, date and version of the numbers and the page at the right."""
    y, height = design.FOOTER_TOP, design.FOOTER_HEIGHT
    boxes: list[Box] = [Shape(design.MARGIN, y - 6, design.WIDTH, 0.75, design.LINE, name="footer line")]
    x = float(design.MARGIN)
    for name, data, most in brand.sides(150, 300):
        if len(boxes) > 1:
            boxes.append(Shape(x + 10, y + 4, 0.75, height - 8, design.GREY, name="divider"))
            x += 21
        box = logo(name, data, x, y, most, height)
        boxes.append(box)
        x += box.width
    right = design.MARGIN + design.WIDTH
    words = joined(
        _("Data as of %(day)s") % {"day": full_day(snapshot["as_of"])},
        _("version %(n)s") % {"n": snapshot["number"]},
    )
    width = right - NUMBER_WIDTH - x - 16
    words = shorten(words, design.STYLES["footer"], width)
    boxes.append(
        Text(x + 16, y, width, height, (line(words, "footer", align="right"),), "middle", name="footer")
    )
    page = line(str(number), "footer", align="right")
    boxes.append(Text(right - NUMBER_WIDTH, y, NUMBER_WIDTH, height, (page,), "middle", name="number"))
    return boxes


def logo(
    name: str, data: bytes | None, x: float, y: float, most: float, height: float, role: str = "wordmark"
) -> Picture | Text:
    """The picture in its proportions within the room, or the name as a drawn wordmark."""
    found = _size_of(data)
    if data and found:
        wide, tall, mime = found
        scale = min(most / wide, height / tall)
        width, real = wide * scale, tall * scale
        return Picture(
            x, y + (height - real) / 2, width, real, data, mime, _("Logo of %(name)s") % {"name": name}
        )
    words = shorten(name, design.STYLES[role], most)
    width = min(width_of(words, design.STYLES[role], WIDEST) + 2, most)
    return Text(x, y, width, height, (line(words, role),), "middle", name="wordmark")


def _size_of(data: bytes | None) -> tuple[int, int, str] | None:
    """The size and type of a picture that PowerPoint and browsers know; None for anything else."""
    if not data:
        return None
    try:
        with Image.open(BytesIO(data)) as image:
            if image.format not in ("PNG", "JPEG", "GIF") or not all(image.size):
                return None
            size, mime = image.size, Image.MIME[image.format]
            image.load()
            return (*size, mime)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        return None


def prose(text: str, role: str = "body") -> list[Paragraph]:
    """Typed text as paragraphs; a line that begins with a dash is a point of a list."""
    shown: list[Paragraph] = []
    for raw in text.splitlines():
        words = raw.strip()
        if words:
            is_bullet = words[0] in "-–—•*" and len(words) > 1
            runs = (Run(words.lstrip("-–—•* ") if is_bullet else words, role),)
            shown.append(Paragraph(runs, before=8 if shown else 0, is_bullet=is_bullet))
    return shown


def lead(text: str, most: float = 110) -> tuple[list[Box], float, list[Paragraph]]:
    """The KAM's own words over the content: boxes, where the content begins, and what has no room there."""
    paragraphs = prose(text, "lead")
    if not paragraphs:
        return [], design.TOP, []
    pages = pages_of(paragraphs, design.WIDTH, most)
    if len(pages) > 1:
        return [], design.TOP, paragraphs
    height = sum(
        len(lines_of(each, design.WIDTH, WIDEST)) * each.leading + each.before for each in paragraphs
    )
    box = Text(design.MARGIN, design.TOP - 4, design.WIDTH, height, tuple(paragraphs), name="lead")
    return [box], design.TOP + height + 8, []
