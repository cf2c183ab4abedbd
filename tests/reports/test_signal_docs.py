"""The table of rules in docs/how-to/reasons-to-call.md is the code's own."""

from django.conf import settings
from django.utils import translation

from reports.models import SignalRule
from reports.signals.rule import Rule
from reports.signals.table import RULES
from upsell_crm.core.parameters import DEFAULTS

PAGE = settings.BASE_DIR / "docs/how-to/reasons-to-call.md"


def row_of(rule: Rule) -> str:
    """One line of the table, in English."""
    with translation.override("en"):
        buttons = ", ".join(str(step.label) for step in rule.steps)
        default = DEFAULTS["signal_thresholds"][rule.code.value]
        return f"| {rule.code.label} | `{rule.code.value}` | {default} | {rule.threshold} | {rule.closes} | {buttons} |"


def test_the_page_shows_every_rule_as_it_is() -> None:
    """In the order of their weight; a threshold, an ending or a button that changes is changed there too."""
    lines = PAGE.read_text().splitlines()
    table = [line for line in lines if line.startswith("| ") and "`" in line]
    assert table == [row_of(rule) for rule in RULES]


def test_every_rule_has_a_threshold_and_nothing_else_has() -> None:
    """The parameter `signal_thresholds` names exactly the rules."""
    assert set(DEFAULTS["signal_thresholds"]) == set(SignalRule.values) == {rule.code.value for rule in RULES}
