"""The one design of the slides: page, grid, colours and type. Lengths are in points (1/72 inch)."""

from dataclasses import dataclass
from typing import Final

# 13.333 × 7.5 inches: a 16:9 page
PAGE_WIDTH: Final = 960
PAGE_HEIGHT: Final = 540

MARGIN: Final = 48
COLUMNS: Final = 12
GUTTER: Final = 16
WIDTH: Final = PAGE_WIDTH - 2 * MARGIN
COLUMN: Final = (WIDTH - (COLUMNS - 1) * GUTTER) / COLUMNS

KICKER_TOP: Final = 30
TITLE_TOP: Final = 48
TITLE_HEIGHT: Final = 68  # two lines
TOP: Final = 124  # content begins here
BOTTOM: Final = 484  # and ends here
HEIGHT: Final = BOTTOM - TOP
FOOTER_TOP: Final = 500
FOOTER_HEIGHT: Final = 22
SMALLEST: Final = 14  # content is never set smaller; only captions are

# Colours; each is a colour of the theme of the PPTX as well.
INK: Final = "17202B"
WHITE: Final = "FFFFFF"
DEEP: Final = "0B4A40"
PANEL: Final = "F4F6F8"
ACCENT: Final = "0F6B5C"
TINT: Final = "8CC5B9"
GREY: Final = "C9D0D8"
SOFT: Final = "3D4859"
MUTED: Final = "586375"
PALE: Final = "E0F2EE"
LINE: Final = "DFE4E9"

FONT: Final = "Calibri"  # on Windows and Mac; Carlito has the same metrics and comes with LibreOffice
LEADING: Final = 1.2


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of text looks; `size` is in points."""

    size: float
    colour: str = INK
    is_bold: bool = False

    @property
    def leading(self) -> float:
        """The distance between two lines, points."""
        return round(self.size * LEADING, 1)


STYLES: Final[dict[str, Style]] = {
    "cover": Style(38, INK, True),
    "cover_lead": Style(20, SOFT),
    "title": Style(28, INK, True),
    "kicker": Style(12, ACCENT, True),
    "lead": Style(16, SOFT),
    "body": Style(16),
    "strong": Style(16, INK, True),
    "group": Style(14, ACCENT, True),
    "cell": Style(14),
    "cell_strong": Style(14, INK, True),
    "head": Style(12, MUTED, True),
    "caption": Style(12, MUTED),
    "group_large": Style(16, ACCENT, True),
    "cell_large": Style(16),
    "cell_strong_large": Style(16, INK, True),
    "caption_large": Style(13, MUTED),
    "group_huge": Style(18, ACCENT, True),
    "cell_huge": Style(20),
    "cell_strong_huge": Style(20, INK, True),
    "caption_huge": Style(14, MUTED),
    "body_large": Style(20),
    "figure": Style(30, ACCENT, True),
    "figure_m": Style(24, ACCENT, True),
    "figure_s": Style(19, ACCENT, True),
    "figure_label": Style(14, MUTED),
    "quote": Style(16),
    "quote_large": Style(20),
    "quote_huge": Style(26),
    "mark": Style(48, TINT, True),
    "name": Style(22, INK, True),
    "tick": Style(12, MUTED),
    "wordmark": Style(13, SOFT, True),
    "wordmark_large": Style(18, INK, True),
    "footer": Style(11, MUTED),
}


def column_x(index: int) -> float:
    """The left edge of a column of the grid, 0 to 11."""
    return MARGIN + index * (COLUMN + GUTTER)


def span(columns: int) -> float:
    """The width of so many columns with the gutters between them."""
    return columns * COLUMN + (columns - 1) * GUTTER
