"""The snapshot of a presentation laid out as slides; every writer draws these and nothing else."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from roadmaps.slides.blocks import courts, edges, money, people, reasons, steps, usage, work
from roadmaps.slides.blocks.pages import Block, text_slides
from roadmaps.slides.boxes import Slide, Text
from roadmaps.slides.frame import Brand, footer, lead, numbered

SCHEMA: Final = 1  # of the snapshot
BLOCKS: Final[dict[str, Callable[[Block], list[Slide]]]] = {
    "needs": people.needs,
    "quotes": people.quotes,
    "usage": usage.usage,
    "court_load": courts.court_load,
    "trainings": work.trainings,
    "features": work.features,
    "offer": money.offer,
    "schedule": steps.schedule,
    "justification": reasons.justification,
    "free": reasons.free,
}


def slides_of(
    snapshot: Mapping[str, Any], ours: bytes | None = None, client: bytes | None = None
) -> list[Slide]:
    """The slides in the language of the snapshot; `ours` and `client` are pictures (PNG, JPEG or GIF) of the logos."""
    names = snapshot["client"]
    brand = Brand(snapshot["vendor"], names["short_name"] or names["name"], ours, client)
    with translation.override(snapshot["language"]):
        slides = [edges.cover(snapshot, brand)]
        for block in snapshot["blocks"]:
            slides += _block_slides(block, str(snapshot["as_of"]))
        slides.append(edges.contacts(snapshot, brand))
        for number, slide in enumerate(slides, 1):
            slide.boxes = [box for box in slide.boxes if not isinstance(box, Text) or _says(box)]
            if 1 < number < len(slides):
                slide.boxes += footer(snapshot, brand, number)
    return slides


def _says(box: Text) -> bool:
    return any(paragraph.text.strip() for paragraph in box.paragraphs)


def _block_slides(raw: Mapping[str, Any], as_of: str) -> list[Slide]:
    """A block on its slides; words of the KAM that are too long to stand over the content come before it."""
    boxes, top, rest = lead(raw["text"])
    kind, kicker, sources = raw["kind"], raw["title"], tuple(raw["sources"])
    block = Block(kind, kicker, raw["data"], sources, tuple(boxes), top, as_of)
    before = text_slides(kind, kicker, "", rest, sources) if rest else []
    return numbered([*before, *BLOCKS[kind](block)])


def sources_words(slide: Slide) -> str:
    """The sources as the notes under a slide."""
    if not slide.notes:
        return ""
    return "\n".join([_("Sources:"), *slide.notes])
