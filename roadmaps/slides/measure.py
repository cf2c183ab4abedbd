"""How much room text takes: widths of letters, lines, heights, and text cut into pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from roadmaps.slides.boxes import Paragraph, Run
from roadmaps.slides.design import Style
from roadmaps.slides.widths import BOLD, PLAIN, UNKNOWN


# Where neither Calibri nor Carlito is installed the text comes out in a wider face (DejaVu is the widest in use).
# Whether something fits is decided for that; where it stands is decided for the true font.
@dataclass(frozen=True, slots=True)
class Face:
    """How much wider than the true font the letters of a face are, plain and bold."""

    plain: float = 1
    bold: float = 1


EXACT: Final = Face()
WIDEST: Final = Face(1.28, 1.4)
BULLET: Final = 18.0  # indent of a list, points
_BREAKS_AFTER: Final = "-/–—"


_ADVANCES: Final = [
    {letter: width / 1000 for width, letters in table.items() for letter in letters}
    for table in (PLAIN, BOLD)
]


def natural_width(text: str, size: float, *, is_bold: bool) -> float:
    """The width of one line in the true font, points."""
    advances = _ADVANCES[is_bold]
    return sum(advances.get(letter, UNKNOWN / 1000) for letter in text) * size


def width_of(text: str, style: Style, face: Face = EXACT) -> float:
    """The width of one line, points."""
    wider = face.bold if style.is_bold else face.plain
    return natural_width(text, style.size, is_bold=style.is_bold) * wider


def shorten(text: str, style: Style, width: float) -> str:
    """The text, or its beginning with an ellipsis, within the width in the widest face."""
    if width_of(text, style, WIDEST) <= width:
        return text
    while text and width_of(text + "…", style, WIDEST) > width:
        text = text[:-1]
    return text.rstrip(" ,.;:–—") + "…"


Line = tuple[Run, ...]


def wrap(runs: Sequence[Run], width: float, face: Face = EXACT) -> list[Line]:
    """The lines of a paragraph; a word longer than a line is cut."""
    lines: list[Line] = []
    current: list[Run] = []
    used = 0.0
    for run in runs:
        for word in _words(run.text):
            if word == "\n":
                lines.append(_joined(current))
                current, used = [], 0.0
                continue
            for piece in _pieces(word, run.style, width, face):
                size = width_of(piece.rstrip(" "), run.style, face)
                if current and used + size > width:
                    lines.append(_joined(current))
                    current, used = [], 0.0
                if current or piece.strip(" "):
                    current.append(replace(run, text=piece))
                    used += width_of(piece, run.style, face)
    return [*lines, _joined(current)] if current or not lines else lines


@lru_cache(maxsize=4096)
def lines_of(paragraph: Paragraph, width: float, face: Face = EXACT) -> Sequence[Line]:
    """The lines of a paragraph within the width of its box."""
    return wrap(paragraph.runs, width - (BULLET if paragraph.is_bullet else 0), face)


def height_of(paragraphs: Sequence[Paragraph], width: float, face: Face = EXACT) -> float:
    """The height of paragraphs one below the other; the space before the first does not count."""
    total = sum(len(lines_of(each, width, face)) * each.leading for each in paragraphs)
    return total + sum(each.before for each in paragraphs[1:])


def pages_of(paragraphs: Sequence[Paragraph], width: float, height: float) -> list[list[Paragraph]]:
    """Paragraphs cut into pages of this height, in the widest face; a paragraph that is too tall goes on overleaf."""
    pages: list[list[Paragraph]] = [[]]
    left = height
    for paragraph in paragraphs:
        rest: Paragraph | None = paragraph
        while rest is not None:
            before = rest.before if pages[-1] else 0
            needed = height_of([rest], width, WIDEST) + before
            if needed <= left:
                pages[-1].append(rest)
                left -= needed
                break
            if pages[-1] and needed - before <= height:
                pages.append([])
                left = height
                continue
            head, rest = _cut(rest, width, int((left - before) // rest.leading))
            if head is not None:
                pages[-1].append(head)
            if rest is not None:
                pages.append([])
                left = height
    return pages


def _cut(paragraph: Paragraph, width: float, count: int) -> tuple[Paragraph | None, Paragraph | None]:
    lines = lines_of(paragraph, width, WIDEST)
    if count < 1:
        return None, paragraph
    head = _merged(lines[:count])
    tail = _merged(lines[count:])
    return replace(paragraph, runs=head), replace(paragraph, runs=tail, is_bullet=False) if tail else None


def _merged(lines: Sequence[Line]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for each in lines:
        for run in each:
            runs.append(run)
        if runs and not runs[-1].text.endswith(tuple(_BREAKS_AFTER)):
            runs[-1] = replace(runs[-1], text=runs[-1].text + " ")
    return _joined(runs)


def _joined(runs: Sequence[Run]) -> Line:
    """Neighbours in one style as one run, without spaces at the end of the line."""
    merged: list[Run] = []
    for run in runs:
        if merged and merged[-1].role == run.role:
            merged[-1] = replace(run, text=merged[-1].text + run.text)
        else:
            merged.append(run)
    if merged:
        merged[-1] = replace(merged[-1], text=merged[-1].text.rstrip(" "))
    return tuple(run for run in merged if run.text)


@cache
def _words(text: str) -> tuple[str, ...]:
    """Words with the space after them; a hyphen and a slash also end one."""
    ends = [0]
    for place, char in enumerate(text):
        if char == "\n":
            ends += [place, place + 1]
        elif char == " " or (
            char in _BREAKS_AFTER and 0 < place < len(text) - 1 and text[place + 1].isalpha()
        ):
            ends.append(place + 1)
    ends.append(len(text))
    return tuple(text[start:end] for start, end in pairwise(ends) if end > start)


def _pieces(word: str, style: Style, width: float, face: Face) -> list[str]:
    """The word, cut where even alone it is wider than the line."""
    if width_of(word.rstrip(" "), style, face) <= width:
        return [word]
    pieces, piece = [], ""
    for char in word:
        if piece and width_of(piece + char, style, face) > width:
            pieces.append(piece)
            piece = ""
        piece += char
    return [*pieces, piece]
