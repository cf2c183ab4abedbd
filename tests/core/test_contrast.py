"""Colours of both themes against WCAG 2.2: text 4.5 : 1, borders of controls and focus 3 : 1."""

import re

import pytest
from django.conf import settings

TOKENS = (settings.BASE_DIR / "upsell_crm/static/css/tokens.css").read_text()
COLOURS = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\);", TOKENS))
GROUNDS = ("ground", "surface", "sunken", "hover", "raised")
TEXT = [
    (ink, ground)
    for ink in ("ink", "ink-soft", "muted", "accent-ink", "bad", "warn", "good")
    for ground in GROUNDS
]
TEXT += [(tone, f"{tone}-soft") for tone in ("good", "warn", "bad", "info")]
TEXT += [
    ("accent-ink", "accent-soft"),
    ("ink", "accent-soft"),
    ("muted", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
]
CONTROLS = [(line, ground) for line in ("line-strong", "focus", "accent") for ground in ("ground", "surface")]
CONTROLS += [(f"factor-{number}", "surface") for number in range(1, 9)]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(pair: tuple[str, str], theme: int) -> float:
    light, dark = sorted((luminance(COLOURS[name].split(", ")[theme]) for name in pair), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("pair", TEXT, ids="-on-".join)
def test_text_can_be_read(pair: tuple[str, str], theme: int) -> None:
    assert contrast(pair, theme) >= 4.5, f"{contrast(pair, theme):.2f}"


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("pair", CONTROLS, ids="-on-".join)
def test_controls_can_be_seen(pair: tuple[str, str], theme: int) -> None:
    assert contrast(pair, theme) >= 3, f"{contrast(pair, theme):.2f}"
