"""Text made comparable without moving a single character, so that every place in it stays true."""

import re
from collections.abc import Iterator

from accounts.outcome_line.said import Place

WORD = re.compile(r"[0-9a-zа-я]+(?:-[0-9a-zа-я]+)*")
_EDGES = " \t\r\n,;:.—–-"
_ABBREVIATED = re.compile(r"(?:^|[\s.])(?:р\.д|г|руб|тыс|т\.р|р|доп|соц|нед|дн|мес|шт|чел)\.$")


def fold(text: str) -> str:
    """Lower case, ё as е, odd spaces as spaces; of exactly the same length."""
    return "".join(map(_fold_one, text))


def trimmed(text: str, start: int, end: int) -> Place:
    """The part without spaces and punctuation at its edges; a closing point of an abbreviation stays."""
    while start < end and text[start] in _EDGES:
        start += 1
    while (
        start < end and text[end - 1] in _EDGES and not _ABBREVIATED.search(text[max(start, end - 6) : end])
    ):
        end -= 1
    return Place(start, end)


def without(text: str, whole: Place, hole: Place | None) -> str:
    """The words of `whole` less those of `hole`, as they were typed."""
    if hole is None:
        return text[whole.start : whole.end]
    left, right = trimmed(text, whole.start, hole.start), trimmed(text, hole.end, whole.end)
    return " ".join(text[part.start : part.end] for part in (left, right) if part.end > part.start)


def clauses(text: str, start: int, end: int, marks: str) -> Iterator[Place]:
    """The parts between the given punctuation marks."""
    begin = start
    for here in range(start, end):
        if text[here] in marks:
            yield trimmed(text, begin, here)
            begin = here + 1
    yield trimmed(text, begin, end)


def _fold_one(letter: str) -> str:
    if letter == "\n":
        return letter
    if letter.isspace():
        return " "
    low = letter.lower()
    return "е" if low == "ё" else low if len(low) == 1 else letter
