"""Words that upper rooms add to the status line of a deal, since this room knows none of them (R77).

A room names its function in `AppConfig.deal_words`, a dotted path: it takes open deals and answers a word for each.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class DealWord:
    """«План: на проверке», with the way to it."""

    label: str | Promise
    text: str | Promise
    tone: str = ""
    url: str = ""


def words_of(deals: Collection[Any]) -> dict[int, list[DealWord]]:
    """Deal → its words; closed deals have none. A constant number of statements."""
    open_ids = [deal.pk for deal in deals if deal.is_open]
    found: dict[int, list[DealWord]] = {deal.pk: [] for deal in deals}
    for room in apps.get_app_configs():
        if open_ids and hasattr(room, "deal_words"):
            said: Mapping[int, DealWord] = import_string(room.deal_words)(open_ids)
            for pk in open_ids:
                found[pk].append(said[pk])
    return found
