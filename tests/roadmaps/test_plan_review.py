"""«Проверка»: the lead's queue, page, verdict and words on single items (R79, §6.2.2)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Company
from roadmaps.enums import PlanState, Verdict
from roadmaps.models import Plan, PlanReview
from roadmaps.plan_facts import flags_of
from roadmaps.reviews import comments_by_item
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plans import update_plan
from roadmaps.services.reviews import (
    approve_plan,
    comment_item,
    resolve_comment,
    return_plan,
    take_back_approval,
)
from tests.factories import Cast, T, make_company, make_contact, make_deal, make_member
from tests.roadmaps.makers import make_comment, make_plan_task, make_port, make_submitted
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def port(cast: Cast) -> Company:
    return make_port(cast.aliev)


@pytest.fixture
def plan(port: Company, cast: Cast) -> Plan:
    return make_submitted(make_deal(port, ("casebook", 14, 18)), tasks=[(cast.aliev, "Собрать потребности")])


def again(plan: Plan) -> Plan:
    return Plan.objects.select_related("deal__company").get(pk=plan.pk)


def test_the_queue_shows_what_waits_longest_first(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """§6.2.2: client, KAM, amount, days, remarks, what is new."""
    later = make_submitted(
        make_deal(make_company("ООО «Свежий»", kam=cast.aliev)), state_since=plan.state_since
    )
    Plan.objects.filter(pk=later.pk).update(state_since=plan.state_since + timedelta(days=5))
    answer = client_of(cast.gromov).get("/plans/review/")
    assert [row.plan for row in answer.context["rows"]] == [plan, later]
    page = answer.content.decode()
    assert "Приозёрский Порт" in page and "Алиев" in page and "впервые" in page and "15 дней" in page


def test_an_empty_queue_is_a_success(cast: Cast, client_of: ClientOf) -> None:
    """§6.2: not a blank page."""
    assert "Все планы получили ответ" in client_of(cast.gromov).get("/plans/review/").content.decode()


def test_the_queue_is_that_of_the_own_team(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """§3: a lead of another team judges nothing here; the head sees all; a KAM has no queue."""
    assert client_of(cast.belova).get("/plans/review/").context["rows"] == []
    assert len(client_of(cast.andreeva).get("/plans/review/").context["rows"]) == 1
    assert client_of(cast.aliev).get("/plans/review/").status_code == 403


def test_one_click_approves(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """R79, §6.2: the button posts nothing but the version."""
    answer = client_of(cast.gromov).post(
        f"/plans/{plan.public_id}/approve/", {"version": plan.version}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204 and "undo" in answer.headers["HX-Trigger"]
    plan = again(plan)
    assert (plan.state, plan.validated_by, plan.revision) == (PlanState.ACTIVE, cast.gromov, 1)


def test_a_shut_gate_comes_back_with_the_way_to_open_it(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """§2.8.5: a member without a task is named; the lead opens with a comment, which stays on the plan."""
    make_member(plan.deal, cast.kim, Role.CLOSER)
    url, version = f"/plans/{plan.public_id}/approve/", {"version": plan.version}
    refused = client_of(cast.gromov).post(url, version)
    assert refused.status_code == 422 and str(cast.kim) in refused.content.decode()
    assert client_of(cast.gromov).post(url, {**version, "overrides": "on"}).status_code == 422
    client_of(cast.gromov).post(url, {**version, "overrides": "on", "comment": "Ким подключится позже"})
    assert again(plan).tasks_override_reason == "Ким подключится позже"


def test_a_return_needs_words_or_a_comment_on_an_item(plan: Plan, cast: Cast) -> None:
    """R79: comments on items are words too."""
    with pytest.raises(DomainError):
        return_plan(plan, by=cast.gromov)
    comment_item(plan, by=cast.gromov, item="deadline", text="Слишком поздно")
    return_plan(plan, by=cast.gromov)
    review = plan.reviews.get()
    assert (plan.state, review.verdict) == (PlanState.RETURNED, Verdict.RETURNED)
    assert "1 замечание" in review.comment


def test_only_its_lead_judges_a_plan(plan: Plan, cast: Cast) -> None:
    """§3: neither the KAM nor the lead of another team."""
    for stranger in (cast.aliev, cast.belova):
        with pytest.raises(NotAllowed):
            approve_plan(plan, by=stranger)
        with pytest.raises(NotAllowed):
            return_plan(plan, by=stranger, comment="Нет")
        with pytest.raises(NotAllowed):
            comment_item(plan, by=stranger, item="goal", text="Нет")


def test_a_verdict_on_a_plan_that_was_judged_meanwhile_is_refused(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    """Two leads at once: the second one is told and writes nothing."""
    seen = plan.version
    return_plan(plan, by=cast.andreeva, comment="Мало задач")
    answer = client_of(cast.gromov).post(f"/plans/{plan.public_id}/approve/", {"version": seen})
    assert answer.status_code == 409
    assert again(plan).state == PlanState.RETURNED


def test_an_approval_is_taken_back_within_ten_minutes(plan: Plan, cast: Cast) -> None:
    """«Отменить»: by who gave it, and not later; the plan waits again."""
    approve_plan(plan, by=cast.gromov)
    with pytest.raises(NotAllowed):
        take_back_approval(plan, by=cast.andreeva)
    take_back_approval(plan, by=cast.gromov)
    assert (plan.state, plan.reviews.filter(verdict="").count()) == (PlanState.REVIEW, 1)
    approve_plan(plan, by=cast.gromov)
    assert plan.revision == 1
    late = plan.reviews.order_by("-pk")[0].decided_at - timedelta(minutes=11)
    PlanReview.objects.filter(plan=plan).update(decided_at=late)
    with pytest.raises(NotAllowed):
        take_back_approval(plan, by=cast.gromov)


def test_comments_stand_under_their_items_until_they_are_settled(plan: Plan, cast: Cast) -> None:
    """R79: the KAM says what he has done, the author may settle without a word; both are in the history."""
    key = f"task:{plan.tasks.get().task.public_id}"
    first = comment_item(plan, by=cast.gromov, item=key, text="Кто говорит с ЛПР?")
    second = comment_item(plan, by=cast.gromov, item="goal", text="Сколько мест?")
    with pytest.raises(DomainError):
        resolve_comment(first, by=cast.aliev)
    with pytest.raises(NotAllowed):
        resolve_comment(first, by=cast.vetrov, answer="Готово")
    resolve_comment(first, by=cast.aliev, answer="Добавил встречу")
    resolve_comment(second, by=cast.gromov)
    with pytest.raises(DomainError):
        resolve_comment(second, by=cast.gromov)
    assert {item: rows[0].answer for item, rows in comments_by_item(plan).items()} == {
        key: "Добавил встречу",
        "goal": "",
    }
    events = AuditEvent.objects.filter(object_type="roadmaps.reviewcomment").values_list("event", flat=True)
    assert sorted(events) == ["comment_plan"] * 2 + ["resolve_comment"] * 2


@pytest.mark.parametrize("item", ["", "amount", "task:42", "flag:nonsense"])
def test_a_comment_needs_an_item_of_the_plan(plan: Plan, cast: Cast, client_of: ClientOf, item: str) -> None:
    """Nothing is said into the air."""
    with pytest.raises(DomainError):
        comment_item(plan, by=cast.gromov, item=item, text="Что это?")
    assert client_of(cast.gromov).get(f"/plans/{plan.public_id}/comment/?item={item}").status_code == 404


def test_a_plan_that_comes_again_shows_what_has_changed_and_which_comments_are_open(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    """R79: against what the lead saw last; open comments are counted and lock nothing."""
    make_comment(plan, cast.gromov)
    return_plan(plan, by=cast.gromov, comment="Срок")
    move_plan(plan, to=PlanState.PLANNING, by=cast.aliev)
    update_plan(plan, {"deadline": date(2027, 1, 12)}, by=cast.aliev)
    assert (
        "1 замечание руководителя открыто"
        in client_of(cast.aliev).get(f"/plans/{plan.public_id}/review/").content.decode()
    )
    assert (
        "1 замечание руководителя не закрыто"
        in client_of(cast.aliev).get(f"/plans/{plan.public_id}/move/review/").content.decode()
    )
    move_plan(plan, to=PlanState.REVIEW, by=cast.aliev)
    page = client_of(cast.gromov).get(f"/plans/{plan.public_id}/review/").content.decode()
    assert "<del>15.01.2027</del> → <ins>12.01.2027</ins>" in page and "повторно" in page
    queue = client_of(cast.gromov).get("/plans/review/").content.decode()
    assert "1 поле" in queue and "1 открытое замечание" in queue


def test_the_kam_reads_the_verdict_beside_the_items(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """R79: he sees words and remarks, and no buttons of a judge."""
    make_comment(plan, cast.gromov, text="Почему столько?")
    page = client_of(cast.aliev).get(f"/plans/{plan.public_id}/review/").content.decode()
    assert "Почему столько?" in page and "/resolve/" in page
    assert "/approve/" not in page and "/comment/" not in page


def test_remarks_are_read_from_the_plan(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """§1.9: from members, tasks, people of the client and dates; the KAM sees the same on the page of the plan."""
    make_member(plan.deal, cast.kim, Role.CLOSER)
    codes = {flag.code for flag in flags_of(plan, T)}
    assert codes == {"closer_idle", "nobody_on_dm", "no_presentation"}
    page = client_of(cast.aliev).get(f"/plans/{plan.public_id}/flags/").content.decode()
    assert "3 замечания к плану" in page and str(cast.kim) in page


@pytest.mark.slow
def test_the_queue_asks_as_often_for_one_plan_as_for_many(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    """The number of statements does not grow with the plans."""
    browser = client_of(cast.gromov)
    browser.get("/plans/review/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/plans/review/")
    for number in range(12):
        company = make_company(f"ООО «Ещё {number}»", kam=cast.aliev)
        make_contact(company)
        make_submitted(
            make_deal(company, ("casebook", 1, 2)), tasks=[(cast.aliev, "Раз"), (cast.naumov, "Два")]
        )
    with CaptureQueriesContext(connection) as many:
        browser.get("/plans/review/")
    assert len(many) == len(few) <= 24


@pytest.mark.slow
def test_the_page_asks_as_often_for_three_tasks_as_for_thirty(
    plan: Plan, cast: Cast, client_of: ClientOf
) -> None:
    """A plan of 200 tasks opens as one of three."""
    browser, url = client_of(cast.gromov), f"/plans/{plan.public_id}/review/"
    make_comment(plan, cast.gromov)
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    for number in range(30):
        link = make_plan_task(plan, cast.naumov, f"Задача {number}")
        make_comment(plan, cast.gromov, item=f"task:{link.task.public_id}")
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(many) == len(few)


def test_the_tasks_tab_shows_words_beside_their_tasks(plan: Plan, cast: Cast, client_of: ClientOf) -> None:
    """R79: the KAM corrects where he works; words on the head come with the remarks."""
    link = plan.tasks.get()
    make_comment(plan, cast.gromov, item=f"task:{link.task.public_id}", text="Кто говорит с ЛПР?")
    make_comment(plan, cast.gromov, item="deadline", text="Слишком поздно")
    browser = client_of(cast.aliev)
    assert "Кто говорит с ЛПР?" in browser.get(plan.get_absolute_url()).content.decode()
    assert "Слишком поздно" in browser.get(f"/plans/{plan.public_id}/flags/").content.decode()
