"""Words of codes in both languages, since a machine shows them to people whose language it does not know."""

from functools import cache

from django.db.models import Choices
from django.utils.translation import override


@cache
def labels(choices: type[Choices]) -> dict[str, dict[str, str]]:
    """Code → {"ru", "en"}; read once in the life of the process."""
    spoken: dict[str, dict[str, str]] = {code: {} for code in choices.values}
    for language in ("ru", "en"):
        with override(language):
            for code, label in choices.choices:
                spoken[code][language] = str(label)
    return spoken
