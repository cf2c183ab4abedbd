"""Block «Free text»: what the KAM writes himself (R57)."""

from django.utils.translation import gettext_lazy

from roadmaps.deck.parts import Facts, Problem, Subject


def build(subject: Subject, text: str, url: str) -> Facts:
    """Nothing is read; without words there is nothing to show."""
    if not text.strip():
        empty = gettext_lazy("Nothing is written here yet.")
        return Facts(data={"text": ""}, problems=[Problem("no_words", url)], why_empty=empty)
    return Facts(data={"text": text})
