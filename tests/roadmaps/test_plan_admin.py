"""The administrator looks at strategies and changes nothing of them: each change of a plan is a revision (R52, R93)."""

from collections.abc import Callable

import pytest
from django.test import Client

from roadmaps.models import Plan, Presentation
from tests.factories import Cast, make_company, make_deal
from tests.roadmaps.makers import make_working_plan
from upsell_crm.core.models import User

pytestmark = pytest.mark.django_db


def test_the_administrator_looks_and_changes_nothing(cast: Cast, client_of: Callable[[User], Client]) -> None:
    """R52, R58: the list, the record with its revisions, and 403 for every way to write."""
    plan = make_working_plan(make_deal(make_company(kam=cast.aliev, team=cast.k2)))
    deck = Presentation.objects.create(
        plan=plan, number=1, title="Предложение", snapshot={"blocks": ["цена 42"]}
    )
    web = client_of(cast.admin)
    for record in (plan, deck):
        address = f"/admin/roadmaps/{record._meta.model_name}/"
        assert web.get(address).status_code == 200
        page = web.get(f"{address}{record.pk}/change/")
        assert page.status_code == 200 and "цена 42" not in page.text
        assert web.post(f"{address}{record.pk}/change/", {"goal": "Другая"}).status_code == 403
        assert web.post(f"{address}{record.pk}/delete/").status_code == 403
        assert web.post(f"{address}add/").status_code == 403
    assert "Запуск" in web.get(f"/admin/roadmaps/plan/{plan.pk}/change/").text
    assert Plan.objects.get().goal == plan.goal
