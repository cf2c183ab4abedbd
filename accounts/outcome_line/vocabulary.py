"""Words of sales talk: what an objection is about, who competes, what sounds like a feature."""

import re
from collections.abc import Iterator, Sequence

from accounts.outcome_line.letters import fold

# The codes are those of accounts.enums.ObjectionCategory; a test holds the two together.
_RIVALS = (
    ("КонсультантПлюс", r"консультант(?:а|у|ом|е)?(?:\s?плюс\w{0,2}|\s?\+)?"),
    ("Гарант", r"гарант(?:а|у|ом|е)?|garant"),
    ("СПАРК", r"спарк(?:а|у|ом|е)?|spark"),
    ("Контур.Фокус", r"(?:контур(?:а|у|ом|е)?[\s.-]?)?фокус(?:а|у|ом|е)?|контур(?:а|у|ом|е)?"),
    ("Rusprofile", r"rusprofile|руспрофайл\w{0,2}"),
    ("Картотека", r"картотек[аеуи]\.?(?:ру)?"),
    ("Техэксперт", r"техэксперт(?:а|у|ом|е)?"),
    ("Seldon", r"seldon|селдон\w{0,2}"),
    ("Право.ru", r"право\.ру"),
)
RIVAL = "(?:" + "|".join(form for _name, form in _RIVALS) + ")"
_RIVAL_FORMS = [(name, re.compile(rf"(?<!\w)(?:{form})(?!\w)")) for name, form in _RIVALS]

# Behind «!» anything of these words decides; the first line that fits wins.
_ABOUT = (
    ("competitor", rf"конкурент\w*|аналог\w*|{RIVAL}"),
    ("budget", r"бюджет\w*|нет\s+денег|денег\s+нет|деньг\w*|финансировани\w*|не\s+заложен\w*"),
    (
        "price",
        r"дорог\w*|дорож\w*|цен[аыуе]?|скид\w+|куса\w+|стоимост\w*|прайс\w*|дешев\w*|переплач\w*|эконом\w*|окупа\w*|тариф\w*"
        r"|-\s?\d{1,2}\s?%",
    ),
    (
        "security",
        r"безопас\w*|иб|сб|утечк\w*|слив\w*|облак\w*|персональн\w*|пдн|152-фз|хранени\w*|взлом\w*"
        r"|сервер\w*|on-premise|локальн\w*\s+(?:верси|установк)\w*|закрыт\w+\s+контур\w*",
    ),
    (
        "process",
        r"тендер\w*|закуп\w*|конкурс\w*|процедур\w*|аукцион\w*|44-фз|223-фз|регламент\w*|комисси\w*"
        r"|согласовани\w*|головн\w+|юридически\w*|форм\w\s+договора",
    ),
    (
        "timing",
        r"срок\w*|долг\w*|не\s+успе\w+|времени|гор[ия]т\w*|перенос\w*|перенес\w*|отлож\w*|откладыва\w*|рано"
        r"|не\s+сейчас|позже|пауз\w*|нет\s+(?:ресурс|люд|рук)\w*|не\s+до\s+этого|занят\w*",
    ),
    (
        "functionality",
        r"функци\w*|не\s+хватает|не\s+умеет|нет\s+интеграц\w*|нет\s+выгруз\w*|нет\s+api|неудобн\w*|мало\s+практик\w*"
        r"|нет\s+(?:\w{1,20}\s+){0,2}(?:верси|модул|отчет|экспорт|поиск|приложени|фильтр|уведомлени)\w*"
        r"|баг\w{0,3}|ошибк\w*|интеграци\w*|тормоз\w*|медленн\w*|глюч\w*|возможност\w*",
    ),
    (
        "no_need",
        r"не\s?нуж\w+|не\s?интерес\w*|нет\s+потребност\w*|не\s+вид\w+|зачем|незачем|смысл\w*|не\s?актуал\w*|обойд\w+"
        r"|все\s+устраива\w*|мало\s+кто|не\s+пользу\w+|не\s+востребован\w*",
    ),
)
_ABOUT_FORMS = [(category, re.compile(rf"(?<!\w)(?:{form})(?!\w)")) for category, form in _ABOUT]

