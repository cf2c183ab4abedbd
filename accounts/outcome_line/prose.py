"""What plain prose says beyond doubt: better to find nothing than something wrong."""

import re
from collections.abc import Iterator
from decimal import Decimal

from accounts.outcome_line.dates import last_day
from accounts.outcome_line.letters import trimmed
from accounts.outcome_line.people import surname_at
from accounts.outcome_line.said import (
    Agreement,
    Attendee,
    Awaited,
    Budget,
    Known,
    Objection,
    Place,
    Reaction,
    Said,
)
from accounts.outcome_line.signed import agreement, attendee, rivals, step, ware_at
from accounts.outcome_line.vocabulary import FEATURE, plain_objections

_SENTENCE = re.compile(r"\n|;|[.!?…]{1,3}(?:\s{1,4}|$)")
_PROMISED = re.compile(
    r"(?<!не )(?<!\w)(?:договорил|условил)(?:ись|ся|ась)(?!\w)[\s,:—–-]{0,4}(?:что\s{1,2})?"
)
_THEY_PROMISED = re.compile(r"(?<!не )(?<!\w)обещали(?!\w)\s{1,2}")
_ONE_PROMISED = re.compile(
    r"(?<!не )(?<!\w)обещала?\s{1,2}(?=(?:\w+\s{1,2}){0,2}(?:ответ|решени|реквизит|список|подума|посмотре|согласова|подпис"
    r"|оплат|верну|тз|данные|замечани))"
)
_NEXT = re.compile(
    r"(?<!\w)(?:след(?:ующий|\.)?\s{1,2}шаг\s{0,2}[:—–-]?\s{0,2}|(?:дальше|далее|next)\s{0,2}[:—–-]\s{0,2})"
)
_WE_WILL = re.compile(
    r"(?<!\w)(?:отправ(?:лю|им)|вышл(?:ю|ем)|пришл(?:ю|ем)|п(?:о|ере)звон(?:ю|им)|созвонимся|созваниваемся|встретимся"
    r"|встречаемся|подготов(?:лю|им)|покаж(?:у|ем)|направ(?:лю|им)|напиш(?:у|ем)|сдела(?:ю|ем)|верн(?:усь|емся)"
    r"|провед(?:у|ем)|согласу(?:ю|ем)|выстав(?:лю|им)|рассчита(?:ю|ем))(?!\w)"
)
_MET = re.compile(
    r"(?<!не )(?<!\w)(?:встретил(?:ся|ись|ась)|созвонил(?:ся|ись|ась)|(?:по)?говорил[аи]?|(?:по)?общал(?:ся|ись|ась)"
    r"|переговорил[аи]?|увидел(?:ся|ись|ась)|пообедал[аи]?)\s{1,2}со?\s{1,2}"
    r"|(?<!не )(?<!\w)(?:(?:по)?звонил[аи]?|набрал[аи]?|дозвонил(?:ся|ись|ась))\s{1,2}(?:до\s{1,2})?"
)
_WERE = re.compile(
    r"(?<!не )(?<!\w)(?:был[аи]?|присутствовал[аи]?|участвовал[аи]?|пришл[аи]|приш[её]л)\s{1,2}"
)
_MEETING = re.compile(r"\s{0,2}(?:встреча|созвон|звонок|разговор|переговоры|вкс)\s{1,2}со?\s{1,2}")
_AND = re.compile(r"(?:,\s{0,2}|\s{1,2}и\s{1,2}|\s{1,2}с\s{1,2})(?:с\s{1,2})?")
_NAME, _PRODUCT = re.compile(r"[а-я]{3,40}"), re.compile(r"[a-zа-я]{4,40}")
_SPEAKS = re.compile(
    r"\s{1,2}(?:сказал|говорит|считает|против|за(?!\w)|просит|ждет|обещал|хочет|спросил|согласен|согласна|готов|предложил"
    r"|боится|сомневается|подтвердил|настаивает|попросил|возразил|недовол)"
)
_WANTS = re.compile(
    rf"(?<!не )(?<!\w)(?:ждут|ждет|хотят|хочет|прос[ия]т|нужн(?:а|ы|о|ен))\s{{1,2}}(?={FEATURE})"
)
_LIKED = re.compile(
    r"[,\s—–-]{1,4}(?:(?:им|всем|юристам|ему|ей)\s{1,2})?(?P<not>(?:совсем\s{1,2})?не\s{1,2})?(?P<very>очень\s{1,2}|отлично\s{1,2}|супер\s{1,2})?"
    r"(?:понравил\w{2,4}|заш(?:ел|ла|ло)|заинтересовал\w{0,3}|интересен|удобен)(?!\w)"
)
_BUDGET = re.compile(
    r"(?<!\w)бюджет\w{0,4}(?:\s{1,2}на\s{1,2}20\d\d(?:\s?г(?:од|\.)?)?)?[^\d\n.;!?]{0,25}(?P<number>\d{1,3}(?: \d{3}){1,4}|\d{1,12}(?:[.,]\d{1,3})?)"
    r"\s?(?P<unit>млрд|млн|тыс|т\.?\s?р|к|руб|р|₽)?(?!\w)"
)
_UNITS = {"млрд": 10**9, "млн": 10**6, "тыс": 10**3, "т": 10**3, "к": 10**3}
_LEAST_PLAIN = 10_000  # a number without a unit is rubles from here on, and may be a year or thousands below
_SEAMS = re.compile(r",\s{1,2}(?:но|ждут|следующий|след\.|а\s|хотят|просят|обещали)|\s{1,2}\(")


