"""What the tests of this room share: reference data and a ranked world."""

import pytest

from accounts.references import seed_calendar, seed_procedures, seed_products
from reports.references import seed_weights


@pytest.fixture
def references(db: None) -> None:
    """Products, procedures, three years of the calendar and the first weights."""
    seed_products()
    seed_procedures()
    seed_calendar(range(2025, 2029))
    seed_weights()
