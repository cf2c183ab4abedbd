"""The strict machine: what would be a bad habit in production fails here."""

import pytest

from tests.factories import Cast, T


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of the demo story (domain.md §8.1)."""
    return Cast()


@pytest.fixture(autouse=True)
def golden_today(settings: object) -> None:
    """Every test lives on Tuesday 24 November 2026 unless it says otherwise."""
    settings.CRM_TODAY = T
