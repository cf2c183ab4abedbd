"""The bar of the issue (R52): replaying all revisions of 100 random plans gives the current plan exactly.

A seeded walk through the real services: people edit the plan, tasks change from below, people leave, the lead looks,
syncs are held, the plan is reopened, completed or cancelled.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import Task
from accounts.services.companies import assign_kam
from accounts.services.tasks import (
    block_task,
    cancel_task,
    finish_task,
    reassign_task,
    return_task,
    start_task,
)
from deals.models import Deal
from roadmaps.enums import PlanState, PlanType
from roadmaps.models import Plan, PlanTask
from roadmaps.plan_content import difference, replay
from roadmaps.plan_history import content_at, plan_then, revisions_of, told_revisions
from roadmaps.queries import content_of
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plan_tasks import TaskSaid, add_task, change_task, remove_task
from roadmaps.services.plans import update_plan
from roadmaps.services.protocol import Protocol, TaskDecided, hold_sync
from roadmaps.services.revisions import is_numbered
from tests.factories import Cast, make_company, make_deal, make_member
from tests.roadmaps.makers import make_plan, make_plan_task, make_sync, put_plan
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User
from upsell_crm.core.people import block_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
S = PlanState


class Walk:
    """One plan and what may happen to it; a refused step is a step that did not happen."""

    def __init__(self, seed: int, cast: Cast) -> None:
        self.chance, self.cast = random.Random(seed), cast
        company = make_company(f"ООО «Прогулка {seed}»", kam=cast.aliev, team=cast.k2, is_key=seed % 3 == 0)
        self.deal: Deal = make_deal(company, ("casebook", 10, 20))
        self.people: list[User] = [cast.aliev, cast.naumov, cast.lisina]
        for person in self.people[1:]:
            make_member(self.deal, person, "performer")
        plan = make_plan(self.deal, PlanType.ACTION_PLAN)
        for n in range(self.chance.randint(1, 4)):
            make_plan_task(plan, self.person(), f"Задача {n}")
        put_plan(plan, S.ACTIVE)
        self.key = plan.pk

    @property
    def plan(self) -> Plan:
        """As a page reads it."""
        return Plan.objects.select_related("deal__company", "deal__responsible_kam", "deal__team").get(
            pk=self.key
        )

    @property
    def kam(self) -> User:
        return Deal.objects.select_related("responsible_kam").get(pk=self.deal.pk).responsible_kam

    def person(self) -> User:
        return self.chance.choice(self.people)

    def day(self) -> date:
        return date(2026, 11, 25) + timedelta(days=self.chance.randint(0, 60))

    def link(self) -> PlanTask:
        links = (
            PlanTask.objects.filter(plan=self.key)
            .standing()
            .select_related("plan__deal__company", "task__company")
        )
        return self.chance.choice(list(links.select_related("plan__deal__responsible_kam", "task__assignee")))

    def task(self) -> Task:
        return self.link().task

    def step(self) -> None:
        """Any of the steps; those that change tasks more often."""
        steps: list[Callable[[], object]] = [
            self.add, self.words, self.dates, self.waits, self.remove, self.head, self.below, self.work, self.work,
            self.sync, self.sync, self.below, self.add, self.dates, self.new_kam, self.leaver, self.reopen, self.lead, self.lead,
        ]  # fmt: skip
        try:
            self.chance.choice(steps)()
        except (DomainError, IndexError):  # no right, no state for it, no task left
            return

    def add(self) -> None:
        said = TaskSaid(f"Новая {self.chance.random()}", self.person(), self.day(), "Результат", self.day())
        add_task(self.plan, said, by=self.kam, reason="Добавили")

    def words(self) -> None:
        values = {
            "title": f"Иначе {self.chance.random()}", "expected_result": "Другое", "receiver": self.person(), "phase": "docs",
            "role": "closer", "built_on": ["dm"], "assignee": self.person(),
        }  # fmt: skip
        name = self.chance.choice(list(values))
        change_task(self.link(), {name: values[name]}, by=self.kam, reason="Слова")

    def dates(self) -> None:
        values = {"due_on": self.day(), "starts_on": self.day()}
        change_task(self.link(), values, by=self.kam, reason="Сроки")

    def waits(self) -> None:
        change_task(self.link(), {}, by=self.kam, reason="Порядок", depends_on=[self.link()])

    def remove(self) -> None:
        remove_task(self.link(), by=self.kam, reason="Не нужна")

    def head(self) -> None:
        values = {
            "goal": f"Цель {self.chance.random()}", "deadline": self.day(), "success_value": Decimal(self.chance.randint(1, 9)),
            "presentation_on": self.day(), "success_metric": "seats",
        }  # fmt: skip
        name = self.chance.choice(list(values))
        update_plan(self.plan, {name: values[name]}, by=self.kam, reason="Голова")

    def below(self) -> None:
        """From the list of tasks, not from the plan."""
        if self.chance.random() < 0.7:
            reassign_task(by=self.kam, task=self.task(), assignee=self.person())
        else:
            cancel_task(by=self.kam, task=self.task(), reason="Отпала")

    def work(self) -> None:
        task = self.task()
        self.chance.choice([
            lambda: start_task(by=task.assignee, task=task), lambda: block_task(by=task.assignee, task=task, reason="Стоит"),
            lambda: finish_task(by=task.assignee, task=task, result="Есть"),
            lambda: return_task(by=self.kam, task=task, reason="Мало"),
        ])()  # fmt: skip

    def sync(self) -> None:
        plan = self.plan
        made = make_sync(plan)
        sync = plan.syncs.select_related(
            "plan__deal__company", "plan__deal__responsible_kam", "interaction__company"
        ).get(pk=made.pk)
        rows = [
            TaskDecided(self.link(), {"due_on": self.day()}),
            TaskDecided(self.link(), {"assignee": self.person()}),
        ]
        new = [TaskSaid(f"С синхронизации {made.pk}", self.person(), self.day(), "Результат")]
        hold_sync(sync, Protocol("Решили", [self.kam], tasks=rows, new=new), by=self.kam)

    def new_kam(self) -> None:
        assign_kam(self.plan.deal.company, self.cast.demin, reason="Перестановка", by=self.cast.andreeva)

    def leaver(self) -> None:
        if self.chance.random() < 0.3:
            block_user(self.cast.naumov, by=self.cast.admin, forced=True)

    def reopen(self) -> None:
        move_plan(self.plan, to=S.DRAFT, by=self.kam, reason="Переписать")

    def lead(self) -> None:
        """Into work again, or back from the lead."""
        to = self.chance.choice([S.REVIEW, S.ACTIVE, S.ACTIVE, S.RETURNED, S.DRAFT])
        by = self.cast.gromov if self.plan.state == S.REVIEW else self.kam
        move_plan(self.plan, to=to, by=by, reason="Решение")

    def end(self) -> None:
        """Half of the plans end; one that is being rewritten is given up, since only that ends it."""
        try:
            if self.chance.random() < 0.5:
                move_plan(self.plan, to=S.COMPLETED, by=self.kam, success_fact=Decimal(5))
            elif self.chance.random() < 0.5 or not is_numbered(self.plan):
                move_plan(self.plan, to=S.CANCELLED, by=self.kam, reason="Отложили")
        except DomainError:
            return

    def holds(self) -> None:
        """The law itself; the content that is kept is that of the plan in any state."""
        plan = self.plan
        now = content_of(plan)
        assert plan.content == now
        if is_numbered(plan):
            replayed = replay(plan.revisions.order_by("number").values_list("changes", flat=True))
            assert replayed == now, difference(replayed, now)
            assert plan.revision == plan.revisions.count()


@pytest.mark.parametrize("seed", range(100))
def test_all_revisions_replay_to_the_plan(seed: int, cast: Cast) -> None:
    """R52, the bar: after each random step, whoever made it; every tenth plan is walked for long."""
    walk = Walk(seed, cast)
    for _step in range(16 if seed % 10 == 0 else 10):
        walk.step()
        walk.holds()
    walk.end()
    walk.holds()
    for _step in range(3):  # tasks of a plan that has ended may still change hands
        walk.step()
        walk.holds()


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_every_revision_can_be_read_and_looked_at(seed: int, cast: Cast) -> None:
    """R52: no change without words, no plan without a table."""
    walk = Walk(seed, cast)
    for _step in range(25):
        walk.step()
    told, _following = told_revisions(revisions_of(walk.plan))
    for one in told:
        assert one.lines
        assert all(line.text.strip() for line in one.lines)
        content = content_at(walk.plan, one.revision.number)
        assert len(plan_then(content).tasks) == len(content["tasks"])
