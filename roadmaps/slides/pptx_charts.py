"""Native charts that can be edited in PowerPoint, with labels at the marks instead of legends."""

from typing import Any, Final

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.util import Pt

from roadmaps.slides import design
from roadmaps.slides.boxes import Chart, Series
from roadmaps.slides.geometry import AXIS
from roadmaps.slides.pptx_base import emu, paint

C: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
KINDS: Final = {
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "columns": XL_CHART_TYPE.COLUMN_STACKED,
    "lines": XL_CHART_TYPE.LINE_MARKERS,
}
FORMATS: Final = {"ru": "[$-419]#,##0"}  # groups as in Russia, whatever the language of the office


def add_chart(slide: Any, chart: Chart, language: str) -> Any:
    """The chart in its place, its plot filling the frame but for the dates under it."""
    data = CategoryChartData(number_format=FORMATS.get(language, "#,##0"))
    data.categories = chart.categories
    for series in chart.series:
        data.add_series(series.name, series.values)
    frame = slide.shapes.add_chart(
        KINDS[chart.kind], emu(chart.x), emu(chart.y), emu(chart.width), emu(chart.height), data
    )
    native = frame.chart
    native.has_legend = False
    native.has_title = False
    native.font.size = Pt(14)
    native.font.name = design.FONT
    _axes(native, chart)
    _plot(native.plots[0], chart)
    _layout(native, 1 if chart.kind == "bars" else 1 - AXIS / chart.height)
    return frame


def _axes(native: Any, chart: Chart) -> None:
    values, categories = native.value_axis, native.category_axis
    values.minimum_scale, values.maximum_scale = 0, chart.top or 1
    values.has_major_gridlines = False
    values.visible = False
    categories.has_major_gridlines = False
    categories.major_tick_mark = XL_TICK_MARK.NONE
    if chart.kind == "bars":
        categories.reverse_order = True
        categories.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        categories.format.line.fill.background()
        return
    categories.tick_labels.font.size = Pt(12)
    paint(categories.tick_labels.font.color, design.MUTED)
    paint(categories.format.line.color, design.GREY)


def _plot(plot: Any, chart: Chart) -> None:
    if chart.kind != "lines":
        plot.overlap = 100
        plot.gap_width = round((1 - chart.share) / chart.share * 100)
    for native, series in zip(plot.series, chart.series, strict=True):
        if chart.kind == "lines":
            _line(native, series)
        elif series.colour:
            native.format.fill.solid()
            paint(native.format.fill.fore_color, series.colour)
        else:
            native.format.fill.background()
        _labels(native, series, chart.kind)


def _line(native: Any, series: Series) -> None:
    native.smooth = False
    native.format.line.width = Pt(2.5)
    paint(native.format.line.color, series.colour)
    native.marker.style = XL_MARKER_STYLE.CIRCLE
    native.marker.size = 7
    native.marker.format.fill.solid()
    paint(native.marker.format.fill.fore_color, series.colour)
    paint(native.marker.format.line.color, series.colour)


def _labels(native: Any, series: Series, kind: str) -> None:
    """The numbers at the marks; words of our own where a number alone would not say enough."""
    position = {
        "bars": XL_LABEL_POSITION.OUTSIDE_END,
        "lines": XL_LABEL_POSITION.ABOVE,
        "columns": XL_LABEL_POSITION.CENTER if series.colour else XL_LABEL_POSITION.INSIDE_BASE,
    }[kind]
    for number, words in enumerate(series.labels):
        if not words:
            continue
        label = native.points[number].data_label
        if kind == "bars":
            label.text_frame.word_wrap = False
            run = label.text_frame.paragraphs[0].add_run()
            run.text = words
            font = run.font
        else:
            font = label.font
            _shows_value(label)
        font.size = Pt(14)
        font.bold = kind == "lines" or not series.colour
        paint(font.color, series.label_colour or design.INK)
        label.position = position


def _shows_value(label: Any) -> None:
    element = label._get_or_add_dLbl()
    for child in element:
        if child.tag == f"{{{C}}}showVal":
            child.set("val", "1")
        elif etree.QName(child).localname.startswith("show"):
            child.set("val", "0")


def _layout(native: Any, height: float) -> None:
    """The plot takes the frame to its edges, so bars stand beside the names we write."""
    area = native._chartSpace.chart.plotArea
    for old in area.findall(f"{{{C}}}layout"):
        area.remove(old)
    layout = etree.Element(f"{{{C}}}layout")
    manual = etree.SubElement(layout, f"{{{C}}}manualLayout")
    for name, value in (
        ("layoutTarget", "inner"),
        ("xMode", "edge"),
        ("yMode", "edge"),
        ("x", "0"),
        ("y", "0"),
        ("w", "1"),
        ("h", f"{height:.4f}"),
    ):
        etree.SubElement(manual, f"{{{C}}}{name}", val=value)
    area.insert(0, layout)
