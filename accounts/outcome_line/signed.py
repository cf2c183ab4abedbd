"""What the signed pieces say."""

import re
from collections.abc import Iterator

from accounts.outcome_line.dates import last_day
from accounts.outcome_line.letters import clauses, fold, trimmed, without
from accounts.outcome_line.people import Named, name_at, surname_at
from accounts.outcome_line.pieces import MINUS, PLUS, Piece
from accounts.outcome_line.said import (
    Agreement,
    Attendee,
    Awaited,
    Known,
    Objection,
    Place,
    Reaction,
    Rival,
    Said,
    Step,
)
from accounts.outcome_line.vocabulary import category_of, rival_in

_AND = re.compile(r"(?:\s{0,2},\s{0,2}|\s{1,2})(?:и\s{1,2})?")
_SCORE = re.compile(r"([12])?\s{0,2}")
_THEIRS = re.compile(
    r"(?:с\s+них|с\s+клиента|от\s+клиента|клиент\w{0,3}|они|заказчик\w{0,3}|шлют|пришлют|дадут|вышлют|согласуют|подпишут)(?!\w)"
)
_UNKNOWN_RIVAL = re.compile(
    r"(?:конкурент\w{0,3}|аналог\w{0,3})\s*[:—–-]?\s*([«\"]?[A-ZА-ЯЁ][\w.+-]{1,40})", re.IGNORECASE
)


def attendees(text: str, folded: str, piece: Piece, known: Known) -> tuple[list[Said], int]:
    """Everybody of «@Орехов, Зуева и Ильин», and where the list ends."""
    start = piece.at.start
    while start < piece.at.end and folded[start] == " ":
        start += 1
    named = name_at(text, folded, start, known.people)
    said: list[Said] = []
    end = piece.at.start
    while named and named.at.end <= piece.at.end:
        said.append(attendee(named))
        end = named.at.end
        gap = _AND.match(folded, end, piece.at.end)
        named = surname_at(text, folded, gap.end(), known.people) if gap else None
    return said, end


def attendee(named: Named) -> Attendee:
    """As the line says it."""
    return Attendee(named.at, named.name, named.person, named.is_new)


def objections(text: str, folded: str, piece: Piece, known: Known) -> Iterator[Said]:
    """«!дорого, нет бюджета» are two; a clause without a word of its own goes with the one before."""
    found: list[tuple[str, Place]] = []
    for clause in clauses(folded, piece.at.start, piece.at.end, ","):
        category = category_of(folded[clause.start : clause.end])
        if found and category in ("", found[-1][0]):
            found[-1] = (found[-1][0], Place(found[-1][1].start, clause.end))
        elif found and not found[-1][0]:
            found[-1] = (category, Place(found[-1][1].start, clause.end))
        else:
            found.append((category, clause))
    for category, at in found:
        if at.end > at.start:
            yield Objection(at, category or "other", text[at.start : at.end])
            if category == "competitor":
                yield from rivals(text, folded, at)


def rivals(text: str, folded: str, at: Place) -> Iterator[Said]:
    """Who competes: one of the known, or the name behind the word."""
    if rival := rival_in(folded, at.start, at.end):
        yield Rival(Place(rival[1], rival[2]), rival[0])
        return
    match = _UNKNOWN_RIVAL.search(text[at.start : at.end])
    if match and match.group(1).lstrip('«"')[:1].isupper():
        yield Rival(at, match.group(1).strip('«"'))


def pluses(text: str, folded: str, piece: Piece, known: Known) -> Iterator[Said]:
    """A reaction when a product follows, an agreement otherwise."""
    score = _SCORE.match(folded, piece.at.start, piece.at.end)
    assert score is not None
    ware = ware_at(folded, score.end(), known)
    if ware is None:
        if piece.sign == PLUS:
            yield agreement(text, folded, piece.at, known)
        return
    code, end = ware
    strength = int(score.group(1) or (2 if piece.is_strong else 1))
    words = trimmed(folded, end, piece.at.end)
    yield Reaction(
        Place(piece.at.start, words.end if words.end > words.start else end), code,
        -strength if piece.sign == MINUS else strength, text[words.start : words.end],
    )  # fmt: skip


def agreement(text: str, folded: str, at: Place, known: Known) -> Agreement:
    """Its words, its day, and whose promise it is."""
    at = trimmed(folded, at.start, at.end)
    day = last_day(folded, at, known)
    words = without(text, at, day.at if day else None)
    return Agreement(at, words, day.on if day else None, not _is_theirs(words, known))


def steps(text: str, folded: str, at: Place, known: Known) -> Iterator[Step]:
    """«демо завтра, КП 2 декабря» are two; otherwise one, with commas of its own."""
    parts = list(clauses(folded, at.start, at.end, ","))
    if all(last_day(folded, part, known) for part in parts):
        yield from (step(text, folded, part, known) for part in parts)
    else:
        yield step(text, folded, at, known)


def step(text: str, folded: str, at: Place, known: Known) -> Step:
    """What is to be done and when."""
    at = trimmed(folded, at.start, at.end)
    day = last_day(folded, at, known)
    return Step(at, without(text, at, day.at if day else None), day.on if day else None)


def awaited(text: str, folded: str, piece: Piece, known: Known) -> Iterator[Said]:
    """The words of the client."""
    at = trimmed(folded, piece.at.start, piece.at.end)
    yield Awaited(at, text[at.start : at.end].rstrip("?! "))


def _is_theirs(words: str, known: Known) -> bool:
    """«они пришлют…», «Зуева соберёт…»."""
    named = surname_at(words, fold(words), 0, known.people)
    is_doer = bool(named and named.person and fold(named.person.last_name) == fold(named.name))
    return is_doer or bool(_THEIRS.match(fold(words)))


def ware_at(folded: str, start: int, known: Known) -> tuple[str, int] | None:
    """The product named right here, by its longest name."""
    names = sorted(
        ((name, ware.code) for ware in known.wares for name in ware.names), key=lambda pair: -len(pair[0])
    )
    for name, code in names:
        end = start + len(name)
        if folded.startswith(name, start):
            while end < len(folded) and folded[end].isalpha() and end - start - len(name) < 3:
                end += 1  # «кейсбуком»
            if not folded[end : end + 1].isalnum():
                return code, end
    return None
