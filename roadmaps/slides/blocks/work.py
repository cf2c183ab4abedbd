"""What has been done for the client: trainings and released features."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from roadmaps.slides import design, titles
from roadmaps.slides.blocks.pages import Block, table_slides
from roadmaps.slides.boxes import Slide, cell, line
from roadmaps.slides.tables import Column, row
from roadmaps.slides.tiles import tiles
from roadmaps.slides.wording import day, joined, measured, number, part_of


def trainings(block: Block) -> list[Slide]:
    data = block.data
    columns = [
        Column(pgettext("training", "Date"), design.span(2) - 8, is_date=True),
        Column(pgettext("training", "Training"), design.span(5) + design.GUTTER + 8),
        Column(_("Attended"), design.span(2) - 16, "right"),
        Column(_("Test"), design.span(1) + 40, "right"),
        Column(
            _("Reaction"), design.WIDTH - 2 * design.span(2) - design.span(5) - design.span(1) - 40, "right"
        ),
    ]
    rows = [
        row(
            cell(line(day(each["on"]), "cell")),
            cell(line(each["topic"], "cell"), line(each.get("product") or "", "caption", before=2)),
            cell(line(part_of(each["attended"], each["invited"]), "cell")),
            cell(line(measured(each.get("test")) or "—", "cell")),
            cell(line(measured(each.get("reaction")) or "—", "cell")),
        )
        for each in data["trainings"]
    ]
    count, people = len(rows), int(data["people"] or 0)
    figures = [
        (number(count), npgettext("held", "training", "trainings", count)),
        (number(people), ngettext("employee trained", "employees trained", people)),
    ]
    if data.get("index"):
        figures.append((measured(data["index"]), _("training index")))
    over = tiles(figures, design.MARGIN, block.top, design.span(4), design.span(4) + design.GUTTER)
    return table_slides(block, titles.trainings(data), columns, rows, over)


def features(block: Block) -> list[Slide]:
    columns = [
        Column(_("Feature"), design.span(6) + design.GUTTER),
        Column(_("Released on"), design.span(2) + design.GUTTER, is_date=True),
        Column(_("Asked for by"), design.span(4)),
    ]
    rows = [
        row(
            cell(line(each["title"], "cell"), line(each.get("product") or "", "caption", before=2)),
            cell(line(day(each["released_on"]) or "—", "cell")),
            cell(
                line(each.get("asked_by") or _("our own initiative"), "cell"),
                line(joined(day(each.get("asked_on"))), "caption", before=2),
            ),
        )
        for each in block.data["features"]
    ]
    return table_slides(block, titles.features(block.data), columns, rows)
