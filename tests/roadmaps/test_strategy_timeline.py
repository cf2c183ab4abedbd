"""Strategies on the timeline of the client (R11): began, ended, shown, and syncs as communications."""

from datetime import date

import pytest

from accounts.timeline import all_sources, timeline_page
from roadmaps.enums import PlanState
from roadmaps.models import Plan, Presentation
from tests.factories import Cast, make_company, make_deal, moment
from tests.roadmaps.makers import make_plan, make_sync, make_working_plan
from upsell_crm.core.models import User

pytestmark = pytest.mark.django_db


def told(user: User, company_id: int) -> list[str]:
    """What the timeline says, the newest first; a communication by its kind."""
    sources = all_sources()
    lines = []
    for entry in timeline_page(user, [company_id], {}).rows:
        source = sources[entry.rank]
        lines.append(str(source.tell(entry).title) if source.tell else "communication")
    return lines


def test_a_strategy_stands_on_the_timeline_from_start_to_end(cast: Cast) -> None:
    """R11: once each; a stranger sees none of it."""
    company = make_company(kam=cast.aliev, team=cast.k2)
    plan = make_working_plan(make_deal(company, opened_on=date(2020, 1, 1)))
    Presentation.objects.create(
        plan=plan,
        number=1,
        title="Продление",
        state="shown",
        frozen_at=moment(),
        shown_at=moment(date(2026, 11, 25)),
    )
    Plan.objects.filter(pk=plan.pk).update(
        state=PlanState.COMPLETED, success_fact=1, ended_at=moment(date(2026, 11, 26))
    )
    meeting = make_sync(plan, date(2026, 11, 27)).interaction
    seen = told(cast.aliev, company.pk)
    assert seen[:3] == ["communication", "Стратегия завершена", "Презентация показана клиенту"]
    assert "План действий запущен" in seen
    assert meeting.kind == "sync"
    assert not {"Стратегия завершена", "План действий запущен"} & set(told(cast.demin, company.pk))


def test_a_sketch_that_was_given_up_is_no_news_of_the_client(cast: Cast) -> None:
    """R11: only what had begun."""
    company = make_company(kam=cast.aliev, team=cast.k2)
    plan = make_plan(make_deal(company), "action_plan")
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.CANCELLED, ended_at=moment())
    assert "Стратегия отменена" not in told(cast.aliev, company.pk)
