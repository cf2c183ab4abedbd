"""One line instead of a form (product.md §1.14): `@Орехов !дорого +пилот 20 лиц >КП пт ?интеграция с 1С`.

`read_line` turns what was typed into values with their places. It is plain Python over regular expressions whose
every repetition is bounded or ends at a letter of another class: no network, no Django, linear in the text, never raises.
"""

from collections.abc import Iterator

from accounts.outcome_line.letters import fold
from accounts.outcome_line.pieces import FEATURE, OBJECTION, PROSE, STEP, WHO, cut
from accounts.outcome_line.prose import budgets, prose
from accounts.outcome_line.said import Agreement, Attendee, Awaited, Known, Place, Said, Step
from accounts.outcome_line.signed import attendees, awaited, objections, pluses, steps

LONGEST = 20_000  # characters that are read: as many as a summary may have
_TEXTS = (Agreement, Step, Awaited)


def read_line(text: str, known: Known) -> list[Said]:
    """What the text says, in the order of its places; once for each person, category and product."""
    text = text[:LONGEST]
    folded = fold(text)
    said = sorted(_read(text, folded, known), key=lambda each: (each.at.start, each.at.end))
    once: dict[object, Said] = {}
    for each in said:
        if not (isinstance(each, _TEXTS) and not each.text):
            once.setdefault(what_it_is(each), each)
    return list(once.values())


def what_it_is(said: Said) -> tuple[str, str]:
    """The same for two values that would fill the same place of the form."""
    kind = type(said).__name__.lower()
    match said:
        case Attendee():
            return kind, said.person.key if said.person else fold(said.name)
        case Agreement() | Awaited() | Step():
            return kind, fold(said.text)
    return kind, getattr(said, "category", "") or getattr(said, "ware", "")


def _read(text: str, folded: str, known: Known) -> Iterator[Said]:
    for piece in cut(text, folded, known):
        if piece.sign == PROSE:
            yield from prose(text, folded, piece.at, known)
        elif piece.sign == WHO:
            people, end = attendees(text, folded, piece, known)
            yield from people
            yield from prose(text, folded, Place(end, piece.at.end), known)
        elif piece.sign == STEP:
            yield from steps(text, folded, piece.at, known)
        elif piece.sign == OBJECTION:
            yield from objections(text, folded, piece, known)
        elif piece.sign == FEATURE:
            yield from awaited(text, folded, piece, known)
        else:
            yield from pluses(text, folded, piece, known)
    yield from budgets(folded)
