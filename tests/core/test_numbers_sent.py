"""Whole numbers that a page sends along: versions, places, numbers of revisions (faults A)."""

import pytest
from django.http import QueryDict

from upsell_crm.core.http import number_sent


@pytest.mark.parametrize("text", ["0", "7", "007", "999999999"])
def test_a_number_is_read(text: str) -> None:
    """As it was shown."""
    assert number_sent(QueryDict(f"version={text}"), "version") == int(text)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "две", "²", "٣", "9" * 10, "9" * 5000])
def test_what_is_no_such_number_is_none(text: str) -> None:
    """Typed by hand: a superscript and an Arabic digit pass `isdigit`, a long one is refused by `int` and by the database."""
    sent = QueryDict(mutable=True)
    sent["version"] = text
    assert number_sent(sent, "version") is None
    assert number_sent(QueryDict(), "version") is None
