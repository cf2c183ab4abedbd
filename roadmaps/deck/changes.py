"""What has changed in the deal since the numbers of a presentation were frozen, in words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from deals.models import Deal
from roadmaps.deck.snapshot import deal_facts
from upsell_crm.core.templatetags.crm import day, money, number


def changes_since(snapshot: Mapping[str, Any], deal: Deal) -> list[str]:
    """Amount, date and lines that differ now; [] while the slides say what the deal says. One statement."""
    then, now = snapshot.get("deal"), deal_facts(deal)
    if not then or then == now:
        return []
    return [*_head(then, now), *_lines(then["lines"], now["lines"])]


def _head(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    found = []
    if then["amount"] != now["amount"]:
        pair = {"was": money(Decimal(then["amount"])), "now": money(Decimal(now["amount"]))}
        found.append(_("The amount: %(was)s → %(now)s") % pair)
    if then["target_date"] != now["target_date"]:
        pair = {
            name: day(date.fromisoformat(one["target_date"])) for name, one in (("was", then), ("now", now))
        }
        found.append(_("To be signed by: %(was)s → %(now)s") % pair)
    return found


def _lines(then: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[str]:
    was, stands = _by_name(then), _by_name(now)
    found = [_("%s: not in the slides") % name for name in stands if name not in was]
    found += [_("%s: not in the deal any more") % name for name in was if name not in stands]
    for name in [name for name in was if name in stands and was[name] != stands[name]]:
        words = [
            f"{number(one['seats'])} · {money(Decimal(one['amount']))}" for one in (was[name], stands[name])
        ]
        found.append(f"{name}: {words[0]} → {words[1]}")
    return found


def _by_name(lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {" · ".join(filter(None, (line["product"], line["company"]))): line for line in lines}
