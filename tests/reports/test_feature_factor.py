"""The factor «awaited feature» follows each step of a feature and of a client by itself (R23–R25, §4.3, §4.10.10)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.enums import FeatureStatus, Response
from accounts.models import Company
from accounts.services.feature_waits import answer_wait, save_wait
from accounts.services.features import edit_feature, move_feature
from reports.models import RankRow
from tests.accounts.feature_makers import make_feature
from tests.factories import Cast, T, make_company, make_contract
from upsell_crm.core import outbox

S = FeatureStatus


def factor(company: Company) -> Decimal:
    """What the ranking shows after the slow effects of the last change."""
    outbox.drain()
    return Decimal(RankRow.objects.current().get(company=company).factors["feature"])


@pytest.mark.slow
def test_the_factor_follows_by_itself(cast: Cast, references: Any) -> None:
    """0.4 planned within 30 days, 1 released and not shown, 0.8 after a positive response; nobody presses «rank»."""
    company = make_company(kam=cast.vetrov)
    make_contract(company, ("casebook", 10))
    feature = make_feature(status=S.SUBMITTED)
    wait = save_wait(company, feature, by=cast.vetrov)
    assert factor(company) == 0
    move_feature(feature, to=S.PLANNED, by=cast.admin, planned_on=T + timedelta(days=31))
    assert factor(company) == 0
    edit_feature(feature, by=cast.admin, version=feature.version, planned_release=T + timedelta(days=30))
    assert factor(company) == Decimal("0.4")
    move_feature(feature, to=S.DEV, by=cast.admin)
    move_feature(feature, to=S.RELEASED, by=cast.admin)
    assert factor(company) == 1
    wait.refresh_from_db()
    answer_wait(wait, by=cast.vetrov, response=Response.POSITIVE)
    assert factor(company) == Decimal("0.8")
