"""The shape of a rule, and the names that its words need."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from reports.models import SignalRule
from reports.signals.look import Evidence, Finding, Look
from reports.signals.steps import Step

Find = Callable[[Look, int], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Voice:
    """What the words of a page share: the day, and the names behind codes and ids as far as the reader may see them."""

    today: date
    products: Mapping[str, str]
    people: Mapping[int, str]
    quotes: Mapping[str, str]

    def product(self, evidence: Evidence) -> str:
        """The product in the reader's language."""
        code = evidence["product"]
        return self.products.get(code, code)

    def person(self, evidence: Evidence) -> str:
        """«Орехов П. С.»; empty for a reader without the right to the people of this client."""
        return self.people.get(evidence["contact"], "")


@dataclass(frozen=True, slots=True)
class Rule:
    """A declared reason to call: what it finds beyond its threshold, how it says so, what to do about it.

    `find` reads facts of many companies by a constant number of statements. `threshold` says in words what the number
    in the parameter `signal_thresholds` means; 0 there switches the rule off. `closes` says when it is over.
    """

    code: SignalRule
    find: Find
    words: Callable[[Evidence, Voice], str]
    steps: tuple[Step, ...]
    threshold: Promise
    closes: Promise


def day_of(evidence: Evidence, name: str) -> Any:
    """A date of the evidence, which JSON keeps as text; None stays None."""
    text = evidence.get(name)
    return None if text is None else date.fromisoformat(text)
