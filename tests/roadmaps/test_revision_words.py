"""The changes of a plan in words (R52): what a person reads in «Редакции»."""

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from deals.models import Deal
from roadmaps.enums import PlanState
from roadmaps.models import Plan, PlanTask
from roadmaps.revision_words import Names, change_lines, later_titles, names_of
from roadmaps.services.plan_tasks import TaskSaid, add_task, change_task, remove_task
from roadmaps.services.plans import update_plan
from tests.factories import Cast, make_company, make_deal
from tests.roadmaps.makers import DUE, make_plan, make_plan_task, put_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(cast: Cast) -> Deal:
    return make_deal(make_company("АО «Порт»", kam=cast.aliev, team=cast.k2), ("casebook", 14, 18))


def last_lines(plan: Plan) -> list[str]:
    revision = plan.revisions.order_by("-number")[0]
    with override("ru"):
        return [line.text for line in change_lines(revision.changes)]


def in_work(deal: Deal, cast: Cast) -> tuple[Plan, PlanTask]:
    plan = make_plan(deal, "action_plan")
    link = make_plan_task(plan, cast.aliev)
    return put_plan(plan, PlanState.ACTIVE), link


def test_a_moved_deadline_reads_as_two_dates(deal: Deal, cast: Cast) -> None:
    """R52: «срок: 15.01.2027 → 01.02.2027»."""
    plan, _link = in_work(deal, cast)
    update_plan(plan, {"deadline": date(2027, 2, 1)}, by=cast.aliev, reason="Перенос")
    assert last_lines(plan) == ["срок: 15.01.2027 → 01.02.2027"]


def test_a_new_task_says_who_by_when_and_what_comes_of_it(deal: Deal, cast: Cast) -> None:
    """R52, R50."""
    plan, _link = in_work(deal, cast)
    add_task(plan, TaskSaid("Позвонить", cast.naumov, DUE, "Встреча"), by=cast.aliev, reason="Мало задач")
    assert last_lines(plan) == ["новая задача: «Позвонить» (Наумов, до 01.12.2026, результат: Встреча)"]


def test_another_assignee_reads_as_two_names(deal: Deal, cast: Cast) -> None:
    """R52: the task is named beside its field."""
    plan, link = in_work(deal, cast)
    change_task(link, {"assignee": cast.naumov}, by=cast.aliev, reason="Отпуск")
    assert last_lines(plan) == ["исполнитель «Собрать потребности»: Алиев → Наумов"]


def test_a_removed_task_keeps_its_title(deal: Deal, cast: Cast) -> None:
    """R52: from the difference itself."""
    plan, link = in_work(deal, cast)
    remove_task(link, by=cast.aliev, reason="Не нужна")
    assert last_lines(plan) == ["убрана задача: «Собрать потребности» (Алиев, до 01.12.2026)"]


def test_a_dependency_reads_as_what_was_added_and_taken_away(deal: Deal, cast: Cast) -> None:
    """R44, R52."""
    plan, link = in_work(deal, cast)
    other = add_task(plan, TaskSaid("Показать", cast.aliev, DUE, "Показ"), by=cast.aliev, reason="Ещё одна")
    change_task(other, {}, by=cast.aliev, reason="По порядку", depends_on=[link])
    assert last_lines(plan) == ["«Показать» ждёт: + «Собрать потребности»"]
    change_task(other, {}, by=cast.aliev, reason="Не ждём", depends_on=[])
    assert last_lines(plan) == ["«Показать» ждёт: − «Собрать потребности»"]


def test_a_changed_text_is_marked_word_by_word() -> None:
    """R52: what stays is not marked."""
    change = {
        "op": "set",
        "field": "goal",
        "old": "Продлить договор на год",
        "new": "Продлить договор на два года",
    }
    pieces = change_lines([change])[0].pieces
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("", "Продлить договор на"), ("was", "год"), ("now", "два года"),
    ]  # fmt: skip


def test_titles_are_those_of_their_time() -> None:
    """R52: an old revision speaks of a task by the title that it had then."""
    renamed = [{"op": "change", "task": "t1", "field": "title", "old": "Раз", "new": "Два"}]
    assert later_titles({"t1": "Раз"}, renamed) == {"t1": "Два"}
    moved = [{"op": "change", "task": "t1", "field": "phase", "old": "info", "new": "docs"}]
    with override("ru"):
        assert "«Раз»" in change_lines(moved, names=Names(), titles={"t1": "Раз"})[0].text


def test_names_take_three_statements_whatever_the_revisions(
    deal: Deal, cast: Cast, django_assert_num_queries: Any
) -> None:
    """CONTRIBUTING: constant."""
    changes = [
        {"op": "change", "task": str(n), "field": "assignee", "old": cast.aliev.pk, "new": cast.naumov.pk}
        for n in range(30)
    ]
    changes += [{"op": "change", "task": "x", "field": "company", "old": None, "new": deal.company_id}]
    changes = [{**step, "task": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"} for step in changes]
    with django_assert_num_queries(3):
        names_of(changes)
