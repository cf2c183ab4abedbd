"""The named constraints asked in Python answer as the database does."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.enums import ContractForm, ContractStatus, FeatureStatus
from accounts.imports.constraints import is_broken
from accounts.models import (
    Company,
    CompanyYear,
    Contact,
    ContactRole,
    Contract,
    CourtLoad,
    FeatureRequest,
    FeatureWait,
    LicenceLine,
    Payment,
    PotentialEstimate,
    ProcurementProfile,
    UsageSnapshot,
)  # fmt: skip

IMPORTED = (Company, CompanyYear, Contact, ContactRole, Contract, CourtLoad, FeatureRequest, FeatureWait, LicenceLine,
            Payment, PotentialEstimate, ProcurementProfile, UsageSnapshot)  # fmt: skip
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 5))
NUMBERS = st.integers(0, 6)
VALUES: dict[str, Any] = {
    "status": st.sampled_from([*ContractStatus.values, *FeatureStatus.values, "?"]), "form": st.sampled_from([*ContractForm.values, "?"]),
    "parent_contract_id": st.none() | NUMBERS, "renews_id": st.none() | NUMBERS, "parent_id": st.none() | NUMBERS, "id": NUMBERS,
    "amount": st.sampled_from([Decimal(-1), Decimal(0), Decimal(1)]), "revenue": st.sampled_from([Decimal(-1), Decimal(0)]),
    "auto_renew_notice_days": st.sampled_from([None, 0, 730, 731]), "influence": NUMBERS, "attitude": st.integers(-3, 3),
    "approval_bd_override": st.sampled_from([None, 0, 250, 251]), "lead_bd_override": st.sampled_from([None, 251]), "budget_month": st.sampled_from([None, 0, 12, 13]),
    "cases_12m": NUMBERS, "as_plaintiff": NUMBERS, "as_defendant": NUMBERS, "as_other": NUMBERS, "seats": NUMBERS, "importance": NUMBERS,
}  # fmt: skip


class SameAnswer(TestCase):
    """Hypothesis draws records; both sides judge them."""

    @given(st.data())
    def test_python_and_the_database_agree(self, data: st.DataObject) -> None:
        model = data.draw(st.sampled_from(IMPORTED))
        obj = model()
        for field in model._meta.concrete_fields:
            if field.attname in VALUES:
                obj.__dict__[field.attname] = data.draw(VALUES[field.attname], label=field.attname)
            elif field.get_internal_type() == "DateField":
                setattr(obj, field.attname, data.draw(DAYS, label=field.attname))
        for constraint in model._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                assert is_broken(constraint, obj) == _database_says_broken(constraint, obj), constraint.name


def _database_says_broken(constraint: CheckConstraint, obj: Any) -> bool:
    try:
        constraint.validate(type(obj), obj)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("model", IMPORTED)
def test_every_constraint_is_understood(model: Any) -> None:
    """A new kind of condition must be taught to `constraints.py` first."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            is_broken(constraint, model())
