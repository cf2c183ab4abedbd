"""Industries by the words that lists use and by OKVED class."""

from functools import cache

from django.utils.translation import override

from accounts.enums import Industry
from upsell_crm.core.text import normalise

SYNONYMS = {
    Industry.BANK: "банк банки банковский финансы финансовый инвестиции bank banks banking finance financial investment",
    Industry.INSURANCE: "страхование страховая страховой insurance",
    Industry.TELECOM: "связь телеком телекоммуникации оператор telecommunications telecommunication telecoms telecom",
    Industry.ENERGY: "энергетика нефть газ нефтегаз электроэнергетика тэк energy oil gas utilities power",
    Industry.INDUSTRY: "промышленность производство металлургия машиностроение химия агро manufacturing industrial metals mining chemicals",
    Industry.RETAIL: "ритейл розница торговля опт e-commerce retail trade wholesale ecommerce commerce",
    Industry.CONSTRUCTION: "строительство девелопмент недвижимость construction development developer",
    Industry.TRANSPORT: "транспорт логистика перевозки авиация transport transportation logistics",
    Industry.PUBLIC: "госсектор государство госорган бюджет администрация government public municipal",
    Industry.LAW: "юридическая право адвокаты юриспруденция law legal",
    Industry.IT: "it ит айти технологии технология софт интернет разработка software technology technolgy tech internet",
    Industry.OTHER: "прочее другое иное другая other",
}
OKVED_CLASSES = (  # first and last class of the All-Russian Classifier (OK 029-2014)
    (1, 33, Industry.INDUSTRY), (35, 39, Industry.ENERGY), (41, 43, Industry.CONSTRUCTION), (45, 47, Industry.RETAIL),
    (49, 53, Industry.TRANSPORT), (58, 60, Industry.OTHER), (61, 61, Industry.TELECOM), (62, 63, Industry.IT),
    (64, 64, Industry.BANK), (65, 65, Industry.INSURANCE), (66, 66, Industry.BANK), (68, 68, Industry.CONSTRUCTION),
    (84, 84, Industry.PUBLIC),
)  # fmt: skip


@cache
def _words() -> dict[str, str]:
    table = {normalise(word): member.value for member, words in SYNONYMS.items() for word in words.split()}
    for language in ("ru", "en"):
        with override(language):
            table |= {normalise(str(member.label)): member.value for member in Industry}
    return table | {normalise(member.value): member.value for member in Industry}


def industry_of_sector(sector: str) -> tuple[str, bool]:
    """The industry that a word means, and whether the word is known; whole phrase first, then its words."""
    phrase = normalise(sector)
    for candidate in (phrase, *phrase.split()):
        if candidate in _words():
            return _words()[candidate], True
    return Industry.OTHER, False


def industry_of_okved(code: str) -> str:
    """The industry of an OKVED code such as 64.19 or 69.10; unknown classes are «other»."""
    head, _dot, tail = code.strip().partition(".")
    if not head.isdigit():
        return Industry.OTHER
    if head == "69":
        return Industry.LAW if tail.startswith("1") else Industry.OTHER
    return next(
        (industry for first, last, industry in OKVED_CLASSES if first <= int(head) <= last), Industry.OTHER
    )