def prose(text: str, folded: str, at: Place, known: Known) -> Iterator[Said]:
    """All that a stretch of prose says; a sentence that was read as a promise or a step is not read twice."""
    for sentence in _sentences(folded, at):
        taken = list(_promises(text, folded, sentence, known))
        yield from taken
        if not taken:
            yield from _coming(text, folded, sentence, known)
        yield from _people(text, folded, sentence, known)
        yield from _features(text, folded, sentence)
    yield from _objections(text, folded, at)
    yield from _reactions(text, folded, at, known)


def budgets(folded: str) -> Iterator[Budget]:
    """«бюджет 1,2 млн», «бюджет до 500 000 руб»; of a year or of a bare small number nothing is made."""
    for match in _BUDGET.finditer(folded):
        unit = (match.group("unit") or "").replace(".", "").replace(" ", "")
        number = Decimal(match.group("number").replace(" ", "").replace(",", "."))
        factor = next((value for stem, value in _UNITS.items() if unit.startswith(stem)), 1)
        if unit or number >= _LEAST_PLAIN:
            yield Budget(Place(*match.span()), round(number * factor))


def _sentences(folded: str, at: Place) -> Iterator[Place]:
    begin = at.start
    for match in _SENTENCE.finditer(folded, at.start, at.end):
        if not folded[max(begin, match.start() - 4) : match.start()].endswith(
            ("след", "доп", "нед", " р", " г", " с")
        ):
            yield Place(begin, match.end())
            begin = match.end()
    yield Place(begin, at.end)


def _promises(text: str, folded: str, at: Place, known: Known) -> Iterator[Said]:
    """«договорились…», «обещали…», «следующий шаг…»."""
    if match := _NEXT.search(folded, at.start, at.end):
        yield step(text, folded, Place(match.end(), at.end), known)
    elif match := _PROMISED.search(folded, at.start, at.end):
        yield agreement(text, folded, _to_seam(folded, match.end(), at.end), known)
    elif match := _THEY_PROMISED.search(folded, at.start, at.end) or _ONE_PROMISED.search(
        folded, at.start, at.end
    ):
        ours = agreement(text, folded, _to_seam(folded, match.end(), at.end), known)
        yield Agreement(ours.at, ours.text, ours.on, is_ours=False)


def _coming(text: str, folded: str, at: Place, known: Known) -> Iterator[Said]:
    """«в пятницу отправлю КП»: our own deed in the future, and its day."""
    match = _WE_WILL.search(folded, at.start, at.end)
    if match is None:
        return
    begin = max(folded.rfind(", ", at.start, match.start()) + 1, at.start)
    end = folded.find(", ", match.end(), at.end)
    clause = trimmed(folded, begin, end if end >= 0 else at.end)
    if last_day(folded, clause, known):
        yield step(text, folded, clause, known)


def _people(text: str, folded: str, at: Place, known: Known) -> Iterator[Attendee]:
    """«встретились с Ореховым и Зуевой», «были Орехов и Савельев», «Орехов сказал…»."""
    for form in (_MET, _WERE):
        for match in form.finditer(folded, at.start, at.end):
            yield from _listed(text, folded, match.end(), known)
    meeting = _MEETING.match(folded, at.start, at.end)
    if meeting and not last_day(folded, at, known):
        yield from _listed(text, folded, meeting.end(), known)
    for match in _NAME.finditer(folded, at.start, at.end):
        if _SPEAKS.match(folded, match.end()) and text[match.start()].isupper():
            named = surname_at(text, folded, match.start(), known.people)
            if named and named.person:
                yield attendee(named)


def _listed(text: str, folded: str, start: int, known: Known) -> Iterator[Attendee]:
    named = surname_at(text, folded, start, known.people)
    while named and named.person:
        yield attendee(named)
        gap = _AND.match(folded, named.at.end)
        named = surname_at(text, folded, gap.end(), known.people) if gap else None


def _features(text: str, folded: str, at: Place) -> Iterator[Said]:
    for match in _WANTS.finditer(folded, at.start, at.end):
        comma = folded.find(",", match.end(), at.end)
        words = _to_seam(folded, match.end(), comma if comma >= 0 else at.end)
        yield Awaited(words, text[words.start : words.end])
        return


def _objections(text: str, folded: str, at: Place) -> Iterator[Said]:
    """With the clause as the client's own words."""
    for category, start, end in plain_objections(folded[at.start : at.end]):
        begin = max(folded.rfind(mark, at.start, at.start + start) for mark in ",.;:!?\n") + 1
        clause = trimmed(folded, max(begin, at.start), at.start + end)
        yield Objection(clause, category, text[clause.start : clause.end])
        if category == "competitor":
            yield from rivals(text, folded, clause)


def _reactions(text: str, folded: str, at: Place, known: Known) -> Iterator[Said]:
    """«Casebook очень понравился», «Caselook не зашёл»."""
    for match in _PRODUCT.finditer(folded, at.start, at.end):
        ware = ware_at(folded, match.start(), known)
        liked = _LIKED.match(folded, ware[1], at.end) if ware else None
        if ware and liked:
            score = -1 if liked.group("not") else 1
            yield Reaction(
                Place(match.start(), liked.end()),
                ware[0],
                score * (2 if liked.group("very") else 1),
            )


def _to_seam(folded: str, start: int, end: int) -> Place:
    """Up to where another thought begins."""
    seam = _SEAMS.search(folded, start, end)
    return trimmed(folded, start, seam.start() if seam else end)
