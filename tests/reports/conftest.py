"""What the tests of this room share: reference data and a ranked world."""

import pytest

from accounts.references import seed_procedures, seed_products
from reports.references import seed_weights
from tests.factories import make_calendar


@pytest.fixture
def references(db: None) -> None:
    """Products, procedures, three years of the calendar and the first weights."""
    seed_products()
    seed_procedures()
    make_calendar()
    seed_weights()
