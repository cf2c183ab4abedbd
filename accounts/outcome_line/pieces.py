"""Cutting the text by its signs: @ who, ! objection, + agreement or reaction, > step, ? awaited feature."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from accounts.outcome_line.said import Known, Place

SIGNS_MAX = 200  # more than anybody types; the rest is read as prose
WHO, OBJECTION, PLUS, MINUS, STEP, FEATURE, PROSE = "@", "!", "+", "-", ">", "?", ""
_SIGN = re.compile(r"(?:(?<=[\s,;(.])|^)(?P<sign>->|=>|→|@|>|\+\+|\+|--|-|−−|−|!|\?)", re.MULTILINE)
_END = re.compile(r"\n|;|[.!?…]{1,3}\s{1,4}(?=[A-ZА-ЯЁ«\"])")
_PHONE = re.compile(r"\+\d(?:[\s()-]{0,2}\d){6}")
_SHARE = re.compile(r"\+\d{1,9}(?:[.,]\d{1,3})?\s?%")
_ARROWS = {"->": STEP, "=>": STEP, "→": STEP, "++": PLUS, "--": MINUS, "−": MINUS, "−−": MINUS}


@dataclass(frozen=True)
class Piece:
    """A sign with what belongs to it, or prose between two of them; `is_strong` for ++ and --."""

    sign: str
    at: Place
    is_strong: bool = False


def cut(text: str, folded: str, known: Known) -> list[Piece]:
    """The text from its first to its last character as signed pieces and prose."""
    pieces: list[Piece] = []
    done = 0
    signs = list(islice(_signs(folded, known), SIGNS_MAX))
    for number, match in enumerate(signs):
        pieces.append(Piece(PROSE, Place(done, match.start())))
        limit = signs[number + 1].start() if number + 1 < len(signs) else len(text)
        end = _END.search(text, match.end(), limit)
        done = end.start() if end else limit
        sign = match.group("sign")
        pieces.append(Piece(_ARROWS.get(sign, sign), Place(match.end(), done), len(sign) == 2))
    pieces.append(Piece(PROSE, Place(done, len(text))))
    return [piece for piece in pieces if piece.at.end > piece.at.start]


def _signs(folded: str, known: Known) -> Iterator[re.Match[str]]:
    """The marks that are signs indeed: not a phone, a share, a list, a quoted letter, a comparison."""
    names = tuple({name for ware in known.wares for name in ware.names})
    for match in _SIGN.finditer(folded):
        sign = _ARROWS.get(match.group("sign"), match.group("sign"))
        after = folded[match.end() : match.end() + 40]
        if sign == STEP:
            fits = after.strip() != "" and not _is_comparison(folded, match) and not _is_quoted(folded, match)
        elif sign == WHO:
            fits = after.lstrip("+ ")[:1].isalpha()
        elif sign == MINUS:
            fits = after.lstrip("12 ").startswith(names) and not after.startswith(" ") if names else False
        else:
            fits = _is_tight(folded, match, after)
        if fits:
            yield match


def _is_tight(folded: str, match: re.Match[str], after: str) -> bool:
    """«!дорого», «+пилот»: the word follows at once, or after a space where a line begins."""
    if match.group("sign").startswith("+") and (
        _PHONE.match(folded, match.start()) or _SHARE.match(folded, match.start())
    ):
        return False
    begins_line = not folded[max(0, match.start() - 1) : match.start()].strip(" ;,\n")
    begins_line = begins_line and folded[max(0, match.start() - 2) : match.start()].strip(" ;,") in ("", "\n")
    first = after.lstrip()[:1] if begins_line else after[:1]
    return first.isalnum() or first in ("«", '"')


def _is_comparison(folded: str, match: re.Match[str]) -> bool:
    """«100 > 50»."""
    before = folded[max(0, match.start() - 2) : match.start()].strip()
    return before[-1:].isdigit() and folded[match.end() : match.end() + 2].strip()[:1].isdigit()


def _is_quoted(folded: str, match: re.Match[str]) -> bool:
    """A letter that is quoted: lines one after another begin with «> »."""
    begin = folded.rfind("\n", max(0, match.start() - 2), match.start()) + 1
    if folded[begin : match.start()].strip() or folded[match.end() : match.end() + 1] not in (" ", ">"):
        return False
    after = folded.find("\n", match.end(), match.end() + 1000)
    if after >= 0 and folded.startswith(">", after + 1):
        return True
    above = folded.rfind("\n", max(0, begin - 1000), max(0, begin - 1))
    return begin > 0 and folded.startswith(">", above + 1)
