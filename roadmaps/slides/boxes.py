"""What a slide is made of: typed boxes with a place on the page in points. They know nothing of PPTX or HTML."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from roadmaps.slides.design import STYLES, Style

Align: TypeAlias = Literal["left", "right", "center"]
Anchor: TypeAlias = Literal["top", "middle", "bottom"]
ChartKind: TypeAlias = Literal["bars", "columns", "lines"]
ShapeKind: TypeAlias = Literal["rect", "round", "circle", "diamond", "dashes"]
RowKind: TypeAlias = Literal["head", "body", "total"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style; `role` is a name of design.STYLES."""

    text: str
    role: str = "body"

    @property
    def style(self) -> Style:
        return STYLES[self.role]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs that are set as one paragraph, `before` points below the one above it."""

    runs: tuple[Run, ...]
    align: Align = "left"
    before: float = 0
    is_bullet: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def leading(self) -> float:
        return max((run.style.leading for run in self.runs), default=0)


@dataclass(frozen=True, slots=True)
class Text:
    """A box of paragraphs; `name` is "title" for the title of the slide, else what the selection pane shows."""

    x: float
    y: float
    width: float
    height: float
    paragraphs: tuple[Paragraph, ...]
    anchor: Anchor = "top"
    name: str = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: paragraphs at one edge."""

    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. `group` is the word of the first column that is said once for rows that share it."""

    cells: tuple[Cell, ...]
    kind: RowKind = "body"
    group: str = ""
    height: float = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A native table; widths of the columns and heights of the rows in points."""

    x: float
    y: float
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    alt: str
    pad: float = 6  # over and under the text of a cell
    name: str = "table"

    @property
    def width(self) -> float:
        return sum(self.widths)

    @property
    def height(self) -> float:
        return sum(row.height for row in self.rows)


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers of a chart; `labels` are words at its points ("" for none)."""

    name: str
    values: tuple[float | None, ...]
    colour: str
    labels: tuple[str, ...] = ()
    label_colour: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart. Bars lie over one another (a part over its whole), columns are stacked."""

    x: float
    y: float
    width: float
    height: float
    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    alt: str
    top: float = 0  # the largest value the axis has to hold
    share: float = 0.55  # of the step between two marks that a bar or a column takes
    name: str = "chart"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in its own proportions."""

    x: float
    y: float
    width: float
    height: float
    data: bytes
    mime: str
    alt: str
    name: str = "logo"


@dataclass(frozen=True, slots=True)
class Shape:
    """A form that carries no text: ground, bar, mark, line. `alt` is empty for decoration."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    kind: ShapeKind = "rect"
    alt: str = ""
    name: str = "shape"


Box: TypeAlias = Text | Table | Chart | Picture | Shape


@dataclass(slots=True)
class Slide:
    """One page: `title` says its message, `kicker` the section it belongs to, `notes` where the facts come from."""

    kind: str
    title: str
    kicker: str = ""
    boxes: list[Box] = field(default_factory=list)
    notes: tuple[str, ...] = ()


def line(text: str, role: str = "body", *, align: Align = "left", before: float = 0) -> Paragraph:
    """A paragraph of one run."""
    return Paragraph((Run(text, role),), align, before)


def cell(*paragraphs: Paragraph) -> Cell:
    """A cell without the paragraphs that say nothing."""
    return Cell(tuple(paragraph for paragraph in paragraphs if paragraph.text.strip()))
