"""How the products are used: large figures and a line where there are few, bars where there are many."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmaps.slides import design, titles
from roadmaps.slides.blocks.pages import Block
from roadmaps.slides.boxes import Box, Chart, Paragraph, Series, Shape, Slide, Text, line
from roadmaps.slides.frame import content
from roadmaps.slides.measure import WIDEST, height_of
from roadmaps.slides.tiles import tiles
from roadmaps.slides.wording import day, joined, number, part_of, percent

FEW: Final = 3  # so many products get large figures; more are compared as bars
POINTS: Final = 7  # of a line, the latest
LINES: Final = (design.ACCENT, design.MUTED, design.TINT)
NAMES: Final = design.span(4)
TIGHTEST: Final = 34.0  # between two bars, points
LOOSEST: Final = 56.0
KEY_HEIGHT: Final = 26.0

Product = Mapping[str, Any]


def usage(block: Block) -> list[Slide]:
    products = block.data["products"]
    trends = [product for product in products if len(product["series"]) > 1]
    if 0 < len(products) <= FEW and trends:
        return [_few(block, products, trends)]
    slides = _bars(block, products)
    changed = _together(trends)
    return [*slides, _trend(block, changed)] if changed else slides


def _few(block: Block, products: Sequence[Product], trends: Sequence[Product]) -> Slide:
    figures = []
    for product in products:
        share = _share(product)
        users = _users(product)
        figures.append((percent(share) or number(product["active"]), joined(users, product["product"])))
    colours = LINES[: len(products)]
    left = tiles(figures, design.MARGIN, block.top, design.span(4), 96, is_column=True, colours=colours)
    x = design.column_x(4) + 24
    chart = _lines(
        [
            (product["product"], product["series"], colour)
            for product, colour in zip(products, colours, strict=True)
            if product in trends
        ],
        (x, block.top, design.MARGIN + design.WIDTH - x, design.BOTTOM - block.top),
    )
    title = titles.usage(block.data)
    return content(block.kind, title, block.kicker, [*block.lead, *left, *chart], block.sources)


def _users(product: Product) -> str:
    if not product["seats"]:
        active = int(product["active"] or 0)
        return ngettext("%(n)s user", "%(n)s users", active) % {"n": number(active)}
    return part_of(product["active"], product["seats"])


def _share(product: Product) -> int | None:
    seats = int(product["seats"] or 0)
    return round(int(product["active"] or 0) * 100 / seats) if seats else None


def _bars(block: Block, products: Sequence[Product]) -> list[Slide]:
    title = titles.usage(block.data)
    style = [line(product["product"], "cell") for product in products]
    tallest = max((height_of([name], NAMES, WIDEST) for name in style), default=0)
    room = design.BOTTOM - block.top - KEY_HEIGHT
    pitch = max(TIGHTEST, tallest + 8)
    per_page = max(1, int(room // pitch))
    count = -(-len(products) // per_page) or 1
    slides = []
    for page in range(count):
        part = products[page * len(products) // count : (page + 1) * len(products) // count]
        top = block.top if page == 0 else design.TOP
        step = min(
            LOOSEST if len(products) > FEW else 1.5 * LOOSEST,
            (design.BOTTOM - top - KEY_HEIGHT) / max(1, len(part)),
        )
        boxes = [*(block.lead if page == 0 else ()), *_bar_boxes(part, products, top, step)]
        slides.append(content(block.kind, title, block.kicker, boxes, block.sources))
    return slides


def _bar_boxes(part: Sequence[Product], everything: Sequence[Product], top: float, step: float) -> list[Box]:
    x = design.column_x(4)
    top_value = max((max(_number(p["seats"]), _number(p["active"])) for p in everything), default=1) or 1
    boxes: list[Box] = [
        *key((_("active users"), design.ACCENT), (_("paid seats"), design.GREY), x=x, y=top),
        Chart(
            x,
            top + KEY_HEIGHT,
            design.span(8),
            step * len(part),
            "bars",
            tuple(product["product"] for product in part),
            (
                Series(
                    _("paid seats"),
                    tuple(max(_number(p["seats"]), _number(p["active"])) for p in part),
                    design.GREY,
                    tuple(joined(_users(p), percent(_share(p))) for p in part),
                    design.INK,
                ),
                Series(_("active users"), tuple(_number(p["active"]) for p in part), design.ACCENT),
            ),
            "; ".join(joined(p["product"], _users(p), by=": ") for p in part),
            top=top_value * 1.35,
        ),
    ]
    for place, product in enumerate(part):
        y = top + KEY_HEIGHT + place * step
        name = (line(product["product"], "cell"),)
        boxes.append(Text(design.MARGIN, y, NAMES, step, name, "middle", name="product"))
    return boxes


def key(*words: tuple[str, str], x: float, y: float) -> list[Box]:
    """What the colours mean, in words beside them: instead of a legend somewhere else."""
    boxes: list[Box] = []
    for word, colour in words:
        boxes.append(Shape(x, y + 4, 10, 10, colour, name="key"))
        width = 8 + len(word) * 8.5
        boxes.append(Text(x + 16, y, width, 18, (line(word, "caption"),), "middle", name="key"))
        x += 16 + width
    return boxes


def _number(value: Any) -> float:
    return float(value or 0)


def _together(trends: Sequence[Product]) -> list[Mapping[str, Any]]:
    """Active users of all products on the days that each of them knows."""
    if not trends:
        return []
    known = [{point["on"]: _number(point["active"]) for point in product["series"]} for product in trends]
    days = sorted(set.intersection(*(set(points) for points in known)))
    return [{"on": on, "active": sum(points[on] for points in known)} for on in days] if len(days) > 1 else []


def _trend(block: Block, points: Sequence[Mapping[str, Any]]) -> Slide:
    room = (design.MARGIN, design.TOP, design.WIDTH, design.HEIGHT)
    chart = _lines([(_("All products"), points, design.ACCENT)], room)
    return content(block.kind, titles.trend(points), block.kicker, chart, block.sources)


def _lines(named: Sequence[tuple[str, Any, str]], room: tuple[float, float, float, float]) -> list[Box]:
    """Lines over the same days: the value at each point of a single one, at the ends where there are several."""
    days = sorted({point["on"] for _name, points, _colour in named for point in points})[-POINTS:]
    series = []
    for name, points, colour in named:
        found = {point["on"]: _number(point["active"]) for point in points}
        values = tuple(found.get(on) for on in days)
        last = max((number for number, value in enumerate(values) if value is not None), default=-1)
        labels = tuple(
            number(value) if value is not None and (len(named) == 1 or spot in (0, last)) else ""
            for spot, value in enumerate(values)
        )
        series.append(Series(name, values, colour, labels, design.INK if colour == design.TINT else colour))
    x, y, width, height = room
    most = max((value or 0 for each in series for value in each.values), default=1)
    words = (
        _("Active users by date")
        + ": "
        + "; ".join(
            joined(each.name, ", ".join(label for label in each.labels if label), by=" ") for each in series
        )
    )
    top: list[Box] = [Text(x, y, width, 18, (_caption(_("Active users")),), name="caption")]
    categories = tuple(day(on) for on in days)
    chart = Chart(x, y + 28, width, height - 28, "lines", categories, tuple(series), words, top=most * 1.15)
    return [*top, chart]


def _caption(words: str) -> Paragraph:
    return line(words, "head")
