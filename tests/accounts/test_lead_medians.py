"""The vendor's own medians are counted once a day (§4.2, level 3), so that a page need not read every measurement."""

from datetime import timedelta

import pytest

from accounts.lead_times import procurement_rules
from accounts.models import LeadTime, ProcurementType
from accounts.references import seed_procedures
from accounts.services.act_by import refresh_act_by
from accounts.services.lead_medians import count_lead_medians
from tests.factories import T, make_calendar, make_company

pytestmark = pytest.mark.django_db
GROUP = ("single_223", "fz223", "M", "approval")


def measure(*days: int) -> None:
    company = make_company(regime="fz223", segment="M")
    kind = ProcurementType.objects.get(code="single_223")
    LeadTime.objects.bulk_create(
        LeadTime(company=company, type=kind, kind="approval", started_on=T - timedelta(days=40), finished_on=T, working_days=n)
        for n in days
    )  # fmt: skip


def test_what_is_kept_is_what_the_measurements_say() -> None:
    """R20, §4.2: the kept medians and those counted at once are the same."""
    seed_procedures()
    measure(*range(10, 20))
    before = procurement_rules(T).base_medians
    assert count_lead_medians(today=T) == 1
    assert procurement_rules(T).base_medians == before == {GROUP: 15}


def test_a_measurement_of_the_day_enters_tomorrow() -> None:
    """§4.2: the night counts; yesterday's medians serve no other day."""
    seed_procedures()
    make_calendar(2026, 2027)
    measure(*range(10, 20))
    refresh_act_by(today=T)
    measure(*[90] * 30)
    assert procurement_rules(T).base_medians == {GROUP: 15}
    tomorrow = T + timedelta(days=1)
    assert procurement_rules(tomorrow).base_medians == {GROUP: 90}
    refresh_act_by(today=tomorrow)
    assert procurement_rules(tomorrow).base_medians == {GROUP: 90}


def test_a_page_reads_no_measurement_of_the_base() -> None:
    """Bar: what a page costs does not grow with the base: the kept medians alone are asked."""
    seed_procedures()
    measure(*range(10, 20))
    count_lead_medians(today=T)
    LeadTime.objects.all().delete()
    assert procurement_rules(T).base_medians == {GROUP: 15}
