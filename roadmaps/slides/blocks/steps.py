"""The schedule as a timeline: a row for each step, a bar on a common scale of dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from roadmaps.enums import Phase
from roadmaps.slides import design, titles
from roadmaps.slides.blocks.pages import Block
from roadmaps.slides.blocks.usage import key
from roadmaps.slides.boxes import Box, Paragraph, Shape, Slide, Text, line
from roadmaps.slides.frame import content
from roadmaps.slides.measure import WIDEST, height_of, pages_of, shorten
from roadmaps.slides.wording import day, day_of, joined, span

NAMES: Final = design.span(5) + 6
SCALE_X: Final = design.MARGIN + NAMES + design.GUTTER
SCALE_WIDTH: Final = design.WIDTH - NAMES - design.GUTTER
AXIS_HEIGHT: Final = 44.0
BAR: Final = 14.0
GAP: Final = 10.0
MOST_TICKS: Final = 7
MOST_LINES: Final = 5  # of the words of a step
LOOSEST: Final = 14.0  # added to the rows of a page that has room to spare
COLOURS: Final = {"us": design.ACCENT, "client": design.MUTED}
DONE: Final = design.TINT

Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scale:
    """Dates on the page."""

    first: date
    last: date

    def x(self, on: date) -> float:
        """The place of the beginning of a day."""
        share = (on - self.first).days / max(1, (self.last - self.first).days)
        return SCALE_X + SCALE_WIDTH * min(max(share, 0), 1)


def schedule(block: Block) -> list[Slide]:
    steps = block.data["steps"]
    title, scale = titles.schedule(block.data), _scale(block)
    slides: list[Slide] = []
    for page in _pages(steps, design.BOTTOM - block.top - AXIS_HEIGHT):
        top = design.TOP if slides else block.top
        boxes = [] if slides else [*block.lead]
        boxes += _page(block, page, scale, top)
        slides.append(content(block.kind, title, block.kicker, boxes, block.sources))
    return slides


def _scale(block: Block) -> Scale:
    days = [day_of(step[name]) for step in block.data["steps"] for name in ("starts_on", "due_on")]
    days += [day_of(block.data.get(name)) for name in ("act_by", "deadline")]
    known = sorted(each for each in days if each) or [day_of(block.as_of) or date(2000, 1, 1)]
    return Scale(known[0].replace(day=1), known[-1] + timedelta(days=3))


def _pages(steps: Sequence[Step], room: float) -> list[list[Step]]:
    pages: list[list[Step]] = [[]]
    used = 0.0
    for step in steps:
        height = _height(step)
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0
        pages[-1].append(step)
        used += height
    return pages


def _words(step: Step) -> list[Paragraph]:
    who = _("done by us") if step["who"] == "us" else _("done by you")
    mark = "✓ " if step["is_done"] else ""
    pages = pages_of([line(mark + step["title"], "cell")], NAMES, MOST_LINES * design.STYLES["cell"].leading)
    page = pages[0] if len(pages) == 1 else [line(pages[0][0].text.rstrip() + "…", "cell")]
    phase = dict(Phase.choices).get(step["phase"], step["phase"])
    caption = joined(who, span(step["starts_on"], step["due_on"]), phase)
    return [*page, line(shorten(caption, design.STYLES["caption"], NAMES), "caption", before=1)]


def _height(step: Step) -> float:
    return height_of(_words(step), NAMES, WIDEST) + GAP


def _heights(steps: Sequence[Step], room: float) -> list[float]:
    """Rows of one height where they fit, with what room there is to spare."""
    needed = [_height(step) for step in steps]
    if needed and max(needed) * len(needed) <= room:
        needed = [max(needed)] * len(needed)
    spare = (room - sum(needed)) / max(1, len(needed))
    return [height + max(0.0, min(LOOSEST, spare)) for height in needed]


def _page(block: Block, steps: Sequence[Step], scale: Scale, top: float) -> list[Box]:
    y = top + AXIS_HEIGHT
    heights = _heights(steps, design.BOTTOM - y)
    bottom = y + sum(heights)
    boxes = [*_axis(scale, top, bottom), *_key(steps, top)]
    for step, height in zip(steps, heights, strict=True):
        boxes.append(Shape(design.MARGIN, y, design.WIDTH, 0.75, design.LINE, name="row"))
        words = Text(design.MARGIN, y, NAMES, height, tuple(_words(step)), "middle", name="step")
        boxes += [words, *_bar(step, scale, y + (height - BAR) / 2)]
        y += height
    return [*boxes, *_marks(block, scale, top, bottom)]


def _bar(step: Step, scale: Scale, y: float) -> list[Box]:
    due = day_of(step["due_on"]) or day_of(step["starts_on"])
    if due is None:
        return []
    start = scale.x(day_of(step["starts_on"]) or due)
    end = scale.x(due + timedelta(days=1))
    colour = DONE if step["is_done"] else COLOURS.get(step["who"], design.ACCENT)
    width = max(end - start, 6)
    start = min(start, SCALE_X + SCALE_WIDTH - width)
    return [Shape(start, y, width, BAR, colour, "round", alt=f"{step['title']}: {day(due)}", name="bar")]


def _axis(scale: Scale, top: float, bottom: float) -> list[Box]:
    months = [scale.first]
    while (following := (months[-1] + timedelta(days=32)).replace(day=1)) <= scale.last:
        months.append(following)
    every = -(-len(months) // MOST_TICKS)
    boxes: list[Box] = []
    for month in months[::every]:
        x = scale.x(month)
        boxes.append(Shape(x, top + AXIS_HEIGHT, 0.75, bottom - top - AXIS_HEIGHT, design.LINE, name="month"))
        if x + 30 > SCALE_X + SCALE_WIDTH:
            continue
        has_year = month.month == 1 or month == months[0]
        words = date_format(month, "M Y" if has_year else "M")
        coming = months.index(month) + every
        end = scale.x(months[coming]) if coming < len(months) else SCALE_X + SCALE_WIDTH
        width = min(88.0, end - x)
        boxes.append(Text(x, top, width, 18, (line(words, "tick"),), "middle", name="month"))
    return boxes


def _key(steps: Sequence[Step], top: float) -> list[Box]:
    words = []
    if any(step["is_done"] for step in steps):
        words.append((pgettext("steps", "done"), DONE))
    words += [
        (word, COLOURS[who])
        for who, word in (("us", pgettext("steps", "by us")), ("client", pgettext("steps", "by you")))
        if any(step["who"] == who and not step["is_done"] for step in steps)
    ]
    return key(*words, x=design.MARGIN, y=top + 22)


def _marks(block: Block, scale: Scale, top: float, bottom: float) -> list[Box]:
    """The lines of the dates that matter, with their words over the axis."""
    boxes: list[Box] = []
    taken = SCALE_X + SCALE_WIDTH + 1
    found = (
        ("deadline", pgettext("timeline", "deadline"), design.INK),
        ("act_by", pgettext("timeline", "start by"), design.ACCENT),
    )
    for name, word, colour in found:
        on = day_of(block.data.get(name))
        if on is None:
            continue
        x = scale.x(on)
        boxes.append(Shape(x, top + 40, 1.5, bottom - top - 40, colour, "dashes", alt=f"{word} {day(on)}"))
        words = f"{word} {day(on)}"
        width = len(words) * 7.4 + 6
        left = max(SCALE_X, min(x - width / 2, taken - width))
        if left + width <= taken + 1:
            boxes.append(
                Text(left, top + 21, width, 18, (line(words, "head", align="center"),), "middle", name="mark")
            )
            taken = left - 4
    return boxes
