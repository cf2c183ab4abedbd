"""Templates of plans and what similar won deals really took (R93, §2.11, product.md §1.18)."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from accounts.calendar import load_calendar
from accounts.models import LeadTime, ProcurementType
from deals.models import Deal
from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan, PlanTemplate
from roadmaps.references import TEMPLATES, seed_plan_templates
from roadmaps.similar_deals import neighbours, similar_to
from roadmaps.template_tasks import default_template, draft
from tests.factories import (
    Cast,
    T,
    make_calendar,
    make_company,
    make_contract,
    make_deal,
    make_member,
    moment,
)
from tests.roadmaps.makers import confirm_everything, make_plan, make_plan_task
from upsell_crm.core import audit
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.roles import Role

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


@pytest.fixture
def tender(db: None) -> ProcurementType:
    return ProcurementType.objects.create(
        code="tender", name_ru="Конкурс", name_en="Tender", regime="commercial", lead_bd=40, approval_bd=15, ease=1
    )  # fmt: skip


@pytest.fixture
def deal(cast: Cast, tender: ProcurementType) -> Deal:
    make_calendar()
    seed_plan_templates()
    company = make_company("АО «Приозёрский Порт»", kam=cast.aliev, team=cast.k2)
    confirm_everything(company, cast.aliev)
    contract = make_contract(company, ("casebook", 10), act_by=date(2027, 2, 15))
    return make_deal(company, ("casebook", 10, 15), renews=contract, procurement_type=tender)


def won(cast: Cast, kam: User, tender: ProcurementType, *, approval: int, needs: int) -> Deal:
    """A won deal of another client: its approval took so many working days, its stage «needs» too."""
    calendar = load_calendar()
    company = make_company(kam=kam)
    opened = date(2026, 6, 1)
    left = calendar.add(opened, needs)
    deal = make_deal(company, ("casebook", 5, 5), procurement_type=tender, opened_on=opened)
    ended = calendar.add(left, approval)
    LeadTime.objects.create(
        company=company,
        type=tender,
        kind="approval",
        started_on=left,
        finished_on=ended,
        working_days=approval,
    )
    audit.record("move_deal", deal, by=kam, changes={"stage": ["needs", "approval"]}, company_id=company.pk)
    AuditEvent.objects.filter(object_type="deals.deal", object_id=deal.pk).update(at=moment(left))
    Deal.objects.filter(pk=deal.pk).update(
        stage="won",
        return_stage="signing",
        closed_at=moment(ended),
        main_reason="new_need",
        next_step="",
        next_step_on=None,
    )
    deal.refresh_from_db()
    return deal


def test_a_new_installation_has_three_templates_and_an_edit_stays(db: None) -> None:
    """R93: seeding adds what is missing, and every step names steps of its own template."""
    assert (seed_plan_templates(), seed_plan_templates()) == (3, 0)
    PlanTemplate.objects.filter(code="short").update(name_ru="Наш план")
    seed_plan_templates()
    assert PlanTemplate.objects.get(code="short").name_ru == "Наш план"
    for _code, _kind, _name, steps in TEMPLATES:
        codes = [step.code for step in steps]
        assert all(codes.index(before) < n for n, step in enumerate(steps) for before in step.after)


def test_the_cadence_is_counted_back_from_act_by(deal: Deal, cast: Cast) -> None:
    """§2.11: −40, −20, −10, 0 working days; each day is a working day, and nobody is due before his predecessor."""
    plan, calendar = make_plan(deal), load_calendar()
    template = PlanTemplate.objects.get(code="renewal")
    tasks = {one.step.code: one for one in draft(plan, template, similar_to(deal, cast.aliev), T)}
    assert tasks["documents"].due_on == date(2027, 2, 15)
    assert calendar.between(tasks["needs"].due_on, date(2027, 2, 15)) == 20
    assert calendar.between(tasks["present"].due_on, date(2027, 2, 15)) == 10
    assert all(
        calendar.is_working(day) and day >= T for one in tasks.values() for day in (one.starts_on, one.due_on)
    )
    for one in tasks.values():
        assert all(tasks[code].due_on <= one.due_on for code in one.step.after)


def test_without_act_by_the_deadline_leads_and_passed_days_become_today(deal: Deal, cast: Cast) -> None:
    """A late plan is squeezed, and says so."""
    deal.renewals.all().delete()
    deal.company.contracts.update(act_by=None)
    plan = make_plan(deal, deadline=date(2026, 12, 10))
    tasks = draft(plan, PlanTemplate.objects.get(code="renewal"), similar_to(deal, cast.aliev), T)
    assert (tasks[0].is_squeezed, tasks[0].due_on) == (True, T)
    assert (tasks[1].is_squeezed, tasks[1].due_on) == (
        True,
        date(2026, 11, 25),
    )  # after the first, not on its day
    assert next(one for one in tasks if one.step.code == "documents").due_on == date(2026, 12, 10)


def test_a_client_without_neighbours_gets_the_default_and_is_told(
    deal: Deal, cast: Cast, client_of: ClientOf
) -> None:
    """product.md §1.18."""
    plan = make_plan(deal)
    assert neighbours(deal) == []
    text = client_of(cast.aliev).get(f"/plans/{plan.public_id}/tasks/fill/").content.decode()
    assert "Похожих выигранных сделок пока нет" in text
    assert 'value="documents" checked' in text


def test_durations_equal_the_history(deal: Deal, cast: Cast, tender: ProcurementType) -> None:
    """product.md §1.18: «у трёх похожих согласование заняло 31–44 раб. дня»; tasks of their plans too."""
    for approval, needs in ((31, 12), (38, 15), (44, 20)):
        won(cast, cast.aliev, tender, approval=approval, needs=needs)
    old = neighbours(deal)[0]
    done = make_plan(old, PlanType.ACTION_PLAN, state=PlanState.ACTIVE)
    make_plan_task(
        done, cast.aliev, phase="needs", starts_on=date(2026, 6, 8), state="done", actual_result="Есть",
        done_at=moment(date(2026, 6, 11)),
    )  # fmt: skip
    similar = similar_to(deal, cast.aliev)
    assert similar.approval is not None
    assert (similar.count, list(similar.approval.days), similar.approval.median) == (3, [31, 38, 44], 38)
    assert [list(span.days) for span in similar.stages] == [[12, 15, 20]]
    assert list(similar.phases["needs"].days) == [4]
    tasks = {
        one.step.code: one
        for one in draft(make_plan(deal), PlanTemplate.objects.get(code="renewal"), similar, T)
    }
    calendar = load_calendar()
    assert calendar.between(date(2027, 2, 15), tasks["approval"].due_on) == 38
    assert calendar.between(tasks["needs"].starts_on, tasks["needs"].due_on) + 1 == 4


def test_only_deals_that_are_alike_count(deal: Deal, cast: Cast, tender: ProcurementType) -> None:
    """The same product, procurement type and structure; an open or lost one teaches nothing."""
    other = ProcurementType.objects.create(
        code="single", name_ru="У единственного", name_en="Single", regime="commercial", lead_bd=5, approval_bd=5, ease=1
    )  # fmt: skip
    alike = won(cast, cast.aliev, tender, approval=10, needs=5)
    won(cast, cast.aliev, other, approval=10, needs=5)
    whole = won(cast, cast.aliev, tender, approval=10, needs=5)
    Deal.objects.filter(pk=whole.pk).update(kind="holding")
    strange = won(cast, cast.aliev, tender, approval=10, needs=5)
    strange.lines.all().delete()
    make_deal(make_company(kam=cast.aliev), ("casebook", 5, 5), procurement_type=tender)
    assert neighbours(deal) == [alike]


def test_deals_of_others_are_counted_without_names(
    deal: Deal, cast: Cast, tender: ProcurementType, client_of: ClientOf
) -> None:
    """§3: links only to deals that one may open."""
    own = won(cast, cast.aliev, tender, approval=10, needs=5)
    hidden = won(cast, cast.demin, tender, approval=12, needs=5)
    text = client_of(cast.aliev).get(f"/plans/{make_plan(deal).public_id}/tasks/fill/").content.decode()
    assert own.get_absolute_url() in text
    assert hidden.get_absolute_url() not in text
    assert hidden.title not in text
    assert "и ещё 1 у другой команды" in text
    assert "10–12 раб. дн." in text


def test_ticked_lines_become_one_revision_with_people_by_role(
    deal: Deal, cast: Cast, client_of: ClientOf
) -> None:
    """R49, R52: what is switched off is not made, and what came after it waits for nobody."""
    make_member(deal, cast.kim, Role.CLOSER)
    plan = make_plan(deal, PlanType.ACTION_PLAN, state=PlanState.ACTIVE, needs_review=False)
    before = plan.revisions.count()
    address = f"/plans/{plan.public_id}/tasks/fill/?template=short"
    client = client_of(cast.aliev)
    assert client.post(address, {"steps": ["call"], "version": plan.version}).status_code == 422  # no reason
    said = {"steps": ["call", "documents"], "version": plan.version, "reason": "Начинаем"}
    assert client.post(address, said).status_code == 302
    links = {link.task.title: link for link in plan.tasks.select_related("task")}
    assert links["Начать документы"].task.assignee == cast.kim
    assert not links["Начать документы"].depends_on.exists()
    assert links["Обсудить продление и потребности"].task.assignee == cast.aliev
    plan.refresh_from_db()
    assert (len(links), plan.revisions.count(), plan.template_code) == (2, before + 1, "short")


def test_a_holding_has_its_own_template(deal: Deal, cast: Cast) -> None:
    """R69: the functions of the mechanics."""
    templates = list(PlanTemplate.objects.all())
    plan: Plan = make_plan(deal)
    codes = []
    for kind in ("renewal", "holding"):
        deal.kind = kind
        chosen = default_template(plan, templates)
        codes.append(chosen.code if chosen else "")
    assert codes == ["renewal", "holding"]
