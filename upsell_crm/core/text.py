"""One normal form for Russian search: lower case, ё as е, look-alike Latin letters as Cyrillic."""

import re

_LOOKALIKES = str.maketrans("abcehkmoptxyё", "авсенкмортхуе")
_GAPS = re.compile(r"[^0-9a-zа-я]+")


def normalise(text: str) -> str:
    """«КАМ», «KAM», «кам» are equal; «Тёплый» is found by «теплый»; quotes and dashes do not count."""
    return _GAPS.sub(" ", text.lower().translate(_LOOKALIKES)).strip()


def search_terms(query: str) -> list[str]:
    """The words of a query in the normal form; a row matches when it has them all."""
    return normalise(query).split()[:8]