# In plain prose only what can hardly mean anything else.
_PLAINLY = (
    ("price", r"(?:слишком\s+)?дорого(?:вато)?(?!\s+(?:обош|стои|заплат|нам|мне))|слишком\s+дорог\w+|высок\w+\s+цен\w|цен\w\s+(?:высок\w+|не\s+устраива\w+|кусает\w*)"),
    ("price", r"(?:прос(?:ит|ят|или|ила)|хот(?:ят|ели)|хочет|жд[уе]т)\s+скидк\w+"),
    (
        "budget",
        r"(?:нет|не\s+заложили|не\s+заложен|урезали|сократили|закончился)\s+бюджет\w*"
        r"|бюджет\w*\s+(?:нет|урезали|урезан|закрыт|закончился|не\s+заложили|не\s+заложен|исчерпан|сократили)"
        r"|бюджета\s+(?:\w{1,20}\s+){1,4}нет|нет\s+денег|денег\s+нет",
    ),
    (
        "security",
        r"(?:безопасник\w*|иб|сб|служба\s+безопасности)\s+(?:против|не\s+пропуска\w+|не\s+согла\w+|не\s+пуска\w+|не\s+дает)",
    ),
    ("process", r"(?:только|все)\s+через\s+(?:тендер\w*|закупк\w+|конкурс\w*)|закупк\w\s+(?:только\s+)?через\s+(?:тендер|конкурс)"),
    ("functionality", r"не\s+хватает\s+(?!времени|денег|бюджета|люд|рук|лицензи|мест|терпени|данных)\w+"),
    ("timing", r"сроки?\s+не\s+устраива\w+|не\s+успева\w+\s+\w+|пока\s+рано|нет\s+времени"),
    ("no_need", r"не\s+вид[ия]т\s+смысла|нет\s+потребности|им\s+(?:это\s+)?не\s+нужн\w+|пока\s+не\s+нужн\w+|не\s?интересно"),
    ("competitor", rf"(?:сид[ия]т|работа[юе]т|пользу[юе]тся|остаются|сравнива[юе]т)\s+(?:на|с|со|в)?\s?{RIVAL}"),
    ("competitor", rf"(?:уже\s+есть|у\s+них|стоит|купили|смотрят)\s+{RIVAL}"),
)  # fmt: skip
_PLAINLY_FORMS = [
    (category, re.compile(rf"(?<!не )(?<!\w)(?:{form})(?!\w)(?!\s+ли\b)(?!\?)(?!\s+не\b)"))
    for category, form in _PLAINLY
]
FEATURE = (
    r"(?:интеграци|выгрузк|api\b|апи\b|экспорт|импорт|модул|мобильн\w+\s+|приложени|фильтр|уведомлени|оповещени|мониторинг"
    r"|един\w+\s+вход|sso\b|личн\w+\s+кабинет|доработк|функци|синхронизаци|дашборд|шаблон|автозагрузк|подписк\w\s+на"
    r"|коннектор|поиск\w*\s+по)"
)


def category_of(folded: str) -> str:
    """What a signed objection is about; empty when no word tells."""
    return next((category for category, form in _ABOUT_FORMS if form.search(folded)), "")


def plain_objections(folded: str) -> Iterator[tuple[str, int, int]]:
    """Category and place of the objections that prose states beyond doubt."""
    for category, form in _PLAINLY_FORMS:
        for match in form.finditer(folded):
            yield category, match.start(), match.end()


def rival_in(folded: str, start: int, end: int) -> tuple[str, int, int] | None:
    """The first known competitor named between two places."""
    for name, form in _RIVAL_FORMS:
        if match := form.search(folded, start, end):
            return name, match.start(), match.end()
    return None


SPOKEN_WARES = {
    "casebook": ("кейсбук", "кейс бук"),
    "caselook": ("кейслук", "кейс лук"),
    "caseone": ("кейсван", "кейсуан"),
}  # product code → how people say it


def title_like(words: str, titles: Sequence[str]) -> str:
    """The only title of these that has all the words, or all of whose words were said; empty when none or several."""
    said = _stems(words)
    near = [title for title in titles if _overlap(said, _stems(title))]
    same = [title for title in near if _stems(title) == said] or near
    return same[0] if len(same) == 1 else ""


def _overlap(said: frozenset[str], title: frozenset[str]) -> bool:
    return len(said & title) >= 2 and (said <= title or title <= said) or (bool(said) and said == title)


def _stems(text: str) -> frozenset[str]:
    """Words less their endings and less the small ones."""
    words = re.findall(r"[0-9a-zа-я]+", fold(text))
    return frozenset(
        word[: max(4, len(word) - 2)] if len(word) > 4 else word for word in words if len(word) > 1
    )
