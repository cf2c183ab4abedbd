"""Names of clients inside free text: found before a note is published, masked for whoever may not know the client (R80)."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from accounts.models import Company
from upsell_crm.core.models import User
from upsell_crm.core.text import normalise

SHORTEST = 4  # letters of a word that is worth a stem; «АО» and «и» are not
_FORMS = "ООО|АО|ПАО|ЗАО|ОАО|НАО|ГУП|МУП|ФГУП|ФГБУ|ГБУ|ИП|НПФ|ТД"
_QUOTED = re.compile(r"[«“\"]([^«»“”\"]+)[»”\"]")
_GAP = r"[\s«»“”\"'.,-]+"


def clients_named_in(text: str, user: User) -> list[Company]:
    """The clients within reach of this person that the text names; by the name in quotes, in any case form."""
    plain = f" {normalise(text)} "
    known = Company.objects.visible_to(user).only("pk", "public_id", "name", "short_name").order_by("pk")
    return [company for company in known.iterator(chunk_size=2_000) if _is_named(company, text, plain)]


def mask_clients(text: str, companies: Iterable[Company], people: Sequence[str] = ()) -> str:
    """The text without these clients and without these last names of their people."""
    for company in companies:
        for name in _cores(company):
            text = _pattern(name).sub(_("the client"), text)
    for last_name in people:
        if len(last_name) >= SHORTEST:
            text = re.sub(rf"\b{_stem(last_name)}\b", "•••", text, flags=re.IGNORECASE)
    return text


def _is_named(company: Company, text: str, plain: str) -> bool:
    """The first stem is asked for before a pattern is built: thousands of names, one text."""
    return any(
        f" {normalise(name.split()[0])[:SHORTEST]}" in plain and bool(_pattern(name).search(text))
        for name in _cores(company)
    )


def _cores(company: Company) -> list[str]:
    """What people call it: the name in quotes, else without its legal form; nothing where that is too short."""
    found = []
    for name in dict.fromkeys((company.name, company.short_name)):
        quoted = _QUOTED.findall(name)
        core = re.sub(rf"\b(?:{_FORMS})\b", " ", quoted[-1] if quoted else name)
        words = [word for word in re.findall(r"[\w-]+", core) if len(word) > 1]
        if sum(map(len, words)) > SHORTEST:
            found.append(" ".join(words))
    return list(dict.fromkeys(found))


@lru_cache(maxsize=512)
def _pattern(name: str) -> re.Pattern[str]:
    words = _GAP.join(_stem(word) for word in name.split())
    return re.compile(rf"(?:\b(?:{_FORMS})\s*)?[«“\"]?\b{words}\b[»”\"]?", re.IGNORECASE)


def _stem(word: str) -> str:
    """«Банк» also as Банка, Банком; ё = е; a short word stands as it is."""
    is_short = len(word) < SHORTEST
    ending = 0 if is_short or word[-1].lower() not in "аяоеиыйьую" else 1
    letters = "".join(
        "[её]" if letter in "её" else re.escape(letter) for letter in word.lower()[: len(word) - ending]
    )
    return letters if is_short else letters + r"[а-яё]{0,3}"
