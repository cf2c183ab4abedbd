"""Makers of strategies for the suite."""

from datetime import date
from typing import Any

from accounts.enums import Fact, FactResult, InteractionKind, InteractionState
from accounts.models import Company, FactCheck, Interaction, InteractionUser, Task
from deals.models import Deal, DealTask
from roadmaps.enums import Metric, PlanState, PlanType
from roadmaps.models import Plan, PlanTask, ReplanItem, ReviewComment, Sync
from roadmaps.queries import content_of
from roadmaps.services.revisions import next_revision, submit
from tests.factories import make_company, make_contact, make_deal, make_member, moment
from upsell_crm.core.models import User

DUE = date(2026, 12, 1)


def make_plan(deal: Deal, type: str = PlanType.ROADMAP, **values: Any) -> Plan:
    """A roadmap in planning with its goal and criterion; one in work has its first revision and approval."""
    values.setdefault("state", PlanState.PLANNING if type == PlanType.ROADMAP else PlanState.DRAFT)
    for name, value in (("goal", "Продлить и расширить договор"), ("success_metric", Metric.AMOUNT)):
        values.setdefault(name, value)
    values.setdefault("success_value", 1_000_000)
    values.setdefault("deadline", date(2027, 1, 15))
    values.setdefault("state_since", moment(date(2026, 11, 9)))
    state = values.pop("state")
    plan = Plan.objects.create(deal=deal, type=type, **values)
    return put_plan(plan, state)


def put_plan(plan: Plan, state: str) -> Plan:
    """The plan in this state as if it had walked there: content kept, the first revision and the approval written."""
    plan.state, plan.content = state, content_of(plan)
    if state in (PlanState.ACTIVE, PlanState.PRESENTATION):
        plan.revision = next_revision(plan, by=plan.deal.responsible_kam, reason="Запуск")["revision"]
        plan.approved_deadline, plan.approved_amount = plan.deadline, plan.deal.amount
    plan.save()
    return plan


def make_plan_task(plan: Plan, assignee: User, title: str = "Собрать потребности", **values: Any) -> PlanTask:
    """A task of the plan due on the first of December with a result that is expected; kept in the plan's content."""
    after = values.pop("after", ())
    of_task = {
        name: values.pop(name) for name in ("state", "actual_result", "receiver", "done_at", "company") if name in values
    }  # fmt: skip
    due_on = values.pop("due_on", DUE)
    task = Task.objects.create(
        title=title, assignee=assignee, due_on=due_on, origin="plan",
        expected_result=values.pop("expected_result", "Список потребностей"),
        **{"company": plan.deal.company, "receiver": plan.deal.responsible_kam, **of_task},
    )  # fmt: skip
    DealTask.objects.create(deal=plan.deal, task=task)
    values.setdefault("starts_on", date(2026, 11, 25))
    link = PlanTask.objects.create(plan=plan, task=task, **values)
    link.depends_on.set(after)
    plan.content = content_of(plan)
    plan.save()
    return link


def make_replan(plan: Plan, by: User, *links: PlanTask, **values: Any) -> ReplanItem:
    """A procedure that has changed under the plan, with the tasks that were built on the old one."""
    values.setdefault("fact", Fact.PROCUREMENT)
    values.setdefault("what", "Изменился порядок закупки")
    item = ReplanItem.objects.create(plan=plan, created_by=by, updated_by=by, **values)
    item.tasks.set(links)
    return item


def make_port(kam: User) -> Company:
    """The key client of story 4: a decision-maker, and every fact stands."""
    port = make_company("АО «Приозёрский Порт»", kam=kam, team=kam.team, is_key=True)
    make_contact(port)
    confirm_everything(port, kam)
    return port


def confirm_everything(company: Company, by: User, day: date = date(2026, 11, 20)) -> None:
    """Every fact of the client stands: a decision-maker and all the rest, confirmed on the day."""
    maker = company.contacts.order_by("pk").first() or make_contact(company)
    FactCheck.objects.bulk_create(
        FactCheck(
            company=company, fact=fact, contact=maker if fact == Fact.DM else None, result=FactResult.CONFIRMED,
            checked_at=moment(day), checked_by=by,
        )
        for fact in Fact
    )  # fmt: skip


def make_submitted(deal: Deal, type: str = PlanType.ROADMAP, **values: Any) -> Plan:
    """A plan that waits for the lead with its open review; tasks are added before by `tasks` = (assignee, title) pairs."""
    tasks = values.pop("tasks", ())
    plan = make_plan(deal, type, **values)
    for assignee, title in tasks:
        make_plan_task(plan, assignee, title)
    put_plan(plan, PlanState.REVIEW)
    submit(plan, by=deal.responsible_kam)
    return plan


def make_comment(
    plan: Plan, author: User, item: str = "goal", text: str = "Почему столько?"
) -> ReviewComment:
    """Words of the lead on an item, open."""
    return ReviewComment.objects.create(plan=plan, item=item, text=text, author=author)


def make_shared_deal(kam: User, performer: User) -> Deal:
    """A deal with a colleague in its working group."""
    deal = make_deal(make_company("АО «Порт»", kam=kam, team=kam.team), ("casebook", 14, 18))
    make_member(deal, performer, "performer")
    return deal


def make_working_plan(deal: Deal, *, by: User | None = None) -> Plan:
    """An action plan in work with one task."""
    plan = make_plan(deal, PlanType.ACTION_PLAN)
    make_plan_task(plan, by or deal.responsible_kam)
    return put_plan(plan, PlanState.ACTIVE)


def make_sync(plan: Plan, day: date = date(2026, 11, 25), *people: User) -> Sync:
    """A sync that is ahead, with these colleagues or the responsible KAM."""
    kam = plan.deal.responsible_kam
    meeting = Interaction.objects.create(
        company=plan.deal.company, kind=InteractionKind.SYNC, state=InteractionState.PLANNED, author=kam,
        starts_at=moment(day),
    )  # fmt: skip
    InteractionUser.objects.bulk_create(
        InteractionUser(interaction=meeting, user=person, attended=False) for person in people or [kam]
    )
    return Sync.objects.create(plan=plan, number=plan.syncs.count() + 1, interaction=meeting)
