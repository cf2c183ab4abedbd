"""Strategies of the story: one in work across two teams, one with the lead, one before its presentation (§8.1)."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

from accounts.enums import InteractionKind, InteractionState, TaskOrigin, TaskState
from accounts.models import Interaction, InteractionUser, Task
from deals.enums import DealStage
from deals.models import Deal, DealInteraction, DealMember, DealTask
from roadmaps.agenda import result_row
from roadmaps.enums import Metric, Phase, PlanState, PlanType, Verdict
from roadmaps.models import Plan, PlanReview, PlanRevision, PlanTask, Sync, SyncDecision
from roadmaps.plan_content import EMPTY, Content, difference
from roadmaps.queries import content_of
from upsell_crm.demo.strategies_table import PAST, TOLD, Step, Told
from upsell_crm.demo.world import World

SYNCS = {1: -14, 2: -4}  # the held syncs of the holding: working days from T; each has left a revision
CHECKED = (29,)  # not a key client: the lead has asked to see this plan (R79)
ENDED = (TaskState.DONE, TaskState.ACCEPTED)
PHASES = (  # of a completed roadmap: phase, task, what it brought
    (Phase.INFO, "Собрать и проверить данные", "Факты подтверждены"),
    (Phase.NEEDS, "Выявить потребность по департаментам", "Потребность описана словами клиента"),
    (Phase.PRESENTATION, "Показать презентацию ЛПР", "ЛПР согласен"),
    (Phase.DOCS, "Согласовать и подписать документы", "Договор подписан"),
)


def make_strategies(world: World) -> None:
    """Open and completed plans with their tasks, revisions, reviews and syncs."""
    plans = {row.no: _plan(world, row) for row in TOLD}
    world.save(Plan, plans.values())
    for row in TOLD:
        _make_tasks(world, plans[row.no], row.steps)
    for plan in plans.values():
        plan.content = content_of(plan)
    _make_revisions(world, plans)
    Plan.objects.bulk_update(plans.values(), ["content"])
    _make_reviews(world, plans)
    _make_syncs(world, plans[1])
    _make_past(world)


def _plan(world: World, row: Told) -> Plan:
    deal = world.deals[row.no]
    kam, lead = deal.responsible_kam, deal.team.lead
    is_checked = deal.company.is_key or row.no in CHECKED
    is_working = row.state in (PlanState.ACTIVE, PlanState.PRESENTATION)
    deadline = deal.target_date if row.deadline is None else world.workday(row.deadline)
    value = deal.amount if row.value is None and row.metric == Metric.AMOUNT else row.value
    return Plan(
        deal=deal, type=row.type, type_suggested=row.suggested or row.type, override_comment=row.comment,
        type_reasons=[{"code": code, "n": n} for code, n in row.reasons], goal=row.goal, success_metric=row.metric,
        success_value=value, deadline=deadline, state=row.state, state_reason=row.state_reason,
        presentation_on=None if row.presentation is None else world.workday(row.presentation),
        state_since=world.moment(world.working_day(-row.since), 15), stage1_override_reason=row.override,
        revision=(3 if row.no == 1 else 1) if is_working else 0,
        validated_by=lead if is_working and is_checked else None,
        validated_at=world.moment(world.working_day(-row.since), 16) if is_working and is_checked else None,
        approved_deadline=deadline if is_working else None, approved_amount=deal.amount if is_working else None,
        needs_review=row.no in CHECKED,
        created_by=kam, updated_by=kam,
    )  # fmt: skip


def _make_tasks(world: World, plan: Plan, steps: tuple[Step, ...]) -> list[PlanTask]:
    """The tasks with their place in the chain; members have the role that they have in the deal."""
    roles = dict(
        DealMember.objects.filter(deal=plan.deal, ended_on=None)
        .order_by("-pk")
        .values_list("user_id", "role")
    )
    tasks = world.save(Task, (_task(world, plan, step) for step in steps))
    DealTask.objects.bulk_create(DealTask(deal=plan.deal, task=task) for task in tasks)
    links = world.save(
        PlanTask,
        (
            PlanTask(
                plan=plan, task=task, role=roles.get(task.assignee_id, ""), phase=step.phase,
                starts_on=world.workday(step.start), built_on=list(step.built_on), created_by=plan.created_by,
            )
            for step, task in zip(steps, tasks, strict=True)
        ),
    )  # fmt: skip
    by_key = {step.key: link for step, link in zip(steps, links, strict=True)}
    PlanTask.depends_on.through.objects.bulk_create(
        PlanTask.depends_on.through(from_plantask=by_key[step.key], to_plantask=by_key[before])
        for step in steps
        for before in step.after
    )
    return links


def _task(world: World, plan: Plan, step: Step) -> Task:
    due_on = world.workday(step.due)
    is_done = step.state in ENDED
    return Task(
        company=world.companies[step.dzo] if step.dzo else plan.deal.company, title=step.title,
        assignee=world.users[step.login], receiver=plan.deal.responsible_kam, due_on=due_on, state=step.state,
        expected_result=step.expected, actual_result=step.result, state_reason=step.reason, origin=TaskOrigin.PLAN,
        done_at=world.moment(due_on, 17) if is_done else None, created_by=plan.created_by, updated_by=plan.created_by,
    )  # fmt: skip


def _make_revisions(world: World, plans: dict[int, Plan]) -> None:
    """The first start of each plan in work; that of the holding has been corrected twice since."""
    for no, plan in plans.items():
        if not plan.revision:
            continue
        steps = _steps_of_holding(plan) if no == 1 else [("План запущен", plan.content)]
        before: Content = deepcopy(EMPTY)
        rows = []
        for number, (reason, content) in enumerate(steps, start=1):
            at = _protocol_at(world, number - 1) if number > 1 else plan.validated_at or plan.state_since
            rows.append(
                PlanRevision(
                    plan=plan,
                    number=number,
                    reason=reason,
                    changes=difference(before, content),
                    by=plan.deal.responsible_kam,
                    at=at,
                )  # fmt: skip
            )
            before = content
        world.save(PlanRevision, rows)


def _protocol_at(world: World, sync: int) -> datetime:
    """The protocol of a sync is written when it ends."""
    return world.moment(world.workday(SYNCS[sync]), 10, 30)


def _steps_of_holding(plan: Plan) -> list[tuple[str, Content]]:
    """What the plan of the holding was before each sync: without the task for № 7, then with an earlier deadline."""
    now = plan.content
    second: Any = deepcopy(now)
    late = next(
        key for key, task in now["tasks"].items() if task["title"].startswith("Собрать потребности Тепла")
    )
    del second["tasks"][late]
    for task in second["tasks"].values():
        if late in task.get("depends_on", []):
            task["depends_on"] = [key for key in task["depends_on"] if key != late]
    first: Any = deepcopy(second)
    deadline = date.fromisoformat(now["plan"]["deadline"]) - timedelta(days=14)
    first["plan"]["deadline"] = deadline.isoformat()
    return [
        ("План запущен", first),
        ("Синхронизация № 1: правление перенесли на две недели", second),
        ("Синхронизация № 2: Тепло тоже готово участвовать", now),
    ]


def _make_reviews(world: World, plans: dict[int, Plan]) -> None:
    """№ 20 waits for Громов; № 29 was returned; № 12 was approved."""
    rows = []
    for no, verdict in ((20, ""), (29, Verdict.RETURNED), (12, Verdict.APPROVED)):
        plan = plans[no]
        rows.append(
            PlanReview(
                plan=plan,
                content=plan.content,
                submitted_by=plan.deal.responsible_kam,
                submitted_at=plan.state_since,
                verdict=verdict,
                reviewer=plan.deal.team.lead if verdict else None,
                comment=plan.state_reason,
                decided_at=plan.state_since + timedelta(hours=1) if verdict else None,
                created_by=plan.deal.responsible_kam,
            )  # fmt: skip
        )
    world.save(PlanReview, rows)


def _make_syncs(world: World, plan: Plan) -> None:
    """Two held syncs of the holding with what they decided, and the next one in the calendar."""
    revisions = list(plan.revisions.order_by("number"))
    kam = plan.deal.responsible_kam
    told = (
        (
            1,
            SYNCS[1],
            "Правление перенесли на середину января. Отзывы собирает Фомин, статистику — Левин.",
            revisions[1],
        ),
        (
            2,
            SYNCS[2],
            "Тепло готово участвовать: добавили задачу Алиеву. Порядок заказов ждёт новую редакцию Положения.",
            revisions[2],
        ),
        (3, 3, "", None),
    )
    people = list(
        dict.fromkeys(link.user for link in DealMember.objects.filter(deal=plan.deal).select_related("user"))
    )
    for number, days, notes, revision in told:
        is_held = days < 0
        [talk] = world.save(
            Interaction,
            [
                Interaction(
                    company=plan.deal.company, kind=InteractionKind.SYNC, author=kam, duration_min=45, summary=notes,
                    state=InteractionState.HELD if is_held else InteractionState.PLANNED,
                    starts_at=world.moment(world.workday(days), 9, 30), created_by=kam, updated_by=kam,
                    no_next_step_because="Решения стоят в плане" if is_held else "",
                )
            ],
        )  # fmt: skip
        InteractionUser.objects.bulk_create(
            InteractionUser(interaction=talk, user=user, attended=is_held) for user in people
        )
        DealInteraction.objects.create(deal=plan.deal, interaction=talk)
        [sync] = world.save(
            Sync,
            [
                Sync(
                    plan=plan, number=number, interaction=talk, notes=notes, revision=revision, created_by=kam
                )
            ],
        )
        SyncDecision.objects.bulk_create(
            SyncDecision(sync=sync, text=text) for text in notes.split(". ") if is_held and text
        )
    _freeze_agendas(plan)


def _freeze_agendas(plan: Plan) -> None:
    """Each held sync has heard what was done before it and after the last one; the next agenda begins there."""
    heard: set[int] = set()
    for sync in plan.syncs.filter(interaction__state=InteractionState.HELD).order_by("number"):
        done = PlanTask.objects.filter(plan=plan, task__done_at__lte=sync.interaction.starts_at)
        news = list(
            done.exclude(pk__in=heard).select_related("task__assignee").order_by("task__done_at", "pk")
        )
        heard |= {link.pk for link in news}
        sync.agenda = {"results": [{**result_row(link), "heard": True} for link in news]}
        sync.save(update_fields=["agenda"])


def _make_past(world: World) -> None:
    """Completed roadmaps of won deals: their durations are what similar deals are planned by (product.md §1.18)."""
    for no, days in PAST:
        deal = (
            Deal.objects.filter(company=world.companies[no], stage=DealStage.WON)
            .select_related("responsible_kam", "team__lead", "company")
            .order_by("-closed_at", "-pk")
            .first()
        )
        if deal is None or deal.closed_at is None:
            continue
        kam, closed_on = deal.responsible_kam, deal.closed_at.date()
        plan = Plan(
            deal=deal, type=PlanType.ROADMAP, type_suggested=PlanType.ROADMAP, goal=f"Продлить договор: {deal.company}",
            success_metric=Metric.AMOUNT, success_value=deal.amount, success_fact=deal.amount, deadline=closed_on,
            state=PlanState.COMPLETED, state_since=deal.closed_at, ended_at=deal.closed_at, revision=1,
            presentation_override_reason="Презентация велась вне системы", created_by=kam, updated_by=kam,
        )  # fmt: skip
        world.save(Plan, [plan])
        steps = tuple(_past_steps(world, closed_on, days, kam.username))
        _make_tasks(world, plan, steps)
        plan.content = content_of(plan)
        plan.save(update_fields=["content"])
        world.save(
            PlanRevision,
            [
                PlanRevision(
                    plan=plan, number=1, reason="План запущен", changes=difference(EMPTY, plan.content), by=kam,
                    at=world.moment(deal.opened_on, 12),
                )
            ],
        )  # fmt: skip


def _past_steps(world: World, closed_on: date, days: tuple[int, ...], login: str) -> Iterator[Step]:
    """Phases one after the other, the last one ending on the day of the win."""
    end = world.calendar.between(world.as_of, closed_on)
    start = end - sum(days)
    for (phase, title, result), length in zip(PHASES, days, strict=True):
        due = start + length
        yield Step(
            phase, title, login, start, due - 1, result, phase, TaskState.ACCEPTED, result,
            after=() if phase == Phase.INFO else (PHASES[[p for p, *_ in PHASES].index(phase) - 1][0],),
        )  # fmt: skip
        start = due
